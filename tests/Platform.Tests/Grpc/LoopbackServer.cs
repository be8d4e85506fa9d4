using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Tests.Grpc;

/// <summary>The official gRPC server on a free loopback port with one service, and the official client connected to it.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app)
    {
        _app = app;
        Channel = GrpcChannel.ForAddress(app.Urls.Single());
        Invoker = Channel.CreateCallInvoker();
    }

    public GrpcChannel Channel { get; }

    public CallInvoker Invoker { get; }

    public static async Task<LoopbackServer> StartAsync(
        Action<ServerServiceDefinition.Builder> service, Action<GrpcServiceOptions>? configure = null)
    {
        var definition = ServerServiceDefinition.CreateBuilder();
        service(definition);
        return await StartAsync(definition.Build(), configure);
    }

    public static async Task<LoopbackServer> StartAsync(ServerServiceDefinition definition, Action<GrpcServiceOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => configure?.Invoke(options));
        var app = builder.Build();
        app.MapGrpcService(definition);
        await app.StartAsync();
        return new LoopbackServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>One method of each kind over plain text, written by hand as a code generator would write them.</summary>
internal static class TextMethods
{
    public static readonly Method<string, string> Unary = Text(MethodType.Unary);
    public static readonly Method<string, string> ClientStreaming = Text(MethodType.ClientStreaming);
    public static readonly Method<string, string> ServerStreaming = Text(MethodType.ServerStreaming);
    public static readonly Method<string, string> DuplexStreaming = Text(MethodType.DuplexStreaming);

    private static Method<string, string> Text(MethodType type) =>
        new(type, "platform.tests.Text", type.ToString(), Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
