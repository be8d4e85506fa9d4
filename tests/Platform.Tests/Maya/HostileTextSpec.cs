using Platform.Maya;

namespace Platform.Tests.Maya;

/// <summary>Texts that are made to be slow or to slip through. A step that is not linear would not come to an end here.</summary>
public sealed class HostileTextSpec
{
    private const int Long = 65_000;

    [Fact]
    public void Spoken_NothingButCommas_IsCutIntoShortSentences()
    {
        var spoken = SpokenVersion.Of(Repeat("a, ", Long));

        spoken.Sentences.Count.ShouldBeGreaterThan(1_000);
        spoken.Sentences.Take(1_000).ShouldAllBe(s => SpokenVersion.CountWords(s) <= 20);
        VideoScript.Of(Repeat("a, ", Long)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(",111")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("1,")]
    public void Spoken_LongRuns_ComeToAnEnd(string piece) => SpokenVersion.Of("We have 1" + Repeat(piece, Long) + "x.").Sentences.ShouldNotBeEmpty();

    [Fact]
    public void WordCounts_AnyPart_AreThoseOfThePartAlone()
    {
        const string Sentence = "one, two-three ,four  five,six - seven";
        var words = new WordCounts(Sentence);

        for (var from = 0; from <= Sentence.Length; from++)
            for (var to = from; to <= Sentence.Length; to++)
                words.Between(from, to).ShouldBe(SpokenVersion.CountWords(Sentence[from..to]), $"{from}..{to}");
    }

    [Fact]
    public void FewerTags_ThousandsOfTags_LeavesThoseThatWereAskedFor()
    {
        var advice = new Advice("facebook", "hashtags=none", true, 20, 1.4, 1.2, 1.6);
        var text = "Light for #reading " + string.Join(' ', Enumerable.Range(0, 6_000).Select(i => $"#t{i}x"));

        TextOptimiser.Apply(ContentRules.Of("facebook"), text, null, [advice], null).Text.ShouldBe("Light for");
        TextOptimiser.Apply(ContentRules.Of("facebook"), text + " and a word", null, [advice], null).Text.ShouldStartWith("Light for reading t0x t1x");
    }

    [Fact]
    public void WithoutEmoji_NothingElse_IsEmpty() => TextAdjuster.WithoutEmoji(Repeat("\U0001F600", Long) + "a").ShouldBe("a");

    [Fact]
    public void Urls_OneLongLabel_AreFoundBehindIt() =>
        XText.Urls(Repeat("\u65e5", 250_000) + ".zz https://example.com").ShouldHaveSingleItem().Value.ShouldBe("https://example.com");

    [Fact]
    public void Safety_SecretFarInside_IsFound()
    {
        var text = Repeat("word ", 25_000) + "AKIAABCDEFGHIJKLMNOP";

        var finding = SafetyFilter.Find(text).ShouldHaveSingleItem();

        (finding.Label, text.Substring(finding.Start, finding.Length)).ShouldBe(("secret", "AKIAABCDEFGHIJKLMNOP"));
    }

    [Theory]
    [InlineData("go  back to\nyour   country")]
    [InlineData("go ba\u200bck to your coun\u00adtry")]
    [InlineData("go\u200bback\u2060to your country")]
    [InlineData("go\u00a0back to\u2003your country")]
    public void Safety_PhraseInDisguise_IsFound(string text)
    {
        var finding = SafetyFilter.Find($"So {text}!").ShouldHaveSingleItem();

        finding.Label.ShouldBe("hate");
        $"So {text}!".Substring(finding.Start, finding.Length).ShouldBe(text);
    }

    [Theory]
    [InlineData("Better than Acme  Lamps")]
    [InlineData("Better than Ac\u200bme Lamps")]
    [InlineData("Better than Acme\u200bLamps")]
    public void Voice_CompetitorInDisguise_IsFound(string text) =>
        VoiceCheck.Find(new Platform.V1.Voice { Name = "v", Competitors = { "Acme Lamps" } }, text).Blocking.ShouldHaveSingleItem();

    [Fact]
    public async Task Likeness_TextsWithoutSpaces_AreComparedByTheirCharacters()
    {
        var likeness = new TextLikeness(3, static _ => throw new InvalidOperationException("short texts are known as a whole"));
        const string Text = "\u3053\u306e\u30e9\u30f3\u30d7\u306f\u8aad\u66f8\u3092\u3084\u3081\u308b\u3068\u81ea\u5206\u3067\u6697\u304f\u306a\u308a\u307e\u3059";

        (await likeness.AddAsync(1, Text)).ShouldBeNull();
        (await likeness.AddAsync(2, Text + "\u3088")).ShouldNotBeNull().Place.ShouldBe(1);
        (await likeness.AddAsync(3, "\u571f\u66dc\u65e5\u306b\u5de5\u5834\u3092\u898b\u5b66\u3067\u304d\u307e\u3059\u306e\u3067\u305c\u3072\u304a\u8d8a\u3057\u304f\u3060\u3055\u3044")).ShouldBeNull();
        TextLikeness.Overlap("unbreakable", "unbreakables").ShouldBeInRange(0.7, 0.99);
    }

    private static string Repeat(string text, int length) => string.Concat(Enumerable.Repeat(text, length / text.Length));
}
