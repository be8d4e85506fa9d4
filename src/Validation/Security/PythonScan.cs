using System.Text.Json;

namespace Platform.Validation;

/// <summary>Reads the syntax tree of Python with the installed interpreter, which runs our own script and never the code. Rule ids follow bandit's.</summary>
internal sealed class PythonScan(ValidationOptions options, SecurityOptions security) : ISecurityScan
{
    public bool Together => false;

    public bool Reads(SourceFile file) => file.Language == "python";

    public async Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var answer = await ScriptWorkers.Python.AskAsync("scan", new { files = files.Select(f => f.Text), comments = security.HonourComments }, options, token);
        if (answer.Json is { } json)
            return Read(json);
        if (files.Count == 1 || Tool.Find("python3") is null)
            return NotChecked(files, "python3 " + answer.Problem);
        // One file that breaks the scan must not hide the others.
        var verdicts = new List<ScanVerdict>();
        foreach (var file in files)
            verdicts.AddRange(await ScanAsync([file], token));
        return verdicts;
    }

    private static List<ScanVerdict> NotChecked(IReadOnlyList<SourceFile> files, string reason) => [.. files.Select(_ => ScanVerdict.NotChecked(reason))];

    private static List<ScanVerdict> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(file => file.ValueKind == JsonValueKind.String
            ? ScanVerdict.NotChecked(file.GetString()!)
            : new ScanVerdict([.. file.EnumerateArray().Select(f => SecurityRules.Find(f[0].GetString()!).At(f[2].GetInt32(), f[3].GetString(), Enum.Parse<SecuritySeverity>(f[1].GetString()!, ignoreCase: true)))]))];
    }
}
