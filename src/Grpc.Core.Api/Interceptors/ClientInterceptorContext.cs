namespace Grpc.Core.Interceptors;

/// <summary>The call that a client is about to start. A value: an interceptor that changes something passes on a new one.</summary>
/// <typeparam name="TRequest">The request message type.</typeparam>
/// <typeparam name="TResponse">The response message type.</typeparam>
public struct ClientInterceptorContext<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    /// <summary>Describes a call.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="host">The authority to name instead of the channel's, or null.</param>
    /// <param name="options">Choices for this call.</param>
    public ClientInterceptorContext(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        Method = method;
        Host = host;
        Options = options;
    }

    /// <summary>What is called.</summary>
    public Method<TRequest, TResponse> Method { get; }

    /// <summary>The authority to name instead of the channel's, or null.</summary>
    public string? Host { get; }

    /// <summary>Choices for this call.</summary>
    public CallOptions Options { get; }
}
