using Grpc.Core;
using Grpc.Net.Client;
using Platform.Cli.Cluster;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Simulator;
using Platform.V1;

namespace Platform.EndToEnd;

/// <summary>A running system with the Simulator behind it: processes that can be killed, frozen and started again.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    private readonly Dictionary<Uri, GrpcChannel> _channels = [];
    private readonly Func<Task> _cleanUp;

    private SystemUnderTest(SimulatorServer simulator, HostCluster? cluster, HostProcess? single, string folder, Func<Task> cleanUp)
    {
        Simulator = simulator;
        Cluster = cluster;
        Single = single;
        Folder = folder;
        _cleanUp = cleanUp;
    }

    public SimulatorServer Simulator { get; }

    public HostCluster? Cluster { get; }

    public HostProcess? Single { get; }

    public string Folder { get; }

    /// <summary>Connection string of the data; empty for one process on SQLite.</summary>
    public string Data { get; private init; } = "";

    public Generation.GenerationClient Jobs => new(Invoker(ModuleNames.Router));

    public V1.Patterns.PatternsClient Patterns => new(Invoker(ModuleNames.Patterns));

    public V1.Metrics.MetricsClient Metrics => new(Invoker(ModuleNames.Metrics));

    /// <summary>Short leases, so that a lost worker is noticed while a test waits.</summary>
    private static Dictionary<string, string?> Settings(SimulatorServer simulator, IReadOnlyDictionary<string, string?>? more)
    {
        var settings = new Dictionary<string, string?> { ["Router:LeaseSeconds"] = "4", ["Router:ResendSeconds"] = "3", ["Patterns:WithheldShare"] = "0" };
        foreach (var engine in new[] { "Cerebras", "Claude" })
        {
            settings[$"Engines:{engine}:BaseUrl"] = simulator.Address.ToString();
            settings[$"Engines:{engine}:ApiKey"] = "simulated";
            settings[$"Engines:{engine}:Simulated"] = "true";
        }

        foreach (var (key, value) in more ?? new Dictionary<string, string?>())
            settings[key] = value;
        return settings;
    }

    /// <summary>Every role as a process of its own, over the real servers.</summary>
    public static async Task<SystemUnderTest> StartDistributedAsync(RealServers servers, SimulatorOptions simulation, int workers, CancellationToken token, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var kit = servers.Kit;
        var name = $"e2e_{Guid.NewGuid():N}";
        var folder = Directory.CreateTempSubdirectory("platform-e2e-").FullName;
        var simulator = await SimulatorServer.StartAsync(simulation, token);
        var platform = await kit.CreateDatabaseAsync(name, token);
        var messaging = await kit.CreateVirtualHostAsync(name, token);
        var cluster = await HostCluster.StartAsync(new ClusterOptions(platform, messaging, folder, Settings(simulator, settings), workers), null, token);
        return new SystemUnderTest(simulator, cluster, null, folder, () => kit.DropDatabaseAsync(name, CancellationToken.None)) { Data = platform };
    }

    /// <summary>One process with everything, SQLite and the in-memory bus.</summary>
    public static async Task<SystemUnderTest> StartEmbeddedAsync(SimulatorOptions simulation, CancellationToken token)
    {
        var folder = Directory.CreateTempSubdirectory("platform-e2e-").FullName;
        var simulator = await SimulatorServer.StartAsync(simulation, token);
        var settings = Settings(simulator, null).ToDictionary(each => each.Key.Replace(":", "__", StringComparison.Ordinal), each => each.Value!);
        settings["PLATFORM_HOME"] = Path.Combine(folder, "home");
        var ports = FreePort.Take(2);
        var host = HostProcess.Start("all", ports[0], ports[1], settings, Path.Combine(folder, "host.log"));
        await host.WaitUntilReadyAsync(token);
        return new SystemUnderTest(simulator, null, host, folder, () => Task.CompletedTask);
    }

    public CallInvoker Invoker(string module)
    {
        var address = Single?.Grpc ?? Cluster!.Grpc(module);
        if (!_channels.TryGetValue(address, out var channel))
            _channels[address] = channel = GrpcChannel.ForAddress(address);
        return channel.CreateCallInvoker();
    }

    /// <summary>What the processes wrote, for the message of a failed test.</summary>
    public string Logs() => string.Join("\n", Directory.EnumerateFiles(Folder, "*.log").Select(log => $"== {Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(40))}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        if (Single is not null)
            await Single.DisposeAsync();
        await Simulator.DisposeAsync();
        await _cleanUp();
        Directory.Delete(Folder, recursive: true);
    }
}
