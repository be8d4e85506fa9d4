using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class TextFitSpec
{
    private static readonly string LongText = string.Join(' ', Enumerable.Range(1, 60).Select(i => $"Sentence number {i} says something short."));

    [Fact]
    public void Fit_AlreadyValid_Untouched() => TextFit.Fit("x", "Hello there.").Parts.ShouldBe(["Hello there."]);

    [Fact]
    public void Fit_TooLong_EndsAfterASentence()
    {
        var text = TextFit.Fit("x", LongText).Parts.ShouldHaveSingleItem();
        text.ShouldEndWith("short.");
        LongText.ShouldStartWith(text);
        ContentRules.Check("x", text).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void Fit_NoSentenceEnd_EndsAfterAWord()
    {
        var text = TextFit.Fit("x", string.Join(' ', Enumerable.Repeat("unending", 60))).Parts.ShouldHaveSingleItem();
        text.ShouldEndWith("unending…");
        ContentRules.Check("x", text).Length.ShouldBeGreaterThan(260);
    }

    [Fact]
    public void Fit_LinkAtTheEnd_IsKept()
    {
        var text = TextFit.Fit("x", $"{LongText} https://example.com/read-more").Parts.ShouldHaveSingleItem();
        text.ShouldEndWith("https://example.com/read-more");
    }

    [Fact]
    public void Fit_Thread_MarksEveryPart()
    {
        var fit = TextFit.Fit("bluesky", LongText, thread: true);
        fit.Parts.Count.ShouldBeGreaterThan(5);
        for (var i = 0; i < fit.Parts.Count; i++)
            fit.Parts[i].ShouldEndWith($" ({i + 1}/{fit.Parts.Count})");
        fit.Parts.ShouldAllBe(p => p.Contains("short. ("));
    }

    [Fact]
    public void Fit_ThreadOnPlatformWithout_SaysSo() => TextFit.Fit("pinterest", new string('a', 900), thread: true).Problem.ShouldNotBeNull().ShouldContain("no threads");

    [Fact]
    public void Fit_LinkLongerThanAPost_SaysSo()
    {
        var fit = TextFit.Fit("bluesky", "https://example.com/" + new string('p', 400), thread: true);
        fit.IsFitted.ShouldBeFalse();
        fit.Parts.ShouldBeEmpty();
    }

    [Fact]
    public void Fit_JapaneseWithoutSpaces_CutsBetweenCharactersAtTheFullStop()
    {
        var text = TextFit.Fit("x", string.Concat(Enumerable.Repeat("今日は天気がいいですね。", 30))).Parts.ShouldHaveSingleItem();
        text.ShouldEndWith("。");
        ContentRules.Check("x", text).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void Fit_TooManyHashtags_KeepsTheWords() =>
        TextFit.Fit("instagram", "sea #one #two #three #four #five #six").Parts.ShouldBe(["sea #one #two #three #four #five six"]);

    [Fact]
    public void Fit_YouTube_ReplacesWhatIsForbidden() => TextFit.Fit("youtube", "a <b> c").Parts.ShouldBe(["a ‹b› c"]);

    [Fact]
    public void Adapt_ManyPlatforms_EachValid() =>
        TextFit.Adapt(LongText, ContentRules.All.Select(r => r.Name)).ShouldAllBe(f => f.Value.IsFitted && ContentRules.Check(f.Key, f.Value.Parts[0]).IsValid);
}
