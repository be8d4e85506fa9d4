using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Platform.Inference;

/// <summary>
/// Reads errors in every shape that servers of the OpenAI family send (flat, wrapped, <c>detail</c>, HTML of the edge, nothing)
/// and classifies them by status, then code, then type; never by wording, which may change.
/// </summary>
internal static class WireErrors
{
    private const int LongestMessage = 400;

    /// <summary>The failure behind a status and a body.</summary>
    public static EngineException Of(string engine, int status, string body, HttpResponseHeaders? headers)
    {
        var error = ErrorBody.Parse(body);
        var kind = Classify(status, error);
        var retry = RateHeaders.RetryAfter(headers, kind);
        return new EngineException(kind, Describe(engine, status, error))
        {
            Status = status,
            RetryAfter = retry,
            Final = headers is not null && headers.TryGetValues("x-should-retry", out var values) && values.Contains("false"),
        };
    }

    /// <summary>The failure behind an error event inside a stream, whose HTTP status was 200.</summary>
    public static EngineException InStream(string engine, WireAnswer chunk)
    {
        var error = ErrorBody.Read(chunk.Error);
        var kind = chunk.StatusCode is { } status and >= 400 and < 500 ? Classify(status, error) : FailureKind.StreamError;
        return new EngineException(kind, Describe(engine, chunk.StatusCode ?? 0, error)) { Status = chunk.StatusCode, InStream = true };
    }

    private static FailureKind Classify(int status, ErrorBody error) => status switch
    {
        400 or 413 when IsContextOverflow(error) => FailureKind.ContextOverflow,
        400 or 413 => FailureKind.BadRequest,
        401 or 403 => FailureKind.Unauthorized,
        402 => FailureKind.PaymentRequired,
        404 => FailureKind.ModelGone,
        408 or 409 => FailureKind.Network,
        422 => FailureKind.Schema,
        429 => ClassifyTooMany(error),
        529 => FailureKind.QueuePressure,
        >= 500 => FailureKind.ServerError,
        _ => FailureKind.BadRequest,
    };

    private static FailureKind ClassifyTooMany(ErrorBody error) => error.Code switch
    {
        "queue_exceeded" => FailureKind.QueuePressure,
        "request_quota_exceeded" => FailureKind.RequestQuota,
        "token_quota_exceeded" => FailureKind.TokenQuota,
        "insufficient_quota" or "enforced_spend_limit_reached" => FailureKind.PaymentRequired,
        _ when error.Type == "too_many_tokens_error" => FailureKind.TokenQuota,
        _ when error.Type == "overloaded_error" => FailureKind.QueuePressure,
        _ => FailureKind.RequestQuota,
    };

    // The message is read for this one case only: servers give it no code of its own, and a retry would never help.
    private static bool IsContextOverflow(ErrorBody error) =>
        error.Code is "context_length_exceeded" || error.Type is "exceed_context_size_error"
        || error.Message.Contains("context length", StringComparison.OrdinalIgnoreCase)
        || error.Message.StartsWith("Please reduce the length of the messages", StringComparison.Ordinal);

    private static string Describe(string engine, int status, ErrorBody error)
    {
        var what = error.Message.Length == 0 ? "no explanation" : error.Message.Length > LongestMessage ? error.Message[..LongestMessage] + "..." : error.Message;
        var code = error.Code.Length > 0 ? error.Code : error.Type;
        return string.Create(CultureInfo.InvariantCulture, $"{engine} answered {status}{(code.Length > 0 ? $" {code}" : "")}: {what}");
    }
}

/// <summary>What an error body says, whatever its shape.</summary>
internal readonly record struct ErrorBody(string Message, string Type, string Code)
{
    private static readonly ErrorBody Nothing = new("", "", "");

    public static ErrorBody Parse(string body)
    {
        if (body.AsSpan().TrimStart() is not ['{', ..])
            return Nothing with { Message = body.Contains('<', StringComparison.Ordinal) ? "an HTML page instead of an answer" : body.Trim() };
        try
        {
            using var json = JsonDocument.Parse(body);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return Nothing with { Message = "an error that is no valid JSON" };
        }
    }

    public static ErrorBody Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
            return Nothing with { Message = json.GetString()! };
        if (json.ValueKind != JsonValueKind.Object)
            return Nothing;
        if (json.TryGetProperty("error", out var wrapped) && wrapped.ValueKind is JsonValueKind.Object or JsonValueKind.String)
            return Read(wrapped);
        var message = Text(json, "message");
        var code = json.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object ? Text(details, "error_code") : Text(json, "code");
        return new(message.Length > 0 ? message : Text(json, "detail"), Text(json, "type"), code);
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null => "",
            _ => value.GetRawText(),
        }
        : "";
}
