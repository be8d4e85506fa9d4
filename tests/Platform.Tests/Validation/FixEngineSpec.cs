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
    [InlineData("class A { int M() { int x = 1; retrun x; } }", "return x;")]
    [InlineData("class A { int M(int x) { if x > 1 { return 1; } return 2; } }", "if (x > 1)")]
    [InlineData("class A { int M(int[] xs) { var n = 0; foreach (var x of xs) { n += x; } return n; } }", "in xs")]
    [InlineData("class A { string M() => 'hello'; }", "\"hello\"")]
    [InlineData("class A { string M(string name) => f\"hi {name}\"; }", "$\"hi {name}\"")]
    [InlineData("class A { int M(string s) { return s; } }", "int.Parse(s)")]
    [InlineData("class A { string M(int n) { return n; } }", "n.ToString()")]
    [InlineData("class A { int M(double d) { int x = d * 2; return x; } }", "(int)(d * 2)")]
    [InlineData("class A { int M(int? x) { return x; } }", "x.Value")]
    [InlineData("class A { decimal D => 1.5; }", "1.5m")]
    [InlineData("using System.Threading.Tasks;\nclass A { Task<int> N() => Task.FromResult(1); async Task<int> M() { int x = N(); return x + 1; } }", "await N()")]
    [InlineData("using System.Threading.Tasks;\nclass A { Task<int> N() => Task.FromResult(1); Task<int> M() { var x = await N(); return x; } }", "async Task<int> M()")]
    [InlineData("using System.Collections.Generic;\nclass A { IEnumerable<int> M() { foreach (var i in new[] { 1 }) { return i; } } }", "yield return i;")]
    [InlineData("class A { static void N(string a, int b) { } void M() => N(1, \"x\"); }", "N(\"x\", 1)")]
    [InlineData("class A { static void N(ref int a) { a = 1; } void M() { int x = 0; N(x); } }", "N(ref x)")]
    [InlineData("class A { readonly int x = 0; void M() { x = 1; } }", "{ int x = 0;")]
    [InlineData("class A { int P { get; } void M() { P = 1; } }", "set;")]
    [InlineData("class A { int x; static int M() => x; }", "static")]
    [InlineData("class B { public void M() { } } class C : B { public override void M() { } }", "virtual")]
    [InlineData("abstract class B { public abstract int M(); } class C : B { public override string M() => \"1\"; }", "override int M()")]
    [InlineData("interface I { int M(); } class C : I { int M() => 1; }", "public int M()")]
    [InlineData("class A { int M(int k) { switch (k) { case 1: k++; default: return 2; } return k; } }", "break;")]
    [InlineData("class A { int M(int a, int b) { if (a = b) return 1; return 2; } }", "a == b")]
    [InlineData("class B { public int X; } class A { B M() => B(); }", "new B()")]
    [InlineData("using System.Collections.Generic;\nclass A { int M(List<int> xs) => xs.Length; }", "xs.Count")]
    [InlineData("class A { int M(int[] xs) => len(xs); }", "xs.Length")]
    [InlineData("using System.Collections.Generic;\nclass A { void M(List<int> xs) { xs.push(1); } }", "xs.Add(1)")]
    [InlineData("class A { bool M(bool a, bool b) => a and b; }", "a && b")]
    [InlineData("class A { int M() { int total = 0; for (int i = 0, i < 3, i++) { total += i; } return total; } }", "for (int i = 0; i < 3; i++)")]
    [InlineData("class A { T M<T>() => new T(); }", "where T : new()")]
    [InlineData("class P { public required string Name { get; init; } } class A { P M(string name) => new P(); }", "Name = name")]
    [InlineData("class A { int M() { int x; x += 1; return x; } }", "int x = 0;")]
    [InlineData("class A { void M() { int x = 1; int x = 2; x++; } }", "x = 2")]
    [InlineData("partial class A { } class A { }", "partial class A { } partial class A { }")]
    [InlineData("class A { public Add(int a) { return a + 1; } }", "int Add(int a)")]
    [InlineData("using System.Text;\nclass A { string M() { var b = new StringBuilder(); b += \"x\"; return b.ToString(); } }", "b.Append(\"x\")")]
    [InlineData("using System.Collections.Generic;\nclass A { readonly List<int> xs = []; void M() { xs += 1; } }", "xs.Add(1)")]
    [InlineData("class A { bool M(char c) => c.IsDigit(); }", "char.IsDigit(c)")]
    [InlineData("class A { string M(string[] xs) => \", \".Join(xs); }", "string.Join(\", \", xs)")]
    [InlineData("using System.Collections.Generic;\nclass A { List<int> M() { var xs = new(); xs.Add(1); return xs; } }", "new List<int>()")]
    [InlineData("class A { int[] M() { var xs = { 1, 2 }; return xs; } }", "new[] { 1, 2 }")]
    [InlineData("class A { int n = 1; public int Twice = n * 2; }", "Twice => n * 2")]
    [InlineData("using System;\nclass A { string M() { try { return \"\"; } catch (Exception) { return ex.Message; } } }", "catch (Exception ex)")]
    [InlineData("enum Day { Monday } class A { Day M() => \"monday\"; }", "Day.Monday")]
    [InlineData("class A { int M(int a, int b) =&gt; a &lt; b ? a : b; }", "=> a < b")]
    [InlineData("1: class A\n2: {\n3:     int M() => 1;\n4: }\n", "class A\n{\n    int M()")]
    [InlineData("class A { string M() => \\\"x\\\"; }", "=> \"x\";")]
    [InlineData("class P { public int X; } class A { P M() => new P(X = 1); }", "new P { X = 1 }")]
    [InlineData("using System.Collections.Generic;\nclass A { Dictionary<string, int> d = new() { \"a\" = 1 }; }", "[\"a\"] = 1")]
    [InlineData("class A { (int, int) N() => (1, 2); int M() { var a, b = N(); return a + b; } }", "var (a, b) = N()")]
    [InlineData("class A { int[] xs = new int[1] { 1, 2 }; }", "new int[] { 1, 2 }")]
    [InlineData("using System;\nclass A { bool M<T>(T a, T b) where T : IComparable<T> => a < b; }", "a.CompareTo(b) < 0")]
    [InlineData("class A { int M(int a = 1, int b) => a + b; }", "int b, int a = 1")]
    [InlineData("class A { int M(int n) { while (n > 3) do { n--; } return n; } }", "while (n > 3) {")]
    [InlineData("using System.Linq;\nclass A { int M(int[] xs) => xs.Sum(lambda x: x + 1); }", "xs.Sum(x => x + 1)")]
    [InlineData("class A { int M(int n) { var s = 0; for i in range(1, n) { s += i; } return s; } }", "for (int i = 1; i < n; i++)")]
    [InlineData("class A { boolean M() => True; }", "bool M() => true")]
    [InlineData("class B { public string Name { get; set; } = \"\"; } class A { string M(B b) => b.getName(); }", "b.Name")]
    [InlineData("class A { int M(int[] items, int index) { return itemsindex]; } }", "items[index]")]
    [InlineData("class A { int M(int total) { returntotal; } }", "return total;")]
    [InlineData("class A { bool M(int a) { if (a > = 1) return true; return false; } }", "a >= 1")]
    [InlineData("class A { int M(int[] xs, int i) { return (xs[i)]; } }", "(xs[i])")]
    [InlineData("class A { int M(int a) { if (a > 1) { return 1; } else (a > 0) { return 2; } return 3; } }", "else if (a > 0)")]
    [InlineData("class A { string M() => \"one'; }", "\"one\"")]
    [InlineData("class A { string Name { get, set } = \"\"; }", "get; set;")]
    [InlineData("class A { static int N() => 1; static int M() => this.N(); }", "=> N();")]
    [InlineData("class A { var count = 1; int M() => count; }", "int count = 1")]
    [InlineData("using System.Collections.Generic;\nusing System.Linq;\nclass A { bool M(List<int> xs) { if (xs) return true; return false; } }", "xs.Any()")]
    [InlineData("using System.Collections.Generic;\nusing System.Linq;\nclass A { bool M(List<int> xs) => xs.Any(() => x > 1); }", "x => x > 1")]
    [InlineData("using System.Collections.Generic;\nusing System.Linq;\nclass A { bool M(List<int> xs) => xs.Any(x > 1); }", "x => x > 1")]
    [InlineData("class Line(string Text); class A { string M(Line line) => line.Text; }", "record Line(string Text)")]
    [InlineData("class Point { public int X { get; } public int Y { get; } } class A { Point M() => new Point(1, 2); }", "public Point(int x, int y)")]
    [InlineData("interface I { int Count; }", "int Count { get; }")]
    [InlineData("class A\n{\n    int M()\n    {\n        Look at each value in turn\n        return 1;\n    }\n}\n", "// Look at each value in turn")]
    [InlineData("class A\n{\n<<<<<<< HEAD\n    int M() => 1;\n=======\n    int M() => 2;\n>>>>>>> other\n}\n", "int M() => 1;\n}")]
    [InlineData("enum Colour { Red; Green; Blue }", "Red, Green, Blue")]
    [InlineData("using System.Collections.Generic;\nclass A { Dictionary<string, int> m = new Dictionary<string, int> { \"a\": 1, \"b\": 2 }; }", "[\"a\"] = 1")]
    [InlineData("using System.Collections.Generic;\nclass A { bool M(List<int> xs, int x) { return x in xs; } }", "xs.Contains(x)")]
    [InlineData("class B { public string Name { get; set; } = \"\"; } class A { void M(B b) { b.setName(\"x\"); } }", "b.Name = \"x\"")]
    [InlineData("class A\n{\n    @Override\n    public string ToString() => \"a\";\n}\n", "public override string ToString()")]
    [InlineData("class A { bool M(object o) { return o instanceof string; } }", "o is string")]
    [InlineData("class A { int M(bool b) { return 1 if b else 2; } }", "b ? 1 : 2")]
    [InlineData("class A { int M(a: int) { return a; } }", "M(int a)")]
    [InlineData("class A { public M(int a): int { return a; } }", "public int M(int a)")]
    [InlineData("class A { bool M(string s) => int.TryParse(s, out n) && n > 1; }", "out var n")]
    [InlineData("class A { string M() { return \"one\ntwo\"; } }", "\"one two\"")]
    [InlineData("```csharp\nclass A { }\n```\n", "class A { }")]
    [InlineData("Here is the corrected code:\n\nclass A { }\n", "class A { }")]
    [InlineData("using System.Linq;\nclass A { string[] M(int[] x)\n{\n    return x.Where(i => (i > 1)\n        .Select(i => i.ToString())\n        .ToArray();\n} }", "(i > 1))")]
    [InlineData("using System.Linq;\nclass A { int M(int[] x) => x.Where(i => i > 1.Select(i => i + 1)).Count(); }", "x.Where(i => i > 1).Select(i => i + 1).Count()")]
    [InlineData("using System.Linq;\nclass A { static int F(int a, string b) => a + b.Length; int M(string[] x) => x.Aggregate(F, int.Parse(\"1\")); }", "x.Aggregate(int.Parse(\"1\"), F)")]
    [InlineData("using System.Threading.Tasks;\nclass A { async Task<int> M(in int x) { await Task.Yield(); return x; } }", "M(int x)")]
    [InlineData("class A { string M(int x) => x switch { 1 => \"a\"; 2 => \"b\"; _ => \"c\" }; }", "1 => \"a\", 2 => \"b\", _")]
    [InlineData("class A { string M(int x) => $\"a {x\"}; }", "$\"a {x}\"")]
    [InlineData("class A { string M(int x) => $\"a {x]%\"; }", "$\"a {x}%\"")]
    [InlineData("class A { public int X get; set; }", "X { get; set; }")]
    [InlineData("class A { public string X { get; } = \"x\"; public string Y get; = \"y\"; }", "Y { get; } = \"y\";")]
    [InlineData("using System.Collections.Generic;\nclass A { string M(Dictionary<int, string> x) => x.ElementAt[1]; }", "x[1]")]
    [InlineData("class A { double M(double x) => new System.Math().Sqrt(x); }", "=> System.Math.Sqrt(x)")]
    [InlineData("using System.Collections.Generic;\nclass A { IEnumerable<int> M(int n) { yield return n; yield n + 1; } }", "yield return n + 1;")]
    [InlineData("using System.Linq;\nclass A { int M(string x, string y) => x.Where(c, i => c != y[i]).Count(); }", "x.Where((c, i) => c != y[i])")]
    [InlineData("class A { int M(int[] x) { var n = 0; for (int iValue = 0; i < x.Length; i++) n += x[i]; return n; } }", "< x.Length;")]
    [InlineData("class A { int M(int[] x) { var totalSum = 0; foreach (var i in x) totalSum += i; return total + total; } }", "return totalSum + totalSum;")]
    [InlineData("class A { int M(int x, y) => x + y; int N() => M(1, 2); }", "M(int x, int y)")]
    [InlineData("class A { bool M(string s) { var dash = \"-\"; return s[0] == dash; } }", "dash = '-'")]
    [InlineData("class A { string M(string operator) { return operator.Trim(); } }", "@operator.Trim()")]
    [InlineData("class A { int M(int $r) { return $r + 1; } }", "int M(int r) { return r + 1; }")]
    [InlineData("class A { int M(int a, int b) { return a – b; } }", "a - b")]
    [InlineData("using System.Collections.Generic;\nclass A { List<int> xs = new List[int] { 1 }; }", "new List<int> { 1 }")]
    [InlineData("class A { int[] xs = new[] { 1; 2; 3; 4 }; }", "{ 1, 2, 3, 4 }")]
    [InlineData("using System.Collections.Generic;\nclass A { Dictionary<int, string> d = new Dictionary<int, string> { 1 => \"a\", 2 => \"b\" }; }", "{ 1, \"a\" }")]
    [InlineData("using System.Collections.Generic;\nclass A { List<int> M(List<int> xs) { return xs.Reverse(); } }", "return xs;")]
    [InlineData("using System.Collections.Generic;\nclass A { List<int> xs = new(); void M() { xs = xs.Clear(); } }", "{ xs.Clear(); }")]
    [InlineData("class A { string M(string s) { return s.ToUpper().GetAwaiter().GetResult(); } }", "return s.ToUpper();")]
    [InlineData("using System;\nclass A { double M(double x) => Math.SquareRoot(x); }", "Math.Sqrt(x)")]
    [InlineData("class A { int M(object o) { if (o is string) { return text.Length; } return 0; } }", "o is string text")]
    [InlineData("class A { System.Collections.List<int> xs = new System.Collections.List<int>(); }", "new System.Collections.Generic.List<int>()")]
    [InlineData("using System.Collections.Generic;\nclass A { List<int> xs = new List<int>(1, 2, 3); }", "new List<int> { 1, 2, 3 }")]
    [InlineData("using System.Linq;\nclass A { int[] M(string[] xs) => xs.Select(int.Parse()).ToArray(); }", "xs.Select(int.Parse)")]
    [InlineData("using System;\nclass A { int M((int, int) p) => p[1]; }", "p.Item2")]
    [InlineData("enum Day { Monday } class A { Day M() => Day::Monday; }", "Day.Monday")]
    [InlineData("public record Tree(int Value)\npublic class B { public int M(Tree t) => t.Value; }\n", "record Tree(int Value);")]
    [InlineData("using System.Collections.Generic;\nclass A { int M(List<int> xs) { var n = 0; foreach each (var x in xs) { n += x; } return n; } }", "foreach (var x in xs)")]
    [InlineData("class A { int M(int x) => x switch { 1 => return 2, _ => 3 }; }", "1 => 2")]
    [InlineData("class A { (int, int) M(int a, int b) { return a, b; } }", "return (a, b);")]
    [InlineData("class A { public static int M() => 1; }\n\nint example = A.M();\n", "int example = A.M();\n")]
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
        result.Steps.Count.ShouldBeGreaterThan(1);
        result.Diff.ShouldStartWith("--- a/a.cs\n+++ b/a.cs\n@@ -1,5 +1,6 @@\n");
        result.Diff.ShouldContain("-    int M() => all.Cuont;\n");
        result.Diff.ShouldContain("+    int M() => all.Count;\n");
    }

    [Fact]
    public async Task FixAsync_ErrorOfTheParserFarBelowManyUnknownNames_IsSeenFirst()
    {
        const string names = "class A { int a(int[] x) => x.Where(i => i > 0).Sum(); List<int> b; Dictionary<int, int> c; Regex d; Stopwatch e; HashSet<int> f; BigInteger g;\n int M() { return 1 } }";

        (await FixAsync(names)).ErrorsAfter.ShouldBe(0);
    }

    [Fact]
    public async Task FixAsync_RestOfTheProjectGiven_IsCompiledAndLeftAlone()
    {
        SourceFile[] context = [new("Status.cs", "csharp", "public enum OrderStatus { Open }")];
        var request = new FixRequest([new SourceFile("Order.cs", "csharp", "public class Order { public OrderStatus Status; int M() => 1 }")]) { Context = context };

        var result = await Engine.FixAsync(request, TestContext.Current.CancellationToken);

        result.Fixed.ShouldBeTrue();
        result.Files.Single().Text.Replace(" ;", "; ", StringComparison.Ordinal).ShouldBe("public class Order { public OrderStatus Status; int M() => 1; }");
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
    public async Task FixAsync_MemberThatNothingDescribes_IsWrittenToThrowAndSaysSo()
    {
        var result = await FixAsync("interface I { int Rate(string name); } class C : I { }");

        result.Steps.Single().Placeholder.ShouldBeTrue();

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Files[0].Text.ShouldContain("throw new System.NotImplementedException()");
        result.Steps.Single().Explanation.ShouldContain("Write the real body");
    }

    [Fact]
    public async Task FixAsync_WindowsLineEnds_StayThem()
    {
        var result = await FixAsync("class A\r\n{\r\n    List<int> all = new();\r\n}\r\n");

        result.Fixed.ShouldBeTrue(result.Diff);
        result.Files[0].Text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
    }

    [Fact]
    public async Task FixAsync_TestsThatCannotRun_AreNotCalledFixed()
    {
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), new TestRunner(new SandboxOptions()));
        var request = new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => 1 }")]) { Tests = [new SourceFile("a.go", "go", "package a")] };

        var result = await engine.FixAsync(request, TestContext.Current.CancellationToken);

        (result.ErrorsAfter, result.Tests!.Outcome, result.Fixed).ShouldBe((0, TestOutcome.Unchecked, false));
    }

    [Fact]
    public async Task FixAsync_TestsGiven_FixesWhatOnlyTheTestsShow()
    {
        var runner = new TestRunner(new SandboxOptions());
        Assert.SkipWhen((await runner.SandboxAsync(TestContext.Current.CancellationToken)).Kind == SandboxKind.None, "No sandbox works here.");
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), runner);
        var request = new FixRequest([new SourceFile("Sum.cs", "csharp", "public static class Sum\n{\n    private static int Ov(int a, int b) => a + b;\n}\n")])
        {
            Tests = [new SourceFile("SumTests.cs", "csharp", "public class SumTests { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(3, Sum.Of(1, 2)); }")],
        };

        var result = await engine.FixAsync(request, TestContext.Current.CancellationToken);

        result.Fixed.ShouldBeTrue(result.Diff + result.Tests?.Reason);
        result.Files[0].Text.ShouldContain("public static int Of(int a, int b)");
        result.Tests!.Outcome.ShouldBe(TestOutcome.Passed);
    }

    [Fact]
    public async Task FixAsync_SeveralWaysCompile_TakesTheOneThatPassesItsTests()
    {
        var runner = new TestRunner(new SandboxOptions());
        Assert.SkipWhen((await runner.SandboxAsync(TestContext.Current.CancellationToken)).Kind == SandboxKind.None, "No sandbox works here.");
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), runner);
        var request = new FixRequest([new SourceFile("Words.cs", "csharp", "using System.Linq;\npublic static class Words { public static string Join(string[] xs) => xs.Select(x => x.ToUpper()); }\n")])
        {
            Tests = [new SourceFile("WordsTests.cs", "csharp", "public class WordsTests { [Xunit.Fact] public void Joins() => Xunit.Assert.Equal(\"A, B\", Words.Join(new[] { \"a\", \"b\" })); }")],
        };

        var result = await engine.FixAsync(request, TestContext.Current.CancellationToken);

        result.Fixed.ShouldBeTrue(result.Diff + result.Tests?.Reason);
        result.Files[0].Text.ShouldContain("string.Join(\", \"");
    }

    [Fact]
    public async Task FixAsync_CostlySource_IsAskedOnlyWhenTheRulesFindNothing()
    {
        var asked = new Counting();
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), after: [asked]);

        await engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => 1 }")]), TestContext.Current.CancellationToken);
        asked.Calls.ShouldBe(0);
        var result = await engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => Zqxwvu.Plmokn(); }")]), TestContext.Current.CancellationToken);

        asked.Calls.ShouldBeGreaterThan(0);
        (result.Fixed, result.Steps.Single().Source).ShouldBe((true, "engine"));
    }

    [Fact]
    public async Task FixAsync_SourceThatMakesItWorse_IsNotTaken()
    {
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), before: [new Vandal()]);
        var result = await engine.FixAsync(new FixRequest([new SourceFile("a.cs", "csharp", "class A { int M() => Zqxwvu; }")]), TestContext.Current.CancellationToken);

        result.Steps.ShouldBeEmpty();
        result.Files[0].Text.ShouldBe("class A { int M() => Zqxwvu; }");
    }

    private sealed class Counting : IFixSource
    {
        public int Calls { get; private set; }

        public string Name => "engine";

        public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
        {
            Calls++;
            return Task.FromResult<IReadOnlyList<FixCandidate>>([new FixCandidate(context.File.Path, "class A { int M() => 7; }", "write it anew", "The call went nowhere.")]);
        }
    }

    private sealed class Vandal : IFixSource
    {
        public string Name => "memory";

        public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<FixCandidate>>([new FixCandidate(context.File.Path, context.File.Text + " }}} int x y;", "vandalise", "It makes things worse.")]);
    }
}
