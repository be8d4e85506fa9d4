using Platform.Cli.Servers;

namespace Platform.Cli.Testing;

/// <summary>The suites in their order: what is quick and says most comes first.</summary>
/// <param name="root">Source folder.</param>
/// <param name="progress">Hears what is being done.</param>
internal sealed class TestPlan(string root, IProgress<string> progress)
{
    private const string Fast = "Platform.Tests";
    private const string EndToEnd = "Platform.EndToEnd";
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(40);

    /// <summary>Runs all of it. After a failed build nothing else is tried.</summary>
    public async Task<IReadOnlyList<TestReport>> RunAsync(CancellationToken token)
    {
        await TestTools.PrepareAsync(progress, token);
        var build = await BuildAsync(token);
        if (build.Failed > 0)
            return [build];
        return [build, await FormatAsync(token), await ClientsAsync(token), .. await WithServersAsync(SuitesAsync, token)];
    }

    private async Task<TestReport> BuildAsync(CancellationToken token)
    {
        progress.Report($"Building {Repository.Solution}");
        var result = await DotNet("build", Repository.Solution, "--configuration", Repository.Configuration, "--verbosity", "quiet", "--nologo", "-p:UseSharedCompilation=false").RunAsync(token);
        return TestReport.Check("build", result.Succeeded, ExternalCommand.Tail(result.Output, 30));
    }

    private async Task<TestReport> FormatAsync(CancellationToken token)
    {
        progress.Report("Checking the format of the sources");
        var result = await DotNet("format", Repository.Solution, "--verify-no-changes", "--no-restore").RunAsync(token);
        return TestReport.Check("format", result.Succeeded, ExternalCommand.Tail(result.Output, 10));
    }

    /// <summary>Fetches the foreign clients that tests drive.</summary>
    private async Task<TestReport> ClientsAsync(CancellationToken token)
    {
        const string name = "foreign clients";
        var folder = Path.Combine(root, "tests", "node");
        if (!TestTools.IsOnPath("npm"))
            return TestReport.Skipped(name, "needs npm");
        progress.Report("Fetching the foreign clients (npm ci)");
        var result = await new ExternalCommand("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error") { Folder = folder }.RunAsync(token);
        return TestReport.Check(name, result.Succeeded, ExternalCommand.Tail(result.Output));
    }

    private async Task<TestReport[]> SuitesAsync(IReadOnlyDictionary<string, string?> servers, CancellationToken token) =>
        [await SuiteAsync(Fast, servers, token), await SuiteAsync(EndToEnd, servers, token)];

    /// <summary>Runs suites beside servers of this run only. Where there can be none, what needs them skips itself and says why.</summary>
    private async Task<TestReport[]> WithServersAsync(Func<IReadOnlyDictionary<string, string?>, CancellationToken, Task<TestReport[]>> suites, CancellationToken token)
    {
        if (!ServerKit.AreGiven && !await ServerMachines.AreAvailableAsync(token))
            return await suites(new Dictionary<string, string?>(), token);
        var options = new ServerKitOptions { Folder = Path.Combine(root, "artifacts", "test-servers") };
        var kit = await ServerKit.StartAsync(options, progress, token);
        try
        {
            return await suites(TestServers.Variables(kit, options.Folder), token);
        }
        finally
        {
            // A suite may have killed a server and started it anew: what runs now is what the state file says.
            var running = await ServerKit.FindAsync(options, CancellationToken.None) ?? kit;
            await running.StopAsync(deleteData: true, CancellationToken.None);
        }
    }

    private async Task<TestReport> SuiteAsync(string project, IReadOnlyDictionary<string, string?> servers, CancellationToken token)
    {
        progress.Report($"Running {project}");
        var report = Path.Combine(root, "artifacts", $"{project}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        File.Delete(report);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(SuiteLimit);
        try
        {
            var result = await new ExternalCommand(Repository.TestProgram(root, project), "-noColor", "-noLogo", "-ctrf", report)
            {
                Folder = root,
                Environment = TestServers.CleanEnvironment(servers),
                OnLine = Console.Error.WriteLine,
            }.RunAsync(limit.Token);
            return TestReport.Read(project, File.Exists(report) ? await File.ReadAllTextAsync(report, token) : null, result.ExitCode);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return TestReport.Check(project, false, $"did not end within {SuiteLimit.TotalMinutes:0} minutes and was stopped");
        }
    }

    private ExternalCommand DotNet(params string[] arguments) => Repository.DotNet(root, arguments);
}
