using Platform.Maya;

namespace Platform.Tests.Maya;

public sealed class TextAdjusterSpec
{
    [Theory]
    [InlineData("formal", "We can't wait, it's awesome. I'm in.", "We cannot wait, it is excellent. I am in.")]
    [InlineData("formal", "Hey folks, you'll love it: https://don't.example.com #can't", "Hello people, you will love it: https://don't.example.com #can't")]
    [InlineData("casual", "We will not require assistance. It is approximately ready.", "We won't need help. It's about ready.")]
    [InlineData("calm", "Really amazing news!!! Are you in?!", "Good news. Are you in?")]
    public void Adjust_Tone_RewritesByRuleAndKeepsEntities(string tone, string text, string expected) =>
        TextAdjuster.Adjust("linkedin", text, new TextAdjustment(tone)).Text.ShouldBe(expected);

    [Fact]
    public void Adjust_Shorter_SaysTheSameInFewerWords()
    {
        var adjusted = TextAdjuster.Adjust("x", "In order to save time, we are able to ship on a daily basis due to the fact that Anna drives.", new TextAdjustment(Shorter: true));

        adjusted.Text.ShouldBe("To save time, we can ship daily because Anna drives.");
        adjusted.Steps.ShouldHaveSingleItem().ShouldContain("4 places");
        adjusted.Length.ShouldBe(adjusted.Text.Length);
    }

    [Fact]
    public void Adjust_Limit_RefitsAtASentence()
    {
        var adjusted = TextAdjuster.Adjust("bluesky", "One short sentence. Another short sentence. And a third one.", new TextAdjustment(Limit: 45));

        (adjusted.Text, adjusted.Problem).ShouldBe(("One short sentence. Another short sentence.", null));
    }

    [Fact]
    public void Adjust_NoEmoji_LeavesNoGap() => TextAdjuster.Adjust("x", "Light \U0001F4A1 for you \U0001F44D\U0001F3FD.", new TextAdjustment(PlainText: true)).Text.ShouldBe("Light for you .");

    [Theory]
    [InlineData("angry", null, "formal, casual, calm")]
    [InlineData("", 5, "10 to 280")]
    [InlineData("", 281, "10 to 280")]
    public void Adjust_WrongWish_SaysWhatThereIs(string tone, int? limit, string says) =>
        Should.Throw<ArgumentException>(() => TextAdjuster.Adjust("x", "A lamp.", new TextAdjustment(tone, Limit: limit))).Message.ShouldContain(says);
}
