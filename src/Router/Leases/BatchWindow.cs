using System.Globalization;
using Grpc.Core;
using Platform.V1;

namespace Platform.Router;

/// <summary>Hours of the day in a time zone in which a batch may run. Clock changes are the zone's: a window that begins in a skipped hour begins after it.</summary>
internal sealed class BatchWindow
{
    private const string Format = "HH\\:mm";
    private readonly TimeOnly start;
    private readonly TimeOnly end;
    private readonly TimeZoneInfo zone;

    private BatchWindow(TimeOnly start, TimeOnly end, TimeZoneInfo zone) => (this.start, this.end, this.zone) = (start, end, zone);

    /// <summary>The window of checked or unchecked terms; null when they name none.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT with one clear sentence.</exception>
    public static BatchWindow? Of(BatchTerms terms)
    {
        if (terms.WindowStart.Length == 0 && terms.WindowEnd.Length == 0)
            return terms.TimeZone.Length == 0 ? null : throw RequestRules.Refuse("terms.time_zone is given without terms.window_start and terms.window_end.");
        var (start, end) = (Time("window_start", terms.WindowStart), Time("window_end", terms.WindowEnd));
        if (start == end)
            throw RequestRules.Refuse($"terms.window_start and terms.window_end are both '{terms.WindowStart}'; leave both out for a batch that may run at any time.");
        return new BatchWindow(start, end, Zone(terms.TimeZone));
    }

    /// <summary>Whether jobs may start at an instant.</summary>
    public bool IsOpen(DateTimeOffset at)
    {
        var now = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        return now.IsBetween(start, end);
    }

    /// <summary>When it opens next after an instant.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset after)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        for (var days = -1; ; days++)
        {
            var opening = Opening(day.AddDays(days));
            if (opening > after)
                return opening;
        }
    }

    private DateTimeOffset Opening(DateOnly day)
    {
        var local = day.ToDateTime(start);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        // In a repeated hour the first of the two: its offset is the larger.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static TimeOnly Time(string field, string value) =>
        TimeOnly.TryParseExact(value, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw RequestRules.Refuse($"terms.{field} '{RequestRules.Shorten(value)}' is no time of day; a good value is 22:00.");

    private static TimeZoneInfo Zone(string id) =>
        id.Length == 0 ? TimeZoneInfo.Utc
        : id.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
        : throw RequestRules.Refuse($"terms.time_zone '{RequestRules.Shorten(id)}' is unknown; a good value is Europe/Berlin.");
}
