namespace Platform.Validation;

/// <summary>Code and the tests to run against it.</summary>
/// <param name="Language">The language of both; decides the runner.</param>
/// <param name="Code">The code under test.</param>
/// <param name="Tests">The tests; may be empty when the code is a program that throws on failure.</param>
/// <param name="Limits">What the run may use.</param>
public sealed record TestRun(string Language, IReadOnlyList<SourceFile> Code, IReadOnlyList<SourceFile> Tests, TestLimits Limits)
{
    /// <summary>Measure which lines of the code the tests reach; default false.</summary>
    public bool Coverage { get; init; }
}

/// <summary>How a test run ended.</summary>
public enum TestOutcome
{
    /// <summary>At least one test ran and none failed.</summary>
    Passed,

    /// <summary>A test failed, or code or tests do not compile.</summary>
    Failed,

    /// <summary>The time limit ended the run.</summary>
    TimedOut,

    /// <summary>The process died, or used more memory or output than allowed.</summary>
    Crashed,

    /// <summary>Nothing was run: no sandbox, no tool, or no test; the reason says which.</summary>
    Unchecked,
}

/// <summary>One test.</summary>
/// <param name="Name">Its full name, with arguments.</param>
/// <param name="Passed">True when it passed; a skipped test is not listed.</param>
/// <param name="Message">What went wrong, at most 4,000 characters; null when it passed.</param>
/// <param name="Line">Line of the test file that failed, from 1; 0 when unknown.</param>
public sealed record TestCase(string Name, bool Passed, string? Message, int Line)
{
    /// <summary>True when no test ran: its file, or the code it imports, could not be loaded.</summary>
    public bool LoadError { get; init; }
}

/// <summary>The result of a test run.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Passed">Number of tests that passed.</param>
/// <param name="Failed">Number of tests that failed, crashed or were cut off.</param>
/// <param name="Cases">The tests in the order they ran.</param>
/// <param name="Output">What the code printed, and what the process wrote to standard error; cut to 64 Ki characters.</param>
/// <param name="Reason">For every outcome but passed: why, in one sentence.</param>
/// <param name="Ms">Time of the whole run in milliseconds, compilation included.</param>
public sealed record TestReport(TestOutcome Outcome, int Passed, int Failed, IReadOnlyList<TestCase> Cases, string Output, string? Reason, double Ms)
{
    /// <summary>The reason of a run in which no test was found.</summary>
    public const string NoTest = "No test was found.";

    /// <summary>The lines that the tests reached; null when nobody asked, or when it could not be measured.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>Several runs as one: the worst outcome, where a kind that could not run does not hide another that did.</summary>
    public static TestReport Together(IReadOnlyList<TestReport> reports)
    {
        TestOutcome[] order = [TestOutcome.TimedOut, TestOutcome.Crashed, TestOutcome.Failed, TestOutcome.Passed, TestOutcome.Unchecked];
        var reasons = reports.Select(r => r.Reason).OfType<string>().ToList();
        return new TestReport(order.First(o => reports.Any(r => r.Outcome == o)), reports.Sum(r => r.Passed), reports.Sum(r => r.Failed), [.. reports.SelectMany(r => r.Cases)],
            string.Join('\n', reports.Select(r => r.Output).Where(o => o.Length > 0)), reasons.Count == 0 ? null : string.Join(" ", reasons), reports.Sum(r => r.Ms));
    }

    /// <summary>A run that did not take place.</summary>
    public static TestReport Unchecked(string reason) => new(TestOutcome.Unchecked, 0, 0, [], "", reason, 0);
}
