using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>
/// Asks bandit about Python where it is installed, for the rules that ours, which go by its ids, leave out. Of what both know our own rule is heard: it looks at
/// arguments that old versions of bandit do not look at, and one finding is enough.
/// </summary>
internal sealed partial class BanditScan(ValidationOptions options, SecurityOptions security) : ISecurityScan
{
    private static readonly Lazy<HashSet<string>> Own = new(() => [.. new[] { "scan_rules.py", "scan_tables.py", "scan_tree.py", "scan_python.py" }
        .SelectMany(name => BanditId().Matches(Embedded.Text(name))).Select(match => match.Value)]);

    public bool Together => false;

    public bool Reads(SourceFile file) => file.Language == "python" && Tool.Find("bandit") is not null;

    public async Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("bandit") is not { } bandit)
            return [.. files.Select(_ => ScanVerdict.Clean)];
        using var folder = new InputFolder(Path.GetTempPath(), Enumerable.Range(0, files.Count).ToDictionary(n => $"{n}.py", n => Encoding.UTF8.GetBytes(files[n].Text)));
        string[] comments = security.HonourComments ? [] : ["--ignore-nosec"];
        var command = new ChildCommand(bandit, ["-q", "-f", "json", .. comments, "-r", "."]) { Folder = folder.Path, Environment = CommandChecker.Environment(bandit) };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token, watchMemory: true);
        // 1 says that it found something; old versions know no option to say 0 then.
        return result.ExitCode is 0 or 1 && !result.TooMuchOutput ? Read(result.Output, files.Count) : [.. files.Select(_ => ScanVerdict.NotChecked("bandit " + CommandChecker.Failure(result)))];
    }

    /// <summary>The verdicts in bandit's report on files 0.py, 1.py and so on.</summary>
    internal static IReadOnlyList<ScanVerdict> Read(string json, int count)
    {
        try
        {
            var found = JsonElement.Parse(json).GetProperty("results").EnumerateArray()
                .Where(r => !Own.Value.Contains(r.GetProperty("test_id").GetString() ?? ""))
                .ToLookup(r => Path.GetFileName(r.GetProperty("filename").GetString()), Convert);
            return [.. Enumerable.Range(0, count).Select(n => new ScanVerdict([.. found[$"{n}.py"]]))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [.. Enumerable.Range(0, count).Select(_ => ScanVerdict.NotChecked("bandit's report cannot be read"))];
        }
    }

    private static SecurityFinding Convert(JsonElement result)
    {
        var severity = Enum.TryParse<SecuritySeverity>(result.GetProperty("issue_severity").GetString(), ignoreCase: true, out var known) ? known : SecuritySeverity.Low;
        return SecurityRules.Find(result.GetProperty("test_id").GetString()!).At(result.GetProperty("line_number").GetInt32(), result.GetProperty("issue_text").GetString(), severity);
    }

    [GeneratedRegex("B[0-9]{3}", RegexOptions.CultureInvariant)]
    private static partial Regex BanditId();
}
