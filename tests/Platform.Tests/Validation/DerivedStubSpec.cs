using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Unfinished code out of tests and out of answers: tests fail on it by themselves, and say when they could not be loaded.</summary>
public sealed class DerivedStubSpec
{
    private const string Python = "import json\nimport unittest\nfrom shop.text_slug import slug, SlugError\n\n\nclass SlugTest(unittest.TestCase):\n    def test_lower(self):\n        self.assertEqual(slug('A'), 'a')\n\n    def test_refuses(self):\n        with self.assertRaises(SlugError):\n            slug(None)\n";
    private const string Module = "import test from 'node:test';\nimport assert from 'node:assert';\nimport { slug, Slugger } from './slug.js';\ntest('lower', () => assert.equal(slug('A'), 'a'));\ntest('made', () => assert.equal(new Slugger().of('A'), 'a'));\n";
    private const string Required = "const test = require('node:test');\nconst assert = require('node:assert');\nconst { slug } = require('./slug');\ntest('lower', () => assert.equal(slug('A'), 'a'));\n";
    private static readonly TestRunner Runner = new(new SandboxOptions());

    [Theory]
    [InlineData("python", "test_slug.py", Python, "shop/text_slug.py", 2)]
    [InlineData("javascript", "slug.test.js", Module, "slug.js", 2)]
    [InlineData("javascript", "slug.test.js", Required, "slug.js", 1)]
    public async Task FromTests_OffersWhatTheyImport_AndEachTestFailsByItself(string language, string name, string text, string stub, int failed)
    {
        SourceFile[] tests = [new(name, language, text)];

        var made = DerivedStub.FromTests(language, tests);

        made.Single().Path.ShouldBe(stub);
        var report = await RunAsync(language, made, tests);
        (report.Outcome, report.Cases.Count(c => !c.Passed && !c.LoadError), report.Failed).ShouldBe((TestOutcome.Failed, failed, failed), report.Output);
    }

    [Fact]
    public void FromTests_NothingOfTheirOwnFolder_IsEmpty()
    {
        DerivedStub.FromTests("python", [new("test_it.py", "python", "import os.path\nimport unittest\n")]).ShouldBeEmpty();
        DerivedStub.FromTests("javascript", [new("it.test.js", "javascript", "const fs = require('node:fs');\nimport x from '../../outside.js';\n")]).ShouldBeEmpty();
        DerivedStub.FromTests("csharp", [new("T.cs", "csharp", "class T { }")]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("python", "test_it.py", "import unittest\nfrom it import one\n\n\nclass T(unittest.TestCase):\n    def test_one(self)\n        self.assertTrue(one())\n")]
    [InlineData("python", "test_it.py", "import unittest\nfrom it import two\n\n\nclass T(unittest.TestCase):\n    def test_one(self):\n        self.assertTrue(two())\n")]
    [InlineData("javascript", "it.test.js", "import test from 'node:test';\nimport { two } from './it.js';\ntest('two', () => two());\n")]
    [InlineData("javascript", "it.test.js", "const test = require('node:test');\ntest('two', () => {\n")]
    [InlineData("javascript", "it.test.js", "const test = require('node:test');\nconst two = require('./missing');\ntest('two', () => two());\n")]
    public async Task TestFileThatCannotBeLoaded_IsNoFailingTest(string language, string name, string text)
    {
        var code = language == "python" ? new SourceFile("it.py", language, "def one():\n    return False\n") : new SourceFile("it.js", language, text.Contains("import ", StringComparison.Ordinal) ? "export const one = () => false;\n" : "exports.one = () => false;\n");

        var report = await RunAsync(language, [code], [new(name, language, text)]);

        (report.Outcome, report.Failed).ShouldBe((TestOutcome.Failed, 1));
        report.Cases.Single().LoadError.ShouldBeTrue(report.Output);
    }

    [Fact]
    public async Task FromTests_ModuleThatIsInstalled_IsNotHiddenByItsStub()
    {
        // Stands for a package: nothing lists it among the standard library's modules, and every Python has it.
        SourceFile[] tests = [new("test_it.py", "python", "import unittest\nimport _pydecimal\n\n\nclass T(unittest.TestCase):\n    def test_sum(self):\n        self.assertEqual(_pydecimal.Decimal(1) + 1, 2)\n")];
        var made = DerivedStub.FromTests("python", tests);

        made.Single().Path.ShouldBe("_pydecimal.py");
        var report = await RunAsync("python", made, tests);
        (report.Outcome, report.Passed).ShouldBe((TestOutcome.Passed, 1), report.Output + report.Reason);
    }

    [Fact]
    public async Task FromCode_BodiesAreGone_AndDeclarationsStay()
    {
        const string Code = """
            using System.Collections.Generic;
            public interface IShape { double Area { get; } }
            public abstract record Shape(string Name) : IShape { public abstract double Area { get; } }
            public sealed record Circle(double Radius) : Shape("circle")
            {
                public override double Area => 3 * Radius * Radius;
                public int Count { get; set; } = 3;
                public Circle(int radius) : this((double)radius) { }
                public double this[int at] => at;
                public IEnumerable<int> Up() { yield return 1; }
                public static Circle operator +(Circle a, Circle b) => new(a.Radius + b.Radius);
            }
            """;
        const string Tests = "public class CircleTests { [Fact] public void HasCount() => Assert.Equal(3, new Circle(1.5).Count); [Fact] public void HasArea() => Assert.Equal(3, new Circle(1.0).Area); }";

        var emptied = DerivedStub.FromCode([new("Shapes.cs", "csharp", Code)]);

        emptied.Single().Text.ShouldNotContain("yield");
        var report = await RunAsync("csharp", emptied, [new("CircleTests.cs", "csharp", Tests)]);
        (report.Outcome, report.Passed, report.Failed).ShouldBe((TestOutcome.Failed, 1, 1), report.Output);
        report.Cases.Single(c => !c.Passed).Name.ShouldContain("HasArea");
    }

    private static async Task<TestReport> RunAsync(string language, IReadOnlyList<SourceFile> code, IReadOnlyList<SourceFile> tests)
    {
        var status = await Runner.SandboxAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(status.Kind == SandboxKind.None, status.Reason ?? "");
        var report = await Runner.RunAsync(new TestRun(language, code, tests, new TestLimits { Time = TimeSpan.FromSeconds(120) }), TestContext.Current.CancellationToken);
        Assert.SkipWhen(report.Outcome == TestOutcome.Unchecked, report.Reason ?? "");
        return report;
    }
}
