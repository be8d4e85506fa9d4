using Platform.Maya;

namespace Platform.Tests.Maya;

public sealed class TextOptimiserSpec
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void Apply_BetterHour_MovesTheSlotOnTheSameDay()
    {
        var result = Apply("A lamp.", Prefer("hour=17"));

        result.Slot.ShouldBe(new DateTimeOffset(2026, 12, 1, 17, 0, 0, TimeSpan.FromHours(1)));
        result.Changes.ShouldHaveSingleItem().What.ShouldBe("slot");
    }

    [Fact]
    public void Apply_BetterHourIsQuiet_LeavesTheSlot() =>
        TextOptimiser.Apply(ContentRules.Of("x"), "A lamp.", Nine, [Prefer("hour=23")], QuietHours.Read("22:00-07:00")).Slot.ShouldBe(Nine);

    [Theory]
    [InlineData("hashtags=none", "Light for #reading at night #lamp #desk", "Light for reading at night")]
    [InlineData("hashtags=1-2", "Light for #reading at night #lamp #desk", "Light for #reading at night #lamp")]
    [InlineData("emoji=no", "Light \U0001F4A1 for you \U0001F44D\U0001F3FD", "Light for you")]
    [InlineData("opening=short", "It dims when you stop reading. Then it waits for you, as long as it takes, and wakes with the first page.", "It dims when you stop reading.\n\nThen it waits for you, as long as it takes, and wakes with the first page.")]
    public void Apply_RuleCanDoIt_ChangesOnlyThat(string feature, string text, string expected)
    {
        var result = Apply(text, Prefer(feature));

        result.Text.ShouldBe(expected);
        result.Changes.ShouldHaveSingleItem().Advice.Feature.ShouldBe(feature);
        result.Hints.ShouldBeEmpty();
    }

    [Fact]
    public void Apply_ShortDoesBetter_ShortensAtASentence()
    {
        var text = string.Join(' ', Enumerable.Repeat("It dims by itself at night.", 9));

        var result = Apply(text, Prefer("length=short"));

        ContentRules.Check("x", result.Text).Length.ShouldBeLessThanOrEqualTo(93);
        result.Text.ShouldEndWith("night.");
    }

    [Theory]
    [InlineData("question=yes")]
    [InlineData("call=yes")]
    [InlineData("theme=comfort")]
    public void Apply_NeedsAWriter_IsAHintAndNoInvention(string feature)
    {
        var result = Apply("A lamp.", Prefer(feature));

        result.Text.ShouldBe("A lamp.");
        result.Hints.ShouldHaveSingleItem().Feature.ShouldBe(feature);
    }

    [Fact]
    public void Apply_AlreadySo_ChangesNothing() => Apply("A lamp.", Prefer("hashtags=none"), Prefer("hour=9")).ShouldSatisfyAllConditions(r => r.Changes.ShouldBeEmpty(), r => r.Hints.ShouldBeEmpty());

    [Theory]
    [InlineData("22:00-07:00", 23, true)]
    [InlineData("22:00-07:00", 7, false)]
    [InlineData("12:00-13:00", 12, true)]
    [InlineData("12:00-12:00", 12, false)]
    public void QuietHours_Span_HoldsItsStartAndNotItsEnd(string span, int hour, bool quiet) => QuietHours.Read(span)!.Value.Contains(new TimeOnly(hour, 0)).ShouldBe(quiet);

    [Theory]
    [InlineData("22")]
    [InlineData("25:00-07:00")]
    [InlineData("night")]
    public void QuietHours_Nonsense_SaysHow(string text) => Should.Throw<ArgumentException>(() => QuietHours.Read(text)).Message.ShouldContain("22:00-07:00");

    private static OptimisedText Apply(string text, params Advice[] advice) => TextOptimiser.Apply(ContentRules.Of("x"), text, Nine, advice, null);

    private static Advice Prefer(string feature) => new("x", feature, true, 20, 1.4, 1.2, 1.6);
}
