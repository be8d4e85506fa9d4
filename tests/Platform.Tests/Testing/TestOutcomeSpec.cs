using Platform.Cli.Servers;
using Platform.Cli.Testing;
using Shouldly;
using Xunit;

namespace Platform.Tests.Testing;

public sealed class TestOutcomeSpec
{
    private const string Report = """
        {"results":{"extra":{"suites":[{"errors":[]}]},"summary":{},"tests":[
          {"name":"A","status":"passed"},
          {"name":"B","status":"failed","message":"first line\nsecond"},
          {"name":"C","status":"skipped","extra":{"reason":"needs root or Docker: ./platform servers start"}},
          {"name":"D","status":"skipped","extra":{"reason":"needs root or Docker: ./platform servers start"}}]}}
        """;

    [Fact]
    public void Read_Report_CountsAndGivesReasons()
    {
        var report = TestReport.Read("suite", Report, 1);

        (report.Passed, report.Failed).ShouldBe((1, 1));
        report.Failures.ShouldBe(["B: first line"]);
        report.NotRun.ShouldBe(new Dictionary<string, int> { ["needs root or Docker: ./platform servers start"] = 2 });
    }

    [Fact]
    public void Read_NoReport_IsAFailure() => TestReport.Read("suite", null, 134).Failures.Single().ShouldContain("134");

    [Fact]
    public void Read_ExitCodeWithoutAFailedTest_IsAFailure() =>
        TestReport.Read("suite", """{"results":{"tests":[{"name":"A","status":"passed"}]}}""", 3).Failed.ShouldBe(1);

    [Fact]
    public void Read_SuiteWithoutTests_IsAFailure() => TestReport.Read("suite", """{"results":{"tests":[]}}""", 0).Failed.ShouldBe(1);

    [Fact]
    public void Read_ErrorOfAFixture_IsAFailure() =>
        TestReport.Read("suite", """{"results":{"extra":{"suites":[{"errors":[{"message":"cleanup broke"}]}]},"tests":[{"name":"A","status":"passed"}]}}""", 1).Failures.Single().ShouldContain("cleanup broke");

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void Of_Skipped_FailsOnlyWhenAllIsWanted(bool all, int failed)
    {
        var outcome = TestOutcome.Of([TestReport.Read("suite", Report, 1)], all);

        (outcome.Passed, outcome.Failed).ShouldBe((1, failed));
    }

    [Fact]
    public void Write_Outcome_EndsWithTheTotal()
    {
        var output = new StringWriter { NewLine = "\n" };

        TestOutcome.Of([TestReport.Read("suite", Report, 1), TestReport.Check("format", true)], all: false).Write(output);

        output.ToString().Split('\n').ShouldBe(
        [
            "failed: B: first line",
            "not run: suite, 2 (needs root or Docker: ./platform servers start)",
            "2 passed, 1 failed",
            "",
        ]);
    }

    [Fact]
    public void CleanEnvironment_SettingsOfThisUser_AreTakenOut()
    {
        // A name that no other test reads: they share this process.
        Environment.SetEnvironmentVariable("PLATFORM_SPEC_ONLY", "mine");

        var changes = TestServers.CleanEnvironment(new Dictionary<string, string?> { [ServerKitOptions.FolderVariable] = "/x" });

        changes["PLATFORM_SPEC_ONLY"].ShouldBeNull();
        changes[ServerKitOptions.FolderVariable].ShouldBe("/x");
        changes.ContainsKey("PATH").ShouldBeFalse();
    }
}
