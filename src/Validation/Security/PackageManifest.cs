using System.Text.Json;

namespace Platform.Validation;

/// <summary>Reads the dependencies of a package.json with their lines.</summary>
internal static class PackageManifest
{
    private const int Most = 2000;

    private static readonly HashSet<string> Sections = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    private static readonly string[] Local = ["file:", "link:", "workspace:", "portal:", "npm:"];

    /// <summary>The packages, the first two thousand; none when the file is no JSON, which the syntax check reports.</summary>
    public static IEnumerable<Dependency> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.ValueKind == JsonValueKind.Object ? [.. Packages(document.RootElement, text.Split('\n')).Take(Most)] : [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return [];
        }
    }

    private static IEnumerable<Dependency> Packages(JsonElement root, string[] lines)
    {
        foreach (var section in root.EnumerateObject().Where(p => Sections.Contains(p.Name) && p.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var entry in section.Value.EnumerateObject())
            {
                var version = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
                var pinned = section.Name == "peerDependencies" || DependencyLists.Exact(version) || Local.Any(p => version.StartsWith(p, StringComparison.Ordinal));
                var line = Array.FindIndex(lines, l => l.Contains('"' + entry.Name + '"', StringComparison.Ordinal)) + 1;
                yield return new Dependency("npm", entry.Name, Math.Max(line, 1), pinned);
            }
        }
    }
}
