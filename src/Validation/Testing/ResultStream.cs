using System.Text.Json;

namespace Platform.Validation;

/// <summary>
/// Reads what a harness wrote: JSON lines behind a secret that it got on standard input. What the code prints cannot pass for a result
/// by accident or by a simple trick; code that inspects the harness's own memory could still cheat, so a pass is evidence, not proof.
/// </summary>
internal sealed class ResultStream
{
    private readonly List<TestCase> cases = [];
    private string? running;
    private string printed = "";
    private CoverageProbes? probes;
    private Coverage? coverage;

    private ResultStream()
    {
    }

    /// <summary>A secret for one run.</summary>
    public static string NewSecret() => "#" + Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)) + "#";

    /// <summary>Turns a child's end into a report.</summary>
    public static TestReport Read(ChildResult child, string secret, double ms, CoverageProbes? probes = null)
    {
        var stream = new ResultStream { probes = probes };
        var other = new List<string>();
        var done = false;
        string? missing = null;
        foreach (var line in child.Output.Split('\n'))
        {
            if (line.StartsWith(secret, StringComparison.Ordinal))
                done |= stream.Take(line[secret.Length..], ref missing);
            else if (line.Length > 0)
                other.Add(line);
        }
        var output = Cut(string.Join('\n', other) + stream.printed + child.Error);
        return missing is not null ? TestReport.Unchecked(missing) with { Output = output, Ms = ms } : stream.Judge(child, done, output, ms);
    }

    private bool Take(string json, ref string? missing)
    {
        using var document = Parse(json);
        if (document is null)
            return false;
        var root = document.RootElement;
        switch (root.GetProperty("event").GetString())
        {
            case "start":
                running = root.GetProperty("name").GetString();
                return false;
            case "end":
                running = null;
                cases.Add(new TestCase(root.GetProperty("name").GetString()!, root.GetProperty("passed").GetBoolean(), Optional(root, "message"), root.GetProperty("line").GetInt32()) { LoadError = root.TryGetProperty("load", out var load) && load.ValueKind == JsonValueKind.True });
                return false;
            case "coverage":
                coverage = ReadCoverage(root);
                return false;
            case "missing":
                missing = root.GetProperty("message").GetString();
                return false;
            case "done":
                printed = Optional(root, "printed") ?? "";
                return true;
            default:
                running = null;
                return false;
        }
    }

    // C# says which probes were reached; the scripts' drivers say lines.
    private Coverage? ReadCoverage(JsonElement root)
    {
        if (root.TryGetProperty("reached", out var reached))
            return probes?.Read(reached.EnumerateArray().Select(n => n.GetInt32()));
        var files = new List<FileCoverage>();
        foreach (var file in root.GetProperty("files").EnumerateArray())
        {
            var lines = file.GetProperty("lines").EnumerateArray().Select(n => n.GetInt32()).ToHashSet();
            var covered = file.GetProperty("covered").EnumerateArray().Select(n => n.GetInt32()).ToHashSet();
            files.Add(new FileCoverage(file.GetProperty("path").GetString()!, lines.Count, [.. lines.Where(n => !covered.Contains(n)).Order()]));
        }
        return new Coverage(files);
    }

    private TestReport Judge(ChildResult child, bool done, string output, double ms)
    {
        var during = running is null ? "" : $" in {running}";
        var (outcome, reason) = child switch
        {
            { TimedOut: true } => (TestOutcome.TimedOut, "The time limit ended the run" + during + "."),
            { TooMuchMemory: true } => (TestOutcome.Crashed, "The memory limit ended the run" + during + "."),
            { TooMuchOutput: true } => (TestOutcome.Crashed, "The output limit ended the run" + during + "."),
            _ when !done => (TestOutcome.Crashed, $"The test process ended with code {child.ExitCode}{during}."),
            _ when cases.Any(c => !c.Passed) => (TestOutcome.Failed, $"{cases.Count(c => !c.Passed)} of {cases.Count} tests failed."),
            _ when cases.Count == 0 => (TestOutcome.Unchecked, TestReport.NoTest),
            _ => (TestOutcome.Passed, null),
        };
        if (outcome is TestOutcome.TimedOut or TestOutcome.Crashed && running is not null)
            cases.Add(new TestCase(running, false, reason, 0));
        return new TestReport(outcome, cases.Count(c => c.Passed), cases.Count(c => !c.Passed), cases, output, reason, ms) { Coverage = coverage };
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null; // The process was killed in the middle of a line.
        }
    }

    private static string? Optional(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Cut(string text) => text.Length > 64 * 1024 ? text[..(64 * 1024)] : text;
}
