using System.Text.Json;

namespace Platform.Validation;

/// <summary>Fixes for Python: proposed by a script that parses and looks up names with the installed interpreter, and runs nothing of the file.</summary>
internal static class PythonFixes
{
    /// <summary>Candidates for an error; empty without python3, or when the script gives up.</summary>
    public static async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, ValidationOptions options, CancellationToken token)
    {
        var error = context.Error;
        var question = new { text = context.File.Text, code = error.Code, line = error.Line, column = error.Column, message = error.Message };
        var answer = await ScriptWorkers.Python.AskAsync("fix", question, options, token);
        return answer.Json is { } json ? Read(context.File, json) : [];
    }

    // Only what changes is given: twelve whole texts of a long file are more than a worker may say.
    private static List<FixCandidate> Read(SourceFile file, string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(f => new FixCandidate(file.Path, Changed(file.Text, f), f.GetProperty("fix").GetString()!, f.GetProperty("why").GetString()!)
        {
            Cost = f.GetProperty("cost").GetDouble(),
        })];
    }

    private static string Changed(string text, JsonElement edit) =>
        string.Concat(text.AsSpan(0, edit.GetProperty("start").GetInt32()), edit.GetProperty("text").GetString(), text.AsSpan(edit.GetProperty("end").GetInt32()));
}
