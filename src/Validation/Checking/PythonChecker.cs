using System.Text.Json;

namespace Platform.Validation;

/// <summary>Compiles Python to byte code with the installed interpreter, without running it.</summary>
internal sealed class PythonChecker(ValidationOptions options) : ISyntaxChecker
{
    public bool JudgesAlone => true;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var answer = await ScriptWorkers.Python.AskAsync("check", files.Select(f => new { path = f.Path, text = f.Text }), options, token);
        return answer.Json is { } json ? [.. Read(json)] : [.. files.Select(_ => Verdict.Unchecked("python3 " + answer.Problem))];
    }

    private static IEnumerable<Verdict> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var file in document.RootElement.EnumerateArray().ToList())
        {
            yield return Verdict.Of([.. file.EnumerateArray().Select(d => new CodeDiagnostic(
                d[0].GetString()!, d[1].GetInt32(), d[2].GetInt32(), d[3].GetString()!, d[4].GetBoolean() ? Severity.Error : Severity.Warning))]);
        }
    }
}
