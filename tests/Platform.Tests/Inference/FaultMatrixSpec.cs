using Platform.Inference;
using Platform.Simulator;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>
/// Every fault at every engine, streamed and whole: one call fails, the rest is healthy. No cell may pass a broken answer off as
/// one, and what follows (the same engine again, the other engine, or a clear failure) is written down here.
/// </summary>
public sealed class FaultMatrixSpec
{
    private static readonly string[] EngineNames = ["Cerebras", "Claude", "Local"];

    /// <summary>Healed by asking the same engine again.</summary>
    private static readonly string[] Retried = ["408", "422", "500", "502-html", "503", "mid-stream-error", "mid-stream-error-early", "cut", "cut-early", "cut-clean", "cut-clean-early", "length", "empty"];

    /// <summary>The other engine is asked at once: the same one cannot help, or asks for a long pause.</summary>
    private static readonly string[] FallenBack = ["401", "402", "404-model", "429-day"];

    /// <summary>Nothing is wrong with the answer.</summary>
    private static readonly string[] Harmless = ["split-utf8", "crlf"];

    public static TheoryData<string, string, bool> Cells(string[] faults)
    {
        var cells = new TheoryData<string, string, bool>();
        foreach (var engine in EngineNames)
        {
            foreach (var fault in faults)
            {
                cells.Add(engine, fault, true);
                cells.Add(engine, fault, false);
            }
        }

        return cells;
    }

    public static TheoryData<string, string, bool> RetriedCells() => Cells(Retried);

    public static TheoryData<string, string, bool> FallenBackCells() => Cells(FallenBack);

    public static TheoryData<string, string, bool> HarmlessCells() => Cells(Harmless);

    public static TheoryData<string, string, bool> EveryCell() => Cells([.. SimulatorOptions.FaultNames.Except(["stall", "stall-early", "slow-first-byte"])]);

    [Theory]
    [MemberData(nameof(RetriedCells))]
    public async Task OneFault_IsHealedByTheSameEngine(string engine, string fault, bool stream)
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext(fault);
        var run = bench.Run(null, true, engine, Other(engine));

        var answer = await bench.AskAsync(run, stream);

        answer.Engine.Name.ShouldBe(engine);
        answer.Text.ShouldBe(bench.Simulator.Calls[^1].Answer);
        run.Tally.Calls.ShouldBe(2);
        run.Tally.Retries.ShouldBe(1);
        run.Tally.Fallbacks.ShouldBeEmpty();
        run.Progress.Text.ShouldBe(answer.Text);
    }

    [Theory]
    [MemberData(nameof(FallenBackCells))]
    public async Task OneFault_GoesToTheOtherEngineAtOnce(string engine, string fault, bool stream)
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext(fault);
        var run = bench.Run(null, true, engine, Other(engine));

        var answer = await bench.AskAsync(run, stream);

        answer.Engine.Name.ShouldBe(Other(engine));
        answer.Text.ShouldBe(bench.Simulator.Calls[^1].Answer);
        run.Tally.Calls.ShouldBe(2);
        run.Tally.Retries.ShouldBe(0);
        run.Tally.Fallbacks.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(HarmlessCells))]
    public async Task UnkindBytes_AreNoFault(string engine, string fault, bool stream)
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext(fault);
        var run = bench.Run(null, true, engine);

        var answer = await bench.AskAsync(run, stream);

        answer.Text.ShouldBe(bench.Simulator.Calls.Single().Answer);
        run.Tally.Calls.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(EveryCell))]
    public async Task EndlessFault_WithoutFallback_NeverPassesForAnAnswer(string engine, string fault, bool stream)
    {
        if (Harmless.Contains(fault))
            return;
        await using var bench = await StartAsync(new InferenceOptions { BackoffMs = 1, MaxRetryAfterSeconds = 0.001 });
        bench.Simulator.FailNext(fault, 100);
        var run = bench.Run(null, fallback: false, engine, Other(engine));

        var failure = await Should.ThrowAsync<JobException>(() => bench.AskAsync(run, stream));

        failure.Code.ShouldBe(fault == "length" ? FailureCodes.Truncated : FailureCodes.EngineUnavailable);
        bench.Simulator.Calls.ShouldAllBe(call => call.Engine == KindOf(engine));
        run.Tally.Calls.ShouldBeLessThanOrEqualTo(fault == "length" ? 9 : 2);
        run.Progress.HasText.ShouldBeFalse("what a broken stream said is taken back");
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
        var run = bench.Run(null, true, engine, Other(engine));

        var answer = await bench.AskAsync(run);

        answer.Engine.Name.ShouldBe(Other(engine));
        bench.Simulator.Calls.Count(call => call.Engine == KindOf(engine)).ShouldBe(callsBefore);
    }

    [Theory]
    [InlineData("stall-early", "no first token")]
    [InlineData("stall", "fell silent")]
    [InlineData("slow-first-byte", "no first token")]
    public async Task SilentEngine_IsLeftAfterItsDeadline(string fault, string reason)
    {
        // Real sockets, so real time: short deadlines, and no claim about how long it takes.
        await using var bench = await StartAsync(new InferenceOptions { BackoffMs = 1, FirstTokenSeconds = 0.4, IdleGapSeconds = 0.4, RetriesPerEngine = 0 });
        foreach (var engine in EngineNames)
        {
            bench.Simulator.FailNext(fault);
            var run = bench.Run(null, true, engine, Other(engine));

            var answer = await bench.AskAsync(run);

            answer.Engine.Name.ShouldBe(Other(engine));
            run.Tally.Fallbacks.Single().ShouldContain(reason);
        }
    }

    [Theory]
    [InlineData("Cerebras")]
    [InlineData("Claude")]
    [InlineData("Local")]
    public async Task BrokenStream_IsBilledForWhatItWrote(string engine)
    {
        await using var bench = await StartAsync();
        bench.Simulator.FailNext("cut");
        var run = bench.Run(null, true, engine);

        await bench.AskAsync(run);

        run.Tally.AttemptRaw.Count.ShouldBe(2);
        run.Tally.AttemptRaw[0].ShouldContain("\"estimated\":true");
        run.Tally.Usage.InputUncached.ShouldBeGreaterThan(0);
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

    private static Task<AskingBench> StartAsync(InferenceOptions? options = null) => AskingBench.StartAsync(options: options, settings: new()
    {
        ["Engines:Local:Kind"] = "openai",
        ["Engines:Local:BaseUrl"] = Engines.OpenAiAddress,
        ["Engines:Local:Models:Quality"] = "local-model",
        ["Engines:Local:Simulated"] = "true",
    });

    private static string Other(string engine) => engine == "Claude" ? "Cerebras" : "Claude";

    private static SimulatorEngine KindOf(string engine) => engine switch
    {
        "Claude" => SimulatorEngine.Anthropic,
        "Cerebras" => SimulatorEngine.Cerebras,
        _ => SimulatorEngine.OpenAi,
    };
}
