using System.Xml.Linq;
using Platform.Maya;

namespace Platform.Tests.Maya;

public sealed class SpokenVersionSpec
{
    [Theory]
    [InlineData("We saved $1,200 in 2026.", "We saved one thousand two hundred dollars in twenty twenty-six.")]
    [InlineData("It costs €3.50, or 20% less.", "It costs three euros fifty, or twenty percent less.")]
    [InlineData("Doors at 19:30, not 7:05 pm.", "Doors at nineteen thirty, not seven oh five p m.")]
    [InlineData("The 21st of 3rd graders ran 5 km.", "The twenty-first of third graders ran five kilometres.")]
    [InlineData("Over 1,000,000 users, e.g. Anna & Bo.", "Over one million users, for example Anna and Bo.")]
    [InlineData("Version 2.05 in 1905 and 2000.", "Version two point zero five in nineteen oh five and two thousand.")]
    [InlineData("Open 9-17 daily.", "Open nine to seventeen daily.")]
    [InlineData("Raised $3 million.", "Raised three million dollars.")]
    [InlineData("Call 0049 now.", "Call zero zero four nine now.")]
    [InlineData("Thanks @anna_k for #OpenSource2 \U0001F680 https://example.com/x", "Thanks anna k for Open Source two.")]
    public void Of_WrittenForTheEye_CanBeSaid(string text, string expected) => string.Join(' ', SpokenVersion.Of(text).Sentences).ShouldBe(expected);

    [Fact]
    public void Of_Links_AreDroppedAndTold() => SpokenVersion.Of("Read more: https://example.com/a").ShouldSatisfyAllConditions(
        s => s.Dropped.ShouldBe(["https://example.com/a"]), s => s.Sentences.ShouldBe(["Read more."]));

    [Fact]
    public void Of_LongSentence_IsCutWhereBothSidesStand()
    {
        var spoken = SpokenVersion.Of("The lamp on your desk knows when you read and when you stop and what light the room has, and when evening comes it turns down by itself so that your eyes can rest.");

        spoken.Sentences.Count.ShouldBe(2);
        spoken.Sentences.ShouldAllBe(s => s.EndsWith('.') && char.IsUpper(s[0]));
    }

    [Fact]
    public void Of_Paragraphs_GiveValidSsmlWithPauses()
    {
        var spoken = SpokenVersion.Of("Fish & chips < 5 euros.\n\nCome today. Bring a friend.");
        var speak = XDocument.Parse(spoken.Ssml).Root!;

        XNamespace ns = "http://www.w3.org/2001/10/synthesis";
        speak.Name.LocalName.ShouldBe("speak");
        speak.Descendants(ns + "s").Select(s => s.Value).ShouldBe(["Fish and chips five euros.", "Come today.", "Bring a friend."]);
        speak.Descendants(ns + "break").Count().ShouldBe(2);
        spoken.Seconds.ShouldBe(Math.Round((10 / 2.5) + 0.4 + 0.8, 1), 0.5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\U0001F600 https://example.com")]
    [InlineData("\ud83d")]
    public void Of_NothingToSay_IsEmpty(string text) => SpokenVersion.Of(text).Sentences.ShouldBeEmpty();

    [Theory]
    [InlineData(0, "zero", "zeroth")]
    [InlineData(100, "one hundred", "one hundredth")]
    [InlineData(112, "one hundred and twelve", "one hundred and twelfth")]
    [InlineData(1_005, "one thousand and five", "one thousand and fifth")]
    [InlineData(20, "twenty", "twentieth")]
    [InlineData(2_000_031, "two million and thirty-one", "two million and thirty-first")]
    public void Cardinal_AndOrdinal_AreEnglish(long number, string cardinal, string ordinal) => (NumberWords.Cardinal(number), NumberWords.Ordinal(number)).ShouldBe((cardinal, ordinal));

    [Fact]
    public void VideoScript_Post_HasScenesCuesAndAnEndCard()
    {
        var scenes = VideoScript.Of("Do you read at night? Our lamp saves 40% power. Order it today. https://example.com/lamp");

        scenes.Select(s => s.Spoken).ShouldBe(["Do you read at night?", "Our lamp saves forty percent power.", "Order it today.", ""]);
        scenes[0].Cue.ShouldContain("asks");
        scenes[1].Cue.ShouldContain("figure");
        scenes[2].Cue.ShouldContain("points");
        scenes[3].OnScreen.ShouldBe("https://example.com/lamp");
        scenes.Zip(scenes.Skip(1)).ShouldAllBe(pair => Math.Abs(pair.First.Start + pair.First.Seconds - pair.Second.Start) < 0.11);
    }

    [Fact]
    public void VideoScript_NothingToSay_Refused() => Should.Throw<ArgumentException>(() => VideoScript.Of("\U0001F600"));
}
