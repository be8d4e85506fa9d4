using Platform.Cli.Servers;

namespace Platform.Benchmarks.Jobs;

/// <summary>Real servers for as long as this is held: those that run are used, those that were started for it are stopped again.</summary>
internal sealed class BenchmarkServers : IAsyncDisposable
{
    private BenchmarkServers(ServerKit kit) => Kit = kit;

    /// <summary>The servers.</summary>
    public ServerKit Kit { get; }

    /// <summary>Whether this machine can have them.</summary>
    public static async Task<bool> AreAvailableAsync(CancellationToken token) => ServerKit.AreGiven || await ServerMachines.AreAvailableAsync(token);

    /// <summary>Starts what does not run.</summary>
    public static async Task<BenchmarkServers> StartAsync(CancellationToken token) => new(await ServerKit.StartAsync(new ServerKitOptions(), null, token));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Kit.Servers.Any(server => server.StartedHere))
            await Kit.StopAsync(deleteData: false, CancellationToken.None);
    }
}
