using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Host;
using Platform.Storage;

namespace Platform.Cli;

/// <summary>
/// A host to talk to: the one that <c>--server</c> or <c>PLATFORM_SERVER</c> names, the one that owns the data directory, or one inside this command.
/// Commands see one gRPC channel either way.
/// </summary>
internal sealed class HostSession : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly GrpcChannel _channel;
    private readonly WebApplication? _inside;
    private readonly string? _key;

    private HostSession(Uri address, string? key, WebApplication? inside)
    {
        (_key, _inside) = (key, inside);
        Address = address;
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = MaxMessage,
            MaxSendMessageSize = MaxMessage,
        });
    }

    private const int MaxMessage = 64 * 1024 * 1024;

    /// <summary>gRPC address.</summary>
    public Uri Address { get; }

    /// <summary>Whether the host runs inside this command.</summary>
    public bool IsInside => _inside is not null;

    /// <summary>The host inside this command, or null.</summary>
    public WebApplication? Inside => _inside;

    /// <summary>The channel, for generated clients.</summary>
    public CallInvoker Invoker => _key is null ? _channel.CreateCallInvoker() : _channel.Intercept(Present);

    /// <summary>Finds or starts a host.</summary>
    /// <param name="run">The command.</param>
    /// <param name="modules">Modules that a host inside this command must run.</param>
    /// <param name="token">Stops the start.</param>
    public static async Task<HostSession> OpenAsync(CommandRun run, string modules, CancellationToken token) =>
        await FindAsync(run, token) ?? await StartAsync(modules, new Dictionary<string, string?>(), token);

    /// <summary>The host that is named, or the one that owns the data directory; null when there is none.</summary>
    /// <exception cref="CommandException">It does not answer.</exception>
    public static async Task<HostSession?> FindAsync(CommandRun run, CancellationToken token)
    {
        var key = run.Get(GlobalOptions.Key) ?? Environment.GetEnvironmentVariable("PLATFORM_KEY");
        var named = run.Get(GlobalOptions.Server) ?? Environment.GetEnvironmentVariable("PLATFORM_SERVER");
        if (string.IsNullOrEmpty(named))
        {
            using var directory = new DataDirectory(Environment.GetEnvironmentVariable("PLATFORM_HOME") is { Length: > 0 } home ? home : StoreSwitch.DefaultHome());
            named = directory.OwnerEndpoint();
        }

        if (named is null)
            return null;
        var session = new HostSession(Parse(named), key, null);
        try
        {
            await session.ReachAsync(token);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the connection now, so that a wrong address is said in words instead of failing the first call.</summary>
    private async Task ReachAsync(CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await _channel.ConnectAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new CommandException(ExitCodes.Unreachable,
                $"no host answers at {Address} within {ConnectLimit.TotalSeconds:0} s. Start one with 'platform up', or give the gRPC address of a running one with --server or PLATFORM_SERVER.");
        }
    }

    /// <summary>Starts a host inside this command, on free loopback ports.</summary>
    public static async Task<HostSession> StartAsync(string modules, IReadOnlyDictionary<string, string?> settings, CancellationToken token)
    {
        var overrides = new Dictionary<string, string?>(settings)
        {
            ["HTTP_PORT"] = settings.GetValueOrDefault("HTTP_PORT") ?? "0",
            ["GRPC_PORT"] = settings.GetValueOrDefault("GRPC_PORT") ?? "0",
        };
        var app = PlatformHost.Build(HostArguments.Embedded with { Modules = modules, Overrides = overrides, Adjust = Quieten });
        try
        {
            await app.StartAsync(token);
            return new HostSession(app.Services.GetRequiredService<OpenDoors>().Grpc, null, app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (_inside is null)
            return;
        using var limit = new CancellationTokenSource(StopLimit);
        await _inside.StopAsync(limit.Token);
        await _inside.DisposeAsync();
    }

    /// <summary>A host inside a command speaks on standard error, and only of what goes wrong: standard output is the command's.</summary>
    private static void Quieten(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(static console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.Error);
    }

    /// <summary>The headers of a call with the key. Plain channels take no call credentials, and the key is for plain ones on loopback, too.</summary>
    private Metadata Present(Metadata headers)
    {
        var with = new Metadata { { "authorization", $"Bearer {_key}" } };
        foreach (var entry in headers)
            with.Add(entry);
        return with;
    }

    private static Uri Parse(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new CommandException(ExitCodes.WrongUsage, $"--server '{address}' is not an address such as http://127.0.0.1:5081.");
}
