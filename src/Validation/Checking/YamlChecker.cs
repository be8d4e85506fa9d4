using System.Text.Json;

namespace Platform.Validation;

/// <summary>Parses YAML with the installed Python's yaml module, safely: tags make no objects.</summary>
internal sealed class YamlChecker(ValidationOptions options) : ISyntaxChecker
{
    public bool JudgesAlone => true;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("python3") is null)
            return Unchecked("python3 with PyYAML is not installed");
        var answer = await ScriptWorkers.PythonPackages.AskAsync("yaml", files.Select(f => f.Text), options, token);
        if (answer.Json is not { } json)
            return Unchecked("PyYAML " + answer.Problem);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Null ? Unchecked("PyYAML is not installed") : [.. document.RootElement.EnumerateArray().Select(Read)];

        IReadOnlyList<Verdict> Unchecked(string reason) => [.. files.Select(_ => Verdict.Unchecked(reason))];
    }

    private static Verdict Read(JsonElement found) => found.ValueKind == JsonValueKind.Null
        ? Verdict.Ok
        : Verdict.Of([new CodeDiagnostic("YamlError", found[0].GetInt32(), found[1].GetInt32(), found[2].GetString()!, Severity.Error)]);
}
