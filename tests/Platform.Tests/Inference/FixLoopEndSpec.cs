using Platform.Simulator;
using Platform.Tests.Simulator;
using Platform.V1;
using Shouldly;
using static Platform.Tests.Inference.ScriptedWorker;

namespace Platform.Tests.Inference;

/// <summary>How the test-and-fix loop ends: with a fix that the tests verify, with the best attempt when a budget is used up, and not because of a flaky test.</summary>
public sealed class FixLoopEndSpec
{
    [Fact]
    public async Task OfFixesThatCompile_TheOneThatPassesTheTestsIsTaken()
    {
        await using var worker = await StartAsync(Fenced("public static class Greeter { public static string Run(string valued, string vale) => valuee; }"));
        worker.Backends.Runner.Judge = request => request.Code[0].Text.Contains("=> vale;", StringComparison.Ordinal)
            ? new TestReport { Outcome = "passed", Passed = 1 }
            : new TestReport { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "Returns_Second", Message = "expected 'b' but was 'a'" } } };

        var result = Succeeded(await worker.RunAsync(WithTests()));

        result.Attempts.Select(attempt => (attempt.Source, attempt.Outcome)).ShouldBe([("engine", "invalid"), ("rule", "passed")]);
        result.Code.ShouldContain("=> vale;");
        result.EngineCalls.ShouldBe(1);
    }

    [Fact]
    public async Task FailedTestThatNamesWhatIsUnknown_IsMendedWithoutAnEngine()
    {
        await using var worker = await StartAsync("```python\\ndef slug(text):\\n    return txet.lower()\\n```");
        worker.Backends.Runner.Judge = request => request.Code[0].Text.Contains("txet", StringComparison.Ordinal)
            ? new TestReport { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "test_slug", Message = "NameError: name 'txet' is not defined" } } }
            : new TestReport { Outcome = "passed", Passed = 1 };
        var request = new GenerateRequest { Task = "slug", Language = "python", Tests = { new SourceFile { Path = "test_it.py", Language = "python", Text = "import unittest\nfrom text_slug import slug\n" } } };

        var result = Succeeded(await worker.RunAsync(request));

        Assert.SkipWhen(result.Validation.Files[0].Syntax == "unchecked", "No python3 here.");
        result.Attempts.Select(attempt => (attempt.Source, attempt.Outcome)).ShouldBe([("engine", "tests_failed"), ("rule", "passed")]);
        result.EngineCalls.ShouldBe(1);
    }

    [Fact]
    public async Task CallsUsedUp_TheBestAttemptIsKept()
    {
        await using var worker = await StartWithAsync(new() { ["Inference:RetryBudget"] = "0" }, Fenced(Wrong));
        worker.Backends.Runner.Judge = _ => new TestReport { Outcome = "failed", Passed = 3, Failed = 1, Cases = { new TestCase { Name = "Returns_Input", Message = "expected 'a'" } } };

        var report = await worker.RunAsync(WithTests());

        report.Failure.Message.ShouldContain("RetryBudget");
        report.Failure.Partial.Code.ShouldContain("wrong");
        report.Failure.Partial.Tests.Passed.ShouldBe(3);
    }

    [Fact]
    public async Task CostUsedUp_TheBestAttemptIsKept()
    {
        await using var worker = await StartWithAsync(new() { ["Engines:Cerebras:PriceOutput"] = "1000", ["Engines:Cerebras:MaxOutputTokens"] = "2000", ["Engines:Claude:Enabled"] = "false" }, Fenced(Wrong));
        worker.Backends.Runner.Judge = _ => new TestReport { Outcome = "failed", Passed = 3, Failed = 1, Cases = { new TestCase { Name = "Returns_Input", Message = "expected 'a'" } } };
        var request = WithTests();
        request.MaxCostUsd = 2.02;

        var report = await worker.RunAsync(request);

        report.Failure.Code.ShouldBe("cost_limit", report.Failure.Message);
        report.Failure.Partial.Code.ShouldContain("wrong");
        report.Failure.Partial.Tests.Passed.ShouldBe(3);
    }

    [Fact]
    public async Task TimeUsedUp_TheBestAttemptIsKept()
    {
        var clock = new ManualClock();
        // Deadlines of calls are checked by the real clock.
        clock.Advance(DateTimeOffset.UtcNow - clock.GetUtcNow());
        await using var worker = await WorkerProcess.StartAsync(new SimulatorOptions { TokensPerSecond = 0, Script = Script(Fenced(Wrong)) }, time: clock);
        worker.Backends.Ledger.Lease = TimeSpan.FromDays(1);
        var runs = 0;
        worker.Backends.Runner.Judge = _ =>
        {
            // While the second attempt is tested the job's hour goes by.
            if (Interlocked.Increment(ref runs) == 3)
                clock.Advance(TimeSpan.FromHours(2));
            return new TestReport { Outcome = "failed", Passed = 3, Failed = 1, Cases = { new TestCase { Name = "Returns_Input", Message = "expected 'a'" } } };
        };
        var request = WithTests();
        request.DeadlineMs = 3_600_000;
        var job = Jobs.Of(request);
        job.CreatedMs = clock.GetUtcNow().ToUnixTimeMilliseconds();

        await worker.SendAsync(worker.Backends.Ledger.Add(job), request);
        var report = await worker.Backends.Ledger.ReportOf(job.Id).WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);

        report.Failure.Code.ShouldBe("deadline", report.Failure.Message);
        report.Failure.Partial.Code.ShouldContain("wrong");
        report.Failure.Partial.Tests.Passed.ShouldBe(3);
    }

    [Fact]
    public async Task TestThatFailsOnceAndThenPasses_IsFlakyAndNotMended()
    {
        await using var worker = await StartAsync(Fenced(Good));
        var runs = 0;
        worker.Backends.Runner.Judge = _ => Interlocked.Increment(ref runs) == 1
            ? new TestReport { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "Waits", Message = "too slow" } } }
            : new TestReport { Outcome = "passed", Passed = 1, Cases = { new TestCase { Name = "Waits", Passed = true } } };

        var result = Succeeded(await worker.RunAsync(WithTests()));

        (result.Attempts.Count, result.TestsTrust, result.Tests.Cases.Single().Flaky).ShouldBe((1, "weak", true));
        worker.Backends.Runner.Runs.Count.ShouldBe(2);
    }
}
