using System.Globalization;
using Grpc.Core;
using Platform.Router;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>Hours in which a batch may run, over midnight and over clock changes.</summary>
public sealed class BatchWindowTests
{
    [Theory]
    [InlineData("22:00", "06:00", "", "2026-11-21T23:30Z", true)]
    [InlineData("22:00", "06:00", "", "2026-11-21T05:59Z", true)]
    [InlineData("22:00", "06:00", "", "2026-11-21T06:00Z", false)]
    [InlineData("09:00", "17:00", "", "2026-11-21T09:00Z", true)]
    [InlineData("09:00", "17:00", "", "2026-11-21T17:00Z", false)]
    [InlineData("22:00", "06:00", "Asia/Tokyo", "2026-11-21T13:30Z", true)]
    public void IsOpen_AtAnInstant_IsTheZonesTimeOfDay(string start, string end, string zone, string at, bool open) =>
        Window(start, end, zone).IsOpen(Instant(at)).ShouldBe(open);

    [Theory]
    [InlineData("22:00", "", "2026-11-21T06:30Z", "2026-11-21T22:00Z")]
    [InlineData("22:00", "", "2026-11-21T22:30Z", "2026-11-22T22:00Z")]
    // Clocks go from 02:00 to 03:00: the hour does not exist, so the window begins when it is over.
    [InlineData("02:30", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z")]
    // Clocks go from 03:00 back to 02:00: 02:30 comes twice, and the first one counts.
    [InlineData("02:30", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z")]
    [InlineData("00:15", "Pacific/Kiritimati", "2026-11-21T12:00Z", "2026-11-22T10:15Z")]
    public void NextOpening_AfterAnInstant_IsRightAcrossClockChanges(string start, string zone, string after, string opening) =>
        Window(start, "23:59", zone).NextOpening(Instant(after)).ShouldBe(Instant(opening));

    [Theory]
    // Clocks go from 02:00 to 03:00, so these windows do not come that day: they are made up for at their length from 03:00, which is 01:00 UTC.
    [InlineData("02:10", "02:50", "2026-03-29T00:59Z", false)]
    [InlineData("02:10", "02:50", "2026-03-29T01:00Z", true)]
    [InlineData("02:10", "02:50", "2026-03-29T01:39Z", true)]
    [InlineData("02:10", "02:50", "2026-03-29T01:40Z", false)]
    [InlineData("02:00", "03:00", "2026-03-29T01:59Z", true)]
    [InlineData("02:00", "03:00", "2026-03-29T02:00Z", false)]
    // One that reaches past the change only begins later.
    [InlineData("02:30", "03:10", "2026-03-29T01:09Z", true)]
    [InlineData("02:30", "03:10", "2026-03-29T01:10Z", false)]
    [InlineData("02:10", "02:50", "2026-03-30T00:20Z", true)]
    [InlineData("02:10", "02:50", "2026-03-30T01:20Z", false)]
    public void IsOpen_WhenTheClockSkipsTheWindow_MakesUpForIt(string start, string end, string at, bool open) =>
        Window(start, end, "Europe/Berlin").IsOpen(Instant(at)).ShouldBe(open);

    [Theory]
    [InlineData("2026-03-27T00:00Z")]
    [InlineData("2026-10-23T00:00Z")]
    public void IsOpen_AtItsNextOpening_IsTrue(string from)
    {
        var at = Instant(from);
        foreach (var minutes in Enumerable.Range(0, 3 * 24 * 4).Select(quarter => quarter * 15))
        {
            foreach (var (start, end) in new[] { ("02:10", "02:50"), ("01:30", "02:30"), ("02:30", "04:00"), ("23:30", "02:15"), ("02:59", "02:00") })
            {
                var window = Window(start, end, "Europe/Berlin");
                window.IsOpen(window.NextOpening(at.AddMinutes(minutes))).ShouldBeTrue($"{start}-{end} after {at.AddMinutes(minutes):O}");
            }
        }
    }

    [Theory]
    [InlineData("22:00", "", "", "window_end")]
    [InlineData("25:00", "06:00", "", "window_start '25:00'")]
    [InlineData("22:00", "22:00", "", "both '22:00'")]
    [InlineData("22:00", "06:00", "Mars/Base", "time_zone 'Mars/Base'")]
    [InlineData("", "", "UTC", "time_zone")]
    public void Of_WrongTerms_NamesTheFieldAndTheValue(string start, string end, string zone, string message)
    {
        var error = Should.Throw<RpcException>(() => Window(start, end, zone));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldContain(message);
    }

    private static BatchWindow Window(string start, string end, string zone) =>
        BatchWindow.Of(new BatchTerms { WindowStart = start, WindowEnd = end, TimeZone = zone })!;

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
