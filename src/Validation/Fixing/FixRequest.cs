namespace Platform.Validation;

/// <summary>Broken files to fix.</summary>
/// <param name="Files">All files that belong together.</param>
public sealed record FixRequest(IReadOnlyList<SourceFile> Files)
{
    /// <summary>Files that the given ones are compiled with and that are never changed: the rest of their project.</summary>
    public IReadOnlyList<SourceFile> Context { get; init; } = [];

    /// <summary>Tests that the fixed files must pass; empty when compiling is all that is asked.</summary>
    public IReadOnlyList<SourceFile> Tests { get; init; } = [];

    /// <summary>
    /// The language of the test run: the first among the tests that can be run and that one of the files has, for a project file or test data may stand before the
    /// tests. Where there is none, the first that can be run, or else the first there is. Null without tests.
    /// </summary>
    public string? TestLanguage
    {
        get
        {
            var runnable = Tests.Select(t => t.Language).Where(TestRunner.Languages.Contains).ToList();
            return runnable.Find(l => Files.Any(f => f.Language == l)) ?? runnable.FirstOrDefault() ?? Tests.FirstOrDefault()?.Language;
        }
    }

    /// <summary>Measure which lines of the fixed files the tests reach; default false.</summary>
    public bool Coverage { get; init; }

    /// <summary>Limits of a test run.</summary>
    public TestLimits Limits { get; init; } = TestLimits.Default;

    /// <summary>Most fixes applied one after the other; default 20.</summary>
    public int MaxSteps { get; init; } = 20;

    /// <summary>Most candidates checked in all; default 400.</summary>
    public int MaxCandidates { get; init; } = 400;

    /// <summary>Most test runs in all; default 24. They use half of <see cref="Time"/> at most.</summary>
    public int MaxTestRuns { get; init; } = 24;

    /// <summary>Time for the whole search, after which the best found so far is returned; default 30 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>One applied fix.</summary>
/// <param name="Error">The error it removed, as <c>path(line,column): code: message</c>.</param>
/// <param name="Fix">What was done, in a few words.</param>
/// <param name="Source">Who proposed it: <c>memory</c>, <c>rule</c> or <c>engine</c>.</param>
/// <param name="Explanation">What was wrong and why the fix works, in one or two sentences.</param>
public sealed record FixStep(string Error, string Fix, string Source, string Explanation)
{
    /// <summary>True when the step only makes the code compile and leaves the work undone: a body that throws, or a value that was made up and that no test confirmed.</summary>
    public bool Placeholder { get; init; }

    /// <summary>True when the step writes a value that nothing in the code speaks for.</summary>
    internal bool Invented { get; init; }

    /// <summary>The error's id: <c>CS1002</c>, <c>SyntaxError</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>False for an edit that answers no message: what it helped against has no name to find it by again.</summary>
    public bool Teaches => Code != RuntimeFaults.WrongValue;

    /// <summary>The file that was changed.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its text before the step.</summary>
    public string Before { get; init; } = "";

    /// <summary>Its text after the step.</summary>
    public string After { get; init; } = "";
}

/// <summary>What came of a fix.</summary>
/// <param name="Fixed">True when no error is left and, when tests were given, they ran and passed.</param>
/// <param name="ErrorsBefore">Errors in the given files; when they compile alone, those of compiling them with the tests.</param>
/// <param name="ErrorsAfter">Errors in the returned files, counted alike; never more than before.</param>
/// <param name="Files">All files, changed or not, in the given order.</param>
/// <param name="Diff">Unified diff of all changes; empty when nothing changed.</param>
/// <param name="Steps">The applied fixes in order.</param>
/// <param name="Tests">The last test run of the returned files; null when no tests were given or the files do not compile.</param>
public sealed record FixResult(
    bool Fixed, int ErrorsBefore, int ErrorsAfter, IReadOnlyList<SourceFile> Files, string Diff, IReadOnlyList<FixStep> Steps, TestReport? Tests)
{
    /// <summary>Edits from memory that did not help here, and steps that led to code which compiled and failed its tests; at most 10.</summary>
    public IReadOnlyList<FixStep> Rejected { get; init; } = [];

    /// <summary>Candidates that were checked.</summary>
    public int Candidates { get; init; }
}
