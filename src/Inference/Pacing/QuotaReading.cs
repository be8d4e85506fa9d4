using System.Globalization;
using System.Net.Http.Headers;

namespace Platform.Inference;

/// <summary>What an engine counts.</summary>
internal enum QuotaUnit
{
    /// <summary>Calls.</summary>
    Requests,

    /// <summary>Tokens: prompt and reserved output.</summary>
    Tokens,
}

/// <summary>One cell of the header grid by which an engine says how much of a quota is left.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Window">Time in which the whole quota refills.</param>
/// <param name="Limit">The whole quota.</param>
/// <param name="Remaining">What is left of it.</param>
internal readonly record struct QuotaReading(QuotaUnit Unit, TimeSpan Window, double Limit, double Remaining)
{
    private static readonly (string Name, TimeSpan Window)[] Windows =
        [("-minute", TimeSpan.FromMinutes(1)), ("-hour", TimeSpan.FromHours(1)), ("-day", TimeSpan.FromDays(1)), ("", TimeSpan.FromMinutes(1))];

    /// <summary>Every cell that the headers have, in the spelling of Cerebras or of Anthropic. Absent or strange ones are no error.</summary>
    public static IReadOnlyList<QuotaReading> From(HttpResponseHeaders headers)
    {
        List<QuotaReading>? found = null;
        foreach (var unit in new[] { QuotaUnit.Requests, QuotaUnit.Tokens })
        {
            var name = unit == QuotaUnit.Requests ? "requests" : "tokens";
            foreach (var (suffix, window) in Windows)
                Add(ref found, unit, window, Number(headers, $"x-ratelimit-limit-{name}{suffix}"), Number(headers, $"x-ratelimit-remaining-{name}{suffix}"));
            Add(ref found, unit, TimeSpan.FromMinutes(1), Number(headers, $"anthropic-ratelimit-{name}-limit"), Number(headers, $"anthropic-ratelimit-{name}-remaining"));
        }

        return found ?? [];
    }

    private static void Add(ref List<QuotaReading>? found, QuotaUnit unit, TimeSpan window, double? limit, double? remaining)
    {
        if (limit is > 0 && remaining is { } left)
            (found ??= []).Add(new QuotaReading(unit, window, limit.Value, left));
    }

    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and < 1e12
            ? number
            : null;
}
