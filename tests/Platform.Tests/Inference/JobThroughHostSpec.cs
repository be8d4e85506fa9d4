using Grpc.Core;
using Platform.Contracts;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>The main job through the real host: router, ledger, bus, worker, memory and runner, with only the engines simulated.</summary>
public sealed class JobThroughHostSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_StreamsStagesTextAndTheResult()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0 }, Token);
        await using var host = await TestHost.StartAsync("router,inference,patterns,runner", Engines.Settings(simulator));
        var client = new Generation.GenerationClient(host.Client());
        using var call = client.Generate(Jobs.Code(), cancellationToken: Token);

        var events = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

        events[0].WhatCase.ShouldBe(JobEvent.WhatOneofCase.Accepted);
        var completed = events[^1].Completed.ShouldNotBeNull(events[^1].ToString());
        events.Select(said => said.Number).ShouldBeInOrder();
        events.ShouldContain(said => said.WhatCase == JobEvent.WhatOneofCase.Validation);
        events.Heard().ShouldBe(completed.Text);
        completed.Simulated.ShouldBeTrue();
        completed.Code.ShouldContain("class Greeter");
    }

    [Fact]
    public async Task Generate_WithTests_FixesWhatFails_AndSaysSo()
    {
        var script = SimulatorScript.Parse("""
            rules:
            - match: ''
              in: prompt
              answers:
              - text: "```csharp\npublic static class Adder { public static int Add(int a, int b) => a - b; }\n```"
              - text: "```csharp\npublic static class Adder { public static int Add(int a, int b) => a + b; }\n```"
            """);
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0, Script = script }, Token);
        await using var host = await TestHost.StartAsync("router,inference,patterns,runner", Engines.Settings(simulator));
        var runner = await new V1.Runner.RunnerClient(host.Peer(ModuleNames.Runner)).DescribeAsync(new DescribeRunnerRequest(), cancellationToken: Token);
        Assert.SkipWhen(runner.Sandbox == "none", $"No sandbox works here: {runner.Reason}");
        var request = new GenerateRequest
        {
            Task = "Write a class Adder with a static method Add.",
            Language = "csharp",
            Tests = { new SourceFile { Path = "AdderTests.cs", Language = "csharp", Text = "public class AdderTests { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(5, Adder.Add(2, 3)); }" } },
        };
        using var call = new Generation.GenerationClient(host.Client()).Generate(request, cancellationToken: Token);

        var events = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

        var completed = events[^1].Completed.ShouldNotBeNull(events[^1].ToString());
        completed.Attempts.Select(attempt => attempt.Outcome).ShouldBe(["tests_failed", "passed"]);
        completed.Tests.Outcome.ShouldBe("passed");
        events.ShouldContain(said => said.WhatCase == JobEvent.WhatOneofCase.Fix);
        events.Single(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted).Restarted.Draft.ShouldBe(2);
    }

    [Fact]
    public async Task Cancel_WhileAnEngineWrites_StopsItAndClosesTheJob()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 2, TimeToFirstToken = TimeSpan.Zero }, Token);
        await using var host = await TestHost.StartAsync("router,inference", Engines.Settings(simulator));
        var client = new Generation.GenerationClient(host.Client());
        using var call = client.Generate(Jobs.Content("Write a long post about rye bread and butter."), cancellationToken: Token);
        JobEvent? last = null;
        await foreach (var said in call.ResponseStream.ReadAllAsync(Token))
        {
            last = said;
            if (said.WhatCase == JobEvent.WhatOneofCase.Token)
                await client.CancelJobAsync(new CancelJobRequest { JobId = said.JobId, Reason = "enough" }, cancellationToken: Token);
        }

        last!.WhatCase.ShouldBe(JobEvent.WhatOneofCase.Cancelled);
        await WorkerSpec.WaitForAsync(() => simulator.Calls.Single().Aborted);
    }

    [Fact]
    public async Task SubmitBatch_RunsEveryItemOnTheBatchLane()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0 }, Token);
        await using var host = await TestHost.StartAsync("router,inference", Engines.Settings(simulator));
        var client = new Generation.GenerationClient(host.Client());
        using var upload = client.SubmitBatch(cancellationToken: Token);
        for (var i = 0; i < 50; i++)
            await upload.RequestStream.WriteAsync(new BatchItem { CustomId = $"p{i}", Request = Jobs.Content($"Write a post about bread number {i}.") }, Token);
        await upload.RequestStream.CompleteAsync();
        var batch = await upload;

        await WorkerSpec.WaitForAsync(() => client.GetBatch(new GetBatchRequest { BatchId = batch.Id }, cancellationToken: Token).Succeeded == 50);

        simulator.TotalCalls.ShouldBe(50);
    }
}
