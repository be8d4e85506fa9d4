using System.Xml;
using System.Xml.Linq;
using Platform.Validation;

namespace Platform.Cli.Commands;

/// <summary>How the C# project around a path is compiled: what its project file says, else the defaults of a lone file.</summary>
internal static class ProjectSettings
{
    /// <summary>Settings of the nearest project in the folder or above it; a project file that cannot be read counts as none.</summary>
    public static ValidationOptions Of(string path)
    {
        var folder = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path).Directory;
        if (folder?.EnumerateFiles("*.csproj").OrderBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault() is not { Length: < 1_000_000 } project)
            return new ValidationOptions();
        try
        {
            using var reader = XmlReader.Create(project.FullName, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var values = XDocument.Load(reader).Descendants().Where(e => !e.HasElements).ToLookup(e => e.Name.LocalName, e => e.Value.Trim());
            bool Says(string name, params string[] words) => values[name].Any(value => words.Contains(value, StringComparer.OrdinalIgnoreCase));
            return new ValidationOptions { ImplicitUsings = Says("ImplicitUsings", "enable", "true"), Nullable = !Says("Nullable", "disable"), AllowUnsafe = Says("AllowUnsafeBlocks", "true") };
        }
        catch (XmlException)
        {
            return new ValidationOptions();
        }
    }
}
