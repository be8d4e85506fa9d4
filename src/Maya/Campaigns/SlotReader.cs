using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Platform.Maya;

/// <summary>
/// Reads when to publish: a number of slots, a list of times, or a count with start and step. Times without an offset are local
/// to the campaign's time zone, so that nine o'clock stays nine o'clock over a change of clocks.
/// </summary>
internal static class SlotReader
{
    private const int MaxSlots = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Hours that are used when the brief gives only a number: a common default, not a measured best time.</summary>
    private static readonly int[] DefaultHours = [9, 12, 17];

    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] OffsetFormats = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static IReadOnlyList<Slot> Read(BriefFields fields, TimeZoneInfo zone, DateTimeOffset now) => fields.Find("slots") switch
    {
        null => Counted(1, zone, now),
        YamlSequenceNode list => Listed(fields, list, zone),
        YamlMappingNode group => Stepped(new BriefFields(group), zone, now),
        _ => Counted((int)fields.Number("slots", 1, 1, MaxSlots), zone, now),
    };

    private static List<Slot> Counted(int count, TimeZoneInfo zone, DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        return [.. Enumerable.Range(0, count).Select(i => At(day.AddDays(i / DefaultHours.Length).AddHours(DefaultHours[i % DefaultHours.Length]), zone))];
    }

    private static List<Slot> Listed(BriefFields fields, YamlSequenceNode list, TimeZoneInfo zone)
    {
        if (list.Children.Count is 0 or > MaxSlots)
            throw new BriefException($"slots (line {list.Start.Line}) has {list.Children.Count} entries; it must have 1 to {MaxSlots:N0}.");
        return [.. list.Children.Select(item => Parse(fields, "slots", BriefFields.Scalar("slots", item), zone)).Distinct().OrderBy(s => s.At)];
    }

    private static List<Slot> Stepped(BriefFields fields, TimeZoneInfo zone, DateTimeOffset now)
    {
        fields.AllowOnly(["count", "start", "every"]);
        var count = (int)fields.Number("count", 1, 1, MaxSlots);
        if (fields.Find("start") is null)
            return Counted(count, zone, now);
        var start = Parse(fields, "start", fields.Text("start", 40, required: true), zone).At;
        var every = Step(fields);
        var local = TimeZoneInfo.ConvertTime(start, zone).DateTime;
        return [.. Enumerable.Range(0, count).Select(i => At(local + (every * i), zone))];
    }

    private static TimeSpan Step(BriefFields fields)
    {
        var text = fields.Text("every", 20);
        if (text.Length == 0)
            return TimeSpan.FromDays(1);
        var unit = text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero };
        var step = int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000 ? unit * number : TimeSpan.Zero;
        return step > TimeSpan.Zero && step <= Longest ? step : throw fields.Wrong("every", text, "use minutes, hours or days up to a year, such as 30m, 6h or 1d");
    }

    private static Slot Parse(BriefFields fields, string field, string text, TimeZoneInfo zone)
    {
        if (DateTimeOffset.TryParseExact(text, OffsetFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact))
            return new(exact);
        return DateTime.TryParseExact(text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? At(local, zone)
            : throw fields.Wrong(field, text, "use ISO 8601 such as 2026-12-01T09:00 (local to time_zone) or 2026-12-01T09:00+01:00");
    }

    /// <summary>A time that the clocks skip is moved on by the gap; of a time that comes twice the first is meant.</summary>
    private static Slot At(DateTime local, TimeZoneInfo zone)
    {
        var clock = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(clock))
            clock = clock.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(clock) ? zone.GetAmbiguousTimeOffsets(clock).Max() : zone.GetUtcOffset(clock);
        return new(new DateTimeOffset(clock, offset));
    }
}
