using System.Diagnostics;

namespace Platform.Validation;

/// <summary>Runs tests in a sandbox. Without one that works, every run is unchecked and nothing generated is executed. Safe to use from many threads.</summary>
public sealed class TestRunner
{
    private const int MaxFiles = 500;
    private const int MaxLength = 8 * 1024 * 1024;

    private static readonly Dictionary<string, ITestSuite> Suites = new()
    {
        ["csharp"] = new CSharpSuite(),
        ["python"] = new PythonSuite(),
        ["javascript"] = new NodeSuite(),
    };

    private readonly SandboxOptions options;
    private readonly SemaphoreSlim opening = new(1);
    private Sandbox? sandbox;

    /// <summary>Languages whose tests can be run.</summary>
    public static IReadOnlyCollection<string> Languages => Suites.Keys;

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
        var ready = await suite.PrepareAsync(run, box.HasOwnFiles, token);
        if (ready.Command is null)
            return ready.Instead! with { Ms = clock.Elapsed.TotalMilliseconds };
        var secret = ResultStream.NewSecret();
        var child = await box.RunAsync(ready.Command with { Input = secret + "\n", Limits = run.Limits }, token);
        var report = ResultStream.Read(child, secret, clock.Elapsed.TotalMilliseconds);
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

    private static void Guard(TestRun run)
    {
        var files = run.Code.Concat(run.Tests).ToList();
        if (files.Count > MaxFiles)
            throw new ArgumentException($"{files.Count} files were given; the limit is {MaxFiles}.", nameof(run));
        if (files.Sum(f => (long)f.Text.Length) is > MaxLength and var length)
            throw new ArgumentException($"The files have {length} characters together; the limit is {MaxLength}.", nameof(run));
        if (files.FirstOrDefault(f => PathHint.Safe(f.Path) is null) is { } bad)
            throw new ArgumentException($"The path '{bad.Path}' is not a relative path of ordinary characters.", nameof(run));
        if (files.GroupBy(f => f.Path).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The path '{twice.Key}' is given twice.", nameof(run));
    }
}
