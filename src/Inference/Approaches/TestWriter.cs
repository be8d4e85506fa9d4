using Platform.Contracts;
using Platform.Validation;
using SourceFile = Platform.V1.SourceFile;
using TestReport = Platform.V1.TestReport;

namespace Platform.Inference;

/// <summary>What is known of tests that an engine wrote.</summary>
internal enum WrittenTests
{
    /// <summary>None were written.</summary>
    None,

    /// <summary>Nobody saw them fail yet: there was no unfinished code, or they could not be run on it.</summary>
    Unseen,

    /// <summary>At least one of them failed on unfinished code, which it could load.</summary>
    FailOnStub,

    /// <summary>They pass on code without its work: they test nothing.</summary>
    PassOnStub,
}

/// <summary>
/// Tests first: when a caller asks for verified code and has no tests, an engine writes them from the task alone, by another prompt, before any
/// code exists. They must parse, load and fail on unfinished code: the caller's, or modules that offer what the tests import and do nothing. C# tests
/// without a stub are run once more at the end, on the answer without its bodies.
/// </summary>
internal sealed class TestWriter(EngineCaller caller, PromptBuilder prompts, CodeChecks checks, TestStep tests, InferenceOptions options)
{
    private const int Tries = 2;
    private const int MostTokens = 8_192;
    private const float Temperature = 0.2f;

    private static readonly Dictionary<string, string> Frameworks = new(StringComparer.Ordinal)
    {
        ["csharp"] = "xunit v3 (using Xunit; [Fact], [Theory], Assert)",
        ["python"] = "unittest",
        ["javascript"] = "node:test and node:assert",
    };

    /// <summary>Adds tests to the job's request, if it asks for them and has none.</summary>
    /// <exception cref="JobException">No usable tests came: code that nobody can check is not what was asked for.</exception>
    public async Task<WrittenTests> WriteAsync(JobRun run, CancellationToken token)
    {
        if (!run.Request.WriteTests || run.Request.Tests.Count > 0)
            return WrittenTests.None;
        if (!Frameworks.TryGetValue(run.Language, out var framework))
            throw new JobException(FailureCodes.NoTests, $"write_tests: no tests can be run for language '{run.Language}'; the languages are {string.Join(", ", Frameworks.Keys)}.", transient: false);
        var problem = "";
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var answer = await caller.AskAsync(run, Request(run, framework, problem), token);
            var found = CodeChecks.Extract(answer.Text, run.Language);
            var seen = WrittenTests.Unseen;
            if (found.Problem is { } missing)
                problem = missing;
            else
                (problem, seen) = await TryAsync(run, found.Files, token);
            if (problem.Length > 0)
                continue;
            run.Request.Tests.AddRange(Wire(found.Files));
            return seen;
        }

        throw new JobException(FailureCodes.NoTests, $"write_tests: the engine wrote no usable tests. {problem}", transient: true);
    }

    /// <summary>Looks once more at tests that nobody saw fail, with what there is at the end: the answer without its bodies.</summary>
    public async Task<WrittenTests> ConfirmAsync(JobRun run, WrittenTests written, LoopEnd end, CancellationToken token)
    {
        // After a deadline nobody waits for what unfinished code says.
        if (written != WrittenTests.Unseen || end.Stopped is not null || end.Verdict.Tests is not { Outcome: TestStep.Passed })
            return written;
        var emptied = DerivedStub.FromCode([.. end.Candidate.Files.Select(file => new Validation.SourceFile(file.Path, file.Language, file.Text))]);
        if (emptied.Count == 0)
            return written;
        try
        {
            var report = await tests.RunAsync(run, [.. emptied.Select(Read)], [], token);
            return report.Outcome == TestStep.Passed ? WrittenTests.PassOnStub : Fails(report) ? WrittenTests.FailOnStub : written;
        }
        catch (OperationCanceledException) when (run.Budget.Expired.IsCancellationRequested)
        {
            // The answer is there; only this was not learned in time.
            return written;
        }
    }

    private EngineRequest Request(JobRun run, string framework, string problem) => new()
    {
        Messages = prompts.Tests(run, framework, problem.Length == 0 ? "" : DataBlock.Of("check", problem)),
        Tier = options.TestsTier,
        First = options.TestsEngine,
        Temperature = Temperature,
        MaxOutputTokens = MostTokens,
        Stream = !run.IsBatch,
        Outlet = SilentOutlet.Instance,
    };

    /// <summary>Why tests cannot be used, empty when they can; and whether they were seen to fail.</summary>
    private async Task<(string Problem, WrittenTests Seen)> TryAsync(JobRun run, IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        if (await CodeChecks.UnreadableAsync(files, token) is { } unreadable)
            return ($"They cannot be parsed: {unreadable}", default);
        IReadOnlyList<Validation.SourceFile> read = [.. files.Select(file => new Validation.SourceFile(file.Path, file.Language, file.Text))];
        if (!TestRunner.HaveTests(read))
            return ("There is no test among them.", default);
        IReadOnlyList<CodeFile> given = [.. run.Request.Files.Select(CodeFile.Of)];
        var stub = given.Count > 0 ? given : [.. DerivedStub.FromTests(run.Language, read).Select(Read)];
        if (stub.Count == 0)
            return ("", WrittenTests.Unseen);
        var report = await tests.RunAsync(run, Wire(files), stub, [], token);
        if (report.Outcome == TestStep.Passed)
            return ("They pass on the unfinished code, so they test nothing.", default);
        if (Fails(report))
            return ("", WrittenTests.FailOnStub);
        if (report.Outcome == TestStep.Unchecked)
            return report.Reason == Validation.TestReport.NoTest ? ("There is no test among them.", default) : ("", WrittenTests.Unseen);
        // Some unfinished code does not compile by itself, and what was derived may lack a name: then nothing can be said of the tests yet.
        return given.Count > 0 && (await checks.CheckAsync(run, stub, [], token)).Ok
            ? ($"They do not run with the unfinished code: {TestStep.FirstFailure(report)}", default)
            : ("", WrittenTests.Unseen);
    }

    /// <summary>Whether a test of its own accord failed, and the run came to its end.</summary>
    private static bool Fails(TestReport report) => report.Outcome == TestStep.Failed && report.Cases.Any(test => !test.Passed && !test.LoadError);

    private static IReadOnlyList<SourceFile> Wire(IReadOnlyList<CodeFile> files) => [.. files.Select(file => file.ToWire())];

    private static CodeFile Read(Validation.SourceFile file) => new(file.Path, file.Language, file.Text);
}
