using System.Buffers;
using System.Text;
using Grpc.Core;
using Shouldly;
using Xunit;

namespace Platform.Tests.Grpc;

/// <summary>What the abstractions do by themselves, without a server or a client.</summary>
public sealed class AbstractionsSpec
{
    [Fact]
    public void Metadata_RepeatedKey_LastOneIsTheValueAndAllAreKept()
    {
        var metadata = new Metadata { { "Key", "1" }, { "other", "x" }, { "key", "2" } };

        metadata.Select(entry => entry.Key).ShouldBe(["key", "other", "key"]);
        metadata.GetValue("KEY").ShouldBe("2");
        metadata.GetAll("key").Select(entry => entry.Value).ShouldBe(["1", "2"]);
        metadata.GetValue("absent").ShouldBeNull();
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("ä")]
    [InlineData("a\r\nb")]
    public void Entry_KeyWithForbiddenCharacter_NamesTheKey(string key) =>
        Should.Throw<ArgumentException>(() => new Metadata.Entry(key, "")).Message.ShouldContain(key);

    [Fact]
    public void Entry_KeyThatContradictsTheValue_IsRefused()
    {
        Should.Throw<ArgumentException>(() => new Metadata.Entry("a-bin", "text"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("a", [1]));
        Should.Throw<InvalidOperationException>(() => new Metadata.Entry("a-bin", [1]).Value);
    }

    [Fact]
    public void Entry_Bytes_CannotBeChangedFromOutside()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("a-bin", bytes);

        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        entry.ValueBytes.ShouldBe([1, 2]);
    }

    [Fact]
    public void Empty_AddedTo_Refuses()
    {
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
        Metadata.Empty.ShouldBeEmpty();
    }

    [Fact]
    public void Marshaller_MadeEitherWay_WorksEitherWay()
    {
        var contextual = Marshallers.Create<string>(
            (text, context) =>
            {
                context.SetPayloadLength(text.Length);
                context.GetBufferWriter().Write(Encoding.ASCII.GetBytes(text));
                context.Complete();
            },
            context => Encoding.ASCII.GetString(context.PayloadAsReadOnlySequence()));
        var adapted = new Marshaller<string>(contextual.Serializer, contextual.Deserializer);
        var again = new Marshaller<string>(adapted.ContextualSerializer, adapted.ContextualDeserializer);

        again.Deserializer(contextual.Serializer("abc")).ShouldBe("abc");
        contextual.Deserializer(again.Serializer("abc")).ShouldBe("abc");
    }

    [Fact]
    public void Serializer_ThatDoesNotComplete_IsReported() =>
        Should.Throw<InvalidOperationException>(() => new Marshaller<string>((_, _) => { }, _ => "").Serializer("a")).Message.ShouldContain("completing");

    [Fact]
    public void RpcException_WithCause_ShowsCodeDetailAndCause()
    {
        var cause = new IOException("broken pipe");
        var error = new RpcException(new Status(StatusCode.Unavailable, "gone", cause));

        error.Message.ShouldBe("Status(StatusCode=\"Unavailable\", Detail=\"gone\", DebugException=\"System.IO.IOException: broken pipe\")");
        error.InnerException.ShouldBeSameAs(cause);
        error.Trailers.ShouldBeEmpty();
    }

    [Fact]
    public void Credentials_ThatWouldTravelInTheClear_AreRefused()
    {
        var token = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);

        Should.Throw<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, token));
        Should.Throw<ArgumentException>(() => CallCredentials.Compose(token));
        ChannelCredentials.Create(ChannelCredentials.SecureSsl, CallCredentials.Compose(token, token)).ShouldNotBeNull();
    }

    [Fact]
    public void CallOptions_WithMethods_ChangeACopy()
    {
        var original = new CallOptions(new Metadata());
        var changed = original.WithDeadline(DateTime.MaxValue).WithWaitForReady().WithWriteOptions(new WriteOptions(WriteFlags.NoCompress));

        original.Deadline.ShouldBeNull();
        original.IsWaitForReady.ShouldBeFalse();
        changed.Headers.ShouldBeSameAs(original.Headers);
        changed.Deadline.ShouldBe(DateTime.MaxValue);
        changed.IsWaitForReady.ShouldBeTrue();
        changed.WriteOptions!.Flags.ShouldBe(WriteFlags.NoCompress);
    }

    [Fact]
    public async Task WriteAsync_WithTokenOnAWriterWithoutCancellation_RefusesTheToken()
    {
        var writer = new ListWriter();
        IAsyncStreamWriter<string> stream = writer;
        using var cancellation = new CancellationTokenSource();

        await stream.WriteAsync("a", CancellationToken.None);
        await Should.ThrowAsync<NotSupportedException>(() => stream.WriteAsync("b", cancellation.Token));

        writer.Written.ShouldBe(["a"]);
    }

    [Fact]
    public void Client_WithoutChannel_NamesTheMethodThatWasCalled() =>
        Should.Throw<NotImplementedException>(() => new TextClient().Call("")).Message.ShouldContain(TextMethods.Unary.FullName);

    [Fact]
    public void WithHost_OnAClient_NamesTheHostInItsCalls()
    {
        var invoker = new HostInvoker();
        var client = new TextClient(invoker);

        client.WithHost("first.example").WithHost("second.example").Call("").ShouldBe("second.example");
        client.Call("").ShouldBe("none");
    }

    private sealed class ListWriter : IAsyncStreamWriter<string>
    {
        public List<string> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }
    }

    /// <summary>A client as a code generator writes it.</summary>
    private sealed class TextClient : ClientBase<TextClient>
    {
        public TextClient()
        {
        }

        public TextClient(CallInvoker invoker)
            : base(invoker)
        {
        }

        private TextClient(ClientBaseConfiguration configuration)
            : base(configuration)
        {
        }

        public string Call(string request) => CallInvoker.BlockingUnaryCall(TextMethods.Unary, null, default, request);

        protected override TextClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);
    }

    /// <summary>Answers a unary call with the host that it names.</summary>
    private sealed class HostInvoker : CallInvoker
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => (TResponse)(object)(host ?? "none");

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }
}
