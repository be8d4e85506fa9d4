using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

/// <summary>What must hold for every text, however strange.</summary>
public sealed partial class ContentProperties
{
    private const int Runs = 300;
    private static readonly string[] Scraps =
    [
        "word", "words,", "End.", "Why?", "\n\n", " ", "http://example.com/a/b", "example.com", "@ada", "@ada@example.social", "#tag", "#日本", "日本語です。", "😀", "👨‍👩‍👧", "👍🏽", "🇺🇸",
        "1️⃣", "\ud83d", "\ude00", "\ufeff", "e\u0301", "<b>", "$AAPL", "—", "“x”", "\u200d", "\ufe0f", "\0", "leverage", "longerwordthanusual", "(1/2)", "…",
    ];

    private static readonly Gen<string> Scrap = Gen.OneOf(Gen.Elements(Scraps), Gen.Choose(0, 0xffff).Select(c => ((char)c).ToString()));
    private static readonly Arbitrary<string> AnyText = Arb.From(Gen.Sized(size => Gen.Choose(0, Math.Max(1, size * 4)).SelectMany(n => Gen.ArrayOf(Scrap, n))).Select(string.Concat));

    private static readonly Arbitrary<string> WordsOnly = Arb.From(Gen.Sized(size => Gen.Choose(1, Math.Max(2, size * 6))
        .SelectMany(n => Gen.ArrayOf(Gen.Elements(["alpha", "beta,", "gamma.", "delta!", "http://example.com/x", "@ada", "#tag", "😀", "omega?\n\n", "it's"]), n))).Select(words => string.Join(' ', words)));

    private static readonly Arbitrary<string> Platform = Arb.From(Gen.Elements(ContentRules.All.Select(r => r.Name)));

    [Fact]
    public void Check_AnyUtf16_NeverThrows() => Check(Prop.ForAll(AnyText, text => ContentRules.All.All(r => ContentRules.Check(r, text).Length >= 0)));

    [Fact]
    public void Entities_AnyUtf16_NeverThrowAndStayInside() => Check(Prop.ForAll(AnyText, text =>
        XText.Entities(text).All(e => e.Start >= 0 && e.Start < e.End && e.End <= text.Length) && XText.Reply(text) != "" && (!XText.IsValidUrl(text) || text.Contains("://"))));

    [Fact]
    public void Fit_AnyUtf16_EveryPartValidOrAReason() => Check(Prop.ForAll(Platform, AnyText, (platform, text) =>
    {
        foreach (var thread in new[] { false, true })
        {
            var fit = TextFit.Fit(platform, text, thread);
            if (fit.IsFitted ? fit.Parts.Count == 0 || !fit.Parts.All(p => ContentRules.Check(platform, p).IsValid) : fit.Parts.Count > 0)
                return false;
        }

        return true;
    }));

    [Fact]
    public void Fit_Words_AlwaysFitted() => Check(Prop.ForAll(Platform, WordsOnly, (platform, text) => TextFit.Fit(platform, text).IsFitted));

    [Fact]
    public void Fit_Thread_LosesNoWordAndCutsNone() => Check(Prop.ForAll(Arb.From(Gen.Elements("x", "bluesky", "threads", "mastodon", "telegram", "discord")), WordsOnly, (platform, text) =>
    {
        var fit = TextFit.Fit(platform, text, thread: true);
        var words = fit.Parts.SelectMany(p => Mark().Replace(p, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return fit.IsFitted && words.SequenceEqual(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }));

    [Fact]
    public void Humanise_AnyUtf16_KeepsLinksMentionsTagsAndNumbers() => Check(Prop.ForAll(AnyText, text =>
    {
        var human = Humaniser.Humanise(text);
        return Kept(human.Text).SequenceEqual(Kept(text)) && human.Text.Where(char.IsDigit).SequenceEqual(text.Where(char.IsDigit));
    }));

    [Fact]
    public void Classify_AnyUtf16_ProbabilitiesAddUp() => Check(Prop.ForAll(AnyText, text => ContentClassifier.Kinds.All(kind =>
    {
        var found = ContentClassifier.Classify(kind, text);
        return found.Scores.Values.All(s => s is >= 0 and <= 1) && found.Confidence == found.Scores.Values.Max();
    })));

    [Fact]
    public void Adjust_AnyUtf16_FitsOrSaysWhy() => Check(Prop.ForAll(Platform, AnyText, (platform, text) => TextAdjuster.Tones.Append("").All(tone =>
    {
        var adjusted = TextAdjuster.Adjust(platform, text, new TextAdjustment(tone, Shorter: true, PlainText: true));
        return adjusted.Problem is not null || ContentRules.Check(platform, adjusted.Text).IsValid;
    })));

    [Fact]
    public void Adjust_Tone_KeepsLinksMentionsAndTags() => Check(Prop.ForAll(WordsOnly, text => TextAdjuster.Tones.All(tone =>
    {
        var adjusted = TextAdjuster.Adjust("facebook", text, new TextAdjustment(tone));
        return Kept(adjusted.Text).SequenceEqual(Kept(text));
    })));

    [Fact]
    public void Speak_AnyUtf16_SaysNoDigitAndGivesXml() => Check(Prop.ForAll(AnyText, text =>
    {
        var spoken = SpokenVersion.Of(text);
        return spoken.Sentences.All(s => !s.Any(char.IsAsciiDigit)) && System.Xml.Linq.XDocument.Parse(spoken.Ssml).Root is not null;
    }));

    [Fact]
    public void Optimise_AnyUtf16_StaysPostable() => Check(Prop.ForAll(Platform, AnyText, (platform, text) =>
    {
        var rules = ContentRules.Of(platform);
        Advice[] advice = [.. new[] { "hashtags=none", "emoji=no", "length=short", "opening=short", "hour=9" }.Select(f => new Advice(platform, f, true, 9, 1.3, 1.1, 1.5))];
        var result = TextOptimiser.Apply(rules, text, DateTimeOffset.UnixEpoch, advice, null);
        return !ContentRules.Check(rules, text).IsValid || ContentRules.Check(rules, result.Text).IsValid;
    }));

    private static IEnumerable<string> Kept(string text) => XText.Urls(text).Concat(XText.MentionsOrLists(text)).Concat(XText.Hashtags(text)).Select(e => e.Value);

    private static void Check(Property property) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs), property);

    [GeneratedRegex(@" \(\d+/\d+\)$")]
    private static partial Regex Mark();
}
