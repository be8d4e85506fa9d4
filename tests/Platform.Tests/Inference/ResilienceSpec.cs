using Microsoft.Extensions.AI;
using Platform.Contracts;
using Platform.Inference;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>What happens beyond one fault: writing on, hedging, sharing, health and quota over many calls.</summary>
public sealed class ResilienceSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut-clean")]
    [InlineData("mid-stream-error")]
    public async Task BrokenStream_UnderThePolicyContinue_IsWrittenOn(string fault)
    {
        await using var bench = await AskingBench.StartAsync(options: new InferenceOptions { BackoffMs = 1, BrokenStream = "continue" });
        bench.Simulator.FailNext(fault);
        var run = bench.Run(null, true, "Cerebras", "Claude");

        var answer = await bench.AskAsync(run);

        var events = run.Progress.TakeLive();
        events.ShouldNotContain(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted);
        string.Concat(events.Where(said => said.Token is { Reasoning: false }).Select(said => said.Token.Text)).ShouldBe(answer.Text);
        var second = bench.Simulator.Calls[1];
        second.Prompt.ShouldContain("Write on exactly where it stops");
        answer.Text.ShouldEndWith(second.Answer);
        answer.Text.Length.ShouldBeGreaterThan(second.Answer.Length);
        run.Tally.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task BrokenStream_UnderThePolicyContinue_IsWrittenOnByTheFallbackEngine()
    {
        await using var bench = await AskingBench.StartAsync(options: new InferenceOptions { BackoffMs = 1, BrokenStream = "continue", RetriesPerEngine = 0 });
        bench.Simulator.FailNext("cut-clean");
        var run = bench.Run(null, true, "Cerebras", "Claude");

        var answer = await bench.AskAsync(run);

        var (first, second) = (bench.Simulator.Calls[0], bench.Simulator.Calls[1]);
        (first.Engine, second.Engine, answer.Engine.Name).ShouldBe((SimulatorEngine.Cerebras, SimulatorEngine.Anthropic, "Claude"));
        second.Prompt.ShouldContain("Write on exactly where it stops");
        var partial = answer.Text[..^second.Answer.Length];
        partial.Length.ShouldBeGreaterThan(0);
        second.Prompt.ShouldContain(partial.Trim(), Case.Sensitive, "the fallback engine is given what the first one wrote");
        run.Progress.TakeLive().ShouldNotContain(said => said.WhatCase == JobEvent.WhatOneofCase.Restarted);
    }

    [Fact]
    public async Task LateFirstToken_IsHedged_AndTheLoserIsBilled()
    {
        var options = new InferenceOptions { BackoffMs = 1, Hedge = [Approaches.Instructions] };
        await using var bench = await AskingBench.StartAsync(new SimulatorOptions { TokensPerSecond = 0, SlowFirstByte = TimeSpan.FromMinutes(2) }, options);
        for (var i = 0; i < 25; i++)
            await bench.AskAsync(bench.Run(null, true, "Cerebras"));
        bench.Simulator.FailNext("slow-first-byte");
        var run = bench.Run(null, true, "Cerebras");

        var answer = await bench.AskAsync(run);

        run.Tally.Hedges.ShouldBe(1);
        run.Tally.Calls.ShouldBe(2);
        run.Tally.AttemptRaw.Count.ShouldBe(2, "the call that lost is billed for its prompt");
        run.Progress.Text.ShouldBe(answer.Text);
        run.Tally.Retries.ShouldBe(0);
    }

    [Fact]
    public async Task EqualDeterministicRequests_ShareOneCall_WithinATenantOnly()
    {
        await using var bench = await AskingBench.StartAsync(new SimulatorOptions { TokensPerSecond = 0, TimeToFirstToken = TimeSpan.FromMilliseconds(50) });
        var request = Jobs.Content();
        request.Deterministic = true;
        var runs = Enumerable.Range(0, 10).Select(_ => bench.Run(request, true, "Cerebras")).ToList();

        var answers = await Task.WhenAll(runs.Select(run => bench.AskAsync(run)));
        var later = await bench.AskAsync(bench.Run(request, true, "Cerebras"));
        await bench.AskAsync(bench.Run(request, "another-tenant", "Cerebras"));
        await bench.AskAsync(bench.Run(Jobs.Content(), true, "Cerebras"));

        answers.Append(later).Select(answer => answer.Text).Distinct().Count().ShouldBe(1);
        runs.Sum(run => run.Tally.Calls).ShouldBe(1);
        runs.Sum(run => run.Tally.Shared).ShouldBe(9);
        runs.ShouldAllBe(run => run.Progress.Text == later.Text);
        bench.Simulator.TotalCalls.ShouldBe(3);
    }

    [Fact]
    public async Task DeterministicRequestAboutAPerson_IsNeitherSharedNorKept()
    {
        await using var bench = await AskingBench.StartAsync();
        var request = Jobs.Content();
        (request.Deterministic, request.SubjectId) = (true, "customer-7");

        for (var time = 0; time < 3; time++)
            await bench.AskAsync(bench.Run(request, true, "Cerebras"));

        bench.Simulator.TotalCalls.ShouldBe(3);
    }

    [Fact]
    public async Task SharedCallThatFails_IsMadeAgainByTheNext()
    {
        await using var bench = await AskingBench.StartAsync(options: new InferenceOptions { BackoffMs = 1, RetriesPerEngine = 0 });
        bench.Simulator.FailNext("500");
        var request = Jobs.Content();
        request.Deterministic = true;
        var runs = Enumerable.Range(0, 3).Select(_ => bench.Run(request, false, "Cerebras")).ToList();

        var ends = await Task.WhenAll(runs.Select(async run => await Record.ExceptionAsync(() => bench.AskAsync(run))));

        ends.Count(end => end is JobException).ShouldBe(1);
        ends.Count(end => end is null).ShouldBe(2);
        bench.Simulator.TotalCalls.ShouldBe(2);
    }

    [Fact]
    public async Task EngineThatKeepsFailing_IsNoLongerAsked()
    {
        await using var bench = await AskingBench.StartAsync(options: new InferenceOptions { BackoffMs = 1, RetriesPerEngine = 0 });
        bench.Simulator.FailNext("cerebras:500", 1_000);
        for (var i = 0; i < 10; i++)
            await bench.AskAsync(bench.Run(null, true, "Cerebras", "Claude"));
        var before = bench.Simulator.Calls.Count(call => call.Engine == SimulatorEngine.Cerebras);
        var run = bench.Run(null, true, "Cerebras", "Claude");

        var answer = await bench.AskAsync(run);

        answer.Engine.Name.ShouldBe("Claude");
        run.Tally.Calls.ShouldBe(1);
        run.Tally.Fallbacks.Single().ShouldContain("failed too often");
        bench.Simulator.Calls.Count(call => call.Engine == SimulatorEngine.Cerebras).ShouldBe(before);
        bench.Paces.Of(run.Chain[0], run.Chain[0].Entry.Quality.Id).Health.ShouldBe("open");
    }

    [Fact]
    public async Task QuotaInTheHeaders_IsKept_WithoutARefusal()
    {
        // Six calls fit the quota at once; the seventh would wait ten seconds, so it goes to the other engine without being refused.
        await using var bench = await AskingBench.StartAsync(new SimulatorOptions { TokensPerSecond = 0, RequestsPerMinute = 6 }, new InferenceOptions { BackoffMs = 1, MaxRetryAfterSeconds = 1 });
        var engines = new List<string>();

        for (var i = 0; i < 8; i++)
            engines.Add((await bench.AskAsync(bench.Run(null, true, "Cerebras", "Claude"))).Engine.Name);

        engines.Count(name => name == "Cerebras").ShouldBeInRange(4, 6);
        bench.Simulator.Calls.ShouldAllBe(call => call.Status == 200);
    }

    [Fact]
    public async Task WaitingForATurn_CanBeStopped_AndGivesThePlaceBack()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:MaxConcurrency"] = "1" });
        var engine = bench.Run(null, true, "Cerebras").Chain[0];
        var pace = bench.Paces.Of(engine, "model");
        var first = await pace.EnterAsync(1, false, TimeSpan.FromMinutes(1), true, Token);
        using var stop = new CancellationTokenSource();
        var stopped = pace.EnterAsync(1, false, TimeSpan.FromMinutes(1), true, stop.Token);
        var third = pace.EnterAsync(1, true, TimeSpan.FromMinutes(1), true, Token);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stopped);
        third.IsCompleted.ShouldBeFalse();
        first.Dispose();

        (await third.WaitAsync(Limits.Patience, Token)).Dispose();
    }

    [Fact]
    public async Task InteractiveCalls_GoBeforeBatchCallsThatCameEarlier()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:MaxConcurrency"] = "1" });
        var pace = bench.Paces.Of(bench.Run(null, true, "Cerebras").Chain[0], "model");
        var first = await pace.EnterAsync(1, false, TimeSpan.FromMinutes(1), true, Token);
        var batch = pace.EnterAsync(1, true, TimeSpan.FromMinutes(1), true, Token);
        var interactive = pace.EnterAsync(1, false, TimeSpan.FromMinutes(1), true, Token);

        first.Dispose();

        var next = await Task.WhenAny(batch, interactive).WaitAsync(Limits.Patience, Token);
        next.ShouldBe(interactive);
        (await interactive).Dispose();
        (await batch.WaitAsync(Limits.Patience, Token)).Dispose();
    }

    [Fact]
    public async Task EngineThatHasNotSpokenYet_IsAskedByAFewOnly()
    {
        await using var bench = await AskingBench.StartAsync();
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], TimeProvider.System);
        var calls = Enumerable.Range(0, 10).Select(_ => pace.EnterAsync(1, false, TimeSpan.FromMinutes(1), true, Token)).ToList();

        var first = await calls[0].WaitAsync(Limits.Patience, Token);
        (await calls[3].WaitAsync(Limits.Patience, Token)).ShouldNotBeNull();
        calls.Count(call => call.IsCompleted).ShouldBe(4, "its quota is not known, and may be small");
        first.Observe([]);

        foreach (var call in await Task.WhenAll(calls).WaitAsync(Limits.Patience, Token))
            call.Dispose();
    }
}
