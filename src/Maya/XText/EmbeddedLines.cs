using System.Reflection;

namespace Platform.Maya;

/// <summary>Reads the data files that travel inside the assembly: one value a line, '#' begins a comment line.</summary>
internal static class EmbeddedLines
{
    /// <summary>The lines of a file that are neither empty nor a comment.</summary>
    /// <param name="file">Folder and name as in the source tree, such as <c>XText/tlds.txt</c>.</param>
    public static IEnumerable<string> Of(string file)
    {
        using var reader = new StreamReader(Open(file));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal))
                yield return line;
        }
    }

    /// <summary>The bytes of a file.</summary>
    public static Stream Open(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var name = $"Platform.Maya.{file}";
        return assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from {assembly.GetName().Name}; check EmbeddedResource in Maya.csproj.");
    }
}
