using Platform.Metrics.Pages;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class CalendarSpec
{
    private static readonly DateOnly Today = new(2026, 11, 21);
    private static readonly Campaign Spring = new() { Id = "c1", Name = "Spring" };

    [Theory]
    [InlineData("month", "2026-12-15", "2026-11-30", "2027-01-03", "December 2026")]
    [InlineData("month", "2027-02-01", "2027-02-01", "2027-02-28", "February 2027")]
    [InlineData("week", "2026-12-13", "2026-12-07", "2026-12-13", "7 Dec – 13 Dec 2026")]
    [InlineData("day", "2026-12-13", "2026-12-13", "2026-12-13", "Sunday, 13 December 2026")]
    [InlineData("decade", "no day", "2026-10-26", "2026-12-06", "November 2026")]
    [InlineData(null, "0001-01-01", "2026-10-26", "2026-12-06", "November 2026")]
    public void Read_OfAnAddress_ShowsWholeWeeksFromMonday(string? view, string on, string from, string to, string title)
    {
        var range = CalendarRange.Read(view, on, Today);
        (CalendarRange.Text(range.From), CalendarRange.Text(range.To), range.Title).ShouldBe((from, to, title));
        range.Days.Count().ShouldBe(range.To.DayNumber - range.From.DayNumber + 1);
    }

    [Theory]
    [InlineData("month", "2026-01-31", "2026-02-01", "2025-12-01")]
    [InlineData("week", "2026-12-29", "2027-01-05", "2026-12-22")]
    [InlineData("day", "2026-12-31", "2027-01-01", "2026-12-30")]
    public void Step_OnAndBack_SkipsNoMonth(string view, string on, string after, string before)
    {
        var range = CalendarRange.Read(view, on, Today);
        (CalendarRange.Text(range.After.On), CalendarRange.Text(range.Before.On)).ShouldBe((after, before));
    }

    [Fact]
    public void Of_PostsAroundMidnight_StandOnTheViewersDay()
    {
        var posts = new[] { Post("2026-12-31T23:30:00+00:00"), Post("2027-01-01T00:30:00+01:00"), Post("2026-12-31T23:30:00Z", state: "failed"), Post("soon") };
        var entries = CalendarEntry.Of(posts.Select(p => (Spring, p)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        entries.Select(e => (e.Day, e.Time, e.State, e.Posts.Count)).ShouldBe(
        [
            (new DateOnly(2027, 1, 1), "00:30", "failed", 1),
            (new DateOnly(2027, 1, 1), "00:30", "ready", 2),
        ]);
    }

    [Fact]
    public void Of_AClockThatIsSetForward_KeepsTheInstant()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var entries = CalendarEntry.Of([(Spring, Post("2027-03-28T00:59:00Z")), (Spring, Post("2027-03-28T01:01:00Z"))], berlin);
        entries.Select(e => e.Time).ShouldBe(["01:59", "03:01"]);
    }

    private static Post Post(string slot, string state = "ready") => new() { Id = slot, Platform = "x", Slot = slot, State = state, Variant = "a" };
}
