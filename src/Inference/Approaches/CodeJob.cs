using Microsoft.Extensions.AI;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Runs a code job: memory, replay if that is the route, then answer, check, test and fix until it works or the attempts are used
/// up. A fix that needs no engine comes first; what no engine fixed is reported with everything that was tried.
/// </summary>
internal sealed class CodeJob(IEnumerable<IApproach> approaches, PatternMemory memory, PatternReplay replay, Workspaces workspaces, CodeChecks checks, TestStep tests, RegressionStep regression, CandidateRace race, TestWriter writer, InferenceOptions options)
{
    /// <summary>Most characters of workspace files that are compiled beside an answer.</summary>
    public const int ContextCharacters = 2_000_000;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken token)
    {
        run.Language = LanguageGuess.Of(run.Request);
        var opening = workspaces.OpenAsync(run, token);
        var material = new Material(await opening, await memory.RecallAsync(run, token));
        (run.MemoryWithheld, run.MemoryFound) = (material.Recall.Withheld, material.Recall.HasFound ? material.Recall.Found : null);
        if (run.Approach == Approaches.Pattern && await replay.TryAsync(run, material, token) is { } replayed)
            return replayed;
        SayPatterns(run, material.Recall);
        var name = run.Approach == Approaches.Pattern ? Approaches.Instructions : run.Approach;
        var approach = approaches.First(one => one.Name == name);
        var written = await writer.WriteAsync(run, token);
        var stub = written == WrittenTests.None ? tests.StubPassesAsync(run, token) : Task.FromResult(false);
        // The workspace's own tests run while the engine works.
        var baseline = regression.Begin(run, material.Workspace, token);
        var loop = new FixLoop(run, approach, material, Context(run, material.Workspace), checks, tests, memory, race, regression, baseline);
        var end = await loop.RunAsync(run.Request.MaxAttempts > 0 ? run.Request.MaxAttempts : options.MaxAttempts, token);
        var result = end.ToResult(run, approach.Name, material);
        // After a deadline nobody waits for what the unfinished code says.
        result.TestsTrust = Trust(run, result, await writer.ConfirmAsync(run, written, end, token), end.Stopped is null && await stub);
        if (written != WrittenTests.None)
            result.GeneratedTests.AddRange(run.Request.Tests);
        return end.Verdict.Good ? JobOutcome.Success(result)
            : end.Stopped is { } stopped ? JobOutcome.Fail(stopped.Code, stopped.Message, stopped.Transient, result)
            : Fail(end, result);
    }

    private static string Trust(JobRun run, JobResult result, WrittenTests written, bool stubPasses) =>
        run.Request.Tests.Count == 0 || result.Tests is not { Outcome: not TestStep.Unchecked } ? "none"
        : stubPasses || written == WrittenTests.PassOnStub || result.Tests?.Cases.Any(test => test.Flaky) == true ? "weak"
        : written switch { WrittenTests.None => "caller", WrittenTests.FailOnStub => "generated", _ => "unchecked" };

    /// <summary>Files that an answer is checked together with.</summary>
    internal static IReadOnlyList<CodeFile> Context(JobRun run, Workspace workspace) =>
        workspace.IsEmpty ? [] : [.. TestStep.Overlay([.. run.Request.Files.Select(CodeFile.Of)], workspace.OfLanguage(run.Language, ContextCharacters))];

    private static void SayPatterns(JobRun run, RecallReply recall)
    {
        if (recall.Examples.Count > 0 || recall.Withheld)
            run.Progress.Say(said => said.PatternsUsed = new PatternsUsed { Withheld = recall.Withheld, Patterns = { recall.Withheld ? [] : recall.Examples.Select(FixLoop.Reference) } });
    }

    private static JobOutcome Fail(LoopEnd end, JobResult result)
    {
        var code = end.Verdict.Outcome switch
        {
            Verdicts.TestsFailed => FailureCodes.TestsFailed,
            Verdicts.Truncated => FailureCodes.Truncated,
            _ => FailureCodes.InvalidCode,
        };
        return JobOutcome.Fail(code, $"After {result.Attempts.Count} attempts the answer still does not work: {end.Verdict.Error}", transient: false, result);
    }

    /// <summary>Outcomes of an attempt.</summary>
    internal static class Verdicts
    {
        public const string Passed = "passed";
        public const string Invalid = "invalid";
        public const string TestsFailed = "tests_failed";
        public const string Truncated = "truncated";
        public const string Unchecked = "unchecked";
    }
}
