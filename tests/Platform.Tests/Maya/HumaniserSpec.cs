using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class HumaniserSpec
{
    [Theory]
    [InlineData("We leverage data — and it works.", "We use data, and it works.")]
    [InlineData("In today's fast-paced world, tea helps.", "Tea helps.")]
    [InlineData("Furthermore, iPhone users save 20%.", "iPhone users save 20%.")]
    [InlineData("Our app **seamlessly** syncs “notes”.", "Our app smoothly syncs \"notes\".")]
    [InlineData("It serves as a hub.", "It is a hub.")]
    public void Humanise_KnownMarkers_Plain(string text, string expected) => Humaniser.Humanise(text).Text.ShouldBe(expected);

    [Theory]
    [InlineData("Meet Anna from Robust Systems at https://leverage.example.com/robust — @robust #leverage")]
    [InlineData("The firm Leverage was founded in 1999.")]
    public void Humanise_NamesLinksMentions_Untouched(string text)
    {
        var human = Humaniser.Humanise(text).Text;
        foreach (var kept in new[] { "Robust Systems", "https://leverage.example.com/robust", "@robust", "#leverage", "Leverage", "1999" }.Where(text.Contains))
            human.ShouldContain(kept);
    }

    [Fact]
    public void Humanise_Twice_ChangesNothingMore()
    {
        var once = Humaniser.Humanise("Moreover, we delve into a myriad of robust ideas — “always”.");
        once.MarkersBefore.ShouldBeGreaterThan(once.MarkersAfter);
        Humaniser.Humanise(once.Text).Text.ShouldBe(once.Text);
    }

    [Fact]
    public void Humanise_PlainText_Untouched()
    {
        var human = Humaniser.Humanise("We open at nine.  Come by.");
        (human.Text, human.Changes).ShouldBe(("We open at nine.  Come by.", 0));
    }
}
