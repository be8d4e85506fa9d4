using System.Globalization;

namespace Platform.Cli;

/// <summary>Reads times that a user writes: "30d", "12h", "90m" from now, a date, or ISO 8601. Without an offset it is UTC.</summary>
internal static class PointInTime
{
    private const int LongestDays = 36_500;

    /// <summary>Milliseconds since 1970 UTC; 0 when nothing is given.</summary>
    /// <param name="option">Option, for the error.</param>
    /// <param name="text">What was written.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="CommandException">It is no time.</exception>
    public static long Read(string option, string? text, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(text))
            return 0;
        if (Span(text) is { } span)
            return (now + span).ToUnixTimeMilliseconds();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeMilliseconds()
            : throw new CommandException(ExitCodes.WrongUsage, $"{option} '{text}' is no time; give one such as 30d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z.");
    }

    private static TimeSpan? Span(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > LongestDays)
            return null;
        return text[^1] switch
        {
            'd' => TimeSpan.FromDays(count),
            'h' => TimeSpan.FromHours(count),
            'm' => TimeSpan.FromMinutes(count),
            _ => null,
        };
    }
}
