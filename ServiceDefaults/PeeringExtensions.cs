using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.ServiceDefaults.Peering;

namespace Platform.ServiceDefaults;

/// <summary>How a host lets its modules reach each other.</summary>
public static class PeeringExtensions
{
    private const string ServiceKey = "Access:ServiceKey";

    /// <summary>Adds <see cref="IPeers"/> and the in-memory transport for the modules of this process.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Read for <c>Peers:NAME</c> and <c>Access:ServiceKey</c>.</param>
    /// <exception cref="SettingException">An address is wrong; says which.</exception>
    public static IServiceCollection AddPeers(this IServiceCollection services, IConfiguration configuration)
    {
        var addresses = PeerAddresses.Read(configuration);
        services.AddSingleton(addresses);
        services.AddSingleton(new ServiceCredential(configuration[ServiceKey] ?? ""));
        services.AddSingleton<InMemoryTransport>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<InMemoryTransport>());
        services.AddSingleton<IPeers, Peers>();
        return services;
    }

    /// <summary>Listens for the peers of this process; needs <see cref="AddPeers"/>.</summary>
    public static void ListenInMemory(this KestrelServerOptions kestrel) =>
        kestrel.Listen(InMemoryEndPoint.Platform, endpoint => endpoint.Protocols = HttpProtocols.Http2);

    /// <summary>Whether the request came from inside this process and not through a port.</summary>
    public static bool IsInMemory(this HttpContext context) =>
        context.Features.Get<IConnectionEndPointFeature>()?.LocalEndPoint is InMemoryEndPoint;
}
