using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Host;

/// <summary>Where a started host listens.</summary>
/// <param name="Http">Console, REST, health: HTTP/1.1.</param>
/// <param name="Grpc">gRPC: HTTP/2 without TLS.</param>
/// <param name="Modules">Names of the modules that run here.</param>
public sealed record OpenDoors(Uri Http, Uri Grpc, IReadOnlyList<string> Modules)
{
    /// <summary>Reads the bound addresses; only after the start.</summary>
    internal static OpenDoors Of(IServiceProvider services, IReadOnlyList<Module> modules, IPAddress address)
    {
        var bound = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null)
            .Where(uri => uri is { Port: > 0 }).Select(uri => uri!).ToList() ?? [];
        if (bound.Count < 2)
            throw new InvalidOperationException($"The host has not started: {bound.Count} doors are open at {address}.");
        return new OpenDoors(bound[0], bound[1], [.. modules.Select(module => module.Name)]);
    }
}

/// <summary>Writes the gRPC address into the data directory once the doors are open, so that other commands find this host.</summary>
internal sealed class Announcement(IServiceProvider services, IHostApplicationLifetime lifetime, LocalHost host, DataDirectory home) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (host.IsLocal)
            lifetime.ApplicationStarted.Register(() => home.Announce(services.GetRequiredService<OpenDoors>().Grpc.ToString()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
