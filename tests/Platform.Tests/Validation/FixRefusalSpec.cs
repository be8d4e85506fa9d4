using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Fixes that would take code away or do nothing are not made.</summary>
public sealed class FixRefusalSpec
{
    private const string Once = "using System;\npublic class Till\n{\n    private int total;\n    public void Add(int price) => total += price;\n    public int Total() => total;\n    public void Clear() => total = 0;\n    public bool IsEmpty() => total == 0;\n    public int Half() => total / 2;\n    public int Twice() => total * 2;\n    public int Third() => total / 3;\n}\n";
    private static readonly FixEngine Engine = new(new CodeValidator(new ValidationOptions()));

    private static async Task<string> FixAsync(string code) =>
        (await Engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", code)]), TestContext.Current.CancellationToken)).Files[0].Text;

    [Fact]
    public async Task FixAsync_TwoBlocksThatBeginAlike_BothStay()
    {
        var mended = await FixAsync("namespace Shop\n{\n    public class Till { public int Total() => 1; }\n}\nnamespace Shop\n{\n    public class Stock { public int Count() => 2 }\n}\n");

        mended.ShouldContain("class Till");
        mended.ShouldContain("class Stock");
    }

    [Theory]
    [InlineData("public partial class Shape\n{\n    public int Sides() => 3;\n    public int Area() => 1;\n}\npublic partial class Shape\n{\n    public int Sides() => 3;\n    public int Edge() => 2;\n}\n")]
    [InlineData("import { a } from './a.js';\nconst one = a(1);\nimport { a } from './a.js';\nconst two = a(2);\n")]
    public void Whole_HalvesThatDiffer_AreNoCopies(string text) => TranscriptRule.Whole(text).ShouldBeEmpty();

    [Theory]
    [InlineData(Once + Once, Once)]
    // The first copy was cut off, and the second begins anew.
    [InlineData("using System;\npublic class Till\n{\n    private int total;\n    public void Add(int price) => total += price;\n    public int Total() => total;\n    public void Clear() => tot\n" + Once, Once)]
    public void Whole_TheSameTwice_IsLeftOnce(string text, string expected) => TranscriptRule.Whole(text).Select(w => w.Text).ShouldContain(expected);

    [Fact]
    public async Task FixAsync_ImmutableList_TakesWhatAddGives() =>
        (await FixAsync("using System.Collections.Immutable;\nclass A { ImmutableList<int> xs = []; void M() { xs += 3; } }")).ShouldContain("xs = xs.Add(3);");

    [Fact]
    public async Task FixAsync_StringMinusNumber_IsNoRemoval() =>
        (await FixAsync("class A { string M(string s) { s -= 1; return s; } }")).ShouldNotContain("Remove(");
}
