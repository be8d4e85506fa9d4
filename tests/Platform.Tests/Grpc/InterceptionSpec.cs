using Grpc.Core;
using Grpc.Core.Interceptors;
using Shouldly;
using Xunit;

namespace Platform.Tests.Grpc;

/// <summary>Interceptors on either side see every kind of call, in the documented order.</summary>
public sealed class InterceptionSpec
{
    private static CallOptions Options => new(cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Intercept_SeveralAtOnce_FirstSeesTheCallFirst()
    {
        var log = new List<string>();
        await using var server = await StartAsync();

        await CallEachKindAsync(server.Channel.Intercept(new Recording("a", log), new Recording("b", log)));

        log.ShouldBe([
            "a BlockingUnary", "b BlockingUnary", "a Unary", "b Unary", "a ClientStreaming", "b ClientStreaming",
            "a ServerStreaming", "b ServerStreaming", "a DuplexStreaming", "b DuplexStreaming",
        ]);
    }

    [Fact]
    public async Task Intercept_OneAfterTheOther_LastSeesTheCallFirst()
    {
        var log = new List<string>();
        await using var server = await StartAsync();

        await server.Invoker.Intercept(new Recording("a", log)).Intercept(new Recording("b", log))
            .AsyncUnaryCall(TextMethods.Unary, null, Options, "");

        log.ShouldBe(["b Unary", "a Unary"]);
    }

    [Fact]
    public async Task Intercept_WithHeadersCallback_ChangesWhatTheServerSees()
    {
        await using var server = await StartAsync();

        var invoker = server.Invoker.Intercept(headers =>
        {
            headers.Add("x-user", "ada");
            return headers;
        });

        (await invoker.AsyncUnaryCall(TextMethods.Unary, null, Options, "")).ShouldBe("ada");
    }

    [Fact]
    public async Task Intercept_OnServiceDefinition_SeesEachKindOnce()
    {
        var log = new List<string>();
        await using var server = await LoopbackServer.StartAsync(Service().Intercept(new Recording("a", log), new Recording("b", log)));

        await CallEachKindAsync(server.Invoker);

        log.ShouldBe([
            "a UnaryServer", "b UnaryServer", "a UnaryServer", "b UnaryServer", "a ClientStreamingServer", "b ClientStreamingServer",
            "a ServerStreamingServer", "b ServerStreamingServer", "a DuplexStreamingServer", "b DuplexStreamingServer",
        ]);
    }

    [Fact]
    public async Task Intercept_ConfiguredOnServer_SeesEachKindOnce()
    {
        var log = new List<string>();
        await using var server = await LoopbackServer.StartAsync(Service(), options => options.Interceptors.Add<Recording>("s", log));

        await CallEachKindAsync(server.Invoker);

        log.ShouldBe(["s UnaryServer", "s UnaryServer", "s ClientStreamingServer", "s ServerStreamingServer", "s DuplexStreamingServer"]);
    }

    [Fact]
    public async Task Intercept_ThatDoesNotPassOn_AnswersItself()
    {
        await using var server = await StartAsync();

        var call = server.Invoker.Intercept(new Answering()).AsyncUnaryCall(TextMethods.Unary, null, Options, "");

        (await call).ShouldBe("from here");
        (await call.ResponseHeadersAsync).ShouldBeEmpty();
        call.GetTrailers().ShouldBeEmpty();
        call.GetStatus().ShouldBe(Status.DefaultSuccess);
        call.Dispose();
    }

    private static Task<LoopbackServer> StartAsync() => LoopbackServer.StartAsync(Service());

    private static ServerServiceDefinition Service() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(TextMethods.Unary, (string _, ServerCallContext context) => Task.FromResult(context.RequestHeaders.GetValue("x-user") ?? ""))
        .AddMethod(TextMethods.ClientStreaming, (IAsyncStreamReader<string> _, ServerCallContext _) => Task.FromResult(""))
        .AddMethod(TextMethods.ServerStreaming, (string _, IServerStreamWriter<string> _, ServerCallContext _) => Task.CompletedTask)
        .AddMethod(TextMethods.DuplexStreaming, (IAsyncStreamReader<string> _, IServerStreamWriter<string> _, ServerCallContext _) => Task.CompletedTask)
        .Build();

    private static async Task CallEachKindAsync(CallInvoker invoker)
    {
        invoker.BlockingUnaryCall(TextMethods.Unary, null, Options, "");
        await invoker.AsyncUnaryCall(TextMethods.Unary, null, Options, "");
        using var up = invoker.AsyncClientStreamingCall(TextMethods.ClientStreaming, null, Options);
        await up;
        using var down = invoker.AsyncServerStreamingCall(TextMethods.ServerStreaming, null, Options, "");
        await down.ResponseStream.MoveNext(Options.CancellationToken);
        using var both = invoker.AsyncDuplexStreamingCall(TextMethods.DuplexStreaming, null, Options);
        await both.ResponseStream.MoveNext(Options.CancellationToken);
    }

    private sealed class Answering : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            new(Task.FromResult((TResponse)(object)"from here"), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    /// <summary>Writes down each call that passes. The base class passes it on, so that path is tested as well.</summary>
    private sealed class Recording(string name, List<string> log) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add($"{name} BlockingUnary");
            return base.BlockingUnaryCall(request, context, continuation);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add($"{name} Unary");
            return base.AsyncUnaryCall(request, context, continuation);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add($"{name} ClientStreaming");
            return base.AsyncClientStreamingCall(context, continuation);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add($"{name} ServerStreaming");
            return base.AsyncServerStreamingCall(request, context, continuation);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add($"{name} DuplexStreaming");
            return base.AsyncDuplexStreamingCall(context, continuation);
        }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            log.Add($"{name} UnaryServer");
            return base.UnaryServerHandler(request, context, continuation);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            log.Add($"{name} ClientStreamingServer");
            return base.ClientStreamingServerHandler(requestStream, context, continuation);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            log.Add($"{name} ServerStreamingServer");
            return base.ServerStreamingServerHandler(request, responseStream, context, continuation);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            log.Add($"{name} DuplexStreamingServer");
            return base.DuplexStreamingServerHandler(requestStream, responseStream, context, continuation);
        }
    }
}
