namespace Grpc.Core.Interceptors;

/// <summary>Puts interceptors in front of a service's handlers.</summary>
public static class ServerServiceDefinitionExtensions
{
    /// <summary>Puts one interceptor in front; of several such calls the last one sees a call first.</summary>
    /// <param name="serverServiceDefinition">The service behind.</param>
    /// <param name="interceptor">The interceptor.</param>
    public static ServerServiceDefinition Intercept(this ServerServiceDefinition serverServiceDefinition, Interceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(serverServiceDefinition);
        ArgumentNullException.ThrowIfNull(interceptor);
        var builder = ServerServiceDefinition.CreateBuilder();
        serverServiceDefinition.BindService(new InterceptingBinder(builder, interceptor));
        return builder.Build();
    }

    /// <summary>Puts several interceptors in front; the first one sees a call first.</summary>
    /// <param name="serverServiceDefinition">The service behind.</param>
    /// <param name="interceptors">The interceptors, outermost first.</param>
    public static ServerServiceDefinition Intercept(this ServerServiceDefinition serverServiceDefinition, params Interceptor[] interceptors)
    {
        ArgumentNullException.ThrowIfNull(serverServiceDefinition);
        ArgumentNullException.ThrowIfNull(interceptors);
        return interceptors.Reverse().Aggregate(serverServiceDefinition, Intercept);
    }

    /// <summary>Copies a definition's methods into a new one, each handler behind the interceptor.</summary>
    private sealed class InterceptingBinder(ServerServiceDefinition.Builder builder, Interceptor interceptor) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            builder.AddMethod(method, (TRequest request, ServerCallContext context) =>
                interceptor.UnaryServerHandler(request, context, handler!));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            builder.AddMethod(method, (IAsyncStreamReader<TRequest> requests, ServerCallContext context) =>
                interceptor.ClientStreamingServerHandler(requests, context, handler!));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            builder.AddMethod(method, (TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
                interceptor.ServerStreamingServerHandler(request, responses, context, handler!));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            builder.AddMethod(method, (IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
                interceptor.DuplexStreamingServerHandler(requests, responses, context, handler!));
    }
}
