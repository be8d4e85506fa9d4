using System.Diagnostics;
using Platform.Contracts;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>Shows a job on the terminal while it runs: stages on standard error, and at the end what it came to.</summary>
internal sealed class JobView(CommandRun run)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Time to the first token as this command saw it, in milliseconds; 0 when none came.</summary>
    public double FirstTokenMs { get; private set; }

    /// <summary>Shows one event.</summary>
    public void Show(JobEvent e)
    {
        if (e.WhatCase == JobEvent.WhatOneofCase.Token && FirstTokenMs == 0)
            FirstTokenMs = _clock.Elapsed.TotalMilliseconds;
        if (Line(e) is { } line)
            run.Messages.MarkupLineInterpolated($"[grey]{_clock.Elapsed.TotalSeconds,7:F2} s[/]  {line}");
    }

    /// <summary>Shows the end of a job.</summary>
    public void Finish(Job job)
    {
        var result = job.Result ?? new JobResult();
        if (job.State == JobStates.Succeeded)
            run.Answer.WriteLine(result.Code.Length > 0 ? result.Code : result.Text);
        else
            run.Say($"Job {job.Id} {job.State}: {job.Failure?.Message}");
        run.Messages.MarkupLineInterpolated($"[grey]{Summary(job, result)}[/]");
    }

    private static string Summary(Job job, JobResult result)
    {
        var tests = result.Tests is { } run ? $", tests {run.Outcome} ({run.Passed} of {run.Passed + run.Failed})" : ", no tests";
        if (result.Tests?.Coverage is { Lines: > 0 } coverage)
            tests += $", {100.0 * coverage.Covered / coverage.Lines:F0}% of {coverage.Lines} lines reached";
        if (result.Regression is { } own)
            tests += own.Outcome == "unchecked" ? $", own tests of the workspace unchecked: {own.Reason}" : own.Outcome == "lost" ? $", lost: {string.Join(", ", own.Lost)}" : $", all {own.PassedBefore} own tests of the workspace still pass";
        var simulated = result.Simulated ? ", simulated" : "";
        return $"job {job.Id}: {result.Approach} by {result.Engine} {result.Model}{tests}, {result.Attempts.Count} attempts, "
            + $"{result.Patterns.Count} patterns, {result.TotalMs:F0} ms, {result.CostUsd:F4} USD{simulated}";
    }

    private static string? Line(JobEvent e) => e.WhatCase switch
    {
        JobEvent.WhatOneofCase.Accepted => $"accepted {e.JobId}: {e.Accepted.Route.Approach} ({e.Accepted.Route.Reasons.FirstOrDefault(reason => reason.Decided)?.Text})",
        JobEvent.WhatOneofCase.PatternsUsed => $"{e.PatternsUsed.Patterns.Count} patterns from memory{(e.PatternsUsed.Withheld ? " (withheld to measure their lift)" : "")}",
        JobEvent.WhatOneofCase.EngineStarted => $"attempt {e.EngineStarted.Attempt}: {e.EngineStarted.Engine} {e.EngineStarted.Model}",
        JobEvent.WhatOneofCase.ToolCall => $"tool {e.ToolCall.Name}{(e.ToolCall.Failed ? " failed" : "")}",
        JobEvent.WhatOneofCase.Validation => $"checks {(e.Validation.Ok ? "passed" : "found: " + FirstProblem(e.Validation))}",
        JobEvent.WhatOneofCase.Tests => $"tests {e.Tests.Outcome}: {e.Tests.Passed} passed, {e.Tests.Failed} failed",
        JobEvent.WhatOneofCase.Fix => $"fix by {e.Fix.Source}: {e.Fix.Error}",
        JobEvent.WhatOneofCase.Restarted => $"stream restarted: {e.Restarted.Reason}",
        _ => null,
    };

    private static string FirstProblem(ValidationReport report) =>
        report.Files.SelectMany(file => file.Diagnostics).Where(found => found.Severity == "error").Select(found => $"{found.Code} {found.Message}")
            .Concat(report.Files.SelectMany(file => file.Security).Where(found => found.Blocks).Select(found => $"{found.Rule} {found.Message}")).FirstOrDefault() ?? "something";
}
