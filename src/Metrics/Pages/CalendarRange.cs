using System.Globalization;

namespace Platform.Metrics.Pages;

/// <summary>The stretch of days that a calendar shows: whole weeks from Monday for a month, seven days, or one day.</summary>
/// <param name="View">One of <see cref="Views"/>.</param>
/// <param name="On">The day that it is about.</param>
internal sealed record CalendarRange(string View, DateOnly On)
{
    /// <summary>A month in whole weeks.</summary>
    public const string Month = "month";

    /// <summary>Monday to Sunday.</summary>
    public const string Week = "week";

    /// <summary>One day with every text.</summary>
    public const string Day = "day";

    /// <summary>The views there are; the first is the usual one.</summary>
    public static readonly IReadOnlyList<string> Views = [Month, Week, Day];

    private const string DayFormat = "yyyy-MM-dd";
    private const int DaysOfWeek = 7;

    // Far enough from both ends of the calendar that a month before or after is a date too.
    private static readonly DateOnly Earliest = new(1970, 1, 1);
    private static readonly DateOnly Latest = new(9000, 12, 31);

    /// <summary>First day shown.</summary>
    public DateOnly From => View switch
    {
        Day => On,
        Week => Monday(On),
        _ => Monday(FirstOfMonth(On)),
    };

    /// <summary>Last day shown.</summary>
    public DateOnly To => View switch
    {
        Day => On,
        Week => Monday(On).AddDays(DaysOfWeek - 1),
        _ => Monday(FirstOfMonth(On).AddMonths(1).AddDays(-1)).AddDays(DaysOfWeek - 1),
    };

    /// <summary>Every day shown.</summary>
    public IEnumerable<DateOnly> Days => Enumerable.Range(0, To.DayNumber - From.DayNumber + 1).Select(From.AddDays);

    /// <summary>The same view one step back.</summary>
    public CalendarRange Before => Step(-1);

    /// <summary>The same view one step on.</summary>
    public CalendarRange After => Step(1);

    /// <summary>What is shown, in words.</summary>
    public string Title => View switch
    {
        Day => On.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture),
        Week => $"{From.ToString("d MMM", CultureInfo.InvariantCulture)} – {To.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}",
        _ => On.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
    };

    /// <summary>Reads what an address asks for; what cannot be read is the usual view of today.</summary>
    public static CalendarRange Read(string? view, string? on, DateOnly today)
    {
        var day = DateOnly.TryParseExact(on, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var given) && given >= Earliest && given <= Latest ? given : today;
        return new CalendarRange(view is not null && Views.Contains(view) ? view : Month, day);
    }

    /// <summary>A day as addresses spell it.</summary>
    public static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <summary>Whether a day belongs to what is shown, and does not only fill its first or last week.</summary>
    public bool IsOwn(DateOnly day) => View != Month || (day.Month == On.Month && day.Year == On.Year);

    private CalendarRange Step(int by) => this with
    {
        On = View switch
        {
            Day => On.AddDays(by),
            Week => On.AddDays(by * DaysOfWeek),
            _ => FirstOfMonth(On).AddMonths(by),
        },
    };

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + DaysOfWeek - 1) % DaysOfWeek));
}
