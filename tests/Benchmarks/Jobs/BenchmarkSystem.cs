using Grpc.Net.Client;
using Platform.Cli;
using Platform.Cli.Cluster;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>A system with a zero-latency engine behind it, embedded or distributed.</summary>
internal sealed class BenchmarkSystem : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _cleanUp = [];

    private BenchmarkSystem(SimulatorServer simulator) => Simulator = simulator;

    /// <summary>The engine.</summary>
    public SimulatorServer Simulator { get; }

    /// <summary>The router's door.</summary>
    public Generation.GenerationClient Jobs { get; private set; } = null!;

    /// <summary>What was on.</summary>
    public string Conditions { get; private set; } = "";

    /// <summary>Starts a system.</summary>
    public static async Task<BenchmarkSystem> StartAsync(bool distributed, CancellationToken token)
    {
        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0, CallLogCapacity = 100_000 }, token);
        var system = new BenchmarkSystem(simulator);
        system._cleanUp.Add(simulator.DisposeAsync);
        var folder = Directory.CreateTempSubdirectory("platform-bench-").FullName;
        system._cleanUp.Add(() => { Directory.Delete(folder, recursive: true); return ValueTask.CompletedTask; });
        var settings = new Dictionary<string, string?> { ["PLATFORM_HOME"] = Path.Combine(folder, "home"), ["Patterns:WithheldShare"] = "0" };
        foreach (var engine in new[] { "Cerebras", "Claude" })
        {
            settings[$"Engines:{engine}:BaseUrl"] = simulator.Address.ToString();
            settings[$"Engines:{engine}:ApiKey"] = "simulated";
            settings[$"Engines:{engine}:Simulated"] = "true";
        }

        if (distributed)
            await system.SpreadAsync(folder, settings, token);
        else
            await system.EmbedAsync(settings, token);
        return system;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var step in Enumerable.Reverse(_cleanUp))
            await step();
    }

    private async Task EmbedAsync(Dictionary<string, string?> settings, CancellationToken token)
    {
        var session = await HostSession.StartAsync("all", settings, token);
        _cleanUp.Add(session.DisposeAsync);
        Jobs = new Generation.GenerationClient(session.Invoker);
        Conditions = "embedded: SQLite WAL synchronous=normal, in-memory bus, engine and client in the same process";
    }

    private async Task SpreadAsync(string folder, Dictionary<string, string?> settings, CancellationToken token)
    {
        var kit = await ServerKit.StartAsync(new ServerKitOptions(), null, token);
        var name = $"bench_{Guid.NewGuid():N}";
        var platform = await kit.CreateDatabaseAsync(name, token);
        _cleanUp.Add(async () => await kit.DropDatabaseAsync(name, CancellationToken.None));
        var messaging = await kit.CreateVirtualHostAsync(name, token);
        var cluster = await HostCluster.StartAsync(new ClusterOptions(platform, messaging, folder, settings), null, token);
        _cleanUp.Add(cluster.DisposeAsync);
        var channel = GrpcChannel.ForAddress(cluster.Grpc(ModuleNames.Router));
        _cleanUp.Add(() => { channel.Dispose(); return ValueTask.CompletedTask; });
        Jobs = new Generation.GenerationClient(channel);
        Conditions = "distributed: five processes and a runner, PostgreSQL 17 synchronous_commit=on, RabbitMQ 4 quorum queues, 3 commits a job, engine and client on the same cores";
    }
}
