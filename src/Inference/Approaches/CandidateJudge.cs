using Platform.V1;
using static Platform.Inference.CodeJob;

namespace Platform.Inference;

/// <summary>Checks a candidate and runs the tests of its job.</summary>
internal sealed class CandidateJudge(JobRun run, IReadOnlyList<CodeFile> context, CodeChecks checks, TestStep tests)
{
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
        if (candidate.Problem is { } problem && candidate.Files.Count == 0)
            return new Verdict(false, candidate.Truncated ? Verdicts.Truncated : Verdicts.Invalid, problem, null, null);
        var report = await checks.CheckAsync(run, candidate.Files, context, token);
        progress?.Say(said => said.Validation = report);
        if (!report.Ok)
            return new Verdict(false, Verdicts.Invalid, CodeChecks.FirstError(report), report, null);
        if (run.Request.Tests.Count == 0)
            return new Verdict(true, report.Files.All(file => file.Syntax == "ok") ? Verdicts.Passed : Verdicts.Unchecked, "", report, null);
        var ran = await tests.RunAsync(run, candidate.Files, context, token);
        progress?.Say(said => said.Tests = ran);
        return ran.Outcome switch
        {
            TestStep.Passed => new Verdict(true, Verdicts.Passed, "", report, ran),
            TestStep.Unchecked => new Verdict(true, Verdicts.Unchecked, ran.Reason, report, ran),
            _ => new Verdict(false, Verdicts.TestsFailed, TestStep.FirstFailure(ran), report, ran),
        };
    }
}
