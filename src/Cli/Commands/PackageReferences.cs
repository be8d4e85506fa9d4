using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Cli.Commands;

/// <summary>The assemblies of a project's packages, as its last restore found them on this machine.</summary>
internal static partial class PackageReferences
{
    private const long MostBytes = 64 << 20;
    private const int MostReferences = 2_000;

    /// <summary>Full paths of the assemblies that the project is compiled against; empty before a restore. What is not on disk is left out: its names are then unknown.</summary>
    public static IReadOnlyList<string> Of(string folder)
    {
        var assets = new FileInfo(Path.Combine(folder, "obj", "project.assets.json"));
        if (!assets.Exists || assets.Length > MostBytes)
            return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(assets.FullName));
            var root = document.RootElement;
            var folders = root.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToList();
            // Without a runtime identifier in its name: what every machine compiles against.
            var target = root.GetProperty("targets").EnumerateObject().Where(t => !t.Name.Contains('/', StringComparison.Ordinal)).OrderByDescending(t => Release(t.Name)).ThenByDescending(t => t.Name, StringComparer.Ordinal).FirstOrDefault();
            return target.Value.ValueKind != JsonValueKind.Object ? [] : [.. target.Value.EnumerateObject().SelectMany(library => Assemblies(library, root, folders)).Distinct(StringComparer.Ordinal).Take(MostReferences)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Assemblies(JsonProperty library, JsonElement root, List<string> folders)
    {
        if (library.Value.GetProperty("type").GetString() != "package" || !library.Value.TryGetProperty("compile", out var compile))
            yield break;
        var path = root.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString() ?? "";
        foreach (var name in compile.EnumerateObject().Select(c => c.Name).Where(n => n.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
        {
            if (folders.Select(f => Below(f, Path.Combine(path, name))).FirstOrDefault(File.Exists) is { } found)
                yield return found;
        }
    }

    // The file is the workspace's: its names reach nothing beside the packages.
    private static string? Below(string folder, string name)
    {
        var (root, found) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, Path.GetFullPath(Path.Combine(folder, name)));
        return found.StartsWith(root, StringComparison.Ordinal) ? found : null;
    }

    // net10.0 is later than net9.0; other frameworks come after.
    private static Version Release(string target) => Modern().Match(target) is { Success: true } found ? Version.Parse(found.Groups[1].Value) : new Version();

    [GeneratedRegex(@"^net(\d{1,3}\.\d{1,3})", RegexOptions.NonBacktracking)]
    private static partial Regex Modern();
}
