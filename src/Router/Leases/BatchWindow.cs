using System.Globalization;
using Grpc.Core;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Hours of the day in a time zone in which a batch may run. Clock changes are the zone's: a window that begins in a skipped hour begins after it, and
/// one that is skipped as a whole is made up for, at its length, from the first instant after.
/// </summary>
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
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var day = DateOnly.FromDateTime(local);
        return TimeOnly.FromDateTime(local).IsBetween(start, end) || MakesUp(day, at) || MakesUp(day.AddDays(-1), at);
    }

    /// <summary>Whether the clock skipped the whole window of a day, and an instant is in the time that makes up for it.</summary>
    private bool MakesUp(DateOnly day, DateTimeOffset at)
    {
        var planned = day.ToDateTime(start);
        var length = end - start;
        return FirstValid(planned) >= planned + length && Opening(day) is var opening && at >= opening && at < opening + length;
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
        var local = FirstValid(day.ToDateTime(start));
        // In a repeated hour the first of the two: its offset is the larger.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private DateTime FirstValid(DateTime local)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        return local;
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
