using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections;
using Platform.Storage;

namespace Platform.Host;

/// <summary>
/// Maps exceptions to gRPC status codes, with the cause as <c>google.rpc.ErrorInfo</c> in the trailers. What it does not
/// know becomes INTERNAL with an id that stands in the log beside the exception; the exception's text stays inside.
/// </summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        MapAsync(() => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        MapAsync(() => continuation(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        MapAsync(async () => { await continuation(request, responseStream, context); return true; }, context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        MapAsync(async () => { await continuation(requestStream, responseStream, context); return true; }, context);

    private async Task<T> MapAsync<T>(Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (Exception e)
        {
            throw Map(e, context);
        }
    }

    private RpcException Map(Exception e, ServerCallContext context)
    {
        switch (e)
        {
            case RpcException known:
                return known.Trailers.Count > 0 ? known : Detailed(known.StatusCode, known.Status.Detail, Reason(known.StatusCode), IsTransient(known.StatusCode));
            case StoreUnreachableException:
                return Detailed(StatusCode.Unavailable, e.Message, "STORE_UNREACHABLE", true);
            case StoreCorruptException:
                return Detailed(StatusCode.DataLoss, e.Message, "STORE_CORRUPT", false);
            case InvalidProtocolBufferException:
                return Detailed(StatusCode.InvalidArgument, $"The request could not be read: {e.Message}", "INVALID_ARGUMENT", false);
            case ArgumentException:
                return Detailed(StatusCode.InvalidArgument, e.Message, "INVALID_ARGUMENT", false);
            case IOException when context.CancellationToken.IsCancellationRequested || e is ConnectionResetException || e.InnerException is ConnectionAbortedException:
                return Detailed(StatusCode.Cancelled, "The caller reset the stream.", "CANCELLED", false);
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return context.Deadline < DateTime.UtcNow
                    ? Detailed(StatusCode.DeadlineExceeded, "The call's deadline has passed; the job, if one was accepted, goes on.", "DEADLINE_EXCEEDED", true)
                    : Detailed(StatusCode.Cancelled, "The caller left; the job, if one was accepted, goes on.", "CANCELLED", false);
            default:
                var id = Guid.NewGuid().ToString("N")[..12];
                LogFailure(context.Method, id, e);
                return Detailed(StatusCode.Internal, $"The call failed inside the platform (error {id}). The log of this host says more.", "INTERNAL", false);
        }
    }

    private static RpcException Detailed(StatusCode code, string message, string reason, bool transient)
    {
        var info = new ErrorInfo { Reason = reason, Domain = "platform" };
        info.Metadata["transient"] = transient ? "true" : "false";
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        status.Details.Add(Any.Pack(info));
        return new RpcException(new Grpc.Core.Status(code, message), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    private static string Reason(StatusCode code) => System.Text.RegularExpressions.Regex.Replace(code.ToString(), "(?<=[a-z])(?=[A-Z])", "_").ToUpperInvariant();

    private static bool IsTransient(StatusCode code) => code is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.DeadlineExceeded;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed (error {ErrorId}).")]
    private partial void LogFailure(string method, string errorId, Exception e);
}
