using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Parses many variants of a JavaScript file in one Node process, which is far cheaper than checking each.</summary>
internal static partial class ScriptParser
{
    private const int MostTexts = 1500;
    // As much as a process reads in a moment.
    private const int MostCharacters = 12 << 20;

    /// <summary>What brings the parser to the end; when nothing does, what brings it further than the line it stopped at. Everything, unparsed, without Node.</summary>
    public static async Task<IReadOnlyList<FixCandidate>> KeepAsync(SourceFile file, int line, IEnumerable<ScriptEdit> edits, ValidationOptions options, CancellationToken token)
    {
        var tried = edits.OrderBy(e => e.Cost).Select(e => e.Write()).Where(c => c.Text != file.Text).DistinctBy(c => c.Text).Take(Math.Clamp(MostCharacters / Math.Max(1, file.Text.Length), 20, MostTexts)).ToList();
        if (tried.Count == 0 || file.Language != "javascript" || Tool.Find("node") is not { } node)
            return tried;
        var question = JsonSerializer.Serialize(new { module = file.Path.EndsWith(".mjs", StringComparison.Ordinal) || Module().IsMatch(file.Text), texts = tried.Select(c => c.Text) });
        using var folder = new InputFolder(Path.GetTempPath(), new Dictionary<string, byte[]> { ["parse.mjs"] = System.Text.Encoding.UTF8.GetBytes(Embedded.Text("parse_scripts.mjs")) });
        var command = new ChildCommand(node, ["--no-warnings", "--experimental-vm-modules", "parse.mjs"]) { Folder = folder.Path, Environment = CommandChecker.Environment(node), Input = question };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token);
        if (result.ExitCode != 0)
            return tried;
        // A process that was cut off may have said nothing, or half of it.
        if (Read(result.Output) is not { } lines || lines.Length != tried.Count)
            return [];
        var clean = tried.Where((_, i) => lines[i] == 0).ToList();
        return clean.Count > 0 ? clean : [.. tried.Where((_, i) => lines[i] > line + 1)];
    }

    internal static int[]? Read(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize<int[]>(answer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^[ \t]*(?:import\s+[\w*{"']|export\s+(?:default|const|let|var|function|class|async|\{|\*))""", RegexOptions.Multiline)]
    private static partial Regex Module();
}
