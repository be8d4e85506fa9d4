using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Platform.Maya;

/// <summary>The slots of a campaign.</summary>
/// <param name="Slots">Slots, in order.</param>
/// <param name="Source">Where they come from.</param>
internal sealed record CampaignSlots(IReadOnlyList<Slot> Slots, string Source)
{
    /// <summary>The brief names them.</summary>
    public const string Given = "given";

    /// <summary>Hours that did best in the account's own history.</summary>
    public const string History = "history";

    /// <summary>Common hours that nobody measured for this account.</summary>
    public const string Default = "default";
}

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

    /// <summary>Reads the slots.</summary>
    /// <param name="fields">Fields of the brief.</param>
    /// <param name="zone">Time zone of the campaign.</param>
    /// <param name="now">Present time; counted slots begin on the next day.</param>
    /// <param name="bestHours">Hours that did best in the account's own history; empty when there is none.</param>
    public static CampaignSlots Read(BriefFields fields, TimeZoneInfo zone, DateTimeOffset now, IReadOnlyList<int> bestHours)
    {
        var quiet = Quiet(fields);
        var source = bestHours.Count > 0 ? CampaignSlots.History : CampaignSlots.Default;
        var hours = Hours(bestHours.Count > 0 ? bestHours : DefaultHours, quiet);
        return fields.Find("slots") switch
        {
            null => new(Counted(1, hours, zone, now), source),
            YamlSequenceNode list => new(Listed(fields, list, zone, quiet), CampaignSlots.Given),
            YamlMappingNode group when new BriefFields(group) is var inner && inner.Find("start") is not null => new(Stepped(inner, zone, quiet), CampaignSlots.Given),
            YamlMappingNode group => new(Counted(Count(new BriefFields(group)), hours, zone, now), source),
            _ => new(Counted((int)fields.Number("slots", 1, 1, MaxSlots), hours, zone, now), source),
        };
    }

    private static int Count(BriefFields fields)
    {
        fields.AllowOnly(["count"]);
        return (int)fields.Number("count", 1, 1, MaxSlots);
    }

    private static QuietHours? Quiet(BriefFields fields)
    {
        try
        {
            return QuietHours.Read(fields.Text("quiet_hours", 40));
        }
        catch (ArgumentException e) when (e is not BriefException)
        {
            throw new BriefException(e.Message);
        }
    }

    /// <summary>Hours outside the quiet ones; when none is left, the first hour after them.</summary>
    private static int[] Hours(IReadOnlyList<int> wanted, QuietHours? quiet)
    {
        int[] hours = [.. wanted.Where(hour => quiet?.Contains(new TimeOnly(hour, 0)) != true).Order()];
        return hours.Length > 0 ? hours : [(quiet!.Value.To.Hour + (quiet.Value.To.Minute > 0 ? 1 : 0)) % 24];
    }

    private static List<Slot> Counted(int count, IReadOnlyList<int> hours, TimeZoneInfo zone, DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        return [.. Enumerable.Range(0, count).Select(i => At(day.AddDays(i / hours.Count).AddHours(hours[i % hours.Count]), zone))];
    }

    private static List<Slot> Listed(BriefFields fields, YamlSequenceNode list, TimeZoneInfo zone, QuietHours? quiet)
    {
        if (list.Children.Count is 0 or > MaxSlots)
            throw new BriefException($"slots (line {list.Start.Line}) has {list.Children.Count} entries; it must have 1 to {MaxSlots:N0}.");
        List<Slot> slots = [.. list.Children.Select(item => Parse(fields, "slots", BriefFields.Scalar("slots", item), zone)).Distinct().OrderBy(s => s.At)];
        return slots.Find(slot => quiet?.Contains(slot.At) == true) is { At: var at } && at != default
            ? throw fields.Wrong("slots", new Slot(at).Text, "it lies in quiet_hours; choose another time or other quiet hours")
            : slots;
    }

    /// <summary>A step that ends up in the quiet hours waits until they are over.</summary>
    private static List<Slot> Stepped(BriefFields fields, TimeZoneInfo zone, QuietHours? quiet)
    {
        fields.AllowOnly(["count", "start", "every"]);
        var count = (int)fields.Number("count", 1, 1, MaxSlots);
        var start = Parse(fields, "start", fields.Text("start", 40, required: true), zone).At;
        var every = Step(fields);
        var local = TimeZoneInfo.ConvertTime(start, zone).DateTime;
        return [.. Enumerable.Range(0, count).Select(i => At(Awake(local + (every * i), quiet), zone)).Distinct()];
    }

    private static DateTime Awake(DateTime local, QuietHours? quiet)
    {
        if (quiet is not { } hours || !hours.Contains(TimeOnly.FromDateTime(local)))
            return local;
        var end = local.Date + hours.To.ToTimeSpan();
        return end > local ? end : end.AddDays(1);
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
