using System.Text.Json;

namespace Platform.Validation;

/// <summary>Fixes for Python: proposed by a script that parses and looks up names with the installed interpreter, and runs nothing of the file.</summary>
internal static class PythonFixes
{
    private static readonly string Script = Embedded.Text("fix_python.py");

    /// <summary>Candidates for an error; empty without python3, or when the script gives up.</summary>
    public static async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, ValidationOptions options, CancellationToken token)
    {
        if (Tool.Find("python3") is not { } python)
            return [];
        var error = context.Error;
        var command = new ChildCommand(python, ["-I", "-S", "-c", Script])
        {
            Input = JsonSerializer.Serialize(new { text = context.File.Text, code = error.Code, line = error.Line, column = error.Column, message = error.Message }),
            Environment = CommandChecker.Environment(python),
        };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token);
        return result.ExitCode == 0 ? Read(context.File.Path, result.Output) : [];
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
