using System.Text.Json;
using Grpc.Core;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>What went wrong, as OpenAI's clients read it: they choose their exception by the status and show the message.</summary>
internal static class ChatErrors
{
    private const string Server = "server_error";
    private const string Invalid = "invalid_request_error";

    /// <summary>The error of an exception, or null for a defect that must not be told outside.</summary>
    public static ChatException? Of(Exception e) => e switch
    {
        ChatException known => known,
        RpcException refused => OfStatus(refused.StatusCode, refused.Status.Detail),
        StoreUnreachableException => new ChatException(503, Server, "store_unreachable", e.Message),
        JsonException => new ChatException(400, Invalid, "invalid_json", "The body is not valid JSON."),
        _ => null,
    };

    /// <summary>The error of a job that did not succeed.</summary>
    public static ChatException Of(string jobId, Failure failure)
    {
        var (status, type) = failure.Code switch
        {
            "engine_unavailable" or "no_engine" => (503, Server),
            "deadline" => (504, Server),
            "cost_limit" => (402, "insufficient_quota"),
            "context_too_large" => (400, Invalid),
            "refused" => (400, "content_filter"),
            "invalid_code" or "tests_failed" or "no_tests" => (422, "unverified"),
            "cancelled" => (409, "cancelled"),
            _ => (502, Server),
        };
        return new ChatException(status, type, failure.Code, failure.Message) { JobId = jobId };
    }

    private static ChatException OfStatus(StatusCode code, string message) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => new(400, Invalid, "invalid_value", message),
        StatusCode.Unauthenticated => new(401, Invalid, "invalid_api_key", message),
        StatusCode.PermissionDenied => new(403, Invalid, "permission_denied", message),
        StatusCode.NotFound => new(404, Invalid, "not_found", message),
        StatusCode.AlreadyExists or StatusCode.Aborted => new(409, Invalid, "conflict", message),
        StatusCode.ResourceExhausted => new(429, "rate_limit_error", "rate_limit_exceeded", message),
        StatusCode.Unavailable => new(503, Server, "unavailable", message),
        StatusCode.DeadlineExceeded => new(504, Server, "deadline", message),
        _ => new(500, Server, "internal", message),
    };
}
