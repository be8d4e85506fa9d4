using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>A workspace's own tests, of every kind, and what a change did to them.</summary>
public sealed class WorkspaceTestsSpec
{
    private const string Project = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""";

    private static readonly TestRunner Runner = new(new SandboxOptions());

    private static string TestProject(string packages) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><OutputType>Exe</OutputType></PropertyGroup>
          <ItemGroup>{packages}<ProjectReference Include="../Prices/Prices.csproj" /></ItemGroup>
        </Project>
        """;

    private static async Task<TestReport> RunAsync(params (string Path, string Text)[] files)
    {
        var status = await Runner.SandboxAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(status.Kind == SandboxKind.None, status.Reason ?? "");
        return await Runner.RunWorkspaceAsync([.. files.Select(f => SourceFile.FromPath(f.Path, f.Text))], TestLimits.Workspace, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunWorkspaceAsync_DotnetProjects_RunsDotnetTestWithoutANetwork()
    {
        const string packages = """<PackageReference Include="xunit.v3" Version="3.2.2" /><PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" /><PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />""";
        var report = await RunAsync(
            ("Prices/Prices.csproj", Project),
            ("Prices/Price.cs", "public static class Price { public static int Twice(int n) => n * 2; }"),
            ("Prices.Tests/Prices.Tests.csproj", TestProject(packages)),
            ("Prices.Tests/PriceTests.cs", "using Xunit;\npublic class PriceTests { [Fact] public void Right() => Assert.Equal(4, Price.Twice(2)); [Fact] public void Wrong() => Assert.Equal(5, Price.Twice(2)); }"));

        Assert.SkipWhen(report.Outcome == TestOutcome.Unchecked, report.Reason ?? "");
        report.Outcome.ShouldBe(TestOutcome.Failed, report.Output);
        report.Cases.Select(c => (c.Name, c.Passed)).ShouldBe([("PriceTests.Right", true), ("PriceTests.Wrong", false)], ignoreOrder: true);
        report.Cases.Single(c => !c.Passed).Message.ShouldNotBeNull().ShouldContain("Expected: 5");
    }

    [Fact]
    public async Task RunWorkspaceAsync_PackageThatIsNotHere_IsUncheckedAndNamed()
    {
        var report = await RunAsync(
            ("Prices/Prices.csproj", Project),
            ("Prices.Tests/Prices.Tests.csproj", TestProject("""<PackageReference Include="xunit.no.such.package" Version="9.9.9" />""")));

        report.Outcome.ShouldBe(TestOutcome.Unchecked, report.Output);
        report.Reason.ShouldNotBeNull().ShouldMatch("xunit.no.such.package|SDK");
    }

    [Fact]
    public async Task RunWorkspaceAsync_PythonAndNode_BothRunAndAreToldApart()
    {
        var report = await RunAsync(
            ("src/shop/price.py", "def twice(n):\n    return n * 2\n"),
            ("tests/test_price.py", "import unittest\nfrom shop.price import twice\nclass PriceTest(unittest.TestCase):\n    def test_twice(self):\n        self.assertEqual(4, twice(2))\n    def test_wrong(self):\n        self.assertEqual(5, twice(2))\n"),
            ("lib/price.mjs", "export const twice = (n) => n * 2;\n"),
            ("lib/price.test.mjs", "import test from 'node:test';\nimport assert from 'node:assert';\nimport { twice } from './price.mjs';\ntest('twice', () => assert.equal(twice(2), 4));\n"),
            ("requirements.txt", "requests==2.0\n"));

        report.Cases.Where(c => c.Name.StartsWith("python: ", StringComparison.Ordinal)).Select(c => c.Passed).ShouldBe([true, false], ignoreOrder: true);
        report.Cases.Single(c => c.Name.StartsWith("node: ", StringComparison.Ordinal)).Passed.ShouldBeTrue(report.Output);
        report.Outcome.ShouldBe(TestOutcome.Failed);
    }

    [Fact]
    public async Task RunWorkspaceAsync_NoTests_SaysSo() =>
        (await RunAsync(("a.py", "print(1)"))).Reason.ShouldNotBeNull().ShouldContain("no tests of its own");

    [Theory]
    [InlineData("a+ b+", "a+ b+", RegressionOutcome.Kept, "")]
    [InlineData("a+ b-", "a+ b-", RegressionOutcome.Kept, "")]
    [InlineData("a+ b+", "a+ b-", RegressionOutcome.Lost, "b")]
    [InlineData("a+ b+", "a+", RegressionOutcome.Lost, "b")]
    [InlineData("a-", "a-", RegressionOutcome.Unchecked, "")]
    public void Of_TwoRuns_NamesWhatIsLost(string before, string after, RegressionOutcome outcome, string lost)
    {
        static TestReport Report(string cases) => new(TestOutcome.Failed, 0, 0, [.. cases.Split(' ').Select(c => new TestCase(c[..1], c[1] == '+', null, 0))], "", null, 0);

        var found = Regression.Of(Report(before), Report(after));

        (found.Outcome, string.Join(' ', found.Lost)).ShouldBe((outcome, lost));
    }

    [Fact]
    public void Of_RunThatCouldNotStart_IsUnchecked() =>
        Regression.Of(new TestReport(TestOutcome.Passed, 1, 0, [new TestCase("a", true, null, 0)], "", null, 0), TestReport.Unchecked("no sandbox")).ShouldSatisfyAllConditions(
            r => r.Outcome.ShouldBe(RegressionOutcome.Unchecked), r => r.Reason.ShouldBe("no sandbox"));
}
