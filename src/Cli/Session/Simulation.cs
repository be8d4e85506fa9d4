using Platform.Simulator;
using Platform.Storage;

namespace Platform.Cli;

/// <summary>
/// The Simulator beside a host of this command, and the settings that make that host ask it for every engine. Only commands that
/// say <c>--simulate</c> or <c>demo</c> come here; data stays in a folder of its own.
/// </summary>
internal sealed class Simulation : IAsyncDisposable
{
    private readonly SimulatorServer _server;

    private Simulation(SimulatorServer server, string home)
    {
        _server = server;
        var settings = new Dictionary<string, string?>
        {
            ["PLATFORM_HOME"] = home,
            // Withholding measures the lift of memory for real engines; here it would only make runs differ.
            ["Patterns:WithheldShare"] = "0",
        };
        foreach (var engine in new[] { "Cerebras", "Claude" })
        {
            settings[$"Engines:{engine}:BaseUrl"] = server.Address.ToString();
            settings[$"Engines:{engine}:ApiKey"] = "simulated";
            settings[$"Engines:{engine}:Simulated"] = "true";
        }

        Settings = settings;
    }

    /// <summary>Settings of the host.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>The Simulator.</summary>
    public SimulatorServer Server => _server;

    /// <summary>Starts it for a command; refuses to stand in for a host that somebody named.</summary>
    public static Task<Simulation> StartAsync(CommandRun run, CancellationToken token)
    {
        if (run.Get(GlobalOptions.Server) is not null)
            throw new CommandException(ExitCodes.WrongUsage, "--simulate runs a host inside this command; leave --server out.");
        var home = Environment.GetEnvironmentVariable("PLATFORM_HOME") ?? StoreSwitch.DefaultHome();
        return StartAsync(new SimulatorOptions(), Path.Combine(home, "simulated"), token);
    }

    /// <summary>Starts it with a data directory of its own.</summary>
    public static async Task<Simulation> StartAsync(SimulatorOptions options, string home, CancellationToken token) =>
        new(await SimulatorServer.StartAsync(options, token), home);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
