using System.Globalization;

namespace Platform.Metrics.Pages;

/// <summary>Figures in words: short, with their unit, the same in every culture.</summary>
internal static class Format
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A duration in milliseconds.</summary>
    public static string Ms(double ms) => ms switch
    {
        0 => "–",
        < 10 => ms.ToString("0.0 'ms'", Culture),
        < 1000 => ms.ToString("0 'ms'", Culture),
        < 60_000 => (ms / 1000).ToString("0.00 's'", Culture),
        < 3_600_000 => TimeSpan.FromMilliseconds(ms).ToString(@"m\:ss' min'", Culture),
        _ => TimeSpan.FromMilliseconds(ms).TotalHours.ToString("0.0 'h'", Culture),
    };

    /// <summary>A count.</summary>
    public static string Count(long count) => count.ToString("#,0", Culture);

    /// <summary>An amount in US dollars; small ones with four decimals.</summary>
    public static string Usd(double usd) => (usd < 0 ? "−$" : "$") + Math.Abs(usd).ToString(usd != 0 && Math.Abs(usd) < 1 ? "0.0000" : "#,0.00", Culture);

    /// <summary>An amount in US dollars to the cent.</summary>
    public static string Cents(double usd) => (usd < 0 ? "−$" : "$") + Math.Abs(usd).ToString("#,0.00", Culture);

    /// <summary>A duration since something began, with its sign.</summary>
    public static string Since(double ms) => "+" + (ms < 1000 ? Math.Max(0, ms).ToString("0 'ms'", Culture) : (ms / 1000).ToString("0.0 's'", Culture));

    /// <summary>A share of a whole; a dash when there is no whole.</summary>
    public static string Share(long part, long whole) => whole == 0 ? "–" : (100.0 * part / whole).ToString("0.#", Culture) + "%";

    /// <summary>A share from 0 to 1 in percent.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.##", Culture) + "%";

    /// <summary>A share of a whole as a number; NaN, which charts leave out, when there is no whole.</summary>
    public static double Part(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;

    /// <summary>A number as an input field takes it.</summary>
    public static string Number(double value) => value.ToString("0.######", Culture);

    /// <summary>An instant as machines read it.</summary>
    public static string Iso(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", Culture);

    /// <summary>The first characters of a text.</summary>
    public static string Short(string text, int most = 120) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
}
