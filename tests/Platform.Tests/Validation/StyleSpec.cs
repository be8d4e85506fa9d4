using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Remarks on style and size: they say where, they are counted, and they never make a file invalid.</summary>
public sealed class StyleSpec
{
    private static readonly StyleLimits Small = new() { LineLength = 40, FileLines = 12, FunctionLines = 3, Places = 3, LastLineEnd = true };

    [Theory]
    [InlineData("a.py", "x = 1 \ny = 2\n", "STYLE002", 1)]
    [InlineData("a.py", "if True:\n\tx = 1\nif True:\n    y = 2\n", "STYLE003", 2)]
    [InlineData("a.js", "if (true) {\n  \tlet x = 1;\n}\n", "STYLE003", 2)]
    [InlineData("a.py", "x = 1", "STYLE006", 1)]
    [InlineData("A.cs", "public static class Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa { }\n", "STYLE001", 1)]
    [InlineData("a.py", "def one(a,\n        b\n):\n    x = 1\n\n    return x\n\n\ndef two():\n    return 2\n", "STYLE005", 1)]
    [InlineData("a.js", "const one = () => {\n  const text = '}';\n  // }\n  return text;\n};\nfunction two() {\n  return 2;\n}\n", "STYLE005", 1)]
    [InlineData("A.cs", "class A\n{\n    int One()\n    {\n        var x = 1;\n        return x;\n    }\n\n    int Two() => 2;\n}\n", "STYLE005", 3)]
    [InlineData("a.sh", "a=1\n\n\n\n\n\n\n\n\n\n\n\nb=2\n", "STYLE004", 13)]
    public async Task WhatIsBeyondALimit_IsRemarkedOnOnce(string path, string text, string rule, int line)
    {
        var file = await OfAsync(path, text, Small);

        file.Style.Select(f => (f.Code, f.Line, f.Severity)).ShouldBe([(rule, line, Severity.Info)]);
        file.Syntax.ShouldNotBe(SyntaxState.Error);
    }

    [Theory]
    [InlineData("A.cs", "class A\n{\n    /* a\n     * b\n     */\n    int One() => 1;\n}\n")]
    [InlineData("a.py", "def one():\n    return 1\n")]
    [InlineData("a.md", "a line that ends in two spaces  \n")]
    [InlineData("a.go", "package a\n\nfunc One() int {\n\treturn 1\n}\n")]
    public async Task TidyCode_AndWhatIsNoCode_GetsNoRemark(string path, string text) => (await OfAsync(path, text, Small)).Style.ShouldBeEmpty();

    [Fact]
    public async Task ManyPlaces_AreCounted()
    {
        var file = await OfAsync("a.py", string.Concat(Enumerable.Repeat("x = 1 \n", 10)), Small);

        file.Style.Count.ShouldBe(3);
        file.Style[^1].Message.ShouldEndWith("and 7 more places");
    }

    [Fact]
    public async Task ThousandsOfNestedFunctions_AreMeasuredInOnePass()
    {
        const int Depth = 95_000;
        var file = SourceFile.FromPath("a.js", string.Concat(Enumerable.Repeat("function(){", Depth)) + new string('}', Depth));

        var sizes = await Task.Run(() => FunctionSizes.Of(file, default).Count(), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        sizes.ShouldBe(Depth);
    }

    [Fact]
    public async Task WithoutLimits_NothingIsSaid() => (await OfAsync("a.py", "x = 1 ", null)).Style.ShouldBeEmpty();

    private static async Task<FileReport> OfAsync(string path, string text, StyleLimits? limits) =>
        (await new ValidationPipeline(new ValidationOptions { Style = limits }).RunAsync([SourceFile.FromPath(path, text)], TestContext.Current.CancellationToken)).Files[0];
}
