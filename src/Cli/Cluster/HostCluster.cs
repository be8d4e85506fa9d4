using System.Security.Cryptography;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Host;

namespace Platform.Cli.Cluster;

/// <summary>What a cluster runs on.</summary>
/// <param name="Platform">Connection string of PostgreSQL.</param>
/// <param name="Messaging">Address of RabbitMQ.</param>
/// <param name="Folder">Folder for logs and scratch files.</param>
/// <param name="Settings">Further settings of every process, in configuration spelling (<c>Router:LeaseSeconds</c>).</param>
/// <param name="Workers">Inference processes.</param>
/// <param name="Routers">Router processes; every peer calls the first.</param>
internal sealed record ClusterOptions(string Platform, string Messaging, string Folder, IReadOnlyDictionary<string, string?> Settings, int Workers = 1, int Routers = 1);

/// <summary>
/// The whole system as processes of this machine, one a role, over a real database and broker. The runner gets neither, nor any key.
/// </summary>
internal sealed class HostCluster : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);
    private readonly List<HostProcess> _processes = [];

    private HostCluster()
    {
    }

    /// <summary>Every process.</summary>
    public IReadOnlyList<HostProcess> Processes => _processes;

    /// <summary>Processes of a role.</summary>
    public IReadOnlyList<HostProcess> Of(string module) => [.. _processes.Where(process => process.Role == module)];

    /// <summary>gRPC door of the first process of a role.</summary>
    public Uri Grpc(string module) => Of(module)[0].Grpc;

    /// <summary>Starts every role and waits until all are ready.</summary>
    public static async Task<HostCluster> StartAsync(ClusterOptions options, IProgress<string>? progress, CancellationToken token)
    {
        Directory.CreateDirectory(options.Folder);
        var cluster = new HostCluster();
        try
        {
            cluster.Launch(options);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(ReadyLimit);
            await Task.WhenAll(cluster._processes.Select(async process =>
            {
                await process.WaitUntilReadyAsync(limit.Token);
                progress?.Report($"{process.Role} is ready at {process.Grpc}");
            }));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks all to stop, edge first, so that running jobs can be reported.</summary>
    public async Task StopAsync()
    {
        foreach (var role in new[] { ModuleNames.Metrics, ModuleNames.Maya, ModuleNames.Inference, ModuleNames.Runner, ModuleNames.Patterns, ModuleNames.Router })
            await Task.WhenAll(Of(role).Select(process => process.StopAsync()));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }

    private void Launch(ClusterOptions options)
    {
        List<string> roles =
        [
            .. Enumerable.Repeat(ModuleNames.Router, options.Routers), ModuleNames.Patterns, ModuleNames.Maya, ModuleNames.Metrics, ModuleNames.Runner,
            .. Enumerable.Repeat(ModuleNames.Inference, options.Workers),
        ];
        var ports = FreePort.Take(roles.Count * 2);
        var serviceKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var home = Path.Combine(options.Folder, "home");
        var bare = new Dictionary<string, string> { ["PLATFORM_HOME"] = home, ["Access__ServiceKeyHash"] = AccessOptions.HashOf(serviceKey) };
        var full = new Dictionary<string, string>
        {
            ["PLATFORM_HOME"] = home,
            ["Access__ServiceKey"] = serviceKey,
            ["ConnectionStrings__platform"] = options.Platform,
            ["ConnectionStrings__messaging"] = options.Messaging,
        };
        foreach (var (index, role) in roles.Index().DistinctBy(each => each.Item))
            full[$"Peers__{role}"] = $"http://127.0.0.1:{ports[(index * 2) + 1]}";
        foreach (var (key, value) in options.Settings)
            full[key.Replace(":", "__", StringComparison.Ordinal)] = value ?? "";
        foreach (var (index, role) in roles.Index())
        {
            var log = Path.Combine(options.Folder, $"{role}-{index}.log");
            _processes.Add(HostProcess.Start(role, ports[index * 2], ports[(index * 2) + 1], role == ModuleNames.Runner ? bare : full, log));
        }
    }
}
