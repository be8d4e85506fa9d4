using System.Diagnostics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Platform.Cli;
using Platform.Cli.Cluster;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>A whole system, embedded in this process or as six processes over real servers.</summary>
internal sealed class BenchmarkSystem : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _cleanUp = [];
    private Func<IEnumerable<int>> _processes = () => [Environment.ProcessId];

    private BenchmarkSystem(bool distributed) => Distributed = distributed;

    /// <summary>Whether it runs as several processes.</summary>
    public bool Distributed { get; }

    /// <summary>"embedded" or "distributed".</summary>
    public string Shape => Distributed ? "distributed" : "embedded";

    /// <summary>The router's door.</summary>
    public Generation.GenerationClient Jobs { get; private set; } = null!;

    /// <summary>The door of the figures.</summary>
    public V1.Metrics.MetricsClient Figures { get; private set; } = null!;

    /// <summary>The door of content; of an embedded system only.</summary>
    public Content.ContentClient Content { get; private set; } = null!;

    /// <summary>The host of an embedded system.</summary>
    public WebApplication? Host { get; private set; }

    /// <summary>The broker of a distributed system.</summary>
    public Uri? Broker { get; private set; }

    /// <summary>What was on.</summary>
    public string Conditions { get; private set; } = "";

    /// <summary>Processor time of the system's processes so far.</summary>
    public TimeSpan ProcessorTime => _processes().Aggregate(TimeSpan.Zero, (sum, id) =>
    {
        using var process = Process.GetProcessById(id);
        return sum + process.TotalProcessorTime;
    });

    /// <summary>Starts a system with these engines behind it.</summary>
    /// <exception cref="ServersException">The servers of a distributed system cannot be had here.</exception>
    public static async Task<BenchmarkSystem> StartAsync(bool distributed, IReadOnlyDictionary<string, string?> engines, CancellationToken token)
    {
        var system = new BenchmarkSystem(distributed);
        var folder = Directory.CreateTempSubdirectory("platform-bench-").FullName;
        system._cleanUp.Add(() => { Directory.Delete(folder, recursive: true); return ValueTask.CompletedTask; });
        var settings = new Dictionary<string, string?>(engines) { ["PLATFORM_HOME"] = Path.Combine(folder, "home"), ["Patterns:WithheldShare"] = "0" };
        try
        {
            await (distributed ? system.SpreadAsync(folder, settings, token) : system.EmbedAsync(settings, token));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
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
        Host = session.Inside;
        Jobs = new Generation.GenerationClient(session.Invoker);
        Figures = new V1.Metrics.MetricsClient(session.Invoker);
        Content = new Content.ContentClient(session.Invoker);
        Conditions = "embedded: SQLite WAL synchronous=normal, in-memory bus, client in the same process";
    }

    private async Task SpreadAsync(string folder, Dictionary<string, string?> settings, CancellationToken token)
    {
        var servers = await BenchmarkServers.StartAsync(token);
        _cleanUp.Add(servers.DisposeAsync);
        var name = $"bench_{Guid.NewGuid():N}";
        var platform = await servers.Kit.CreateDatabaseAsync(name, token);
        _cleanUp.Add(async () => await servers.Kit.DropDatabaseAsync(name, CancellationToken.None));
        var messaging = await servers.Kit.CreateVirtualHostAsync(name, token);
        var cluster = await HostCluster.StartAsync(new ClusterOptions(platform, messaging, folder, settings), null, token);
        _cleanUp.Add(cluster.DisposeAsync);
        _processes = () => cluster.Processes.Select(process => process.Id);
        Broker = new Uri(messaging);
        Jobs = new Generation.GenerationClient(Open(cluster, ModuleNames.Router));
        Figures = new V1.Metrics.MetricsClient(Open(cluster, ModuleNames.Metrics));
        Conditions = "distributed: six processes, PostgreSQL 17 synchronous_commit=on, RabbitMQ 4 quorum queues, 3 commits a job, engine and client on the same cores";
    }

    private GrpcChannel Open(HostCluster cluster, string module)
    {
        var channel = GrpcChannel.ForAddress(cluster.Grpc(module));
        _cleanUp.Add(() => { channel.Dispose(); return ValueTask.CompletedTask; });
        return channel;
    }
}
