using System.Text.Json;

namespace Platform.Cli.Testing;

/// <summary>What one suite or check came to.</summary>
/// <param name="Name">The suite.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed; a suite that broke counts one more.</param>
/// <param name="Failures">What failed, and the first line of why.</param>
/// <param name="NotRun">Why tests were skipped, with their number.</param>
internal sealed record TestReport(string Name, int Passed, int Failed, IReadOnlyList<string> Failures, IReadOnlyDictionary<string, int> NotRun)
{
    private static readonly Dictionary<string, int> Nothing = [];

    /// <summary>A check that is one test.</summary>
    public static TestReport Check(string name, bool passed, string problem = "") =>
        new(name, passed ? 1 : 0, passed ? 0 : 1, passed ? [] : [$"{name}: {problem}"], Nothing);

    /// <summary>Something that could not be tried here.</summary>
    public static TestReport Skipped(string name, string reason) => new(name, 0, 0, [], new Dictionary<string, int> { [reason] = 1 });

    /// <summary>Reads the report a test executable wrote (Common Test Report Format).</summary>
    /// <param name="name">The suite.</param>
    /// <param name="json">The report; null when the executable died before writing it.</param>
    /// <param name="exitCode">Exit code of the executable.</param>
    public static TestReport Read(string name, string? json, int exitCode)
    {
        if (json is null)
            return Check(name, false, $"ended with {exitCode} and wrote no report");
        var results = JsonDocument.Parse(json).RootElement.GetProperty("results");
        var tests = results.GetProperty("tests").EnumerateArray().ToList();
        var failures = tests.Where(test => Text(test, "status") == "failed").Select(Describe).ToList();
        failures.AddRange(Errors(results));
        var passed = tests.Count(test => Text(test, "status") == "passed");
        if (exitCode != 0 && failures.Count == 0)
            failures.Add($"{name}: ended with {exitCode} though no test failed");
        if (passed + failures.Count == 0 && tests.Count == 0)
            failures.Add($"{name}: holds no test");
        var skipped = tests.Where(test => Text(test, "status") == "skipped").GroupBy(Reason).ToDictionary(group => group.Key, group => group.Count());
        return new TestReport(name, passed, failures.Count, failures, skipped);
    }

    /// <summary>What went wrong outside any test: a fixture that did not start or end.</summary>
    private static IEnumerable<string> Errors(JsonElement results) =>
        results.TryGetProperty("extra", out var extra) && extra.TryGetProperty("suites", out var suites)
            ? suites.EnumerateArray().SelectMany(suite => suite.TryGetProperty("errors", out var errors) ? errors.EnumerateArray() : []).Select(error => FirstLine(error.ToString()))
            : [];

    private static string Describe(JsonElement test) => $"{Text(test, "name")}: {FirstLine(Text(test, "message"))}";

    private static string Reason(JsonElement test) => test.TryGetProperty("extra", out var extra) ? FirstLine(Text(extra, "reason")) : "";

    private static string Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
