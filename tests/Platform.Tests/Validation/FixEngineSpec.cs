using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Rule fixes on C#: each is verified by compiling again, and nothing gets worse.</summary>
public sealed class FixEngineSpec
{
    private static readonly FixEngine Engine = new(new CodeValidator(new ValidationOptions()));

    private static Task<FixResult> FixAsync(string code) =>
        Engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", code)]), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("class A { void M() { var x = new List<int>(); } }", "using System.Collections.Generic;")]
    [InlineData("using System;\nclass A { int[] x = [1]; int M() => x.Where(i => i > 0).Sum(); }", "using System.Linq;")]
    [InlineData("class A { int M() { int x = 1\n return x; } }", "int x = 1;")]
    [InlineData("class A { int M() { return (1 + 2; } }", "(1 + 2)")]
    [InlineData("class A\n{\n    int M()\n    {\n        return 1;\n    \n}\n", "    }")]
    [InlineData("class A { int M(string s) => s.Lenght; }", "s.Length")]
    [InlineData("using System;\nclass A { void M() { Consoel.WriteLine(1); } }", "Console.WriteLine(1)")]
    [InlineData("class A { int count; int M() => cuont + 1; }", "count + 1")]
    [InlineData("using Sytem.Text;\nclass A { StringBuilder b = new(); }", "using System.Text;")]
    public async Task FixAsync_OneSlip_IsFixedAndCompiles(string code, string expected)
    {
        var result = await FixAsync(code);

        result.Fixed.ShouldBeTrue(result.Diff + string.Join('\n', result.Steps));
        result.ErrorsBefore.ShouldBeGreaterThan(0);
        result.ErrorsAfter.ShouldBe(0);
        result.Files[0].Text.ShouldContain(expected);
        result.Steps.ShouldAllBe(s => s.Source == "rule" && s.Explanation.Length > 20);
    }

    [Fact]
    public async Task FixAsync_SeveralSlips_FixesAllAndShowsADiffThatApplies()
    {
        var result = await FixAsync("class A\n{\n    List<int> all = new()\n    int M() => all.Cuont;\n}\n");

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Steps.Count.ShouldBe(3);
        result.Diff.ShouldStartWith("--- a/a.cs\n+++ b/a.cs\n@@ -1,5 +1,6 @@\n");
        result.Diff.ShouldContain("-    int M() => all.Cuont;\n");
        result.Diff.ShouldContain("+    int M() => all.Count;\n");
    }

    [Fact]
    public async Task FixAsync_NothingKnown_ReturnsTheFilesUnchanged()
    {
        const string code = "class A { int M() => Zqxwvu.Plmokn(); }";
        var result = await FixAsync(code);

        result.Fixed.ShouldBeFalse();
        result.ErrorsAfter.ShouldBe(result.ErrorsBefore);
        result.Files[0].Text.ShouldBe(code);
        result.Diff.ShouldBeEmpty();
    }

    [Fact]
    public async Task FixAsync_SourceThatMakesItWorse_IsNotTaken()
    {
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), before: [new Vandal()]);
        var result = await engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => Zqxwvu; }")]), TestContext.Current.CancellationToken);

        result.Steps.ShouldBeEmpty();
        result.Files[0].Text.ShouldBe("class A { int M() => Zqxwvu; }");
    }

    private sealed class Vandal : IFixSource
    {
        public string Name => "memory";

        public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<FixCandidate>>([new FixCandidate(context.File.Path, context.File.Text + " }}} int x y;", "vandalise", "It makes things worse.")]);
    }
}
