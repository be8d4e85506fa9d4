using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.V1;

namespace Platform.Tests.Peering;

/// <summary>A real Kestrel with one service that tells what it saw, reachable in memory and, on request, over a port.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    public PeerHost(bool onPort = false, params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenInMemory();
            if (onPort)
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddPeers(builder.Configuration);
        _app = builder.Build();
        _app.MapGrpcService<TellingLedger>();
    }

    public IPeers Peers => _app.Services.GetRequiredService<IPeers>();

    public Ledger.LedgerClient Client => new(Peers.For(ModuleNames.Router));

    public string PortAddress => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .First(address => address.Contains("127.0.0.1", StringComparison.Ordinal));

    public async Task<PeerHost> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Answers a claim with what came with it; streams 4 MiB; never answers a renewal.</summary>
    internal sealed class TellingLedger : Ledger.LedgerBase
    {
        public const int Chunks = 64;
        public const int ChunkBytes = 64 * 1024;

        public override Task<ClaimReply> Claim(ClaimRequest request, ServerCallContext context)
        {
            var reply = new ClaimReply { Reason = context.GetHttpContext().IsInMemory() ? "in-memory" : "port" };
            reply.Watchers.Add(context.RequestHeaders.GetValue(Caller.ServiceHeader) ?? "");
            reply.Watchers.Add(context.RequestHeaders.GetValue(Caller.TenantHeader) ?? "");
            reply.Watchers.Add(Activity.Current?.TraceId.ToString() ?? "");
            return Task.FromResult(reply);
        }

        public override async Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new RenewReply();
        }

        public override async Task FetchWorkspace(FetchWorkspaceRequest request, IServerStreamWriter<WorkspaceChunk> stream, ServerCallContext context)
        {
            var chunk = new WorkspaceChunk { Content = ByteString.CopyFrom(new byte[ChunkBytes]) };
            for (var sent = 0; sent < Chunks; sent++)
                await stream.WriteAsync(chunk, context.CancellationToken);
        }
    }
}
