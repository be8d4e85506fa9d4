using Platform.Contracts;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>Several candidates at once: the first that passes its tests wins.</summary>
public sealed class CandidateRaceSpec
{
    private const string Right = "public static class Greeter { public static string Run(string value) => value; }";
    private const string Wrong = "public static class Greeter { public static string Run(string value) => value + value; }";

    [Fact]
    public async Task FirstThatPasses_Wins_AndAllArePaid()
    {
        await using var worker = await StartAsync(Wrong, Right, Wrong);

        var report = await worker.RunAsync(Request());

        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        var result = report.Result;
        result.Code.ShouldContain("=> value;");
        result.EngineCalls.ShouldBe(3);
        result.Attempts.Single().Outcome.ShouldBe("passed");
        result.Attempts.Single().RawUsage.Count.ShouldBe(3);
        await WorkerSpec.WaitForAsync(() => worker.Watched.ToList().Heard() == result.Text);
        worker.Watched.ShouldNotContain(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted);
    }

    [Fact]
    public async Task NoneThatPasses_GoesOnIntoTheFixLoop()
    {
        await using var worker = await StartAsync(Wrong, Wrong, Wrong, Right);

        var report = await worker.RunAsync(Request());

        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        report.Result.Attempts.Select(attempt => attempt.Outcome).ShouldBe(["tests_failed", "passed"]);
        report.Result.EngineCalls.ShouldBe(4);
    }

    [Fact]
    public async Task BatchJobs_DoNotRace()
    {
        await using var worker = await StartAsync(Right);
        var request = Request();
        request.Lane = Lanes.Batch;

        (await worker.RunAsync(request)).Result.EngineCalls.ShouldBe(1);
    }

    private static async Task<WorkerProcess> StartAsync(params string[] answers)
    {
        var script = "rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Select(answer => $"  - text: \"```csharp\\n{answer}\\n```\"\n"));
        var worker = await WorkerProcess.StartAsync(
            new SimulatorOptions { TokensPerSecond = 0, Script = SimulatorScript.Parse(script) }, new() { ["Inference:Race:instructions"] = "3" });
        worker.Backends.Runner.Judge = request => request.Code[0].Text.Contains("value + value", StringComparison.Ordinal)
            ? new TestReport { Outcome = "failed", Failed = 1, Cases = { new TestCase { Name = "Run", Message = "expected 'a' but was 'aa'" } } }
            : new TestReport { Outcome = "passed", Passed = 1 };
        return worker;
    }

    private static GenerateRequest Request()
    {
        var request = Jobs.Code();
        request.Tests.Add(new SourceFile { Path = "GreeterTests.cs", Language = "csharp", Text = "public class GreeterTests { }" });
        return request;
    }
}
