using Microsoft.Extensions.AI;
using Platform.V1;
using static Platform.Inference.CodeJob;

namespace Platform.Inference;

/// <summary>What the checks say of a candidate.</summary>
/// <param name="Good">It may be delivered.</param>
/// <param name="Outcome">One of the outcomes of an attempt.</param>
/// <param name="Error">The first thing that is wrong.</param>
/// <param name="Validation">Report of the checks; null when there was nothing to check.</param>
/// <param name="Tests">Report of the tests; null when they were not reached.</param>
internal sealed record Verdict(bool Good, string Outcome, string Error, ValidationReport? Validation, TestReport? Tests)
{
    /// <summary>The workspace's own tests before and after; null when they were not reached.</summary>
    public Regression? Regression { get; init; }

    /// <summary>How near it is to being good: stage reached, then tests passed.</summary>
    public (int Stage, int Passed) Rank => Outcome switch
    {
        Verdicts.Passed => (4, 0),
        Verdicts.Unchecked => (3, 0),
        Verdicts.TestsFailed => (2, Tests?.Passed ?? 0),
        Verdicts.Invalid => (1, 0),
        _ => (0, 0),
    };
}

/// <summary>Files that may be the answer.</summary>
/// <param name="Files">The files.</param>
/// <param name="Text">The text they come from.</param>
/// <param name="Answer">The engine's answer; null for a fix without one.</param>
/// <param name="Source">"engine", "memory" or "rule".</param>
/// <param name="Problem">Why there are no usable files.</param>
/// <param name="Truncated">Code is missing in them.</param>
internal sealed record Candidate(IReadOnlyList<CodeFile> Files, string Text, EngineAnswer? Answer, string Source, string? Problem = null, bool Truncated = false)
{
    /// <summary>What was wrong with the candidate before and why this one differs; empty where nobody said.</summary>
    public string Explanation { get; init; } = "";
}

/// <summary>How the loop ended.</summary>
internal sealed record LoopEnd(Candidate Candidate, Verdict Verdict, EngineAnswer LastAnswer)
{
    /// <summary>What ended the loop before its attempts were used up: the deadline, the cost, the budget of calls, an engine. Null when nothing did.</summary>
    public JobException? Stopped { get; init; }

    public JobResult ToResult(JobRun run, string approach, Material material)
    {
        var result = Results.Begin(run);
        result.Text = Candidate.Text;
        result.Code = Candidate.Files is [var first, ..] ? first.Text : "";
        result.Files.AddRange(Candidate.Files.Select(file => CodeText.ToResult(file, run.Request, material.Workspace)));
        result.Attempts.AddRange(run.Attempts);
        result.Validation = Verdict.Validation;
        result.Tests = Verdict.Tests;
        result.Regression = Verdict.Regression;
        if (!material.Recall.Withheld)
            result.Patterns.AddRange(material.Recall.Examples.Select(FixLoop.Reference));
        result.Approach = approach;
        result.Engine = LastAnswer.Engine.Name;
        result.Model = LastAnswer.Model;
        result.PromptVersion = Results.PromptVersion(approach);
        return result;
    }
}

/// <summary>Answer, check, test, fix: until it works or the attempts are used up; then the best attempt counts.</summary>
internal sealed class FixLoop(JobRun run, IApproach approach, Material material, IReadOnlyList<CodeFile> context, CodeChecks checks, TestStep tests, PatternMemory memory, CandidateRace race, RegressionStep regression, WorkspaceBaseline? baseline)
{
    private readonly CandidateJudge judge = new(run, context, checks, tests, regression, baseline);
    private readonly List<ChatMessage> conversation = approach.Open(run, material);
    private EngineAnswer? lastAnswer;
    private LoopEnd? best;

    /// <summary>Runs the loop.</summary>
    /// <exception cref="JobException">No engine gave an answer.</exception>
    public async Task<LoopEnd> RunAsync(int mostAttempts, CancellationToken token)
    {
        run.Tally.BeginAttempt();
        var started = run.SinceClaimMs;
        var (candidate, verdict) = await BeginAsync(token);
        while (true)
        {
            Record(candidate, verdict, run.SinceClaimMs - started);
            if (best is null || verdict.Rank.CompareTo(best.Verdict.Rank) >= 0)
                best = new LoopEnd(candidate, verdict, lastAnswer!);
            if (verdict.Good || run.Attempt >= mostAttempts)
                return best;
            run.Attempt++;
            run.Tally.BeginAttempt();
            started = run.SinceClaimMs;
            try
            {
                candidate = await FixLocallyAsync(candidate, verdict, token) ?? await FixByEngineAsync(candidate, verdict, token);
                verdict = await judge.JudgeAsync(candidate, run.Progress, token);
            }
            catch (JobException stopped)
            {
                // A budget that ends takes no attempt away that was made before.
                return best with { Stopped = stopped };
            }
            catch (OperationCanceledException) when (run.Budget.Expired.IsCancellationRequested)
            {
                return best with { Stopped = new JobException(FailureCodes.Deadline, $"The job was not done within its deadline. The best attempt: {best.Verdict.Error}", transient: true) };
            }
        }
    }

    /// <summary>A reference to a pattern that stood in a prompt.</summary>
    public static PatternRef Reference(PatternHit hit) =>
        new() { Id = hit.Id, Project = hit.Project, Path = hit.Path, StartLine = hit.StartLine, EndLine = hit.EndLine, Score = hit.Score };

    private async Task<Candidate> AskAsync(CancellationToken token)
    {
        lastAnswer = await approach.AnswerAsync(run, conversation, material, token);
        return CandidateJudge.Read(run, lastAnswer);
    }

    /// <summary>The first candidate, or the best of several where the route lets them compete.</summary>
    private async Task<(Candidate Candidate, Verdict Verdict)> BeginAsync(CancellationToken token)
    {
        if (await race.TryAsync(run, approach, conversation, judge, token) is not { } won)
        {
            var only = await AskAsync(token);
            return (only, await judge.JudgeAsync(only, run.Progress, token));
        }

        lastAnswer = won.Candidate.Answer;
        conversation.Add(lastAnswer!.Message);
        return won;
    }

    private void Record(Candidate candidate, Verdict verdict, double ms)
    {
        var attempt = Results.ToAttempt(run, candidate.Answer, verdict.Outcome, verdict.Error, candidate.Files is [var first, ..] ? first.Text : "", ms);
        (attempt.Source, attempt.Explanation) = (candidate.Source, candidate.Explanation);
        run.Attempts.Add(attempt);
    }

    private async Task<Candidate?> FixLocallyAsync(Candidate candidate, Verdict verdict, CancellationToken token)
    {
        var failedTests = verdict.Outcome == Verdicts.TestsFailed && verdict.Tests is { } report && verdict.Regression is null && Validation.FixEngine.CanActOn(TestStep.Read(report));
        // What compiles and is refused as dangerous is for the engine to write anew.
        var broken = verdict.Outcome == Verdicts.Invalid && verdict.Validation is { } checkedFiles && checkedFiles.Files.Any(file => file.Syntax == "error");
        if (!(broken || failedTests) || candidate.Files.Count == 0 || await checks.FixAsync(run, candidate.Files, context, failedTests, token) is not { } fix)
            return null;
        SayFix(fix.Error, fix.Source, fix.Explanation);
        var text = CodeText.Render(fix.Files);
        run.Progress.Restart($"fixed by {fix.Source}");
        run.Progress.Token(text, reasoning: false);
        // Should an engine have to go on from here, it goes on from the fixed code.
        conversation[^1] = new ChatMessage(ChatRole.Assistant, text);
        return new Candidate(fix.Files, text, null, fix.Source) { Explanation = fix.Explanation };
    }

    private async Task<Candidate> FixByEngineAsync(Candidate candidate, Verdict verdict, CancellationToken token)
    {
        if (!run.Budget.TryTakeCall())
            throw new JobException(FailureCodes.EngineUnavailable, $"The job's budget of extra calls (Inference:RetryBudget) is used up. Last error: {verdict.Error}", transient: true);
        var (code, message, line) = Describe(candidate, verdict);
        var known = message.Length == 0 ? new FindFixesReply() : await memory.FindFixesAsync(run, run.Language, code, message, line, token);
        SayFix(verdict.Error, "engine", known.Fixes.Count > 0 ? $"asked again with the error and {known.Fixes.Count} edits that helped before" : "asked again with the error");
        run.Progress.Restart("the answer did not work and is fixed");
        conversation.Add(PromptBuilder.Fix(Stage(verdict), Details(verdict), known));
        return await AskAsync(token) with { Explanation = Validation.ErrorExplanation.Find(code) is { } meant ? $"{meant.Meaning} {meant.Advice}".Trim() : "" };
    }

    private void SayFix(string error, string source, string explanation) =>
        run.Progress.Say(said => said.Fix = new FixAttempt { Attempt = run.Attempt, Error = error, Source = source, Explanation = explanation });

    private static string Stage(Verdict verdict) => verdict.Outcome switch
    {
        Verdicts.TestsFailed => "The tests fail:",
        Verdicts.Truncated => "It is not complete:",
        _ => "It does not pass the checks:",
    };

    private static string Details(Verdict verdict)
    {
        if (verdict.Regression is { Outcome: "lost" } lost)
            return lost.Reason;
        if (verdict.Tests is { } tests)
            return string.Join('\n', tests.Cases.Where(test => !test.Passed).Take(5).Select(test => $"{test.Name}: {test.Message}").DefaultIfEmpty(TestStep.FirstFailure(tests)));
        if (verdict.Validation is not { } report)
            return verdict.Error;
        var errors = report.Files.SelectMany(file => file.Diagnostics.Where(found => found.Severity == "error").Select(found => $"{file.Path}({found.Line},{found.Column}): {found.Code}: {found.Message}"));
        var findings = report.Files.SelectMany(file => file.Security.Where(found => found.Blocks).Select(found => $"{file.Path}({found.Line}): {found.Rule}: {found.Message} {found.Advice}"));
        return string.Join('\n', errors.Concat(findings).Take(20));
    }

    private static string LineOf(Candidate candidate, string path, int line)
    {
        var lines = candidate.Files.FirstOrDefault(one => path == one.Path || path.EndsWith("/" + one.Path, StringComparison.Ordinal))?.Text.Split('\n') ?? [];
        return line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "";
    }

    private static (string Code, string Message, string Line) Describe(Candidate candidate, Verdict verdict)
    {
        var failed = verdict.Tests?.Cases.FirstOrDefault(test => !test.Passed);
        if (failed is not null)
        {
            // What died under a test has a signature of its own, and a place: fixes are known by it.
            var died = Validation.ErrorReader.Read($"{failed.Message}\n{verdict.Tests!.Output}").FirstOrDefault(error => error.IsTrace);
            return died is null ? ("test", failed.Message, "") : (died.Code, died.Message, LineOf(candidate, died.Path, died.Line));
        }

        foreach (var file in verdict.Validation?.Files ?? [])
        {
            if (file.Diagnostics.FirstOrDefault(found => found.Severity == "error") is not { } error)
                continue;
            return (error.Code, error.Message, LineOf(candidate, file.Path, error.Line));
        }

        return ("", "", "");
    }
}
