using Platform.Contracts;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>Tests that an engine writes before the code: they must parse, load, and fail on code that is not written.</summary>
public sealed class TestsFirstSpec
{
    private const string Tests = "```csharp path=GreeterTests.cs\\npublic class GreeterTests { [Xunit.Fact] public void Returns() => Xunit.Assert.Equal(\\\"a\\\", Greeter.Run(\\\"a\\\")); }\\n```";
    private const string Good = "```csharp\\npublic static class Greeter { public static string Run(string value) => value; }\\n```";
    private const string PythonTests = "```python path=test_slug.py\\nimport unittest\\nfrom text_slug import slug\\n\\n\\nclass SlugTest(unittest.TestCase):\\n    def test_lower(self):\\n        self.assertEqual(slug('A'), 'a')\\n```";
    private const string PythonGood = "```python\\ndef slug(text):\\n    return text.lower()\\n```";
    private static readonly TestReport Failing = new() { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "Returns", Message = "not written" } } };
    private static readonly TestReport Unloadable = new() { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "test_slug.py", Message = "ImportError: cannot import name 'slugs'", LoadError = true } } };

    [Fact]
    public async Task TestsThatFailOnTheStub_AreTrustedAsGenerated()
    {
        await using var worker = await StartAsync([], Tests, Good);
        worker.Backends.Runner.Judge = OnStub(Failing);

        var result = Succeeded(await worker.RunAsync(WithStub()));

        (result.TestsTrust, result.GeneratedTests.Single().Path).ShouldBe(("generated", "GreeterTests.cs"));
    }

    [Theory]
    [InlineData("passed", "pass on the unfinished code")]
    [InlineData("timed_out", "do not run with the unfinished code")]
    [InlineData("crashed", "do not run with the unfinished code")]
    public async Task TestsThatDoNotFailOnTheStub_AreAskedForAgain(string outcome, string said)
    {
        await using var worker = await StartAsync([], Tests, Tests, Good);
        worker.Backends.Runner.Judge = OnStub(new TestReport { Outcome = outcome, Reason = outcome, Cases = { new TestCase { Name = "Returns", Message = outcome } } }, Failing);

        Succeeded(await worker.RunAsync(WithStub())).TestsTrust.ShouldBe("generated");

        worker.Simulator.Calls[1].Prompt.ShouldContain(said);
    }

    [Fact]
    public async Task TestsThatCannotBeLoadedWithTheStub_AreNotTakenForFailing()
    {
        await using var worker = await StartAsync([], PythonTests, PythonTests, PythonGood);
        worker.Backends.Runner.Judge = OnStub(Unloadable, Failing);
        var request = Python();
        request.Files.Add(new SourceFile { Path = "text_slug.py", Language = "python", Text = "def slug(text):\n    raise NotImplementedError\n" });

        Succeeded(await worker.RunAsync(request)).TestsTrust.ShouldBe("generated");

        worker.Simulator.Calls[1].Prompt.ShouldContain("cannot import name 'slugs'");
    }

    [Fact]
    public async Task TestsThatCannotBeParsed_AreAskedForAgainBeforeAnythingRuns()
    {
        await using var worker = await StartAsync([], PythonTests.Replace("class SlugTest(unittest.TestCase):", "class SlugTest(unittest.TestCase)", StringComparison.Ordinal), PythonTests, PythonGood);
        worker.Backends.Runner.Judge = OnStub(Failing);

        var result = Succeeded(await worker.RunAsync(Python()));

        Assert.SkipWhen(result.Validation.Files[0].Syntax == "unchecked", "No python3 here.");
        worker.Simulator.Calls[1].Prompt.ShouldContain("cannot be parsed");
        worker.Backends.Runner.Runs.ShouldAllBe(run => run.Tests[0].Text.Contains("TestCase):", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PythonTestsWithoutAStub_AreSeenToFailOnOneThatIsDerivedFromThem()
    {
        await using var worker = await StartAsync([], PythonTests, PythonGood);
        worker.Backends.Runner.Judge = OnStub(Failing);

        Succeeded(await worker.RunAsync(Python())).TestsTrust.ShouldBe("generated");

        var stub = worker.Backends.Runner.Runs.First();
        stub.Code.Single().Path.ShouldBe("text_slug.py");
        stub.Code.Single().Text.ShouldContain("NotImplementedError");
    }

    [Theory]
    [InlineData("failed", "generated")]
    [InlineData("passed", "weak")]
    [InlineData("timed_out", "unchecked")]
    public async Task CSharpTestsWithoutAStub_AreRunOnTheAnswerWithoutItsBodies(string outcome, string trust)
    {
        await using var worker = await StartAsync([], Tests, Good);
        worker.Backends.Runner.Judge = OnStub(new TestReport { Outcome = outcome, Cases = { new TestCase { Name = "Returns", Passed = outcome == "passed" } } });

        var result = Succeeded(await worker.RunAsync(new GenerateRequest { Task = "Write Greeter.Run.", Language = "csharp", WriteTests = true }));

        result.TestsTrust.ShouldBe(trust);
        worker.Backends.Runner.Runs.Last().Code.Single().Text.ShouldContain("Run(string value) { throw");
    }

    [Fact]
    public async Task TestsEngine_WritesTheTestsAndNotTheCode()
    {
        await using var worker = await StartAsync(new() { ["Inference:TestsEngine"] = "Claude", ["Inference:TestsTier"] = "fast" }, Tests, Good);
        worker.Backends.Runner.Judge = OnStub(Failing);

        var result = Succeeded(await worker.RunAsync(WithStub()));

        worker.Simulator.Calls[0].Model.ShouldContain("claude", Case.Insensitive);
        worker.Simulator.Calls[1].Model.ShouldNotContain("claude", Case.Insensitive);
        result.Engine.ShouldBe("Cerebras");
    }

    [Fact]
    public void TestsEngine_ThatNobodyDescribed_StopsTheStart()
    {
        var configuration = Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(new Microsoft.Extensions.Configuration.ConfigurationBuilder(), new Dictionary<string, string?> { ["Inference:TestsEngine"] = "Nobody" }).Build();

        Should.Throw<InvalidOperationException>(() => Platform.Contracts.Engines.EngineCatalog.Read(configuration)).Message.ShouldContain("Inference:TestsEngine");
    }

    /// <summary>What runs on unfinished code gives these reports, one after the other; everything else passes.</summary>
    private static Func<RunTestsRequest, TestReport> OnStub(params TestReport[] reports)
    {
        var asked = -1;
        return request => request.Code.Any(file => file.Text.Contains("NotImplemented", StringComparison.Ordinal))
            ? reports[Math.Min(Interlocked.Increment(ref asked), reports.Length - 1)]
            : new TestReport { Outcome = "passed", Passed = 1, Cases = { new TestCase { Name = "Returns", Passed = true } } };
    }

    private static GenerateRequest WithStub() => new()
    {
        Task = "Write Greeter.Run.",
        Language = "csharp",
        WriteTests = true,
        Files = { new SourceFile { Path = "Greeter.cs", Language = "csharp", Text = "public static class Greeter { public static string Run(string value) => throw new System.NotImplementedException(); }" } },
    };

    private static GenerateRequest Python() => new() { Task = "Write slug(text).", Language = "python", WriteTests = true };

    private static Task<WorkerProcess> StartAsync(Dictionary<string, string?> settings, params string[] answers) => WorkerProcess.StartAsync(new SimulatorOptions
    {
        TokensPerSecond = 0,
        Script = SimulatorScript.Parse("rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Select(answer => $"  - text: \"{answer}\"\n"))),
    }, settings);

    private static JobResult Succeeded(ReportRequest report)
    {
        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        return report.Result;
    }
}
