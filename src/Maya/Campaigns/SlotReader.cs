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
    private const int LastYear = 2200;
    private const int MostTurns = 4;
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
            null => new(Counted(1, hours, zone, now, quiet), source),
            YamlSequenceNode list => new(Listed(fields, list, zone, quiet), CampaignSlots.Given),
            YamlMappingNode group when new BriefFields(group) is var inner && inner.Find("start") is not null => new(Stepped(inner, zone, quiet), CampaignSlots.Given),
            YamlMappingNode group => new(Counted(Count(new BriefFields(group)), hours, zone, now, quiet), source),
            _ => new(Counted((int)fields.Number("slots", 1, 1, MaxSlots), hours, zone, now, quiet), source),
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

    private static List<Slot> Counted(int count, IReadOnlyList<int> hours, TimeZoneInfo zone, DateTimeOffset now, QuietHours? quiet)
    {
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        return [.. Enumerable.Range(0, count).Select(i => AwakeAt(day.AddDays(i / hours.Count).AddHours(hours[i % hours.Count]), zone, quiet))];
    }

    /// <summary>A time with an offset is quiet by the campaign's clock when the brief names one, else by its own.</summary>
    private static List<Slot> Listed(BriefFields fields, YamlSequenceNode list, TimeZoneInfo zone, QuietHours? quiet)
    {
        if (list.Children.Count is 0 or > MaxSlots)
            throw new BriefException($"slots (line {list.Start.Line}) has {list.Children.Count} entries; it must have 1 to {MaxSlots:N0}.");
        List<Slot> slots = [.. list.Children.Select(item => Parse(fields, "slots", BriefFields.Scalar("slots", item), zone)).Distinct().OrderBy(s => s.At)];
        var named = fields.Find("time_zone") is not null;
        return slots.Find(slot => quiet?.Contains(named ? TimeZoneInfo.ConvertTime(slot.At, zone) : slot.At) == true) is { At: var at } && at != default
            ? throw fields.Wrong("slots", new Slot(at).Text, "it lies in quiet_hours; choose another time or other quiet hours")
            : slots;
    }

    /// <summary>
    /// Steps of days keep the time of day over a change of clocks; shorter ones keep the time that passes. A step that ends up in the quiet hours waits until they
    /// are over, and the next one is the first after that, so that there are as many slots as were asked for.
    /// </summary>
    private static List<Slot> Stepped(BriefFields fields, TimeZoneInfo zone, QuietHours? quiet)
    {
        fields.AllowOnly(["count", "start", "every"]);
        var count = (int)fields.Number("count", 1, 1, MaxSlots);
        var start = TimeZoneInfo.ConvertTime(Parse(fields, "start", fields.Text("start", 40, required: true), zone).At, zone);
        var (every, days) = Step(fields);
        if (start.Year + (every.TotalDays * count / 365) > LastYear)
            throw fields.Wrong("count", count.ToString(CultureInfo.InvariantCulture), $"with this step the last slot would lie after the year {LastYear}");
        var slots = new List<Slot>(count);
        for (var (local, at) = (start.DateTime, start); slots.Count < count;)
        {
            slots.Add(AwakeAt(days ? local : TimeZoneInfo.ConvertTime(at, zone).DateTime, zone, quiet, days ? null : at));
            var waited = days ? slots[^1].At.DateTime - local : slots[^1].At - at;
            var steps = Math.Max(0, waited.Ticks / every.Ticks) + 1;
            (local, at) = days ? (local + (every * steps), at) : (local, at + (every * steps));
        }

        return slots;
    }

    /// <summary>The slot of a local time, moved on until it is neither skipped by the clocks nor quiet; moving may run into the other of the two.</summary>
    private static Slot AwakeAt(DateTime local, TimeZoneInfo zone, QuietHours? quiet, DateTimeOffset? exact = null)
    {
        var slot = exact is { } at ? new Slot(TimeZoneInfo.ConvertTime(at, zone)) : At(local, zone);
        for (var turn = 0; turn < MostTurns && Awake(slot.At.DateTime, quiet) is var awake && awake != slot.At.DateTime; turn++)
            slot = At(awake, zone);
        return slot;
    }

    private static DateTime Awake(DateTime local, QuietHours? quiet)
    {
        if (quiet is not { } hours || !hours.Contains(TimeOnly.FromDateTime(local)))
            return local;
        var end = local.Date + hours.To.ToTimeSpan();
        return end > local ? end : end.AddDays(1);
    }

    private static (TimeSpan Every, bool Days) Step(BriefFields fields)
    {
        var text = fields.Text("every", 20);
        if (text.Length == 0)
            return (TimeSpan.FromDays(1), true);
        var unit = text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero };
        var step = int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000 ? unit * number : TimeSpan.Zero;
        return step > TimeSpan.Zero && step <= Longest ? (step, text[^1] == 'd') : throw fields.Wrong("every", text, "use minutes, hours or days up to a year, such as 30m, 6h or 1d");
    }

    /// <summary>A time; without an offset it is local to the campaign.</summary>
    internal static Slot Parse(BriefFields fields, string field, string text, TimeZoneInfo zone)
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
