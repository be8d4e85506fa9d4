using System.Globalization;

namespace Platform.Maya;

/// <summary>Hours of the local day in which nothing goes out, such as 22:00-07:00. The end is the first minute that may be used.</summary>
/// <param name="From">First quiet minute of the day.</param>
/// <param name="To">First minute after.</param>
internal readonly record struct QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>Whether a time lies in them, by its own offset.</summary>
    public bool Contains(DateTimeOffset at) => Contains(TimeOnly.FromTimeSpan(at.TimeOfDay));

    /// <summary>Whether a time of day lies in them.</summary>
    public bool Contains(TimeOnly time) => From != To && time.IsBetween(From, To);

    /// <summary>Reads "HH:mm-HH:mm"; null when empty.</summary>
    /// <exception cref="ArgumentException">It is no such span.</exception>
    public static QuietHours? Read(string text)
    {
        if (text.Length == 0)
            return null;
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (text.Length <= 20 && parts.Length == 2 && Time(parts[0]) is { } from && Time(parts[1]) is { } to)
            return new(from, to);
        throw new ArgumentException($"quiet_hours is '{(text.Length > 40 ? text[..40] : text)}'; use two times such as 22:00-07:00.");
    }

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
