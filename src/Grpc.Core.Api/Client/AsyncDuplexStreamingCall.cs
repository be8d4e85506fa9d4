namespace Grpc.Core;

/// <summary>A started call whose two sides stream independently of each other.</summary>
/// <typeparam name="TRequest">The request message type.</typeparam>
/// <typeparam name="TResponse">The response message type.</typeparam>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly CallHandle _call;

    /// <summary>Made by an interceptor or a test, over callbacks that know their own state.</summary>
    /// <param name="requestStream">Where requests are written.</param>
    /// <param name="responseStream">Where responses are read.</param>
    /// <param name="responseHeadersAsync">The response headers to come.</param>
    /// <param name="getStatusFunc">The status of an ended call.</param>
    /// <param name="getTrailersFunc">The trailers of an ended call.</param>
    /// <param name="disposeAction">Cancels the call if it still runs.</param>
    public AsyncDuplexStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(requestStream, responseStream, new CallHandle(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    /// <summary>Made by a transport or an interceptor over state that the callbacks receive.</summary>
    /// <param name="requestStream">Where requests are written.</param>
    /// <param name="responseStream">Where responses are read.</param>
    /// <param name="responseHeadersAsync">The response headers to come.</param>
    /// <param name="getStatusFunc">The status of an ended call.</param>
    /// <param name="getTrailersFunc">The trailers of an ended call.</param>
    /// <param name="disposeAction">Cancels the call if it still runs.</param>
    /// <param name="state">What the callbacks receive.</param>
    public AsyncDuplexStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
        : this(requestStream, responseStream, new CallHandle(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state))
    {
    }

    private AsyncDuplexStreamingCall(IClientStreamWriter<TRequest> requestStream, IAsyncStreamReader<TResponse> responseStream, CallHandle call)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
        _call = call;
    }

    /// <summary>Where requests are written; complete it after the last one.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>Where responses are read, to the end or until the call is disposed.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The response headers, which arrive before the first response.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeadersAsync();

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call still runs.</exception>
    public Status GetStatus() => _call.GetStatus();

    /// <summary>The trailers that came with the status.</summary>
    /// <exception cref="InvalidOperationException">The call still runs.</exception>
    public Metadata GetTrailers() => _call.GetTrailers();

    /// <summary>Cancels the call if it still runs and frees what it holds; needless after a call that was read to its end.</summary>
    public void Dispose() => _call.Dispose();
}
