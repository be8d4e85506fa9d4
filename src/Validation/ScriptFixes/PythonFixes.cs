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
        return answer.Json is { } json ? Read(context.File.Path, json) : [];
    }

    private static List<FixCandidate> Read(string path, string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(f => new FixCandidate(path, f.GetProperty("text").GetString()!, f.GetProperty("fix").GetString()!, f.GetProperty("why").GetString()!)
        {
            Cost = f.GetProperty("cost").GetDouble(),
        })];
    }
}
