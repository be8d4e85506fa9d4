using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class ContentRulesSpec
{
    public static IEnumerable<TheoryDataRow<string, string, int>> Lengths => PlatformCases.Lengths();

    public static IEnumerable<TheoryDataRow<string, int>> Limits => PlatformCases.AllLimits();

    public static IEnumerable<TheoryDataRow<string, string, bool>> Particular => PlatformCases.Particular();

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Check_HandMadeText_CountsAsThePlatform(string platform, string text, int expected) =>
        ContentRules.Check(platform, text).Length.ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Limits))]
    public void Check_AtTheLimitAndOneMore_ValidThenNot(string platform, int limit)
    {
        ContentRules.Check(platform, new string('a', limit)).ShouldSatisfyAllConditions(v => v.IsValid.ShouldBeTrue(), v => v.Limit.ShouldBe(limit));
        var over = ContentRules.Check(platform, new string('a', limit + 1));
        over.IsValid.ShouldBeFalse();
        over.Problems.ShouldContain(p => p.Contains($"{limit}") && p.Contains($"{limit + 1}"));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Check_EmptyOrBlank_Refused(string platform, int limit)
    {
        ContentRules.Check(platform, "").IsValid.ShouldBeFalse();
        ContentRules.Check(platform, " \n\t").Problems.ShouldContain("The text is empty.", $"limit {limit}");
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Check_HalfASurrogatePair_RefusedNotThrown(string platform, int limit) =>
        ContentRules.Check(platform, "a\ud83d b").Problems.ShouldContain(p => p.Contains("position 1"), $"limit {limit}");

    [Theory]
    [MemberData(nameof(Particular))]
    public void Check_PlatformsOwnRule_Holds(string platform, string text, bool valid) => ContentRules.Check(platform, text).IsValid.ShouldBe(valid);

    [Fact]
    public void Check_EveryPlatform_HasCasesOfItsOwn() =>
        PlatformCases.Particular().CountBy(row => (string)((ITheoryDataRow)row).GetData()[0]!).ToDictionary(c => c.Key, c => c.Value)
            .ShouldSatisfyAllConditions(c => c.Count.ShouldBe(ContentRules.All.Count), c => c.Values.ShouldAllBe(count => count >= 15));

    [Fact]
    public void Check_MastodonServerLimit_Counts()
    {
        ContentRules.Check("mastodon", new string('a', 5000), limit: 5000).IsValid.ShouldBeTrue();
        ContentRules.Check("mastodon", new string('a', 101), limit: 100).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Of_UnknownPlatform_NamesThoseThereAre() =>
        Should.Throw<ArgumentException>(() => ContentRules.Check("myspace", "hi")).Message.ShouldContain("mastodon");

    [Fact]
    public void Find_Alias_IsX() => ContentRules.Find("Twitter")!.Name.ShouldBe("x");

    [Fact]
    public void All_EveryRule_HasSourceAndDate()
    {
        ContentRules.All.Count.ShouldBe(13);
        ContentRules.All.ShouldAllBe(r => r.Source.Length > 0 && r.Date.Year >= 2026 && r.Unit.Length > 0);
    }

    [Fact]
    public void Escape_LinkedIn_EveryReservedCharacter() =>
        ContentRules.Escape(ContentRules.Of("linkedin"), "C# (new) @home").ShouldBe("C\\# \\(new\\) \\@home");

    [Fact]
    public void ForAccount_OfAServerWithItsOwnLengths_CountsByThem()
    {
        const string text = "Read https://example.com/a-very-long-path-that-counts-alike now";
        var server = ContentRules.Of("mastodon").ForAccount(limit: 40, urlLength: 30);

        (ContentRules.Check("mastodon", text).Length, ContentRules.Check(server, text).Length, ContentRules.Check(server, text).Limit).ShouldBe((32, 39, 40));
        ContentRules.Check(server, text + " ok").IsValid.ShouldBeFalse();
        TextFit.Fit(server, text + " and then again tomorrow").Parts.ShouldAllBe(part => ContentRules.Check(server, part, null).IsValid);
    }

    [Theory]
    [InlineData("x", 0, 30, "only Mastodon")]
    [InlineData("mastodon", 0, 1_001, "url_length is 1001")]
    [InlineData("mastodon", -1, 0, "limit is -1")]
    [InlineData("x", 100_001, 0, "limit is 100001")]
    public void ForAccount_OutOfRange_NamesTheFieldAndTheLimit(string platform, int limit, int urlLength, string message) =>
        Should.Throw<ArgumentException>(() => ContentRules.Of(platform).ForAccount(limit, urlLength)).Message.ShouldContain(message);
}
