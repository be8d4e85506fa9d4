using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.OpenAi;

/// <summary>A generic OpenAI-compatible server: takes unknown properties, wraps its errors, needs no key unless one is set.</summary>
internal sealed class OpenAiApi : IApi
{
    private const string Invalid = "invalid_request_error";
    private const string ServerErrorText = "The server had an error while processing your request.";

    public SimulatorEngine Engine => SimulatorEngine.OpenAi;

    public ApiError? Authorize(IHeaderDictionary headers, string? expectedKey) =>
        expectedKey is null || headers.Authorization.ToString() == "Bearer " + expectedKey ? null : Error(Refusal.WrongKey, "", 0);

    public ReadResult Read(JsonElement body)
    {
        var fields = new JsonFields();
        return ChatBody.Read(body, fields) is { } request ? request : Wrapped(400, fields.Problems, Invalid, fields.Param, null);
    }

    public ApiError Error(Refusal refusal, string detail, double retryAfterSeconds) => refusal switch
    {
        Refusal.BadRequest => Wrapped(400, detail, Invalid, null, null),
        Refusal.ContextLength => Wrapped(400, $"This model's maximum context length is exceeded. {detail}", Invalid, "messages", "context_length_exceeded"),
        Refusal.TooLarge => Wrapped(413, detail, Invalid, null, null),
        Refusal.WrongKey => Wrapped(401, "Incorrect API key provided.", Invalid, null, "invalid_api_key"),
        Refusal.PaymentRequired => Wrapped(402, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, "insufficient_quota", ("x-should-retry", "false")),
        Refusal.UnknownModel or Refusal.ArchivedModel => Wrapped(404, $"The model `{detail}` does not exist.", Invalid, "model", "model_not_found"),
        Refusal.Timeout => Wrapped(408, "Request timed out.", "timeout_error", null, null),
        Refusal.Unprocessable => Wrapped(422, "The request could not be processed.", Invalid, null, null),
        Refusal.Overloaded => Wrapped(503, "The engine is currently overloaded, please try again later.", "server_error", null, "overloaded"),
        Refusal.RequestQuota => Wrapped(429, "Rate limit reached for requests.", "requests", null, "rate_limit_exceeded", After(retryAfterSeconds)),
        Refusal.TokenQuota or Refusal.TotalTokenQuota => Wrapped(429, "Rate limit reached for tokens.", "tokens", null, "rate_limit_exceeded", After(retryAfterSeconds)),
        Refusal.LongQuota => Wrapped(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, "insufficient_quota"),
        Refusal.Unavailable => Wrapped(503, "Loading model", "unavailable_error", null, null),
        Refusal.BadGateway => ApiError.BadGateway,
        _ => Wrapped(500, ServerErrorText, "server_error", null, null),
    };

    public void WriteAnswer(Utf8JsonWriter json, Exchange exchange) => OpenAiWriter.Answer(json, exchange);

    public IEnumerable<StreamFrame> WriteStream(SseBuffer buffer, Exchange exchange) => OpenAiWriter.Stream(buffer, exchange);

    public ReadOnlyMemory<byte> WriteStreamError(SseBuffer buffer)
    {
        WriteError(buffer.Open(), ServerErrorText, "server_error", null, null);
        return buffer.Close();
    }

    public void AddRateHeaders(IHeaderDictionary headers, IReadOnlyList<RateReading> readings, DateTimeOffset now)
    {
        foreach (var reading in readings.Where(reading => reading.Window == "minute"))
        {
            headers["x-ratelimit-limit-" + reading.Unit] = reading.Limit.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-remaining-" + reading.Unit] = reading.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["x-ratelimit-reset-" + reading.Unit] = string.Create(CultureInfo.InvariantCulture, $"{reading.ResetSeconds:0.###}s");
        }
    }

    private static (string, string) After(double seconds) => ("retry-after", Math.Max(1, (long)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture));

    private static ApiError Wrapped(int status, string message, string type, string? param, string? code, params (string, string)[] headers) =>
        ApiError.Json(status, json => WriteError(json, message, type, param, code), headers);

    private static void WriteError(Utf8JsonWriter json, string message, string type, string? param, string? code)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteString("param", param);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
