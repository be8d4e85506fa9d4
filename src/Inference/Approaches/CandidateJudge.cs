using Platform.V1;
using static Platform.Inference.CodeJob;

namespace Platform.Inference;

/// <summary>Checks a candidate and runs the tests of its job.</summary>
internal sealed class CandidateJudge(JobRun run, IReadOnlyList<CodeFile> context, CodeChecks checks, TestStep tests, RegressionStep regression, WorkspaceBaseline? baseline)
{
    private const double LongestForASecondRun = 10_000;

    /// <summary>The files in an answer.</summary>
    public static Candidate Read(JobRun run, EngineAnswer answer)
    {
        var found = CodeChecks.Extract(answer.Text, run.Language);
        if (run.Language.Length == 0 && found.Files is [var first, ..])
            run.Language = first.Language;
        return new Candidate(CodeText.Name(found.Files, run.Request), answer.Text, answer, "engine", found.Problem, found.Truncated);
    }

    /// <summary>What checks and tests say.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="progress">Who hears of it at once; null for a candidate that may never be seen.</param>
    /// <param name="token">Stops.</param>
    public async Task<Verdict> JudgeAsync(Candidate candidate, JobProgress? progress, CancellationToken token)
    {
        var verdict = await OwnAsync(candidate, progress, token);
        if (!verdict.Good || baseline is null)
            return verdict;
        var kept = await regression.CheckAsync(run, baseline, candidate.Files, token);
        return kept.Outcome == "lost"
            ? verdict with { Good = false, Outcome = Verdicts.TestsFailed, Error = kept.Reason, Regression = kept }
            : verdict with { Regression = kept };
    }

    private async Task<Verdict> OwnAsync(Candidate candidate, JobProgress? progress, CancellationToken token)
    {
        if (candidate.Problem is { } problem && candidate.Files.Count == 0)
            return new Verdict(false, candidate.Truncated ? Verdicts.Truncated : Verdicts.Invalid, problem, null, null);
        var report = await checks.CheckAsync(run, candidate.Files, context, token);
        progress?.Say(said => said.Validation = report);
        if (!report.Ok)
            return new Verdict(false, Verdicts.Invalid, CodeChecks.FirstError(report), report, null);
        if (run.Request.Tests.Count == 0)
            return new Verdict(true, report.Files.All(file => file.Syntax == "ok") ? Verdicts.Passed : Verdicts.Unchecked, "", report, null);
        var ran = await TestAsync(candidate.Files, token);
        progress?.Say(said => said.Tests = ran);
        return ran.Outcome switch
        {
            TestStep.Passed => new Verdict(true, Verdicts.Passed, "", report, ran),
            TestStep.Unchecked => new Verdict(true, Verdicts.Unchecked, ran.Reason, report, ran),
            _ => new Verdict(false, Verdicts.TestsFailed, TestStep.FirstFailure(ran), report, ran),
        };
    }

    /// <summary>
    /// Runs the tests, and once more when some fail and the run is short: a test that passes the second time with the same code is flaky,
    /// and nobody should mend code because of it.
    /// </summary>
    private async Task<TestReport> TestAsync(IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        var first = await tests.RunAsync(run, files, context, token);
        if (first.Outcome != TestStep.Failed || first.Cases.Count == 0 || first.Ms > LongestForASecondRun)
            return first;
        var second = await tests.RunAsync(run, files, context, token);
        if (second.Outcome is not (TestStep.Passed or TestStep.Failed))
            return first;
        var passed = second.Cases.Where(test => test.Passed).Select(test => test.Name).ToHashSet(StringComparer.Ordinal);
        var flaky = first.Cases.Where(test => !test.Passed && passed.Contains(test.Name)).Select(test => test.Name).ToHashSet(StringComparer.Ordinal);
        if (flaky.Count == 0)
            return first;
        foreach (var test in second.Cases.Where(test => flaky.Contains(test.Name)))
            test.Flaky = true;
        return second;
    }
}
