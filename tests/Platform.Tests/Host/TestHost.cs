using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Host;

namespace Platform.Tests.Host;

/// <summary>The real host in this process: SQLite in a folder of its own, in-memory bus, loopback ports that are free.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly bool _ownsHome;
    private readonly List<GrpcChannel> _channels = [];

    private TestHost(WebApplication app, string home, bool ownsHome)
    {
        App = app;
        Home = home;
        _ownsHome = ownsHome;
        Doors = app.Services.GetRequiredService<OpenDoors>();
    }

    public WebApplication App { get; }

    public string Home { get; }

    public OpenDoors Doors { get; }

    public IServiceProvider Services => App.Services;

    public static async Task<TestHost> StartAsync(string modules = "all", IReadOnlyDictionary<string, string?>? settings = null, string? home = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var folder = home ?? Directory.CreateTempSubdirectory("platform-test-").FullName;
        var overrides = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
        {
            ["PLATFORM_HOME"] = folder,
            ["PLATFORM_KEYS"] = Path.Combine(folder, "vault"),
            ["HTTP_PORT"] = "0",
            ["GRPC_PORT"] = "0",
        };
        var app = PlatformHost.Build(HostArguments.Embedded with
        {
            Modules = modules,
            Overrides = overrides,
            Adjust = builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Error);
                adjust?.Invoke(builder);
            },
        });
        try
        {
            await app.StartAsync();
            return new TestHost(app, folder, home is null);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A channel from outside, with a key or without.</summary>
    public CallInvoker Client(string? key = null)
    {
        var channel = GrpcChannel.ForAddress(Doors.Grpc);
        _channels.Add(channel);
        return key is null ? channel.CreateCallInvoker() : new KeyedInvoker(channel.CreateCallInvoker(), key);
    }

    /// <summary>A channel as another module has it.</summary>
    public CallInvoker Peer(string module) => Services.GetRequiredService<IPeers>().For(module);

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
            channel.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        if (_ownsHome)
            Directory.Delete(Home, recursive: true);
    }

    /// <summary>Adds the key to every call.</summary>
    private sealed class KeyedInvoker(CallInvoker inner, string key) : CallInvoker
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            inner.BlockingUnaryCall(method, host, With(options), request);

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            inner.AsyncUnaryCall(method, host, With(options), request);

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            inner.AsyncServerStreamingCall(method, host, With(options), request);

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            inner.AsyncClientStreamingCall(method, host, With(options));

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            inner.AsyncDuplexStreamingCall(method, host, With(options));

        private CallOptions With(CallOptions options) => options.WithHeaders(new Metadata { { "authorization", $"Bearer {key}" } });
    }
}
