using System.Text.Json;

namespace Platform.Validation;

/// <summary>Parses YAML with the installed Python's yaml module, safely: tags make no objects.</summary>
internal sealed class YamlChecker(ValidationOptions options) : ISyntaxChecker
{
    private const string Script = """
        import json, sys
        try:
            import yaml
        except ImportError:
            sys.exit(3)
        def check(text):
            try:
                for _ in yaml.parse(text, Loader=yaml.SafeLoader): pass
                return None
            except yaml.YAMLError as e:
                mark = getattr(e, "problem_mark", None)
                return [mark.line + 1 if mark else 0, mark.column + 1 if mark else 0, getattr(e, "problem", None) or str(e)]
        json.dump([check(t) for t in json.load(sys.stdin)], sys.stdout)
        """;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("python3") is not { } python)
            return [.. files.Select(_ => Verdict.Unchecked("python3 with PyYAML is not installed"))];
        var command = new ChildCommand(python, ["-I", "-c", Script])
        {
            Input = JsonSerializer.Serialize(files.Select(f => f.Text)),
            Environment = CommandChecker.Environment(python),
        };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token);
        if (result.ExitCode != 0)
            return [.. files.Select(_ => Verdict.Unchecked(result.ExitCode == 3 ? "PyYAML is not installed" : "PyYAML " + CommandChecker.Failure(result)))];
        using var document = JsonDocument.Parse(result.Output);
        return [.. document.RootElement.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Null
            ? Verdict.Ok
            : Verdict.Of([new CodeDiagnostic("YamlError", d[0].GetInt32(), d[1].GetInt32(), d[2].GetString()!, Severity.Error)]))];
    }
}
