namespace Platform.Validation;

/// <summary>A language's way to run tests: what to put into the sandbox and what to start there.</summary>
internal interface ITestSuite
{
    /// <summary>Makes the run ready; expected failures (a missing tool, a compile error) are values.</summary>
    Task<PreparedRun> PrepareAsync(TestRun run, bool ownFiles, CancellationToken token);
}

/// <summary>A run that is ready to start, or the outcome that makes starting pointless.</summary>
internal sealed record PreparedRun(SandboxCommand? Command, TestReport? Instead)
{
    /// <summary>What the probes in the code stand for; null without probes.</summary>
    public CoverageProbes? Probes { get; init; }

    public static PreparedRun Start(SandboxCommand command) => new(command, null);

    public static PreparedRun Unchecked(string reason) => new(null, TestReport.Unchecked(reason));

    public static PreparedRun Failed(string reason, string output) => new(null, new TestReport(TestOutcome.Failed, 0, 0, [], output, reason, 0));
}
