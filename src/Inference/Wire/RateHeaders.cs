using System.Globalization;
using System.Net.Http.Headers;

namespace Platform.Inference;

/// <summary>Reads how long a server asks to wait. Absent or strange headers are no error.</summary>
internal static class RateHeaders
{
    /// <summary>A quota of a minute never asks for more; what does is an hour's or a day's.</summary>
    private static readonly TimeSpan MinuteQuota = TimeSpan.FromMinutes(2);

    /// <summary>The shorter of <c>retry-after</c> and the reset of the minute's quota that was hit: some servers send a round figure in the first.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders? headers, FailureKind kind)
    {
        if (headers is null)
            return null;
        var asked = Milliseconds(headers) ?? Asked(headers.RetryAfter);
        var reset = kind switch
        {
            FailureKind.TokenQuota => Seconds(headers, "x-ratelimit-reset-tokens-minute"),
            FailureKind.RequestQuota => Seconds(headers, "x-ratelimit-reset-requests-minute"),
            _ => null,
        };
        return asked is null ? reset : asked <= MinuteQuota && reset is { } other && other > TimeSpan.Zero && other < asked ? other : asked;
    }

    private static TimeSpan? Asked(RetryConditionHeaderValue? value) =>
        value?.Delta ?? (value?.Date is { } date ? Positive(date - DateTimeOffset.UtcNow) : null);

    private static TimeSpan? Milliseconds(HttpResponseHeaders headers) => Number(headers, "retry-after-ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static TimeSpan? Seconds(HttpResponseHeaders headers, string name) => Number(headers, name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and < 1e9
            ? number
            : null;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
