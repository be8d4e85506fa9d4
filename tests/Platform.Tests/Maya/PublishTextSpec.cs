using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Texts as platforms' interfaces want them, registers, and sizes of media.</summary>
public sealed class PublishTextSpec
{
    [Theory]
    [InlineData("Plain text.", "Plain text.")]
    [InlineData("50% (or more) [now] a_b", "50% \\(or more\\) \\[now\\] a\\_b")]
    [InlineData("Join #DotNet today", "Join {hashtag|\\#|DotNet} today")]
    [InlineData("#a_b!", "{hashtag|\\#|a\\_b}!")]
    [InlineData("Not a tag: # here", "Not a tag: \\# here")]
    public void LinkedIn_ReservedCharacters_AreEscapedAndTagsStayTags(string text, string expected)
    {
        var sent = PublishText.Of(ContentRules.Of("linkedin"), text);
        (sent.Text, sent.Entities.Count).ShouldBe((expected, 0));
    }

    [Fact]
    public void Telegram_LinksMentionsAndTags_AreNamedInUtf16Units()
    {
        var sent = PublishText.Of(ContentRules.Of("telegram"), "👍 See https://example.com/@ann by @bob #lamps");

        sent.Text.ShouldBe("👍 See https://example.com/@ann by @bob #lamps");
        sent.Entities.ShouldBe([new("url", 7, 24), new("mention", 35, 4), new("hashtag", 40, 6)]);
    }

    [Fact]
    public void Bluesky_Entities_AreCountedInBytes()
    {
        var sent = PublishText.Of(ContentRules.Of("bluesky"), "Grüße @ann.example #tag");

        sent.Entities.ShouldBe([new("mention", 8, 12), new("hashtag", 21, 4)]);
    }

    /// <summary>Whatever the text: offsets lie inside it, in order, and do not overlap.</summary>
    [Fact]
    public void Entities_OfAnyText_LieInsideInOrder() => Prop.ForAll(
        Gen.Elements("https://a.co/x ", "@ann ", "#tag ", "$ABC ", "👩‍👩‍👧", "ü ", "\ud800", "x").ArrayOf(20).ToArbitrary(),
        words =>
        {
            var text = string.Concat(words);
            return new[] { "telegram", "bluesky" }.All(name =>
            {
                var sent = PublishText.Of(ContentRules.Of(name), text);
                var whole = name == "bluesky" ? Encoding.UTF8.GetByteCount(text) : text.Length;
                var end = 0;
                return sent.Entities.All(e => e.Offset >= end && e.Length > 0 && (end = e.Offset + e.Length) <= whole);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToPost_OfAPlatformThatTakesTextsAsTheyStand_HasNothingToPublishApart()
    {
        Post Of(string platform, string state = "ready") => new PostRow { Platform = platform, State = state, Text = "Join #lamps", Version = 1 }.ToPost();

        Of("x").Publish.ShouldBeEmpty();
        Of("linkedin").Publish.ShouldHaveSingleItem().Text.ShouldBe("Join {hashtag|\\#|lamps}");
        Of("linkedin", "blocked").Publish.ShouldBeEmpty();
        Of("telegram").Publish[0].Entities.ShouldHaveSingleItem().Type.ShouldBe("hashtag");
    }

    [Fact]
    public void Rules_MediaLimits_HaveKindSourceAndDate()
    {
        var limits = ContentRules.All.SelectMany(r => r.MediaLimits).ToList();

        limits.Count.ShouldBeGreaterThan(10);
        limits.ShouldAllBe(l => l.Source.Length > 0 && l.Date.Year >= 2026 && (l.MostCount > 0 || l.MaxBytes > 0));
        limits.Select(l => l.Kind).Distinct().ShouldBeSubsetOf(["image", "gif", "video", "file"]);
        ContentRules.Of("x").MediaLimits.Single(l => l.Kind == "image").MaxBytes.ShouldBe(5_000_000);
        ContentRules.All.ShouldAllBe(r => r.Tone.Length == 0 || TextAdjuster.Tones.Contains(r.Tone));
    }

    [Fact]
    public void Adapt_ManyPlatforms_EachInItsOwnRegister()
    {
        var adapted = TextFit.Adapt("We can't wait!!! The #lamp is here. #light #home #desk", ["x", "linkedin", "reddit"]);

        adapted["x"].Text.ShouldBe("We can't wait!!! The #lamp is here.");
        adapted["linkedin"].Text.ShouldContain("#home");
        adapted["linkedin"].Text.ShouldNotContain("!!!");
        XText.Hashtags(adapted["reddit"].Text).ShouldBeEmpty();
        adapted["reddit"].Text.ShouldContain("The lamp is here");
        adapted["reddit"].Steps.ShouldContain(s => s.Contains("Kept 0 of 4 hashtags"));
    }
}
