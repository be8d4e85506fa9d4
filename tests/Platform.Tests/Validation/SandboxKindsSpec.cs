using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Every kind of sandbox runs every language: where bubblewrap is absent, the walls of unshare and prlimit must do.</summary>
public sealed class SandboxKindsSpec
{
    [Theory]
    [InlineData(SandboxKind.Bubblewrap, "csharp")]
    [InlineData(SandboxKind.Bubblewrap, "python")]
    [InlineData(SandboxKind.Bubblewrap, "javascript")]
    [InlineData(SandboxKind.Namespaces, "csharp")]
    [InlineData(SandboxKind.Namespaces, "python")]
    [InlineData(SandboxKind.Namespaces, "javascript")]
    public async Task RunAsync_RightAndWrongCode_IsToldApart(SandboxKind kind, string language)
    {
        var token = TestContext.Current.CancellationToken;
        var runner = new TestRunner(new SandboxOptions { Kinds = [kind] });
        Assert.SkipWhen(await runner.SandboxAsync(token) is { Kind: SandboxKind.None } status && status.Reason is not null, "this sandbox does not work here");
        var (code, tests) = language switch
        {
            "csharp" => ("public static class Sum { public static int Of(int a, int b) => a + b; }", "public class T { [Fact] public void Adds() => Assert.Equal(3, Sum.Of(1, 2)); }"),
            "python" => ("def add(a, b):\n    return a + b\n", "assert add(1, 2) == 3\n"),
            _ => ("function add(a, b) { return a + b; }\nmodule.exports = { add };\n", "const test = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('./solution');\ntest('adds', () => assert.strictEqual(add(1, 2), 3));\n"),
        };

        var right = await RunAsync(runner, language, code, tests);
        var wrong = await RunAsync(runner, language, code.Replace("a + b", "a - b", StringComparison.Ordinal), tests);

        Assert.SkipWhen(right.Outcome == TestOutcome.Unchecked && right.Reason!.Contains("not installed"), right.Reason ?? "");
        right.Outcome.ShouldBe(TestOutcome.Passed, right.Reason + right.Output);
        (wrong.Outcome, wrong.Failed).ShouldBe((TestOutcome.Failed, 1), wrong.Reason + wrong.Output);
    }

    [Fact]
    public async Task RunAsync_WhereNoSandboxWorks_RunsNothingUnlessAllowedAndThenSaysSo()
    {
        const string Code = "def add(a, b):\n    return a + b\n";
        var refused = await RunAsync(new TestRunner(new SandboxOptions { Kinds = [] }), "python", Code, "assert add(1, 2) == 3\n");
        var allowed = await RunAsync(new TestRunner(new SandboxOptions { Kinds = [], AllowUnsandboxed = true }), "python", Code, "assert add(1, 2) == 3\n");

        (refused.Outcome, refused.Passed).ShouldBe((TestOutcome.Unchecked, 0));
        refused.Reason.ShouldNotBeNull().ShouldContain("--allow-unsandboxed");
        allowed.Outcome.ShouldBe(TestOutcome.Passed, allowed.Reason + allowed.Output);
        allowed.Reason.ShouldNotBeNull().ShouldContain("limits of memory, size and time only");
    }

    private static Task<TestReport> RunAsync(TestRunner runner, string language, string code, string tests)
    {
        var extension = Languages.ExtensionOf(language);
        var run = new TestRun(language, [new SourceFile("solution" + extension, language, code)], [new SourceFile("tests" + extension, language, tests)], new TestLimits { Time = TimeSpan.FromMinutes(1) });
        return runner.RunAsync(run, TestContext.Current.CancellationToken);
    }
}
