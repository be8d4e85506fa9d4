using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Runs tests on the runner, the only place where generated code runs. Without a runner the outcome is "unchecked", never "passed".</summary>
internal sealed class TestStep(IPeers peers, PeerCalls calls)
{
    /// <summary>Outcome of tests that passed.</summary>
    public const string Passed = "passed";

    /// <summary>Outcome of tests of which some failed.</summary>
    public const string Failed = "failed";

    /// <summary>Outcome of tests that could not be run.</summary>
    public const string Unchecked = "unchecked";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    // What compiling and waiting for a place may take beside the run itself.
    private static readonly TimeSpan Aside = TimeSpan.FromSeconds(15);
    private readonly Runner.RunnerClient client = new(peers.For(ModuleNames.Runner));

    /// <summary>Runs the tests of a job against files.</summary>
    public Task<TestReport> RunAsync(JobRun run, IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context, CancellationToken token) =>
        RunAsync(run, [.. run.Request.Tests], files, context, token);

    /// <summary>Runs given tests against files, for as long as the job allows, or for less.</summary>
    public async Task<TestReport> RunAsync(JobRun run, IReadOnlyList<SourceFile> given, IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context, CancellationToken token, TimeSpan? most = null)
    {
        var request = new RunTestsRequest { Language = run.Language, Coverage = run.Request.Coverage || run.Request.WriteTests };
        // An answer that repeats a test's path would stand in for it: the tests are the caller's, and stay what they are.
        var own = given.Select(test => Workspace.Normalise(test.Path)).ToHashSet(StringComparer.Ordinal);
        request.Code.AddRange(Overlay(files, context).Where(file => !own.Contains(Workspace.Normalise(file.Path))).Select(file => file.ToWire()));
        request.Tests.AddRange(given);
        var limit = run.Budget.Remaining < Longest ? run.Budget.Remaining : Longest;
        if (most is { } shorter && shorter + Aside < limit)
            (request.TimeoutMs, limit) = (Math.Max(1, (long)shorter.TotalMilliseconds), shorter + Aside);
        var report = await calls.AskAsync(run, ModuleNames.Runner, limit, call => client.RunTestsAsync(request, call), NotRun, token);
        report.Attempt = run.Attempt;
        return report;
    }

    /// <summary>A runner that refuses what it was given is there, and says that the answer is wrong; one that does not answer says nothing about it.</summary>
    public static TestReport NotRun(RpcException failure) => failure.StatusCode == StatusCode.InvalidArgument
        ? new TestReport { Outcome = Failed, Reason = $"The files cannot be tested: {failure.Status.Detail}" }
        : new TestReport { Outcome = Unchecked, Reason = $"The runner does not answer ({failure.StatusCode}); the tests were not run." };

    /// <summary>Tests that the unfinished code passes too say little. Runs while the engine works.</summary>
    public async Task<bool> StubPassesAsync(JobRun run, CancellationToken token)
    {
        if (run.Request.Tests.Count == 0 || run.Request.Files.Count == 0)
            return false;
        var report = await RunAsync(run, [.. run.Request.Files.Select(CodeFile.Of)], [], token);
        return report.Outcome == Passed;
    }

    /// <summary>The report as the validation library reads it.</summary>
    public static Validation.TestReport Read(TestReport report) => new(
        report.Outcome switch
        {
            Passed => Validation.TestOutcome.Passed,
            Unchecked => Validation.TestOutcome.Unchecked,
            "timed_out" => Validation.TestOutcome.TimedOut,
            "crashed" => Validation.TestOutcome.Crashed,
            _ => Validation.TestOutcome.Failed,
        },
        report.Passed, report.Failed, [.. report.Cases.Select(test => new Validation.TestCase(test.Name, test.Passed, test.Passed ? null : test.Message, test.Line) { LoadError = test.LoadError })], report.Output, report.Reason.Length == 0 ? null : report.Reason, report.Ms);

    /// <summary>Files of the answer over the files they build on.</summary>
    public static IEnumerable<CodeFile> Overlay(IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context)
    {
        var own = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return files.Concat(context.Where(file => !own.Contains(file.Path)));
    }

    /// <summary>The first failure, short enough for a prompt.</summary>
    public static string FirstFailure(TestReport report) =>
        report.Cases.FirstOrDefault(test => !test.Passed) is { } failed
            ? $"{failed.Name}: {failed.Message}"
            : report.Reason.Length > 0 ? report.Reason : $"The test run {report.Outcome.Replace('_', ' ')}. {report.Output}".Trim();
}
