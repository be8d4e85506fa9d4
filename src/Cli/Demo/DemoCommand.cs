using System.CommandLine;
using Platform.Simulator;
using Spectre.Console;

namespace Platform.Cli.Demo;

/// <summary><c>platform demo</c>: the main job on real input, in a throw-away data directory.</summary>
internal static class DemoCommand
{
    private const int DefaultPosts = 200;
    private const double TokensOfTasks = 250_000;
    private const double TokensOfAPost = 600;
    private const double UsdPerMillionTokens = 10;
    private static readonly Option<DirectoryInfo?> Path = new("--path") { Description = "Code base to index. Default: this repository." };
    private static readonly Option<bool> Distributed = new("--distributed") { Description = "Five processes and a runner over real PostgreSQL and RabbitMQ (platform servers start)." };
    private static readonly Option<bool> Real = new("--real") { Description = "Ask the configured engines instead of the Simulator. Shows an estimate and a cap first." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "With --real: do not ask before spending." };
    private static readonly Option<int> Posts = new("--posts") { Description = "Posts of the campaign.", DefaultValueFactory = static _ => DefaultPosts };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave host and console running until Ctrl+C." };

    public static Command Create() =>
        CommandRun.Bind(new Command("demo", "Runs the whole system on real input and prints what happened: no key, no server, no network.") { Path, Distributed, Real, Yes, Posts, Keep }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var posts = run.Get(Posts);
        if (posts is < 1 or > 10_000)
            throw new CommandException(ExitCodes.WrongUsage, $"--posts is {posts}; give 1 to 10,000.");
        var path = Repository(run);
        var folder = Directory.CreateTempSubdirectory("platform-demo-").FullName;
        try
        {
            if (run.Get(Real))
                Agree(run, CapUsd(posts));
            await using var simulation = run.Get(Real) ? null : await Simulation.StartAsync(
                new SimulatorOptions { Script = SimulatorScript.Parse(DemoTask.Text("script.yaml")) }, System.IO.Path.Combine(folder, "data"), token);
            var settings = simulation?.Settings ?? RealSettings(System.IO.Path.Combine(folder, "data"), CapUsd(posts));
            await using var place = run.Get(Distributed)
                ? await DistributedPlace.StartAsync(run, folder, settings, token)
                : await EmbeddedPlace.StartAsync(settings, token);
            var report = await new DemoRun(run, place, simulation is not null).RunAsync(path, posts, token);
            Show(run, report);
            if (run.Get(Keep))
                await WaitAsync(run, report, token);
            return report.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Show(CommandRun run, DemoReport report)
    {
        if (run.Json)
            CommandRun.Print(report.Document());
        else
            DemoSummary.Show(run.Answer, report);
    }

    private static async Task WaitAsync(CommandRun run, DemoReport report, CancellationToken token)
    {
        run.Say($"the console stays open at {report.Console} until Ctrl+C");
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The code base to index: what was named, else the repository around the current folder, else around the program.</summary>
    private static string Repository(CommandRun run)
    {
        if (run.Get(Path) is { } named)
            return named.Exists ? named.FullName : throw new CommandException(ExitCodes.WrongUsage, $"--path '{named.FullName}' does not exist.");
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(folder.FullName, "Platform.sln")))
                    return folder.FullName;
            }
        }

        return DemoSample.Unpack();
    }

    /// <summary>Shows what real engines may cost and asks, before anything is sent.</summary>
    private static void Agree(CommandRun run, double capUsd)
    {
        run.Say(FormattableString.Invariant($"--real asks the configured engines and may cost up to {capUsd:F2} USD (reckoned at {UsdPerMillionTokens} USD a million tokens); the budget of this run ends there."));
        if (run.Get(Yes))
            return;
        if (Console.IsInputRedirected || !run.Messages.Confirm("Go on?", defaultValue: false))
            throw new CommandException(ExitCodes.WrongUsage, "Nothing was sent. Add --yes to go on without being asked.");
    }

    private static double CapUsd(int posts) => (TokensOfTasks + (posts * TokensOfAPost)) / 1e6 * UsdPerMillionTokens;

    private static Dictionary<string, string?> RealSettings(string home, double capUsd) => new()
    {
        ["PLATFORM_HOME"] = home,
        ["Router:DailyBudgetUsd"] = capUsd.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Router:ReserveUsd"] = "0.005",
    };
}
