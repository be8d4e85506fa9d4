using System.Text.Json;

namespace Platform.Validation;

/// <summary>Parses many variants of a JavaScript file at once, which is far cheaper than checking each.</summary>
internal static class ScriptParser
{
    private const int MostTexts = 1500;
    // As much as a process reads in a moment.
    private const int MostCharacters = 12 << 20;

    /// <summary>What brings the parser to the end; when nothing does, what brings it further than the line it stopped at. Everything, unparsed, without Node or for TypeScript.</summary>
    public static async Task<IReadOnlyList<FixCandidate>> KeepAsync(SourceFile file, int line, IEnumerable<ScriptEdit> edits, ValidationOptions options, CancellationToken token)
    {
        var tried = edits.OrderBy(e => e.Cost).Select(e => e.Write()).Where(c => c.Text != file.Text).DistinctBy(c => c.Text).Take(Math.Clamp(MostCharacters / Math.Max(1, file.Text.Length), 20, MostTexts)).ToList();
        if (tried.Count == 0 || file.Language != "javascript" || Tool.Find("node") is null)
            return tried;
        var answer = await ScriptWorkers.Node.AskAsync("parse", new { texts = tried.Select(c => c.Text), module = ScriptForm.IsModule(file), open = ScriptForm.IsOpen(file) }, options, token);
        // Guesses that nobody parsed are no candidates: each would have to be checked by itself.
        if (answer.Json is not { } json || JsonSerializer.Deserialize<int[]>(json) is not { } lines)
            return [];
        var clean = tried.Where((_, i) => lines[i] == 0).ToList();
        return clean.Count > 0 ? clean : [.. tried.Where((_, i) => lines[i] > line + 1)];
    }
}
