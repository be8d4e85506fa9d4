using System.Diagnostics;

namespace Platform.Validation;

/// <summary>Runs tests: in this process's sandbox, or behind a door.</summary>
public interface ITestRunner
{
    /// <summary>Runs the tests of one run to its end or its limits.</summary>
    Task<TestReport> RunAsync(TestRun run, CancellationToken token);
}

/// <summary>Runs tests in a sandbox. Without one that works, every run is unchecked and nothing generated is executed. Safe to use from many threads.</summary>
public sealed class TestRunner : ITestRunner
{
    private const int MaxFiles = 500;
    private const int MaxLength = 8 * 1024 * 1024;

    private static readonly Dictionary<string, ITestSuite> Suites = new()
    {
        ["csharp"] = new CSharpSuite(),
        ["python"] = new PythonSuite(),
        ["javascript"] = new NodeSuite(),
    };

    private const int MaxWorkspaceFiles = 20_000;
    private const int MaxWorkspaceLength = 128 * 1024 * 1024;
    private static readonly IWorkspaceSuite[] WorkspaceSuites = [new DotnetWorkspace(), new PythonWorkspace(), new NodeWorkspace()];

    private readonly SandboxOptions options;
    private readonly SemaphoreSlim opening = new(1);
    private Sandbox? sandbox;

    /// <summary>Languages whose tests can be run.</summary>
    public static IReadOnlyCollection<string> Languages => Suites.Keys;

    /// <summary>False when files of C# hold no xunit test; other languages show it when they run.</summary>
    public static bool HaveTests(IReadOnlyList<SourceFile> tests) =>
        tests.Where(SuiteBuild.IsOwn).Select(t => CSharpCompiler.Parse(t.Path, t.Text)).ToList() is var trees && (trees.Count < tests.Count || trees.Exists(XunitShape.Matches));

    /// <summary>A runner; the sandbox is chosen at the first use.</summary>
    public TestRunner(SandboxOptions options) => this.options = options;

    /// <summary>Which sandbox is in use, and why none is when none is. Tries them at the first call.</summary>
    public async Task<SandboxStatus> SandboxAsync(CancellationToken token) => (await OpenAsync(token)).Status;

    /// <summary>Runs the tests of one run to its end or its limits. What tests do wrong is in the report, never an exception.</summary>
    /// <exception cref="ArgumentException">Too many files, too much text, or a path that leaves the run's folder.</exception>
    public async Task<TestReport> RunAsync(TestRun run, CancellationToken token)
    {
        Guard(run);
        var clock = Stopwatch.StartNew();
        if (!Suites.TryGetValue(run.Language, out var suite))
            return TestReport.Unchecked($"There is no test runner for {run.Language}; there is one for {string.Join(", ", Suites.Keys)}.");
        var box = await OpenAsync(token);
        if (box.Status.Kind == SandboxKind.None)
            return TestReport.Unchecked(box.Status.Reason!);
        return await RunAsync(box, await suite.PrepareAsync(run, box.HasOwnFiles, token), run.Limits, clock, token);
    }

    /// <summary>
    /// Runs a workspace's own tests of every kind it has: <c>dotnet test</c>, pytest or unittest, Node's runner. Nothing is installed or fetched; what cannot run
    /// for want of a tool or a package is unchecked and says so. What tests do wrong is in the report, never an exception.
    /// </summary>
    /// <param name="files">All text files of the workspace.</param>
    /// <param name="limits">What each kind may use; <see cref="TestLimits.Workspace"/> is made for it.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="ArgumentException">Too many files, too much text, or a path that leaves the workspace.</exception>
    public async Task<TestReport> RunWorkspaceAsync(IReadOnlyList<SourceFile> files, TestLimits limits, CancellationToken token)
    {
        Guard(files, nameof(files), MaxWorkspaceFiles, MaxWorkspaceLength);
        var suites = WorkspaceSuites.Where(s => s.Matches(files)).ToList();
        if (suites.Count == 0)
            return TestReport.Unchecked("The workspace has no tests of its own that can be run: no .NET test project, no test_*.py, no *.test.js.");
        var box = await OpenAsync(token);
        if (box.Status.Kind == SandboxKind.None)
            return TestReport.Unchecked(box.Status.Reason!);
        var reports = new List<TestReport>();
        foreach (var suite in suites)
        {
            var clock = Stopwatch.StartNew();
            var report = await RunAsync(box, await suite.PrepareAsync(files, box.HasOwnFiles, limits, token), limits, clock, token);
            reports.Add(suites.Count == 1 ? report : report with { Cases = [.. report.Cases.Select(c => c with { Name = $"{suite.Name}: {c.Name}" })], Reason = report.Reason is null ? null : $"{suite.Name}: {report.Reason}" });
        }
        return TestReport.Together(reports);
    }

    private static async Task<TestReport> RunAsync(Sandbox box, PreparedRun ready, TestLimits limits, Stopwatch clock, CancellationToken token)
    {
        if (ready.Command is null)
            return ready.Instead! with { Ms = clock.Elapsed.TotalMilliseconds };
        var secret = ResultStream.NewSecret();
        var child = await box.RunAsync(ready.Command with { Input = secret + "\n", Limits = limits }, token);
        var report = ResultStream.Read(child, secret, clock.Elapsed.TotalMilliseconds, ready.Probes);
        // Without walls the reader of the result must know it, whatever else there is to say.
        return box.HasOwnFiles ? report : report with { Reason = report.Reason is { } reason ? $"{reason} {box.Status.Reason}" : box.Status.Reason };
    }

    private async Task<Sandbox> OpenAsync(CancellationToken token)
    {
        if (sandbox is not null)
            return sandbox;
        await opening.WaitAsync(token);
        try
        {
            return sandbox ??= await Sandbox.OpenAsync(options, token);
        }
        finally
        {
            opening.Release();
        }
    }

    private static void Guard(TestRun run) => Guard([.. run.Code, .. run.Tests], nameof(run), MaxFiles, MaxLength);

    private static void Guard(IReadOnlyList<SourceFile> files, string name, int maxFiles, int maxLength)
    {
        if (files.Count > maxFiles)
            throw new ArgumentException($"{files.Count} files were given; the limit is {maxFiles}.", name);
        if (files.Sum(f => (long)f.Text.Length) is var length && length > maxLength)
            throw new ArgumentException($"The files have {length} characters together; the limit is {maxLength}.", name);
        if (files.FirstOrDefault(f => PathHint.Safe(f.Path) is null) is { } bad)
            throw new ArgumentException($"The path '{bad.Path}' is not a relative path of ordinary characters.", name);
        if (files.GroupBy(f => f.Path).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The path '{twice.Key}' is given twice.", name);
    }
}
