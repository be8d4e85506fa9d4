using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Simulator.Http;

namespace Platform.Simulator;

/// <summary>
/// A local stand-in for the Cerebras, Anthropic and OpenAI-compatible HTTP APIs, for demonstrations without keys, tests and
/// benchmarks. It listens on 127.0.0.1 only, and every answer says that it is simulated: in its model id and in the response
/// header <c>x-platform-simulator: true</c>.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ChatHandler handler;
    private readonly CancellationTokenSource stopping;
    private readonly SimulatorEngine? engine;
    private int disposed;

    private SimulatorServer(WebApplication app, ChatHandler handler, CancellationTokenSource stopping, SimulatorOptions options)
    {
        this.app = app;
        this.handler = handler;
        this.stopping = stopping;
        engine = options.Engine;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>The base address, such as <c>http://127.0.0.1:5123/</c>; what the Cerebras and Anthropic clients want as base URL.</summary>
    public Uri Address { get; }

    /// <summary>Base address of the OpenAI-compatible server, ending in <c>/v1</c> as OpenAI clients want it.</summary>
    public Uri OpenAiAddress => new(Address, engine == SimulatorEngine.OpenAi ? "v1" : "openai/v1");

    /// <summary>The newest calls, oldest first, at most <see cref="SimulatorOptions.CallLogCapacity"/>. A snapshot.</summary>
    public IReadOnlyList<SimulatedCall> Calls => handler.Log.Snapshot();

    /// <summary>Calls of the chat routes since the start, refused ones included.</summary>
    public long TotalCalls => handler.Log.Total;

    /// <summary>Calls that are being answered now.</summary>
    public long ActiveCalls => handler.Log.Active;

    /// <summary>Calls whose client went away before the answer was complete.</summary>
    public long AbortedCalls => handler.Log.Aborted;

    /// <summary>How many <c>GET /v1/tcp_warming</c> calls came in.</summary>
    public long WarmUps => handler.WarmUps;

    /// <summary>How often each script rule answered, by rule name.</summary>
    public IReadOnlyDictionary<string, long> RuleCalls => handler.RuleCalls;

    /// <summary>Starts the server; it accepts calls when the task completes.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var stopping = new CancellationTokenSource();
        var handler = new ChatHandler(options, stopping.Token);
        var app = Build(options);
        Routes.Map(app, options, handler);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"port: {options.Port} on 127.0.0.1 cannot be opened ({failure.Message}); choose another, or 0 for any free one", failure);
        }

        return new SimulatorServer(app, handler, stopping, options);
    }

    /// <summary>Makes exactly the next calls fail, before any rate is drawn.</summary>
    /// <param name="fault">A fault name, optionally bound to one API (<c>anthropic:529</c>): then only calls of that API count.</param>
    /// <param name="calls">How many calls, 1 or more; adds to what is already waiting.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public void FailNext(string fault, int calls = 1) => handler.Faults.Next(fault, calls);

    /// <summary>Ends open streams at once and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await stopping.CancelAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options)
    {
        // The empty builder reads no environment, no file and no console: a simulator inside another process must not pick up its settings.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, OwnerLifetime>();
        // With (almost) no write buffer a flush ends when the bytes have left: a cut or a split lands exactly where it should.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.MaxWriteBufferSize = 2);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // BodyReader has the limit, and answers in the API's own words.
            kestrel.Limits.MinResponseDataRate = null; // A client under test may read as slowly as it likes.
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        return builder.Build();
    }

    /// <summary>Leaves signals to the process that owns the simulator.</summary>
    private sealed class OwnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
