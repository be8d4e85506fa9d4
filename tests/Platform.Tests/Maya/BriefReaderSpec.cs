using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class BriefReaderSpec
{
    private static readonly DateTimeOffset Now = new(2026, 3, 27, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_Everything_Understood()
    {
        var brief = Read("""
            name: Spring
            product: Boots
            brief: They last.
            themes: [dry feet, long walks]
            platforms: [twitter, LinkedIn]
            slots: {count: 3, start: "2026-03-28T09:00", every: 1d}
            time_zone: Europe/Berlin
            variants: 2
            voice: calm
            audience: hikers
            intent: Promote
            goal: sell
            language: English
            tier: fast
            max_posts: 10
            budget_usd: 2.5
            """);
        (brief.Name, brief.Brief, brief.Intent, brief.Tier, brief.BudgetUsd).ShouldBe(("Spring", "Boots\nThey last.", "promote", "fast", 2.5));
        brief.Platforms.ShouldBe(["x", "linkedin"]);
        CampaignPlanner.Count(brief).ShouldBe(10);
        // Clocks change on 29 March: nine o'clock stays nine o'clock.
        brief.Slots.Select(s => s.Text).ShouldBe(["2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00"]);
    }

    [Fact]
    public void Read_TimeThatTheClocksSkip_MovesOn() =>
        Read(Minimal + "\ntime_zone: Europe/Berlin\nslots: [2026-03-29T02:30, 2026-10-25T02:30]").Slots.Select(s => s.Text)
            .ShouldBe(["2026-03-29T03:00:00+02:00", "2026-10-25T02:30:00+02:00"]);

    [Fact]
    public void Read_CountOfSlots_DefaultHoursFromTomorrow() =>
        Read(Minimal + "\nslots: 4").Slots.Select(s => s.Text)
            .ShouldBe(["2026-03-28T09:00:00+00:00", "2026-03-28T12:00:00+00:00", "2026-03-28T17:00:00+00:00", "2026-03-29T09:00:00+00:00"]);

    [Theory]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\ncolour: red", "'colour'", "fields are")]
    [InlineData("brief: b\nplatforms: [x]", "name", "missing")]
    [InlineData("name: a\nplatforms: [x]", "brief", "missing")]
    [InlineData("name: a\nbrief: b", "platforms", "missing")]
    [InlineData("name: a\nbrief: b\nplatforms: [myspace]", "'myspace'", "mastodon")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nvariants: 27", "'27'", "26")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nvariants: 1.5", "'1.5'", "whole")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nvariants: many", "'many'", "26")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nslots: [tomorrow]", "'tomorrow'", "ISO 8601")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nslots: {count: 2, start: 2026-01-01T09:00, every: soon}", "'soon'", "6h")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\ntime_zone: Mars/Base", "'Mars/Base'", "Europe/Berlin")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nbudget_usd: -1", "'-1'", "1000000")]
    [InlineData("name: a\nbrief: b\nplatforms: [x]\nintent: shout", "'shout'", "announce")]
    [InlineData("name: [a]\nbrief: b\nplatforms: [x]", "name", "not a list")]
    [InlineData("name: &n a\nbrief: *n\nplatforms: [x]", "alias", "line 2")]
    [InlineData("name: a\nname: b\nbrief: b\nplatforms: [x]", "not valid YAML", "line")]
    [InlineData("- a\n- b", "one YAML document", "platforms")]
    [InlineData("name: \"a\\u0000\"\nbrief: b\nplatforms: [x]", "name", "NUL")]
    public void Read_WrongBrief_NamesFieldValueAndLimit(string yaml, string what, string advice)
    {
        var error = Should.Throw<BriefException>(() => Read(yaml)).Message;
        error.ShouldContain(what);
        error.ShouldContain(advice);
    }

    [Fact]
    public void Read_QuietHours_MoveDefaultsAndStepsAndRefuseAGivenTime()
    {
        Read(Minimal + "\nslots: 3\nquiet_hours: \"16:00-10:00\"").Slots.Select(s => s.At.Hour).ShouldBe([12, 12, 12]);
        Read(Minimal + "\nslots: {count: 3, start: 2026-03-28T20:00, every: 2h}\nquiet_hours: \"22:00-07:30\"").Slots.Select(s => s.Text)
            .ShouldBe(["2026-03-28T20:00:00+00:00", "2026-03-29T07:30:00+00:00", "2026-03-29T08:00:00+00:00"]);
        Should.Throw<BriefException>(() => Read(Minimal + "\nslots: [2026-03-28T23:00]\nquiet_hours: \"22:00-07:00\"")).Message.ShouldContain("quiet_hours");
        Should.Throw<BriefException>(() => Read(Minimal + "\nquiet_hours: night")).Message.ShouldContain("22:00-07:00");
    }

    [Fact]
    public void Read_OwnBestHours_AreUsedAndSaidToBe()
    {
        var hours = new Dictionary<string, IReadOnlyList<int>> { ["x"] = [8, 20], ["linkedin"] = [] };
        var own = BriefReader.Read(Minimal.Replace("[x]", "[x, linkedin]") + "\nslots: 3", Now, 262_144, hours);

        (own.SlotSource, string.Join(' ', own.SlotsOf("x").Select(s => s.At.Hour)), string.Join(' ', own.SlotsOf("linkedin").Select(s => s.At.Hour))).ShouldBe(("history", "8 20 8", "9 12 17"));
        Read(Minimal + "\nslots: 3").SlotSource.ShouldBe("default");
        BriefReader.Read(Minimal + "\nslots: [2026-03-28T09:00]", Now, 262_144, hours).ShouldSatisfyAllConditions(b => b.SlotSource.ShouldBe("given"), b => b.SlotsOf("x")[0].At.Hour.ShouldBe(9));
    }

    [Fact]
    public void Read_QuietHoursOfAZone_HoldForTimesWithAnotherOffset()
    {
        var quiet = Minimal + "\ntime_zone: Europe/Berlin\nquiet_hours: \"22:00-07:00\"\nslots: ";

        Should.Throw<BriefException>(() => Read(quiet + "[2026-05-01T21:00Z]")).Message.ShouldContain("quiet_hours");
        Read(quiet + "[2026-05-01T23:30-06:00]").Slots.ShouldHaveSingleItem().At.ToUniversalTime().Hour.ShouldBe(5);
    }

    [Fact]
    public void Read_SkippedTimeThatMovesIntoQuietHours_WaitsUntilTheyAreOver() =>
        Read(Minimal + "\ntime_zone: Europe/Berlin\nquiet_hours: \"03:00-06:00\"\nslots: {count: 2, start: 2026-03-28T02:30, every: 1d}").Slots.Select(s => s.Text)
            .ShouldBe(["2026-03-28T02:30:00+01:00", "2026-03-29T06:00:00+02:00"]);

    [Fact]
    public void Read_HourlyStepsOverAChangeOfClocks_AreAsManyAsAskedFor()
    {
        Read(Minimal + "\ntime_zone: Europe/Berlin\nslots: {count: 4, start: 2026-03-29T00:00, every: 1h}").Slots.Select(s => s.Text)
            .ShouldBe(["2026-03-29T00:00:00+01:00", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"]);
        Read(Minimal + "\ntime_zone: Europe/Berlin\nslots: {count: 6, start: 2026-10-25T00:00, every: 1h}").Slots.Select(s => s.At).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void Read_Deadline_LiesAhead()
    {
        Read(Minimal + "\ntime_zone: Europe/Berlin\ndeadline: 2026-03-28T09:00").Deadline.ShouldBe(new DateTimeOffset(2026, 3, 28, 9, 0, 0, TimeSpan.FromHours(1)));
        Should.Throw<BriefException>(() => Read(Minimal + "\ndeadline: 2026-03-01T09:00")).Message.ShouldContain("lie ahead");
    }

    [Fact]
    public void Read_DeepNesting_RefusedBeforeItIsBuilt() =>
        Should.Throw<BriefException>(() => Read("name: " + new string('[', 100_000))).Message.ShouldContain("nested deeper");

    [Fact]
    public void Read_TooLong_NamesTheLimit() => Should.Throw<BriefException>(() => Read("name: " + new string('a', 300_000))).Message.ShouldContain("262,144");

    private const string Minimal = "name: a\nbrief: b\nplatforms: [x]";

    private static CampaignBrief Read(string yaml) => BriefReader.Read(yaml, Now, 262_144);
}
