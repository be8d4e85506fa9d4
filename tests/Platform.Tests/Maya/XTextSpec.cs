using Platform.Maya;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class XTextSpec
{
    [Theory]
    [InlineData("go to http://example.com/a_(b)_c.", "http://example.com/a_(b)_c")]
    [InlineData("see example.com, please", "example.com")]
    [InlineData("no link in file.txt or a.b", "")]
    [InlineData("twice: a.com b.co.uk", "a.com|b.co.uk")]
    [InlineData("日本語のexample.comです", "example.com")]
    [InlineData("日本語のhttp://example.comです", "http://example.com")]
    [InlineData("mail me@example.com now", "")]
    [InlineData("http://пример.рф/путь ok", "http://пример.рф/путь")]
    [InlineData("http://xn--e1afmkfd.xn--p1ai", "http://xn--e1afmkfd.xn--p1ai")]
    [InlineData("http://example.com?q=1&b=2!", "http://example.com?q=1&b=2")]
    [InlineData("http://t.co/abc123/more", "http://t.co/abc123")]
    [InlineData("http://a_b.example.com/", "http://a_b.example.com/")]
    [InlineData("http://example_x.com/", "")]
    [InlineData("x http://example.com:8080/path#frag y", "http://example.com:8080/path#frag")]
    [InlineData("http://example.museum http://example.invalidtld", "http://example.museum")]
    [InlineData("-example.com and /example.com", "")]
    public void Urls_BySpecification_Found(string text, string expected) =>
        string.Join('|', XText.Urls(text).Select(u => u.Value)).ShouldBe(expected);

    [Theory]
    [InlineData("#one and #two_2", "one|two_2")]
    [InlineData("#123 #1a", "1a")]
    [InlineData("a#no &#no #a#b", "")]
    [InlineData("#日本語 ＃full", "日本語|full")]
    [InlineData("http://example.com/#notag #tag", "tag")]
    [InlineData("#a://x #b", "b")]
    [InlineData("😀#joy", "joy")]
    public void Hashtags_BySpecification_Found(string text, string expected) =>
        string.Join('|', XText.Hashtags(text).Select(u => u.Value)).ShouldBe(expected);

    [Theory]
    [InlineData("@ada and ＠bob", "ada|bob")]
    [InlineData("me@ada.com", "")]
    [InlineData("RT@ada: RT @bob", "ada|bob")]
    [InlineData("@ada/list @bob/1x", "ada|bob")]
    [InlineData("@josé", "")]
    [InlineData("@aaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaa")]
    public void Mentions_BySpecification_Found(string text, string expected) =>
        string.Join('|', XText.MentionsOrLists(text).Select(u => u.Value)).ShouldBe(expected);

    [Theory]
    [InlineData("$AAPL up, $BRK.B down", "AAPL|BRK.B")]
    [InlineData("$123 a$TW $TOOLONGX", "")]
    public void Cashtags_BySpecification_Found(string text, string expected) =>
        string.Join('|', XText.Cashtags(text).Select(u => u.Value)).ShouldBe(expected);

    [Fact]
    public void Entities_Overlapping_FirstStands() =>
        XText.Entities("http://example.com/@ada #x").Select(e => e.Kind).ShouldBe([XEntityKind.Url, XEntityKind.Hashtag]);

    [Fact]
    public void Parse_TooLong_SaysWhereItEnds()
    {
        var length = XText.Parse(new string('a', 300));
        (length.WeightedLength, length.IsValid, length.Permillage, length.ValidEnd, length.DisplayEnd).ShouldBe((300, false, 1071, 279, 299));
    }

    [Fact]
    public void ToCodePointIndex_AfterEmoji_CountsPairsOnce()
    {
        var tag = XText.Hashtags("😀😀 #a").ShouldHaveSingleItem();
        XText.ToCodePointIndex("😀😀 #a", tag.Start).ShouldBe(3);
    }

    [Theory]
    [InlineData("@ada", true)]
    [InlineData("@ada x", false)]
    [InlineData("ada", false)]
    public void IsValidUsername_Whole_Only(string text, bool valid) => XText.IsValidUsername(text).ShouldBe(valid);

    [Theory]
    [InlineData("@ada/list", true)]
    [InlineData(" @ada/list", false)]
    [InlineData("@ada", false)]
    public void IsValidList_Whole_Only(string text, bool valid) => XText.IsValidList(text).ShouldBe(valid);

    [Theory]
    [InlineData("http://example.com/path?q#f", true)]
    [InlineData("http://user:pw@example.com:8080/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://256.1.1.1/", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("http://-example.com", false)]
    [InlineData("example.com", false)]
    public void IsValidUrl_Syntax_Holds(string text, bool valid) => XText.IsValidUrl(text).ShouldBe(valid);

    [Fact]
    public void Urls_LongTextWithoutLink_StaysLinear()
    {
        // The specification's own pattern needs time that grows with the square of such a text; a million characters would take hours.
        var text = string.Concat(Enumerable.Repeat("日.本-", 250_000));
        XText.Urls(text).ShouldBeEmpty();
    }
}
