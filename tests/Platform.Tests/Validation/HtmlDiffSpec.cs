using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Changes side by side: what a file holds stays text.</summary>
public sealed class HtmlDiffSpec
{
    [Fact]
    public void Table_ChangedLine_MarksTheWordsThatChanged()
    {
        var html = HtmlDiff.Table("a.cs", "int a = 1;\nint b = 2;\n", "int a = 1;\nlong b = 2;\n");

        html.ShouldContain("<del>int</del>");
        html.ShouldContain("<ins>long</ins>");
        html.ShouldContain("<caption>a.cs</caption>");
    }

    [Fact]
    public void Table_Markup_IsEncoded()
    {
        var html = HtmlDiff.Table("<b>.cs", "x", "<script>alert(1)</script>");

        html.ShouldNotContain("<script>");
        html.ShouldContain("&lt;script&gt;");
        html.ShouldContain("&lt;b&gt;.cs");
    }

    [Fact]
    public void Table_LongFile_LeavesOutWhatIsFarFromAChange()
    {
        var before = string.Join('\n', Enumerable.Range(1, 200).Select(i => "line " + i));

        var html = HtmlDiff.Table("a.txt", before, before.Replace("line 100\n", "row 100\n", StringComparison.Ordinal));

        html.ShouldContain("line 98<");
        html.ShouldNotContain("line 50<");
    }

    [Fact]
    public void Table_NoChange_IsEmpty() => HtmlDiff.Table("a.cs", "same", "same").ShouldBeEmpty();

    [Fact]
    public void Page_Steps_SayWhatWasDone()
    {
        var before = new[] { SourceFile.FromPath("a.cs", "class A { int x = 1 }") };
        var result = new FixResult(true, 1, 0, [before[0] with { Text = "class A { int x = 1; }" }], "", [new FixStep("a.cs(1,20): CS1002: ; expected", "insert ;", "rule", "The statement <ends>.")], null);

        var page = HtmlDiff.Page("Fix of a.cs", before, result);

        page.ShouldStartWith("<!doctype html>");
        page.ShouldContain("The statement &lt;ends&gt;.");
        page.ShouldContain("1 errors before, 0 after; fixed.");
    }
}
