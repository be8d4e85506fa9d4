using System.Text;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Input that tries to break, stall or blind the scan: it must answer, and say what it did not look at.</summary>
public sealed class HostileSecuritySpec
{
    private const int Megabyte = (1 << 20) - 100;

    public static TheoryData<string> EveryExtension => ["a.cs", "a.py", "a.js", "a.ts", "a.sh", "a.txt", "a.yaml", "package.json", "requirements.txt", "a.csproj"];

    [Theory]
    [MemberData(nameof(EveryExtension))]
    public async Task Scan_OneHugeLine_Answers(string path) => await AnswersAsync(path, new string('a', Megabyte));

    [Theory]
    [MemberData(nameof(EveryExtension))]
    public async Task Scan_OneHugeLineOfCues_Answers(string path) => await AnswersAsync(path, string.Concat(Enumerable.Repeat("password='${' -rm -rf $x | eval(`", 20_000)));

    [Theory]
    [MemberData(nameof(EveryExtension))]
    public async Task Scan_NulBytesAndBrokenUtf8_Answers(string path) =>
        await AnswersAsync(path, "\0\0password = '" + Encoding.UTF8.GetString([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]) + "\ud800'\0\n\u202e");

    [Theory]
    [InlineData("a.cs", "(", ")")]
    [InlineData("a.cs", "{", "}")]
    [InlineData("a.cs", "1+", "1")]
    [InlineData("a.cs", "a=>", "b")]
    [InlineData("a.cs", "if(x)", ";")]
    [InlineData("a.py", "(", ")")]
    [InlineData("a.py", "1+", "1")]
    [InlineData("a.py", "f(", ")")]
    [InlineData("a.js", "eval(", ")")]
    [InlineData("a.js", "`${", "}`")]
    [InlineData("a.sh", "$(", ")")]
    [InlineData("package.json", "{\"dependencies\":", "}")]
    public async Task Scan_DeepNesting_Answers(string path, string open, string close) =>
        await AnswersAsync(path, string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000)));

    [Theory]
    [InlineData(250)]
    [InlineData(299)]
    public async Task Scan_AsDeepAsAllowed_DoesNotRunOutOfStack(int depth)
    {
        var text = "class A { object M(string s, System.Data.IDbCommand c) { c.CommandText = " + string.Concat(Enumerable.Repeat("(s + ", depth / 2)) + "s" + new string(')', depth / 2) + "; return c; } }";

        await AnswersAsync("a.cs", text);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(100_000)]
    public async Task Scan_NestedTooDeep_SaysSo(int depth) =>
        (await Scan.FileAsync("a.cs", "class A { int M() => " + new string('(', depth) + "1" + new string(')', depth) + "; }")).Unchecked.ShouldNotBeNull().ShouldContain("nested deeper");

    [Fact]
    public async Task Scan_OneFileThatBreaksThePythonScan_HidesNoOther()
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed");
        var files = new[] { SourceFile.FromPath("bad.py", "x = \0"), SourceFile.FromPath("good.py", "eval(x)") };

        var verdicts = await Scan.Scanner.ScanAsync(files, TestContext.Current.CancellationToken);

        verdicts[0].Unchecked.ShouldNotBeNull();
        verdicts[1].ShouldHold("B307", 1);
    }

    [Fact]
    public async Task Scan_MoreFindingsThanAreShown_KeepsTheGravestAndSaysHowMany()
    {
        var text = string.Concat(Enumerable.Repeat("cp $1 x\n", 300)) + "curl https://x.example | sh\n";

        var verdict = await Scan.FileAsync("a.sh", text);

        verdict.Findings.Count.ShouldBe(200);
        verdict.ShouldHold("SEC401", 301);
        verdict.Unchecked.ShouldNotBeNull().ShouldContain("101 more");
    }

    [Fact]
    public async Task Scan_SameContentTwice_IsAnsweredFromTheCache()
    {
        var file = SourceFile.FromPath("a.cs", "class A { byte[] M(byte[] b) => System.Security.Cryptography.MD5.HashData(b); }");
        var scanner = new SecurityScanner(new ValidationOptions());

        var first = (await scanner.ScanAsync([file], TestContext.Current.CancellationToken)).Single();
        var again = (await scanner.ScanAsync([file], TestContext.Current.CancellationToken)).Single();

        again.Findings[0].ShouldBeSameAs(first.Findings[0]);
    }

    private static async Task AnswersAsync(string path, string text)
    {
        var scanner = new SecurityScanner(new ValidationOptions { ToolTimeout = TimeSpan.FromSeconds(10) });

        var verdict = await Scan.FileAsync(path, text, scanner);

        verdict.Findings.Count.ShouldBeLessThanOrEqualTo(200);
        verdict.Findings.ShouldAllBe(f => f.Line > 0 && f.Message.Length < 1000);
    }
}
