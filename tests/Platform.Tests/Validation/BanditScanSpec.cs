using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Bandit's report, as it prints it, and the real one where it is installed.</summary>
public sealed class BanditScanSpec
{
    [Fact]
    public void Read_Report_GivesEachFileItsFindings()
    {
        const string report = """
            {"errors": [], "metrics": {}, "results": [
              {"code": "1 import pickle\n", "filename": "./1.py", "issue_confidence": "HIGH", "issue_cwe": {"id": 502}, "issue_severity": "MEDIUM", "issue_text": "Pickle can be unsafe.", "line_number": 3, "line_range": [3], "test_id": "B301", "test_name": "blacklist"},
              {"filename": "./1.py", "issue_severity": "MEDIUM", "issue_text": "Old XML.", "line_number": 3, "test_id": "B320"},
              {"filename": "./1.py", "issue_severity": "UNDEFINED", "issue_text": "Something new.", "line_number": 9, "test_id": "B999"}]}
            """;

        var verdicts = BanditScan.Read(report, 2);

        verdicts[0].Findings.ShouldBeEmpty();
        verdicts[1].Findings.Select(f => (f.Rule, f.Severity, f.Line)).ShouldBe([("B320", SecuritySeverity.Medium, 3), ("B999", SecuritySeverity.Low, 9)], "B301 is our own rule's to say");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"results\": [{\"filename\": 3}]}")]
    public void Read_NoReport_IsSaidAndNotPassedOver(string text) => BanditScan.Read(text, 1).Single().Unchecked.ShouldBe("bandit's report cannot be read");

    [Fact]
    public async Task ScanAsync_RealBandit_IsUnderstoodAndLeavesOurRulesToUs()
    {
        Assert.SkipWhen(Tool.Find("bandit") is null, "bandit is not installed");
        var scan = new BanditScan(new ValidationOptions(), new SecurityOptions());
        var verdict = (await scan.ScanAsync([SourceFile.FromPath("a.py", "import pickle\npickle.loads(b'')\n")], TestContext.Current.CancellationToken)).Single();

        verdict.Unchecked.ShouldBeNull();
        verdict.Findings.ShouldBeEmpty();
    }
}
