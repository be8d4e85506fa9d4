using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>The search behind a fix: how it combines mends, what counts as progress, and that it keeps its budgets.</summary>
public sealed class FixSearchSpec
{
    private static readonly FixEngine Engine = new(new CodeValidator(new ValidationOptions()));

    [Theory]
    [InlineData("using System.Collections.Generic;\nclass A\n{\n    int M(List<int> xs)\n    {\n        var first = xs.Cuont;\n        return first;\n    }\n\n    string N(string s)\n    {\n        return s.ToUper();\n    }\n}\n", 2)]
    [InlineData("using System.Collections.Generic;\nclass A\n{\n    int M(List<int> xs)\n    {\n        var first = xs.Cuont;\n        return first;\n    }\n\n    string N(string s)\n    {\n        return s.ToUper();\n    }\n\n    int O(int[] xs, int total)\n    {\n        foreach (var x in xs)\n            total += x\n        return totl;\n    }\n}\n", 4)]
    public async Task FixAsync_SeveralIndependentMistakes_CostsLittleMoreThanOne(string code, int steps)
    {
        var result = await FixAsync(code);

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Steps.Count.ShouldBe(steps);
        // Trying all proposals of the first state alone takes more.
        result.Candidates.ShouldBeLessThan(80);
    }

    [Fact]
    public async Task FixAsync_CureThatUncoversManyErrors_IsKept()
    {
        var uses = string.Join('\n', Enumerable.Range(0, 12).Select(i => $"    StringBuilder b{i} = new StringBuilder();"));
        var result = await FixAsync($"class A\n{{\n    /* what follows was hidden\n{uses}\n}}\n");

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Files[0].Text.ShouldContain("using System.Text;");
        result.Files[0].Text.ShouldContain("b11 = new");
    }

    [Fact]
    public async Task FixAsync_SourceBreaksAFileForTheTestsSake_IsNoProgress()
    {
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), before: [new Breaking()]);
        var request = new FixRequest([new SourceFile("Sum.cs", "csharp", "public static class Sum { public static int Ov(int a, int b) => a + b; }")])
        {
            Tests = [new SourceFile("SumTests.cs", "csharp", "public class SumTests { [Xunit.Fact] public void Adds() { Xunit.Assert.Equal(3, Sum.Of(1, 2)); Xunit.Assert.Equal(3, Sum.Of(2, 1)); } }")],
        };

        var result = await engine.FixAsync(request, TestContext.Current.CancellationToken);

        result.Files[0].Text.ShouldContain("int Of(int a, int b)");
        result.Steps.ShouldAllBe(s => s.Source == "rule");
    }

    [Fact]
    public async Task FixAsync_DataBeforeTheTests_StillCompilesCodeAndTestsTogether()
    {
        var request = new FixRequest([new SourceFile("Sum.cs", "csharp", "public static class Sum { public static int Ov(int a, int b) => a + b; }")])
        {
            Tests = [new SourceFile("fixture.json", "json", "{}"), new SourceFile("SumTests.cs", "csharp", "public class SumTests { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(3, Sum.Of(1, 2)); }")],
        };

        (await Engine.FixAsync(request, TestContext.Current.CancellationToken)).Files[0].Text.ShouldContain("int Of(int a, int b)");
    }

    [Fact]
    public async Task FixAsync_SourceThatNeverAnswers_EndsWithTheTime()
    {
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), before: [new Waiting()]);
        var request = new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => Zqxwvu; }")]) { Time = TimeSpan.FromMilliseconds(200) };

        var result = await engine.FixAsync(request, TestContext.Current.CancellationToken);

        (result.Fixed, result.Candidates).ShouldBe((false, 0));
    }

    [Fact]
    public async Task FixAsync_ValueMadeUp_SaysSoWithoutTests()
    {
        var result = await FixAsync("class A\n{\n    static int Half(string text)\n    {\n        System.Console.WriteLine(text);\n    }\n\n    static int M() => Half(\"a\") + 1;\n}\n");

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Steps.Any(s => s.Placeholder).ShouldBe(result.Files[0].Text.Contains("return 0;", StringComparison.Ordinal), result.Diff);
    }

    private static Task<FixResult> FixAsync(string code) =>
        Engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", code)]), TestContext.Current.CancellationToken);

    private sealed class Breaking : IFixSource
    {
        public string Name => "memory";

        public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<FixCandidate>>(context.Tests.Count == 0 ? [] : [new FixCandidate("Sum.cs", "public static class Sum { public static int Ov(int a, int b) => a + c + d; }", "break it", "It makes things worse.") { Cost = 0.1 }]);
    }

    private sealed class Waiting : IFixSource
    {
        public string Name => "memory";

        public async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            return [];
        }
    }
}
