using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Anthropic;

/// <summary>The Anthropic Messages API, version 2023-06-01.</summary>
internal sealed class AnthropicApi : IApi
{
    private const string Invalid = "invalid_request_error";

    public SimulatorEngine Engine => SimulatorEngine.Anthropic;

    public ApiError? Authorize(IHeaderDictionary headers, string? expectedKey)
    {
        var bearer = headers.Authorization.ToString();
        var key = headers["x-api-key"].ToString() is { Length: > 0 } own ? own : bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..].Trim() : "";
        if (key.Length == 0)
            return Wrapped(401, "authentication_error", "x-api-key header is required");
        if (expectedKey is not null && key != expectedKey)
            return Error(Refusal.WrongKey, "", 0);
        return headers.ContainsKey("anthropic-version") ? null : Wrapped(400, Invalid, "anthropic-version: header is required");
    }

    public ReadResult Read(JsonElement body)
    {
        var fields = new JsonFields();
        return MessagesBody.Read(body, fields) is { } request ? request : Wrapped(400, Invalid, fields.Problems);
    }

    public ApiError Error(Refusal refusal, string detail, double retryAfterSeconds) => refusal switch
    {
        Refusal.BadRequest => Wrapped(400, Invalid, detail),
        Refusal.ContextLength => Wrapped(400, Invalid, $"prompt is too long. {detail}"),
        Refusal.TooLarge => Wrapped(413, "request_too_large", "Request exceeds the maximum size"),
        Refusal.WrongKey => Wrapped(401, "authentication_error", "invalid x-api-key"),
        Refusal.PaymentRequired => Wrapped(402, "billing_error", "Your credit balance is too low to access the API."),
        Refusal.UnknownModel or Refusal.ArchivedModel => Wrapped(404, "not_found_error", $"model: {detail}"),
        Refusal.Timeout => Wrapped(408, "timeout_error", "Request timed out"),
        Refusal.Unprocessable => Wrapped(422, Invalid, "The request could not be processed"),
        Refusal.Overloaded => Wrapped(529, "overloaded_error", "Overloaded"),
        Refusal.RequestQuota => Wrapped(429, "rate_limit_error", "This request would exceed your organization's rate limit of requests per minute.", null, After(retryAfterSeconds)),
        Refusal.TokenQuota or Refusal.TotalTokenQuota => Wrapped(429, "rate_limit_error", "This request would exceed your organization's rate limit of tokens per minute.", null, After(retryAfterSeconds)),
        Refusal.LongQuota => Wrapped(429, "rate_limit_error", "You have reached your specified API usage limits.", "enforced_spend_limit_reached"),
        Refusal.Unavailable => Wrapped(503, "api_error", "Service unavailable"),
        Refusal.BadGateway => ApiError.BadGateway,
        _ => Wrapped(500, "api_error", "Internal server error"),
    };

    public void WriteAnswer(Utf8JsonWriter json, Exchange exchange) => AnthropicWriter.Answer(json, exchange);

    public IEnumerable<StreamFrame> WriteStream(SseBuffer buffer, Exchange exchange) => AnthropicWriter.Stream(buffer, exchange);

    public ReadOnlyMemory<byte> WriteStreamError(SseBuffer buffer)
    {
        var json = buffer.Open("error");
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", "overloaded_error");
        json.WriteString("message", "Overloaded");
        json.WriteEndObject();
        json.WriteEndObject();
        return buffer.Close();
    }

    public void AddRateHeaders(IHeaderDictionary headers, IReadOnlyList<RateReading> readings, DateTimeOffset now)
    {
        foreach (var reading in readings.Where(reading => reading.Window == "minute"))
        {
            // Remaining tokens are rounded to thousands, and the reset is a time and not a duration.
            var remaining = reading.Unit == "tokens" ? reading.Remaining / 1000 * 1000 : reading.Remaining;
            headers[$"anthropic-ratelimit-{reading.Unit}-limit"] = reading.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{reading.Unit}-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{reading.Unit}-reset"] = now.AddSeconds(reading.ResetSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
    }

    private static (string, string) After(double seconds) => ("retry-after", Math.Max(1, (long)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture));

    private static ApiError Wrapped(int status, string type, string message, string? detailCode = null, params (string, string)[] headers)
    {
        var requestId = "req_" + new Dice(Dice.Hash(type + message)).Hex(24);
        return ApiError.Json(status, json => WriteError(json, type, message, detailCode, requestId), [("request-id", requestId), .. headers]);
    }

    private static void WriteError(Utf8JsonWriter json, string type, string message, string? detailCode, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", type);
        json.WriteString("message", message);
        if (detailCode is not null)
        {
            json.WriteStartObject("details");
            json.WriteString("error_code", detailCode);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }
}
