using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;
using Platform.Simulator.OpenAi;

namespace Platform.Simulator.Cerebras;

/// <summary>The Cerebras chat API as of autumn 2026.</summary>
internal sealed class CerebrasApi(bool mixesJson) : IApi
{
    private const string Invalid = "invalid_request_error";

    public SimulatorEngine Engine => SimulatorEngine.Cerebras;

    public ApiError? Authorize(IHeaderDictionary headers, string? expectedKey)
    {
        var header = headers.Authorization.ToString();
        if (header.Length == 0)
            return ApiError.Json(403, json => Write(json, ("detail", "Not authenticated")));
        var key = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        return key.Length == 0 || (expectedKey is not null && key != expectedKey) ? Error(Refusal.WrongKey, "", 0) : null;
    }

    public ReadResult Read(JsonElement body)
    {
        var fields = new JsonFields();
        var request = ChatBody.Read(body, fields);
        if (body.ValueKind == JsonValueKind.Object)
            CerebrasRules.Check(body, mixesJson, fields);
        return request is null || fields.Failed
            ? Flat(400, fields.Problems, Invalid, fields.Param ?? "validation_error", "wrong_api_format")
            : request;
    }

    public ApiError Error(Refusal refusal, string detail, double retryAfterSeconds) => refusal switch
    {
        Refusal.BadRequest => Flat(400, detail, Invalid, "validation_error", "wrong_api_format"),
        Refusal.ContextLength => Flat(400, $"Please reduce the length of the messages or completion. {detail}", Invalid, "messages", "context_length_exceeded"),
        Refusal.TooLarge => Flat(413, detail, Invalid, "", "request_too_large"),
        Refusal.WrongKey => Flat(401, "Wrong API Key", Invalid, "api_key", "wrong_api_key"),
        Refusal.PaymentRequired => Flat(402, "Payment required to access this resource. Visit your billing tab.", "payment_required_error", "quota", "payment_required", ("x-should-retry", "false")),
        Refusal.UnknownModel => Flat(404, $"Model {detail} does not exist or you do not have access to it.", "not_found_error", "model", "model_not_found"),
        Refusal.ArchivedModel => Flat(404, $"Model {detail} is archived and unavailable for the organization.", "model_archived_error", "model", "model_archived"),
        Refusal.Timeout => Flat(408, "The request timed out, please try again.", "timeout_error", "", ""),
        Refusal.Unprocessable => Flat(422, "Timed out while updating the structured output state machine", Invalid, "response_format", "wrong_api_format"),
        Refusal.Overloaded => Flat(429, "We're experiencing high traffic right now! Please try again soon.", "too_many_requests_error", "queue", "queue_exceeded", ("x-should-retry", "false")),
        Refusal.RequestQuota => Flat(429, "Requests per minute limit exceeded - too many requests sent.", "too_many_requests_error", "quota", "request_quota_exceeded", After(retryAfterSeconds)),
        Refusal.TokenQuota => Flat(429, "Tokens per minute limit exceeded - too many tokens processed.", "too_many_tokens_error", "quota", "token_quota_exceeded", After(retryAfterSeconds)),
        Refusal.TotalTokenQuota => Flat(429, "Total tokens per minute limit exceeded - too many tokens processed.", "too_many_tokens_error", "quota", "token_quota_exceeded", After(retryAfterSeconds)),
        Refusal.LongQuota => Flat(429, "Tokens per day limit exceeded - too many tokens processed.", "too_many_tokens_error", "quota", "token_quota_exceeded", After(retryAfterSeconds)),
        Refusal.Unavailable => Flat(503, "Service unavailable, please try again.", "service_unavailable_error", "", ""),
        Refusal.BadGateway => ApiError.BadGateway,
        _ => Flat(500, ServerErrorText, "server_error", "", ""),
    };

    public void WriteAnswer(Utf8JsonWriter json, Exchange exchange) => CerebrasWriter.Answer(json, exchange);

    public IEnumerable<StreamFrame> WriteStream(SseBuffer buffer, Exchange exchange) => CerebrasWriter.Stream(buffer, exchange);

    public ReadOnlyMemory<byte> WriteStreamError(SseBuffer buffer)
    {
        // Inside a stream the error is wrapped, unlike every other error of this API.
        var json = buffer.Open();
        json.WriteStartObject();
        json.WriteNumber("status_code", 500);
        json.WritePropertyName("error");
        Write(json, ("message", ServerErrorText), ("type", "server_error"), ("param", ""), ("code", ""), ("id", ""));
        json.WriteEndObject();
        return buffer.Close();
    }

    public void AddRateHeaders(IHeaderDictionary headers, IReadOnlyList<RateReading> readings, DateTimeOffset now)
    {
        foreach (var reading in readings)
        {
            var name = $"{reading.Unit}-{reading.Window}";
            headers["x-ratelimit-limit-" + name] = reading.Limit.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-remaining-" + name] = reading.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-reset-" + name] = reading.ResetSeconds.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private const string ServerErrorText = "Encountered a server error, please try again.";

    private static (string, string) After(double seconds) => ("retry-after", Math.Max(1, (long)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture));

    private static ApiError Flat(int status, string message, string type, string param, string code, params (string, string)[] headers) =>
        ApiError.Json(status, json => Write(json, ("message", message), ("type", type), ("param", param), ("code", code)), headers);

    private static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
