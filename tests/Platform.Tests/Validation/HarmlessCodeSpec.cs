using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Code that needs no flow analysis is told by its names; whatever could reach a dangerous type is not among it.</summary>
public sealed class HarmlessCodeSpec
{
    private static readonly HarmlessCode Code = new(CSharpCompiler.Compile([], new ValidationOptions(), PackageShapes.Missing([])));

    private static bool Covers(params string[] files) => Code.Covers([.. files.Select((text, n) => CSharpCompiler.Parse($"f{n}.cs", text))], default);

    [Theory]
    [InlineData("using System.Linq; public static class A { public static int Sum(int[] values) => values.Where(v => v > 2).Sum(); }")]
    [InlineData("namespace My.Shop; public record Line(string Article, int Count) { public decimal Price => Count * 2m; }")]
    [InlineData("using System; public class A { public event EventHandler? Changed; public async System.Threading.Tasks.Task RunAsync() { await System.Threading.Tasks.Task.Delay(1); Changed?.Invoke(this, EventArgs.Empty); } }")]
    [InlineData("[System.Flags] enum E { A, B } class T { (int Left, int Right) P => (Left: 1, Right: 2); string S(E e) => e switch { E.A => $\"{e}\", _ => nameof(T) }; }")]
    public void Covers_OwnNamesAndPlainLibraries_IsTrue(string code) => Covers(code).ShouldBeTrue();

    [Theory]
    [InlineData("class A { byte[] M(byte[] b) => System.Security.Cryptography.MD5.HashData(b); }")]
    [InlineData("class A { int M() => System.Random.Shared.Next(); }")]
    [InlineData("class A { public System.Random Random { get; } = new(); int M() => Random.Next(); }")]
    [InlineData("class MD5 { } class A { MD5 M() => new MD5(); }")]
    [InlineData("using R = System.Random; class A { R r = new R(); }")]
    [InlineData("using static System.AppContext; class A { void M() => SetSwitch(\"x\", true); }")]
    [InlineData("[System.Serializable] class A { }")]
    [InlineData("class A { [System.Runtime.InteropServices.DllImport(\"x\")] static extern void M(); }")]
    [InlineData("class A : Controller { object M(string id) => Request.Form[id]; }")]
    [InlineData("class A { void M(dynamic x) => x.Frobnicate(); }")]
    [InlineData("class A { void M() => System.Diagnostics.Process.Start(\"x\"); }")]
    public void Covers_NameOfAnythingElse_IsFalse(string code) => Covers(code).ShouldBeFalse();

    [Fact]
    public void Covers_NamesOfTheOtherFile_AreItsOwn()
    {
        const string user = "class A { int M(Helper h) => h.Twice(2); }";

        Covers(user).ShouldBeFalse();
        Covers(user, "class Helper { public int Twice(int n) => n * 2; }").ShouldBeTrue();
    }

    [Fact]
    public async Task ScanAsync_ReferencedLibrary_IsAlwaysAnalysed()
    {
        // An assembly of the workspace may hand out dangerous types under harmless names; here only that the scan still answers.
        var scanner = new SecurityScanner(new ValidationOptions { References = [typeof(Shouldly.Should).Assembly.Location] });
        var verdict = await scanner.ScanAsync([SourceFile.FromPath("a.cs", "class A { int M() => 1; }")], TestContext.Current.CancellationToken);

        verdict.Single().Findings.ShouldBeEmpty();
        verdict.Single().Unchecked.ShouldBeNull();
    }
}
