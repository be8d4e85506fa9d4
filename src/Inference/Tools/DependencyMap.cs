using System.Text.RegularExpressions;

namespace Platform.Inference;

/// <summary>What a file imports, what it declares, and who mentions that: by the shape of the text, for every language alike.</summary>
internal static partial class DependencyMap
{
    private const int MostShown = 60;

    /// <summary>A description for an engine to read.</summary>
    public static string Describe(Workspace workspace, CodeFile file)
    {
        string[] imports = [.. Import().Matches(file.Text).Select(match => match.Groups["what"].Value.Trim()).Distinct(StringComparer.Ordinal)];
        string[] declares = [.. Declaration().Matches(file.Text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];
        return $"""
            file: {file.Path} ({file.Language}, {file.Text.Count(letter => letter == '\n') + 1} lines)
            uses: {List(imports)}
            declares: {List(declares)}
            mentioned in: {List(Mentions(workspace, file, declares))}
            """;
    }

    private static IEnumerable<string> Mentions(Workspace workspace, CodeFile file, string[] names)
    {
        if (names.Length == 0)
            yield break;
        var any = new Regex($@"\b(?:{string.Join('|', names.Take(MostShown).Select(Regex.Escape))})\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        foreach (var path in workspace.Paths.Where(path => path != file.Path))
        {
            if (workspace.Read(path) is { } text && any.Match(text) is { Success: true } first)
                yield return $"{path} ({first.Value})";
        }
    }

    private static string List(IEnumerable<string> items)
    {
        string[] shown = [.. items.Take(MostShown + 1)];
        return shown.Length == 0 ? "nothing" : string.Join(", ", shown.Take(MostShown)) + (shown.Length > MostShown ? ", ..." : "");
    }

    [GeneratedRegex("""^[ \t]*(?:(?:global )?using (?:static )?(?<what>[\w.]+)[ \t]*;|import (?<what>[\w.]+)|from (?<what>[\w.]+) import|import [^'"\n]*['"](?<what>[^'"\n]+)['"]|[^\n]*\brequire\(['"](?<what>[^'"\n]+)['"]\)|use (?<what>[\w:]+)|#include [<"](?<what>[^>"\n]+)[>"])""", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Import();

    [GeneratedRegex("""^[ \t]*(?:(?:export|default|public|internal|protected|private|static|sealed|abstract|partial|readonly|async|pub|final)[ \t]+)*(?:class|struct|interface|enum|record(?:[ \t]+(?:struct|class))?|def|function|func|fn|type|trait)[ \t]+(?<name>[A-Za-z_]\w{2,80})""", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Declaration();
}
