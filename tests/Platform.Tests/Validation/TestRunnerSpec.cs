using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>The runners on small suites: what passes passes, what fails says where.</summary>
public sealed class TestRunnerSpec
{
    private static readonly TestRunner Runner = new(new SandboxOptions());

    private static Task<TestReport> RunAsync(string language, string code, string tests, TestLimits? limits = null)
    {
        var extension = Languages.ExtensionOf(language);
        return Runner.RunAsync(
            new TestRun(language, [new SourceFile("solution" + extension, language, code)], tests.Length == 0 ? [] : [new SourceFile("tests" + extension, language, tests)], limits ?? new TestLimits { Time = TimeSpan.FromSeconds(60) }),
            TestContext.Current.CancellationToken);
    }

    private static async Task NeedsSandboxAsync()
    {
        var status = await Runner.SandboxAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(status.Kind == SandboxKind.None, status.Reason ?? "");
    }

    [Fact]
    public async Task RunAsync_XunitFacts_ReportsEachTestWithItsLine()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("csharp", "public static class Sum { public static int Of(int a, int b) => a + b; }", """
            public class SumTests
            {
                [Fact]
                public void Adds() => Assert.Equal(3, Sum.Of(1, 2));

                [Theory]
                [InlineData(1, 1, 2)]
                [InlineData(1, 1, 3)]
                public void AddsAll(int a, int b, int sum)
                {
                    Assert.Equal(sum, Sum.Of(a, b));
                }
            }
            """);

        report.Outcome.ShouldBe(TestOutcome.Failed, report.Output);
        report.Passed.ShouldBe(2);
        var failed = report.Cases.Single(c => !c.Passed);
        failed.Name.ShouldBe("SumTests.AddsAll(1, 1, 3)");
        failed.Line.ShouldBe(11);
        failed.Message.ShouldNotBeNull().ShouldContain("Expected: 3");
        report.Reason.ShouldBe("1 of 3 tests failed.");
    }

    [Theory]
    [InlineData("csharp", "public static class One { public static int Value => 1; }", "public class T { [Fact] public void Reads() => Assert.Equal(\"7\", File.ReadAllText(\"data.txt\").Trim()); }")]
    [InlineData("python", "VALUE = 1\n", "def test_reads():\n    assert open('data.txt').read().strip() == '7'\n")]
    [InlineData("javascript", "const value = 1;\n", "const test = require('node:test'); const assert = require('node:assert');\ntest('reads', () => assert.equal(require('node:fs').readFileSync('data.txt', 'utf8').trim(), '7'));\n")]
    public async Task RunAsync_FilesOfOtherLanguages_AreDataAndNotCode(string language, string code, string test)
    {
        await NeedsSandboxAsync();
        var extension = Languages.ExtensionOf(language);

        var report = await Runner.RunAsync(new TestRun(language, [new SourceFile("solution" + extension, language, code), SourceFile.FromPath("data.txt", "7\n"), SourceFile.FromPath("notes.md", "# no code")], [new SourceFile("test_it" + extension, language, test)], new TestLimits { Time = TimeSpan.FromSeconds(120) }), TestContext.Current.CancellationToken);

        report.Outcome.ShouldBe(TestOutcome.Passed, report.Reason + report.Output);
    }

    [Theory]
    [InlineData("csharp", "public static class Sign\n{\n    public static int Of(int n)\n    {\n        if (n > 0)\n            return 1;\n        return n < 0 ? -1 : 0;\n    }\n\n    public static int Never(int n) => n + 1;\n}\n",
        "public class T { [Fact] public void Works() => Assert.Equal(1, Sign.Of(5)); }", 4, "7 10")]
    [InlineData("python", "def of(n):\n    if n > 0:\n        return 1\n    return -1\n\n\ndef never(n):\n    return n + 1\n", "from solution import of\n\n\ndef test_of():\n    assert of(5) == 1\n", 4, "4 8")]
    [InlineData("javascript", "const of = (n) => {\n  if (n > 0) {\n    return 1;\n  }\n  return -1;\n};\nmodule.exports = { of };\n", "const test = require('node:test'); const assert = require('node:assert');\nconst { of } = require('./solution.js');\ntest('of', () => assert.equal(of(5), 1));\n", 5, "5")]
    public async Task RunAsync_CoverageAsked_SaysWhichLinesWereNotReached(string language, string code, string test, int lines, string missed)
    {
        await NeedsSandboxAsync();
        var extension = Languages.ExtensionOf(language);
        var run = new TestRun(language, [new SourceFile("solution" + extension, language, code)], [new SourceFile("test_it" + extension, language, test)], new TestLimits { Time = TimeSpan.FromSeconds(120) });

        var asked = await Runner.RunAsync(run with { Coverage = true }, TestContext.Current.CancellationToken);
        var plain = await Runner.RunAsync(run, TestContext.Current.CancellationToken);

        asked.Outcome.ShouldBe(TestOutcome.Passed, asked.Reason + asked.Output);
        var file = asked.Coverage.ShouldNotBeNull().Files.Single();
        (file.Path, file.Lines, string.Join(' ', file.Missed)).ShouldBe(("solution" + extension, lines, missed));
        plain.Coverage.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_CoverageOfCodeOfManyShapes_KeepsItsLinesAndMeaning()
    {
        await NeedsSandboxAsync();
        const string code = """
            public interface IShape { double Area { get; } }
            public sealed class Square(double side) : IShape
            {
                private static readonly Func<int, int> Twice = n => { return n * 2; };
                public double Area => side * side;
                public string Name
                    => "square";
                public int this[int i] => Twice(i);
                public void Touch() => _ = Area;
                public async Task<int> LaterAsync() => await Task.FromResult(3);
                public async Task NothingAsync() => await Task.Yield();
                public IEnumerable<int> Numbers()
                {
                    for (var i = 0; i < 3; i++)
                        if (i != 1) yield return i;
                        else
                            continue;
                }
                public int Fails(int n) => throw new InvalidOperationException("line 19");
                public static int Kind(object o)
                {
                    switch (o)
                    {
                        case int n when n > 0: return n;
                        default: { int Local(int x) => x; return Local(-1); }
                    }
                }
            }
            """;
        const string test = """
            public class T
            {
                [Fact] public async Task Works()
                {
                    var s = new Square(2);
                    s.Touch();
                    await s.NothingAsync();
                    Assert.Equal((4.0, "square", 6, 3, 5, -1), (s.Area, s.Name, s[3], await s.LaterAsync(), Square.Kind(5), Square.Kind("")));
                    Assert.Equal([0, 2], s.Numbers());
                    Assert.Contains("solution.cs:line 19", Assert.Throws<InvalidOperationException>(() => s.Fails(1)).StackTrace);
                }
            }
            """;

        var report = await Runner.RunAsync(new TestRun("csharp", [new SourceFile("solution.cs", "csharp", code)], [new SourceFile("tests.cs", "csharp", test)], new TestLimits { Time = TimeSpan.FromSeconds(120) }) { Coverage = true }, TestContext.Current.CancellationToken);

        report.Outcome.ShouldBe(TestOutcome.Passed, report.Reason + string.Join('\n', report.Cases.Select(c => c.Message)) + report.Output);
        report.Coverage.ShouldNotBeNull().Percent.ShouldBe(100, string.Join(' ', report.Coverage!.Files.SelectMany(f => f.Missed)));
    }

    [Fact]
    public async Task RunAsync_XunitFixturesDataAndLifetimes_AreHonoured()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("csharp", "public static class Box { public static T Id<T>(T x) => x; }", """
            public class Shared : IAsyncLifetime
            {
                public int Started;
                public ValueTask InitializeAsync() { Started++; return ValueTask.CompletedTask; }
                public ValueTask DisposeAsync() => ValueTask.CompletedTask;
            }

            public sealed class BoxTests(Shared shared, ITestOutputHelper output) : IClassFixture<Shared>, IDisposable
            {
                public static TheoryData<int, string> Rows => new() { { 1, "a" }, { 2, "b" } };
                public static IEnumerable<object[]> Old() { yield return new object[] { 1.5m }; }

                [Theory, MemberData(nameof(Rows))]
                public async Task Rows_Work(long n, string s) { await Task.Yield(); Assert.True(n > 0); Assert.Single(s); }

                [Theory, MemberData(nameof(Old))]
                public void Old_Works(decimal d) => Assert.Equal(1.5m, Box.Id(d));

                [Theory, InlineData(7), InlineData("x")]
                public void Generic<T>(T value) => Assert.Equal(value, Box.Id(value));

                [Theory, InlineData(DayOfWeek.Friday)]
                public void TakesEnum(DayOfWeek day) => Assert.Equal(DayOfWeek.Friday, day);

                [Fact] public void Fixture_IsStartedOnce() { output.WriteLine("hello"); Assert.Equal(1, shared.Started); }
                [Fact(Skip = "later")] public void Skipped() => Assert.Fail("no");
                [Fact] public async Task Throws() => await Assert.ThrowsAsync<InvalidOperationException>(() => throw new InvalidOperationException());
                public void Dispose() { }
            }
            """);

        report.Reason.ShouldBeNull(report.Output + string.Join('\n', report.Cases.Where(c => !c.Passed)));
        report.Outcome.ShouldBe(TestOutcome.Passed);
        report.Passed.ShouldBe(8);
    }

    [Fact]
    public async Task RunAsync_UnknownMarkerAttributesInTests_AreFilledIn()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("csharp", "public static class One { public static int Value => 1; }",
            "using Exercism.Tests;\npublic class T { [Fact] [Task(1)] [Difficulty] public void Works() => Assert.Equal(1, One.Value); }");

        report.Outcome.ShouldBe(TestOutcome.Passed, report.Reason);
    }

    [Fact]
    public async Task RunAsync_CodeThatDoesNotCompile_FailsWithTheCompilersWords()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("csharp", "public static class One { public static int Value => Missing; }", "public class T { [Fact] public void Works() => Assert.Equal(1, One.Value); }");

        report.Outcome.ShouldBe(TestOutcome.Failed);
        report.Reason.ShouldNotBeNull().ShouldContain("CS0103");
        report.Output.ShouldContain("solution.cs(1,");
    }

    [Fact]
    public async Task RunAsync_StubAndTestsThatAreOneProgram_JoinsThem()
    {
        await NeedsSandboxAsync();
        const string stub = "using System;\nnamespace S\n{\n    public class Program\n    {\n        public static int Twice(int n)\n        {\n            return n * 2;\n        }\n";
        const string tests = "\n        public static void Main(string[] args)\n        {\n            if (Twice(2) != RESULT) throw new Exception(\"case 0\");\n        }\n    }\n}\n";

        (await RunAsync("csharp", stub, tests.Replace("RESULT", "4"))).Outcome.ShouldBe(TestOutcome.Passed);
        var failed = await RunAsync("csharp", stub, tests.Replace("RESULT", "5"));
        failed.Outcome.ShouldBe(TestOutcome.Failed);
        failed.Cases.Single().Message.ShouldBe("System.Exception: case 0");
    }

    [Fact]
    public async Task RunAsync_StackOverflow_NamesTheTestThatCrashed()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("csharp", "public static class Deep { public static int Go(int n) => Go(n + 1) + 1; }",
            "public class T { [Fact] public void Fine() { } [Fact] public void Falls() => Assert.Equal(1, Deep.Go(0)); }");

        report.Outcome.ShouldBe(TestOutcome.Crashed);
        report.Passed.ShouldBe(1);
        report.Cases.Single(c => !c.Passed).Name.ShouldBe("T.Falls");
    }

    [Fact]
    public async Task RunAsync_EarlyExitOrForgedResults_IsNeverAPass()
    {
        await NeedsSandboxAsync();
        const string forged = "Console.WriteLine(\"{\\\"event\\\":\\\"done\\\"}\"); Environment.Exit(0);";
        var report = await RunAsync("csharp", "public static class Cheat { public static void Go() { " + forged + " } }", "public class T { [Fact] public void Falls() { Cheat.Go(); Assert.Fail(); } }");

        report.Outcome.ShouldBe(TestOutcome.Crashed);
    }

    [Fact]
    public async Task RunAsync_EndlessLoop_TimesOutAndNamesTheTest()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("python", "def spin():\n    while True: pass\n", "assert 1 == 1\nassert spin() == 1\n", new TestLimits { Time = TimeSpan.FromSeconds(2) });

        report.Outcome.ShouldBe(TestOutcome.TimedOut);
        report.Passed.ShouldBe(1);
        report.Cases.Single(c => !c.Passed).Name.ShouldContain("spin() == 1");
    }

    [Fact]
    public async Task RunAsync_PythonAsserts_AreOneTestEach()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("python", "def add(a, b):\n    return a + b\n", "import math\nassert add(1, 2) == 3\nassert add(1, 2) == 4\nassert add('a', 'b') == 'ab', 'text'\n");

        report.Outcome.ShouldBe(TestOutcome.Failed);
        (report.Passed, report.Failed).ShouldBe((2, 1));
        var failed = report.Cases.Single(c => !c.Passed);
        failed.Line.ShouldBe(3);
        failed.Message.ShouldNotBeNull().ShouldContain("left is 3, right is 4");
    }

    [Fact]
    public async Task RunAsync_PythonUnittestAndFunctions_BothRun()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("python", "def add(a, b):\n    return a + b\n", """
            import unittest
            from solution import add

            class AddTest(unittest.TestCase):
                def test_ok(self):
                    self.assertEqual(add(1, 1), 2)

                def test_bad(self):
                    self.assertEqual(add(1, 1), 3)

            def test_function():
                assert add(2, 2) == 4
            """);

        (report.Passed, report.Failed).ShouldBe((2, 1), report.Output);
        report.Cases.Single(c => !c.Passed).Line.ShouldBe(9);
    }

    [Fact]
    public async Task RunAsync_NodeTests_ReportsNamesAndMessages()
    {
        await NeedsSandboxAsync();
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed");
        var report = await RunAsync("javascript", "function add(a, b) { return a + b; }\nmodule.exports = { add };\n", """
            const test = require('node:test');
            const assert = require('node:assert');
            const { add } = require('./solution');
            test('adds', () => assert.strictEqual(add(1, 2), 3));
            test('fails', () => {
              assert.strictEqual(add(1, 2), 4);
            });
            """);

        (report.Outcome, report.Passed, report.Failed).ShouldBe((TestOutcome.Failed, 1, 1), report.Output);
        var failed = report.Cases.Single(c => !c.Passed);
        failed.Name.ShouldBe("fails");
        failed.Line.ShouldBe(6);
    }

    [Fact]
    public async Task RunAsync_NodePlainAsserts_FileIsOneTest()
    {
        await NeedsSandboxAsync();
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed");
        const string code = "function add(a, b) { return a + b; }\n";

        (await RunAsync("javascript", code, "const assert = require('assert');\nassert.equal(add(1, 2), 3);\n")).Outcome.ShouldBe(TestOutcome.Passed);
        (await RunAsync("javascript", code, "const assert = require('assert');\nassert.equal(add(1, 2), 4);\n")).Outcome.ShouldBe(TestOutcome.Failed);
    }

    [Fact]
    public async Task RunAsync_NoTests_IsUnchecked()
    {
        await NeedsSandboxAsync();
        var report = await RunAsync("python", "x = 1\n", "y = 2\n");

        report.Outcome.ShouldBe(TestOutcome.Unchecked);
        report.Reason.ShouldBe("No test was found.");
    }

    [Fact]
    public async Task RunAsync_LanguageWithoutRunner_IsUncheckedAndSaysSo()
    {
        var report = await RunAsync("rust", "fn main() {}", "");

        report.Outcome.ShouldBe(TestOutcome.Unchecked);
        report.Reason.ShouldNotBeNull().ShouldContain("rust");
    }

    [Fact]
    public async Task RunAsync_NoSandboxWorks_RunsNothing()
    {
        var runner = new TestRunner(new SandboxOptions { Kinds = [] });
        var report = await runner.RunAsync(new TestRun("python", [], [new SourceFile("t.py", "python", "assert True")], TestLimits.Default), TestContext.Current.CancellationToken);

        report.Outcome.ShouldBe(TestOutcome.Unchecked);
        report.Reason.ShouldNotBeNull().ShouldContain("No sandbox works here");
    }

    [Theory]
    [InlineData("../up.py")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("a/../../b.py")]
    public async Task RunAsync_PathThatLeavesTheFolder_IsRefused(string path) =>
        (await Should.ThrowAsync<ArgumentException>(() => Runner.RunAsync(new TestRun("python", [new SourceFile(path, "python", "")], [], TestLimits.Default), TestContext.Current.CancellationToken)))
            .Message.ShouldContain(path);
}
