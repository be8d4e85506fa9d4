using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A started call with one request and one response.</summary>
/// <typeparam name="TResponse">The response message type.</typeparam>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly CallHandle _call;

    /// <summary>Made by an interceptor or a test, over callbacks that know their own state.</summary>
    /// <param name="responseAsync">The response to come.</param>
    /// <param name="responseHeadersAsync">The response headers to come.</param>
    /// <param name="getStatusFunc">The status of an ended call.</param>
    /// <param name="getTrailersFunc">The trailers of an ended call.</param>
    /// <param name="disposeAction">Cancels the call if it still runs.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseAsync, new CallHandle(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    /// <summary>Made by a transport or an interceptor over state that the callbacks receive.</summary>
    /// <param name="responseAsync">The response to come.</param>
    /// <param name="responseHeadersAsync">The response headers to come.</param>
    /// <param name="getStatusFunc">The status of an ended call.</param>
    /// <param name="getTrailersFunc">The trailers of an ended call.</param>
    /// <param name="disposeAction">Cancels the call if it still runs.</param>
    /// <param name="state">What the callbacks receive.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
        : this(responseAsync, new CallHandle(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state))
    {
    }

    private AsyncUnaryCall(Task<TResponse> responseAsync, CallHandle call)
    {
        ResponseAsync = responseAsync;
        _call = call;
    }

    /// <summary>The response; it faults with <see cref="RpcException"/> when the call ends badly.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The response headers, which arrive before the first response.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeadersAsync();

    /// <summary>Lets <c>await call</c> stand for <c>await call.ResponseAsync</c>.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits the response with or without the captured context.</summary>
    /// <param name="continueOnCapturedContext">Whether to come back to the captured context.</param>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call still runs.</exception>
    public Status GetStatus() => _call.GetStatus();

    /// <summary>The trailers that came with the status.</summary>
    /// <exception cref="InvalidOperationException">The call still runs.</exception>
    public Metadata GetTrailers() => _call.GetTrailers();

    /// <summary>Cancels the call if it still runs and frees what it holds; needless after a call that was read to its end.</summary>
    public void Dispose() => _call.Dispose();
}
