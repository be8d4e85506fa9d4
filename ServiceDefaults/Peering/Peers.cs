using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Peering;

/// <summary>
/// Channels to the other modules, one per address, that present the service credential. No call is sent twice by
/// itself: what may be repeated is the caller's knowledge.
/// </summary>
internal sealed class Peers : IPeers, IDisposable
{
    private const int MaxMessageBytes = 32 << 20;
    private static readonly Uri InProcess = new("http://in-process");
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    // Waits for a server in the making, never for a network.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(10);

    private readonly PeerAddresses _addresses;
    private readonly InMemoryTransport _transport;
    private readonly ServiceCredential _credential;
    private readonly ILoggerFactory _logs;
    private readonly ConcurrentDictionary<Uri, Lazy<Peer>> _peers = new();

    public Peers(PeerAddresses addresses, InMemoryTransport transport, ServiceCredential credential, ILoggerFactory logs)
    {
        _addresses = addresses;
        _transport = transport;
        _credential = credential;
        _logs = logs;
    }

    /// <inheritdoc />
    public CallInvoker For(string module)
    {
        if (!ModuleNames.All.Contains(module))
            throw new ArgumentException($"'{module}' is no module; use one of {string.Join(", ", ModuleNames.All)}.", nameof(module));
        var address = _addresses.Of(module);
        return _peers.GetOrAdd(address ?? InProcess, key => new Lazy<Peer>(() => Open(key, address is null))).Value.Invoker;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var peer in _peers.Values.Where(peer => peer.IsValueCreated))
            peer.Value.Channel.Dispose();
    }

    private Peer Open(Uri address, bool inMemory)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = Handler(inMemory),
            DisposeHttpClient = true,
            LoggerFactory = _logs,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
        });
        return new Peer(channel, channel.Intercept(_credential.AddTo));
    }

    private SocketsHttpHandler Handler(bool inMemory)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingPatience,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = inMemory ? StartPatience : ConnectPatience,
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy for the internet has no business between modules.
            UseProxy = false,
        };
        if (inMemory)
            handler.ConnectCallback = (_, token) => _transport.ConnectAsync(InMemoryEndPoint.Platform, token);
        return handler;
    }

    private sealed record Peer(GrpcChannel Channel, CallInvoker Invoker);
}

/// <summary>The secret that modules show each other.</summary>
/// <param name="Key">The secret; empty when none is set.</param>
internal sealed record ServiceCredential(string Key)
{
    /// <summary>A copy of a call's headers with the credential.</summary>
    public Metadata AddTo(Metadata headers)
    {
        if (Key.Length == 0)
            return headers;
        var with = new Metadata();
        foreach (var entry in headers)
            with.Add(entry);
        with.Add(Caller.ServiceHeader, Key);
        return with;
    }

    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => nameof(ServiceCredential);
}
