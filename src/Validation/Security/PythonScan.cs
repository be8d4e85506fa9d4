using System.Text.Json;

namespace Platform.Validation;

/// <summary>Reads the syntax tree of Python with the installed interpreter, which runs our own script and never the code. Rule ids follow bandit's.</summary>
internal sealed class PythonScan(ValidationOptions options, SecurityOptions security) : ISecurityScan
{
    // In this order: each uses what stands in those before it.
    private static readonly string Script = string.Join('\n', new[] { "scan_tables.py", "scan_tree.py", "scan_rules.py", "scan_python.py" }.Select(Embedded.Text));

    public bool Together => false;

    public bool Reads(SourceFile file) => file.Language == "python";

    public async Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("python3") is not { } python)
            return NotChecked(files, "python3 is not installed");
        var command = new ChildCommand(python, ["-I", "-S", "-c", Script])
        {
            Input = JsonSerializer.Serialize(new { files = files.Select(f => f.Text), comments = security.HonourComments }),
            Environment = CommandChecker.Environment(python),
        };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token, watchMemory: true);
        if (result.ExitCode == 0 && !result.TooMuchOutput)
            return Read(result.Output);
        if (files.Count == 1)
            return NotChecked(files, "python3 " + CommandChecker.Failure(result));
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
