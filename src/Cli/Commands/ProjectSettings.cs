using System.Xml;
using System.Xml.Linq;
using Platform.Patterns;
using Platform.Validation;
using Languages = Platform.Validation.Languages;

namespace Platform.Cli.Commands;

/// <summary>How the C# project around a path is compiled: what its project file says, else the defaults of a lone file.</summary>
internal static class ProjectSettings
{
    private const int MaxContextFiles = 900;

    /// <summary>Settings of the nearest project in the folder or above it; a project file that cannot be read counts as none.</summary>
    public static ValidationOptions Of(string path)
    {
        if (ProjectOf(path) is not { Length: < 1_000_000 } project)
            return new ValidationOptions { InferUsings = true };
        try
        {
            using var reader = XmlReader.Create(project.FullName, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var values = XDocument.Load(reader).Descendants().Where(e => !e.HasElements).ToLookup(e => e.Name.LocalName, e => e.Value.Trim());
            bool Says(string name, params string[] words) => values[name].Any(value => words.Contains(value, StringComparer.OrdinalIgnoreCase));
            return new ValidationOptions
            {
                ImplicitUsings = Says("ImplicitUsings", "enable", "true"),
                // A file above the project may say it.
                InferUsings = !values["ImplicitUsings"].Any(),
                Nullable = !Says("Nullable", "disable"),
                AllowUnsafe = Says("AllowUnsafeBlocks", "true"),
                References = PackageReferences.Of(project.DirectoryName!),
            };
        }
        catch (XmlException)
        {
            return new ValidationOptions { InferUsings = true };
        }
    }

    /// <summary>Settings for files that a user names: of their project when they have one together, else the defaults of lone files.</summary>
    public static ValidationOptions Of(IReadOnlyList<string> paths)
    {
        var projects = paths.Select(path => ProjectOf(path)?.FullName).Distinct(StringComparer.Ordinal).ToList();
        return projects is [not null] ? Of(paths[0]) : new ValidationOptions { InferUsings = true };
    }

    /// <summary>The other C# files of the project around one file, without those given as tests: what it is compiled with, and what a fix of it must not change. Empty without a project.</summary>
    public static async Task<IReadOnlyList<SourceFile>> ContextAsync(CommandRun run, string path, IReadOnlySet<string> tests, CancellationToken token)
    {
        if (!File.Exists(path) || Languages.FromPath(path) != "csharp" || ProjectOf(path)?.Directory is not { } folder)
            return [];
        var own = Path.GetFullPath(path);
        var others = FolderWalker.Walk(folder.FullName).Where(found => found.Skipped is null && found.FullPath != own && !tests.Contains(found.FullPath) && Languages.FromPath(found.Path) == "csharp").Take(MaxContextFiles + 1).ToList();
        if (others.Count > MaxContextFiles)
        {
            run.Say($"the project '{folder.Name}' has more than {MaxContextFiles} files: '{path}' is compiled without them");
            return [];
        }

        var files = new List<SourceFile>();
        foreach (var found in others.Where(found => SourceFile.IsSafe($"{folder.Name}/{found.Path}")))
        {
            try
            {
                files.Add(SourceFile.FromPath($"{folder.Name}/{found.Path}", await InputFile.ReadTextAsync(found.FullPath, token)));
            }
            catch (CommandException e)
            {
                run.Say($"left out: {e.Message}");
            }
        }

        return files;
    }

    // A project reaches down from its folder; a repository ends the search.
    private static FileInfo? ProjectOf(string path)
    {
        for (var folder = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path).Directory; folder is { Exists: true }; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.csproj").OrderBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault() is { } project)
                return project;
            if (Directory.Exists(Path.Combine(folder.FullName, ".git")))
                return null;
        }

        return null;
    }
}
