using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Platform.Cli.Cluster;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Host;

namespace Platform.Cli.Demo;

/// <summary>Where a demo runs: one process, or five and a runner over real servers.</summary>
internal interface IDemoPlace : IAsyncDisposable
{
    /// <summary>Channel to a module.</summary>
    CallInvoker Invoker(string module);

    /// <summary>Address of the web console.</summary>
    Uri Console { get; }
}

/// <summary>One process, no server.</summary>
internal sealed class EmbeddedPlace(HostSession session) : IDemoPlace
{
    public Uri Console => session.Inside!.Services.GetRequiredService<OpenDoors>().Http;

    public CallInvoker Invoker(string module) => session.Invoker;

    public ValueTask DisposeAsync() => session.DisposeAsync();

    /// <summary>Starts the host with all modules.</summary>
    public static async Task<IDemoPlace> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken token) =>
        new EmbeddedPlace(await HostSession.StartAsync("all", settings, token));
}

/// <summary>Six processes over PostgreSQL and RabbitMQ, with a database and a virtual host of their own.</summary>
internal sealed class DistributedPlace : IDemoPlace
{
    private readonly HostCluster _cluster;
    private readonly ServerKit _servers;
    private readonly string _database;
    private readonly Dictionary<string, GrpcChannel> _channels;

    private DistributedPlace(HostCluster cluster, ServerKit servers, string database)
    {
        _cluster = cluster;
        _servers = servers;
        _database = database;
        _channels = ModuleNames.All.ToDictionary(module => module, module => GrpcChannel.ForAddress(cluster.Grpc(module)));
    }

    public Uri Console => _cluster.Of(ModuleNames.Metrics)[0].Http;

    public CallInvoker Invoker(string module) => _channels[module].CreateCallInvoker();

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
        await _cluster.StopAsync();
        await _cluster.DisposeAsync();
        await _servers.DropDatabaseAsync(_database, CancellationToken.None);
    }

    /// <summary>Starts servers unless they run, and the hosts on a fresh database.</summary>
    public static async Task<IDemoPlace> StartAsync(CommandRun run, string folder, IReadOnlyDictionary<string, string?> settings, CancellationToken token)
    {
        var progress = new Progress<string>(run.Say);
        var servers = await ServerKit.StartAsync(new ServerKitOptions(), progress, token);
        var database = $"demo_{Guid.NewGuid():N}";
        var platform = await servers.CreateDatabaseAsync(database, token);
        var messaging = await servers.CreateVirtualHostAsync(database, token);
        var cluster = await HostCluster.StartAsync(new ClusterOptions(platform, messaging, folder, settings), progress, token);
        return new DistributedPlace(cluster, servers, database);
    }
}
