using System;
using Demo;
using Xunit;

public class SlugTests
{
    [Theory]
    [InlineData("Hello World", "hello-world")]
    [InlineData("  C# & .NET 10: what's new?  ", "c-net-10-what-s-new")]
    [InlineData("Café Zürich", "cafe-zurich")]
    [InlineData("---", "")]
    [InlineData("", "")]
    public void Of_Title_GivesSlug(string title, string expected) => Assert.Equal(expected, Slug.Of(title));

    [Fact]
    public void Of_Null_Throws() => Assert.Throws<ArgumentNullException>(() => Slug.Of(null!));
}
