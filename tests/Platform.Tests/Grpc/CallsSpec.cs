using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Shouldly;
using Xunit;

namespace Platform.Tests.Grpc;

/// <summary>Calls between the official server and the official client, both over the two abstraction assemblies.</summary>
public sealed class CallsSpec
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static CallOptions Options => new(cancellationToken: Stop);

    [Fact]
    public async Task Unary_AsyncAndBlocking_ReturnTheResponse()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, Reply(request => $"<{request}>")));

        (await server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, Options, "ä")).ShouldBe("<ä>");
        server.Invoker.BlockingUnaryCall(TextMethods.Unary, null, Options, "b").ShouldBe("<b>");
    }

    [Fact]
    public async Task ClientStreaming_ThreeRequests_AnsweredOnce()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.ClientStreaming, Join));

        using var call = server.Invoker.AsyncClientStreamingCall(TextMethods.ClientStreaming, null, Options);
        foreach (var request in new[] { "a", "b", "c" })
            await call.RequestStream.WriteAsync(request, Stop);
        await call.RequestStream.CompleteAsync();

        (await call).ShouldBe("a,b,c");
        call.GetStatus().ShouldBe(Status.DefaultSuccess);

        static async Task<string> Join(IAsyncStreamReader<string> requests, ServerCallContext context) =>
            string.Join(',', await requests.ReadAllAsync(context.CancellationToken).ToListAsync(context.CancellationToken));
    }

    [Fact]
    public async Task ServerStreaming_ReadToTheEnd_KeepsOrder()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.ServerStreaming, Letters));

        using var call = server.Invoker.AsyncServerStreamingCall(TextMethods.ServerStreaming, null, Options, "abc");

        (await call.ResponseStream.ReadAllAsync(Stop).ToListAsync(Stop)).ShouldBe(["a", "b", "c"]);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);

        static async Task Letters(string request, IServerStreamWriter<string> responses, ServerCallContext context)
        {
            foreach (var letter in request)
                await responses.WriteAsync(letter.ToString(), context.CancellationToken);
        }
    }

    [Fact]
    public async Task DuplexStreaming_EachRequest_AnsweredBeforeTheNext()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.DuplexStreaming, Echo));

        using var call = server.Invoker.AsyncDuplexStreamingCall(TextMethods.DuplexStreaming, null, Options);
        foreach (var request in new[] { "a", "b" })
        {
            await call.RequestStream.WriteAsync(request, Stop);
            (await call.ResponseStream.MoveNext(Stop)).ShouldBeTrue();
            call.ResponseStream.Current.ShouldBe(request);
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext(Stop)).ShouldBeFalse();

        static async Task Echo(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
        {
            await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
                await responses.WriteAsync(request);
        }
    }

    [Fact]
    public async Task Deadline_ThatPasses_EndsTheCall()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, UntilCancelled(new(), new())));

        var options = Options.WithDeadline(DateTime.UtcNow.AddMilliseconds(500));
        var error = await Should.ThrowAsync<RpcException>(server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, options, "").ResponseAsync);

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Deadline_FarAway_ReachesTheServer()
    {
        var deadline = DateTime.UtcNow.AddDays(1);
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(
            TextMethods.Unary,
            (string _, ServerCallContext context) => Task.FromResult($"{context.Deadline:O}")));

        var seen = await server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, Options.WithDeadline(deadline), "");

        // It travels as time left, so the server's instant differs by what the journey took.
        DateTimeOffset.Parse(seen, null).UtcDateTime.ShouldBe(deadline, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Cancellation_ByTheClient_ReachesTheHandler()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, UntilCancelled(started, ended)));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var response = server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, new CallOptions(cancellationToken: cancellation.Token), "").ResponseAsync;
        await started.Task.WaitAsync(Stop);
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(response)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await ended.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task Metadata_InHeadersAndTrailers_TravelsBothWays()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, Mirror));
        var headers = new Metadata { { "X-Text", "a" }, { "x-bytes-bin", [0, 255] } };

        using var call = server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, Options.WithHeaders(headers), "");

        (await call.ResponseHeadersAsync).GetValue("x-back").ShouldBe("a");
        await call;
        call.GetTrailers().GetValueBytes("x-back-bin").ShouldBe([0, 255]);

        static async Task<string> Mirror(string request, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-back", context.RequestHeaders.GetValue("x-text")! } });
            context.ResponseTrailers.Add("x-back-bin", context.RequestHeaders.GetValueBytes("x-bytes-bin")!);
            return "";
        }
    }

    [Fact]
    public async Task RpcException_FromHandler_ArrivesWithDetailAndTrailers()
    {
        var thrown = new RpcException(
            new Status(StatusCode.FailedPrecondition, "größer"), new Metadata { { "grpc-status-details-bin", [1, 2, 3] } });
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, Reply(_ => throw thrown)));

        var error = await Should.ThrowAsync<RpcException>(server.Invoker.AsyncUnaryCall(TextMethods.Unary, null, Options, "").ResponseAsync);

        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        error.Status.Detail.ShouldBe("größer");
        error.Trailers.GetValueBytes("grpc-status-details-bin").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Status_SetByHandler_EndsTheStream()
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.ServerStreaming, Abort));

        using var call = server.Invoker.AsyncServerStreamingCall(TextMethods.ServerStreaming, null, Options, "");
        var error = await Should.ThrowAsync<RpcException>(call.ResponseStream.MoveNext(Stop));

        error.Status.ShouldBe(new Status(StatusCode.Aborted, "moved"));

        static Task Abort(string request, IServerStreamWriter<string> responses, ServerCallContext context)
        {
            context.Status = new Status(StatusCode.Aborted, "moved");
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compression_AskedByTheClient_IsUndoneByTheServer(string encoding)
    {
        await using var server = await LoopbackServer.StartAsync(s => s.AddMethod(TextMethods.Unary, (string request, ServerCallContext context) =>
            Task.FromResult($"{context.GetHttpContext().Request.Headers["grpc-encoding"]} {request.Length}")));
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };
        using var channel = GrpcChannel.ForAddress($"http://{server.Channel.Target}", new()
        {
            CompressionProviders =
            [
                new GzipCompressionProvider(CompressionLevel.Fastest),
                new DeflateCompressionProvider(CompressionLevel.Fastest),
            ],
        });

        var seen = await channel.CreateCallInvoker()
            .AsyncUnaryCall(TextMethods.Unary, null, Options.WithHeaders(headers), new string('a', 100_000));

        seen.ShouldBe($"{encoding} 100000");
    }

    private static UnaryServerMethod<string, string> Reply(Func<string, string> reply) => (request, _) => Task.FromResult(reply(request));

    private static UnaryServerMethod<string, string> UntilCancelled(TaskCompletionSource started, TaskCompletionSource ended) => async (_, context) =>
    {
        using var registration = context.CancellationToken.Register(ended.SetResult);
        started.SetResult();
        await ended.Task;
        return "";
    };
}
