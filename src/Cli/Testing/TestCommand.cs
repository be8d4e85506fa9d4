using System.CommandLine;
using System.Diagnostics;
using Platform.Cli.Servers;

namespace Platform.Cli.Testing;

/// <summary><c>platform test</c>: everything that this machine allows.</summary>
internal static class TestCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Count what could not run here as failed." };

    /// <summary>The command, to be added to the root.</summary>
    public static Command Create() => CommandRun.Bind(
        new Command("test", "Builds the solution and runs every suite: fast tests, both topologies end to end, foreign clients, format. As root on Debian, or with Docker, it sets up what they need.") { All },
        RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var time = Stopwatch.StartNew();
        var reports = await new TestPlan(Repository.Find("test"), new ProgressLines(run)).RunAsync(token);
        var outcome = TestOutcome.Of(reports, run.Get(All));
        if (run.Json)
            CommandRun.Print(new { outcome.Passed, outcome.Failed, failures = outcome.Failures, outcome.NotRun, seconds = Math.Round(time.Elapsed.TotalSeconds, 1) });
        else
            outcome.Write(Console.Out);
        return outcome.Failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}

/// <summary>The sum of all suites.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, and with <c>--all</c> what was not run.</param>
/// <param name="Failures">What failed.</param>
/// <param name="NotRun">What was not run, and why.</param>
internal sealed record TestOutcome(int Passed, int Failed, IReadOnlyList<string> Failures, IReadOnlyList<string> NotRun)
{
    /// <summary>Adds up.</summary>
    public static TestOutcome Of(IReadOnlyList<TestReport> reports, bool all)
    {
        var skipped = reports.Sum(report => report.NotRun.Values.Sum());
        return new TestOutcome(
            reports.Sum(report => report.Passed),
            reports.Sum(report => report.Failed) + (all ? skipped : 0),
            [.. reports.SelectMany(report => report.Failures)],
            [.. reports.SelectMany(report => report.NotRun.Select(reason => $"{report.Name}, {reason.Value} ({reason.Key})"))]);
    }

    /// <summary>Writes what failed, what was not run, and the total as the last line.</summary>
    public void Write(TextWriter output)
    {
        foreach (var failure in Failures)
            output.WriteLine($"failed: {failure}");
        foreach (var skipped in NotRun)
            output.WriteLine($"not run: {skipped}");
        output.WriteLine($"{Passed} passed, {Failed} failed");
    }
}
