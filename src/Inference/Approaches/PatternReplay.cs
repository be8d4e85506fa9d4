using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Answers from memory. Without tests only a verified result of exactly this request counts; with tests also a close one of the same
/// tenant that passes them on the runner. Anything less stays an example, and so does what the security rules of today refuse.
/// </summary>
internal sealed class PatternReplay(TestStep tests, CodeChecks checks)
{
    /// <summary>The replayed result, or null with the reason among the fallbacks.</summary>
    public async Task<JobOutcome?> TryAsync(JobRun run, Material material, CancellationToken token)
    {
        var hasTests = run.Request.Tests.Count > 0;
        var exact = material.Recall.Exact;
        if ((exact ?? (hasTests ? material.Recall.Close : null)) is not { } known || (known.Simulated && run.Chain is [{ Simulated: false }, ..]))
            return Miss(run, "memory holds no result that may be replayed");
        run.Progress.Say(said => said.PatternsUsed = new PatternsUsed { Patterns = { Reference(known) } });
        CodeFile[] files = [.. known.Files.Select(CodeFile.Of)];
        if (await checks.BlockedAsync(run, files, token) is { } finding)
            return Miss(run, $"the pattern {known.PatternId} does not pass the security rules: {finding}");
        var report = hasTests ? await tests.RunAsync(run, files, CodeJob.Context(run, material.Workspace) is { Count: > 0 } context ? context : Context(run), token) : null;
        if (report is not null)
            run.Progress.Say(said => said.Tests = report);
        // The fingerprint covers the tests: an exact result has passed these very tests before.
        var trusted = report is null || report.Outcome == TestStep.Passed || (report.Outcome == TestStep.Unchecked && exact is { TestsPassed: true });
        var weak = trusted && await tests.StubPassesAsync(run, token);
        if (weak && exact is null)
            return Miss(run, $"the tests pass on the unfinished code too, so they say nothing of the pattern {known.PatternId}");
        return trusted ? Succeed(run, known, files, report, weak, material.Workspace) : Miss(run, $"the pattern {known.PatternId} does not pass the tests");
    }

    private static JobOutcome Succeed(JobRun run, VerifiedResult known, CodeFile[] files, TestReport? report, bool weak, Workspace workspace)
    {
        var text = CodeText.Render(files);
        run.Progress.Token(text, reasoning: false);
        var result = Results.Begin(run);
        result.Text = text;
        result.Code = files is [var first, ..] ? first.Text : "";
        result.Files.AddRange(files.Select(file => CodeText.ToResult(file, run.Request, workspace)));
        result.Tests = report;
        result.Patterns.Add(Reference(known));
        result.Approach = Approaches.Pattern;
        result.Engine = "memory";
        result.Simulated = known.Simulated;
        result.TestsTrust = report is null ? "none" : weak ? "weak" : "caller";
        result.PromptVersion = Results.PromptVersion(Approaches.Pattern);
        result.Attempts.Add(new Attempt { Number = 1, Source = "pattern", Outcome = report?.Outcome ?? TestStep.Passed, Code = result.Code, Ms = run.SinceClaimMs, Usage = new TokenUsage() });
        return JobOutcome.Success(result);
    }

    private static JobOutcome? Miss(JobRun run, string reason)
    {
        run.Tally.FallBack($"pattern -> instructions: {reason}");
        return null;
    }

    private static CodeFile[] Context(JobRun run) => [.. run.Request.Files.Select(CodeFile.Of)];

    private static PatternRef Reference(VerifiedResult known) =>
        new() { Id = known.PatternId, Project = known.Project, Path = known.Files.Count > 0 ? known.Files[0].Path : "", Score = known.Similarity };
}
