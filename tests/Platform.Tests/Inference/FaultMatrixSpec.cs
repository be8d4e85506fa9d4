using Platform.Inference;
using Platform.Simulator;
using Platform.Tests.Architecture;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>
/// Every fault at every engine, streamed and whole: one call fails and the rest is healthy, or every call fails. No cell may pass a
/// broken answer off as one; outcome, calls and cost of each stand in <see cref="FaultMatrix"/>.
/// </summary>
public sealed class FaultMatrixSpec
{
    /// <summary>Every cell, by what a test runner can show.</summary>
    public static TheoryData<string, string, bool> Cells() => new(FaultMatrix.Cells.Select(cell => (cell.Engine, cell.Fault, cell.Stream)));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task OneFault_ComesToWhatTheMatrixSays(string engine, string fault, bool stream)
    {
        var cell = FaultMatrix.Of(engine, fault, stream);
        var (bench, faults) = await FaultRun.StartAsync();
        await using var used = bench;
        bench.Simulator.FailNext(fault);
        var run = bench.Run(null, true, engine, FaultMatrix.Next(engine));

        var answer = await faults.AskAsync(run, stream);

        answer.Engine.Name.ShouldBe(cell.Answered == Answered.Elsewhere ? FaultMatrix.Next(engine) : engine);
        answer.Text.ShouldBe(bench.Simulator.Calls[^1].Answer);
        run.Progress.Text.ShouldBe(answer.Text);
        bench.Simulator.TotalCalls.ShouldBe(cell.Calls);
        (run.Tally.Calls, run.Tally.Retries, run.Tally.Fallbacks.Count, run.Progress.Draft).ShouldBe((cell.Calls, cell.Retries, cell.Fallbacks, cell.Draft));
        ShouldBeBilled(run, cell, answer.Engine);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task EndlessFault_WithoutFallback_NeverPassesForAnAnswer(string engine, string fault, bool stream)
    {
        var cell = FaultMatrix.Of(engine, fault, stream);
        if (cell.EndlessCode is null)
            return;
        var (bench, faults) = await FaultRun.StartAsync();
        await using var used = bench;
        bench.Simulator.FailNext(fault, 100);
        var run = bench.Run(null, fallback: false, engine, FaultMatrix.Next(engine));

        var failure = await Should.ThrowAsync<JobException>(() => faults.AskAsync(run, stream));

        failure.Code.ShouldBe(cell.EndlessCode);
        bench.Simulator.Calls.ShouldAllBe(call => call.Engine == KindOf(engine));
        (bench.Simulator.TotalCalls, run.Tally.Calls, run.Tally.Fallbacks.Count).ShouldBe((cell.EndlessCalls, cell.EndlessCalls, 0));
        run.Tally.AttemptRaw.Count.ShouldBe(cell.Billed == Billed.Nothing ? 0 : cell.EndlessCalls);
        run.Progress.HasText.ShouldBeFalse("what a broken stream said is taken back");
    }

    [Fact]
    public void Document_IsWhatTheMatrixSays()
    {
        var path = Path.Combine(Repository.Root, FaultDocument.Path);
        if (Environment.GetEnvironmentVariable(FaultDocument.RewriteVariable) == "1")
            File.WriteAllText(path, FaultDocument.Write());

        File.ReadAllText(path).ShouldBe(FaultDocument.Write(), $"run this test with {FaultDocument.RewriteVariable}=1 to write {FaultDocument.Path} anew");
    }

    /// <summary>The failed call is on the bill as the matrix says, the answer as the engine said, and the cost is what both come to.</summary>
    private static void ShouldBeBilled(JobRun run, FaultCell cell, Engine answered)
    {
        var bills = run.Tally.AttemptRaw.Select(Bill.Read).ToList();
        bills.Count.ShouldBe(cell.Billed == Billed.Nothing ? 1 : 2);
        bills[^1].Estimated.ShouldBeFalse();
        bills[^1].Output.ShouldBeGreaterThan(0);
        if (cell.Billed != Billed.Nothing)
        {
            bills[0].Estimated.ShouldBe(cell.Billed != Billed.Said);
            (bills[0].Input + bills[0].Cached).ShouldBeGreaterThan(0);
            // Claude counts a token before it writes the first.
            (bills[0].Output > 1).ShouldBe(cell.Billed == Billed.Written || cell.Fault == "length");
        }

        run.Tally.CostUsd.ShouldBe(FaultRun.PriceOf(run.Tally.AttemptRaw[^1], answered) + (bills.Count == 2 ? FaultRun.PriceOf(run.Tally.AttemptRaw[0], run.Chain[0]) : 0));
        run.Tally.CostUsd.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("Cerebras", "cerebras:429-queue", 1)]
    [InlineData("Claude", "anthropic:529", 2)]
    [InlineData("Cerebras", "cerebras:429-requests", 1)]
    [InlineData("Cerebras", "cerebras:429-tokens", 1)]
    public async Task BusyEngine_IsLeftForTheOther(string engine, string fault, int callsBefore)
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext(fault, 5);
        var run = bench.Run(null, true, engine, FaultMatrix.Next(engine));

        var answer = await bench.AskAsync(run);

        answer.Engine.Name.ShouldBe(FaultMatrix.Next(engine));
        bench.Simulator.Calls.Count(call => call.Engine == KindOf(engine)).ShouldBe(callsBefore);
    }

    [Theory]
    [InlineData("stall-early", "no first token")]
    [InlineData("stall", "fell silent")]
    [InlineData("slow-first-byte", "no first token")]
    public async Task SilentEngine_IsLeftForTheOther_AndTheReasonSaysHow(string fault, string reason)
    {
        var (bench, faults) = await FaultRun.StartAsync();
        await using var used = bench;
        bench.Simulator.FailNext($"cerebras:{fault}", 2);
        var run = bench.Run(null, true, FaultMatrix.Cerebras, FaultMatrix.Claude);

        var answer = await faults.AskAsync(run, stream: true);

        answer.Engine.Name.ShouldBe(FaultMatrix.Claude);
        run.Tally.Fallbacks.Single().ShouldContain(reason);
    }

    [Fact]
    public async Task BrokenStream_StartsAnewUnderAHigherDraft()
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext("cut-clean");
        var run = bench.Run(null, true, "Cerebras", "Claude");

        var answer = await bench.AskAsync(run);

        var events = run.Progress.TakeLive();
        events.Select(said => said.Number).ShouldBeInOrder();
        events.Single(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted).Restarted.Draft.ShouldBe(2);
        string.Concat(events.Where(said => said.Token is { Draft: 2, Reasoning: false }).Select(said => said.Token.Text)).ShouldBe(answer.Text);
        events.ShouldContain(said => said.Token != null && said.Token.Draft == 1);
    }

    [Fact]
    public async Task FaultBeforeTheFirstToken_IsSilent()
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext("503");
        var run = bench.Run(null, true, "Cerebras");

        await bench.AskAsync(run);

        run.Progress.Draft.ShouldBe(1);
        run.Progress.TakeLive().ShouldNotContain(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted);
    }

    [Fact]
    public async Task BrokenStream_UnderThePolicyFail_EndsTheJob()
    {
        await using var bench = await StartAsync(new InferenceOptions { BackoffMs = 1, BrokenStream = "fail" });
        bench.Simulator.FailNext("cut-clean");
        var run = bench.Run(null, true, "Cerebras", "Claude");

        (await Should.ThrowAsync<JobException>(() => bench.AskAsync(run))).Message.ShouldContain("Inference:BrokenStream");
        run.Tally.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Budget_IsSharedByRetriesAndFallbacks()
    {
        await using var bench = await StartAsync(new InferenceOptions { BackoffMs = 1, RetryBudget = 2, RetriesPerEngine = 9 });
        bench.Simulator.FailNext("500", 100);
        var run = bench.Run(null, true, "Cerebras", "Claude", "Local");

        (await Should.ThrowAsync<JobException>(() => bench.AskAsync(run))).Message.ShouldContain("Inference:RetryBudget");
        run.Tally.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task CostLimit_IsCheckedBeforeTheCall()
    {
        await using var bench = await StartAsync();
        var run = bench.Run(new GenerateRequest { Task = "t", MaxCostUsd = 0.0000001 }, true, "Cerebras");

        (await Should.ThrowAsync<JobException>(() => bench.AskAsync(run))).Code.ShouldBe(FailureCodes.CostLimit);
        bench.Simulator.TotalCalls.ShouldBe(0);
    }

    [Fact]
    public async Task RealEngine_IsNeverReplacedByASimulatedOne()
    {
        var real = new Dictionary<string, string?> { ["Engines:Cerebras:Simulated"] = "false", ["Engines:Cerebras:BaseUrl"] = "http://127.0.0.1:9" };
        await using var bench = await AskingBench.StartAsync(options: new InferenceOptions { BackoffMs = 1 }, settings: real);
        var run = bench.Run(null, true, "Cerebras", "Claude");

        (await Should.ThrowAsync<JobException>(() => bench.AskAsync(run))).Code.ShouldBe(FailureCodes.EngineUnavailable);
        bench.Simulator.TotalCalls.ShouldBe(0);
    }

    [Fact]
    public async Task LargePrompt_GoesToTheEngineThatHoldsIt()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:ContextTokens"] = "2048", ["Engines:Cerebras:MaxOutputTokens"] = "512" });
        var run = bench.Run(null, true, "Cerebras", "Claude");

        var answer = await bench.AskAsync(run, prompt: "Write a post. " + new string('x', 20_000));

        answer.Engine.Name.ShouldBe("Claude");
        bench.Simulator.Calls.ShouldAllBe(call => call.Engine == SimulatorEngine.Anthropic);
    }

    private static Task<AskingBench> StartAsync(InferenceOptions? options = null) => AskingBench.StartAsync(options: options, settings: FaultRun.Settings());

    private static SimulatorEngine KindOf(string engine) => engine switch
    {
        "Claude" => SimulatorEngine.Anthropic,
        "Cerebras" => SimulatorEngine.Cerebras,
        _ => SimulatorEngine.OpenAi,
    };
}
