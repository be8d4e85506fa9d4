using System.Globalization;
using Platform.Privacy;

namespace Platform.Tests.Privacy;

public sealed class DeadlinesTests
{
    [Theory]
    [InlineData("gdpr", "2026-01-31", false, "2026-02-28", null)]
    [InlineData("gdpr", "2028-01-31", false, "2028-02-29", null)]
    [InlineData("gdpr", "2026-11-21", false, "2026-12-21", null)]
    [InlineData("gdpr", "2026-11-30", true, "2027-02-28", null)]
    [InlineData("ccpa", "2026-11-20", false, "2027-01-04", "2026-12-04")]
    [InlineData("ccpa", "2026-11-21", false, "2027-01-05", "2026-12-04")]
    [InlineData("ccpa", "2026-11-23", true, "2027-02-21", "2026-12-07")]
    public void Of_Law_IsWhatItSays(string law, string received, bool extended, string due, string? confirm)
    {
        var deadlines = Deadlines.Of(law, Day(received), extended);

        deadlines.Due.ShouldBe(Day(due));
        deadlines.Confirm.ShouldBe(confirm is null ? null : Day(confirm));
    }

    private static DateTimeOffset Day(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
