using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Storage;

namespace Platform.Host;

/// <summary>A port that was asked for is taken.</summary>
public sealed class DoorTakenException(string setting, int port)
    : Exception($"{setting} {port} is in use by another process. Stop it, or set {setting} to another port (0 takes any free one).");

/// <summary>
/// The doors of a process: plain-text Kestrel cannot share a port between HTTP/1 and HTTP/2, so there is one for each,
/// and a third in memory for the modules of this process.
/// </summary>
internal static class DoorSetup
{
    private const string AddressKey = "Doors:Address";
    private const string HttpKey = "HTTP_PORT";
    private const string GrpcKey = "GRPC_PORT";
    private const int DefaultHttp = 5080;
    private const int DefaultGrpc = 5081;
    private const int PortsTried = 50;
    private const int LargestMessage = 64 * 1024 * 1024;

    public static void AddDoors(this WebApplicationBuilder builder, IReadOnlyList<Module> modules)
    {
        var address = Address(builder.Configuration);
        var local = IPAddress.IsLoopback(address);
        if (!local && string.IsNullOrEmpty(builder.Configuration["Access:AdminKeyHash"]))
            throw new HostUsageException($"{AddressKey} is {address}, which others can reach, and there is no key. Set Access:AdminKeyHash (make one with: printf %s KEY | sha256sum), or listen on 127.0.0.1.");
        var http = Port(builder.Configuration, HttpKey, DefaultHttp, address, []);
        var grpc = Port(builder.Configuration, GrpcKey, DefaultGrpc, address, [http]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, http, static door => door.Protocols = HttpProtocols.Http1);
            kestrel.Listen(address, grpc, static door => door.Protocols = HttpProtocols.Http2);
            kestrel.ListenInMemory();
        });
        builder.Services.AddGrpc(static grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = LargestMessage;
        });
        builder.Services.AddSingleton(new LocalHost(local && !StoreSwitch.UsesServer(builder.Configuration)));
        builder.Services.AddSingleton(services => OpenDoors.Of(services, modules, address));
        builder.Services.AddSingleton<ServiceCatalog>();
        builder.Services.AddHostedService<Announcement>();
    }

    public static void MapDoors(this WebApplication app, IReadOnlyList<Module> modules)
    {
        app.MapGrpcService<HealthGrpc>();
        app.MapGrpcService<ReflectionGrpc>();
    }

    private static IPAddress Address(IConfiguration configuration)
    {
        var text = configuration[AddressKey] ?? "127.0.0.1";
        return IPAddress.TryParse(text, out var address)
            ? address
            : throw new HostUsageException($"{AddressKey} is '{text}'; give an IP address such as 127.0.0.1 or 0.0.0.0.");
    }

    /// <summary>The port that was asked for, or the first free one from the default on.</summary>
    private static int Port(IConfiguration configuration, string key, int fallback, IPAddress address, int[] taken)
    {
        if (configuration[key] is { Length: > 0 } text)
        {
            if (!int.TryParse(text, out var asked) || asked is < 0 or > 65_535)
                throw new HostUsageException($"{key} is '{text}'; give a port from 0 (any free one) to 65535.");
            if (asked != 0 && taken.Contains(asked))
                throw new HostUsageException($"{key} is {asked}, as is {HttpKey}; plain text cannot share a port between HTTP/1 and HTTP/2, give another.");
            return asked == 0 || IsFree(address, asked) ? asked : throw new DoorTakenException(key, asked);
        }

        return Enumerable.Range(fallback, PortsTried).FirstOrDefault(port => !taken.Contains(port) && IsFree(address, port));
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
