using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Http;

/// <summary>Why a call is refused; each API has its own status and words for it.</summary>
internal enum Refusal
{
    BadRequest,
    ContextLength,
    TooLarge,
    WrongKey,
    PaymentRequired,
    UnknownModel,
    ArchivedModel,
    Timeout,
    Unprocessable,
    Overloaded,
    RequestQuota,
    TokenQuota,
    TotalTokenQuota,
    LongQuota,
    ServerError,
    BadGateway,
    Unavailable,
}

/// <summary>A complete error answer.</summary>
internal sealed record ApiError(int Status, byte[] Body, string ContentType, (string Name, string Value)[] Headers)
{
    /// <summary>What the edge in front of every API says when nothing answers behind it: HTML, not JSON.</summary>
    public static ApiError BadGateway { get; } = new(502, "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>simulator</center></body></html>"u8.ToArray(), "text/html", []);

    public static ApiError Json(int status, Action<Utf8JsonWriter> write, params (string Name, string Value)[] headers) =>
        new(status, JsonText.Bytes(write), "application/json", headers);
}

/// <summary>What came of reading a request body: a request, or the error that the API gives.</summary>
internal readonly record struct ReadResult(ChatRequest? Request, ApiError? Error)
{
    public static implicit operator ReadResult(ChatRequest request) => new(request, null);

    public static implicit operator ReadResult(ApiError error) => new(null, error);
}

/// <summary>One event of a stream. The bytes are valid until the next event is asked for.</summary>
internal readonly record struct StreamFrame(ReadOnlyMemory<byte> Bytes, FramePhase Phase, int Tokens);

/// <summary>Where in a stream an event stands: before the first token, a token, or after the last.</summary>
internal enum FramePhase
{
    Opening,
    Token,
    Closing,
}

/// <summary>One HTTP API: reads its bodies, writes its answers, speaks its errors. It decides nothing.</summary>
internal interface IApi
{
    SimulatorEngine Engine { get; }

    /// <summary>The error for missing or wrong credentials, or null.</summary>
    ApiError? Authorize(IHeaderDictionary headers, string? expectedKey);

    ReadResult Read(JsonElement body);

    /// <summary>The API's own error. <paramref name="detail"/> fills in where the text depends on the request.</summary>
    ApiError Error(Refusal refusal, string detail, double retryAfterSeconds);

    void WriteAnswer(Utf8JsonWriter json, Exchange exchange);

    IEnumerable<StreamFrame> WriteStream(SseBuffer buffer, Exchange exchange);

    /// <summary>The event that reports an error inside a running stream.</summary>
    ReadOnlyMemory<byte> WriteStreamError(SseBuffer buffer);

    void AddRateHeaders(IHeaderDictionary headers, IReadOnlyList<RateReading> readings, DateTimeOffset now);
}
