using System.Text.Json;

namespace Platform.Validation;

/// <summary>Compiles Python to byte code with the installed interpreter, without running it; all files in one process.</summary>
internal sealed class PythonChecker(ValidationOptions options) : ISyntaxChecker
{
    private static readonly string Script = Embedded.Text("check.py");

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("python3") is not { } python)
            return [.. files.Select(_ => Verdict.Unchecked("python3 is not installed"))];
        var command = new ChildCommand(python, ["-I", "-S", "-c", Script])
        {
            Input = JsonSerializer.Serialize(files.Select(f => new { path = f.Path, text = f.Text })),
            Environment = CommandChecker.Environment(python),
        };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token);
        return result.ExitCode == 0 ? [.. Read(result.Output)] : [.. files.Select(_ => Verdict.Unchecked("python3 " + CommandChecker.Failure(result)))];
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
