using Platform.Contracts;
using Platform.Inference;
using Platform.Tests.Simulator;

namespace Platform.Tests.Inference;

/// <summary>Calls in line for a quota, and the time that jobs have meanwhile.</summary>
public sealed class PaceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task FreshWorker_ThatHearsOfAQuota_CountsTheCallsThatAreOpen()
    {
        await using var bench = await AskingBench.StartAsync();
        var clock = new ManualClock();
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], clock);
        var calls = Enumerable.Range(0, 20).Select(_ => pace.EnterAsync(1, isBatch: true, TimeSpan.MaxValue, last: true, CancellationToken.None)).ToList();
        var open = await Task.WhenAll(calls.Where(call => call.IsCompletedSuccessfully));
        open.Length.ShouldBe(4, "before the engine has said anything");

        // All four are on their way when the first answer says that four of five are left: it may have counted one call or all.
        open[0].Observe([new QuotaReading(QuotaUnit.Requests, Minute, 5, 4)]);
        open[0].Dispose();

        // A call that went wrongly would show a moment later, on a thread of its own; waiting longer can only find more.
        await Task.Delay(50, TestContext.Current.CancellationToken);
        calls.Count(call => call.IsCompletedSuccessfully).ShouldBe(4, "a fifth call would stand at the edge, a sixth would be refused");
        for (var i = 1; i < 4; i++)
        {
            open[i].Observe([new QuotaReading(QuotaUnit.Requests, Minute, 5, 4 - i)]);
            open[i].Dispose();
        }

        // Calls go on in threads of their own.
        for (var look = 0; look < 1_000 && calls.Count(call => call.IsCompletedSuccessfully) < 6; look++)
        {
            clock.Advance(Minute / 5);
            await Task.Delay(5, TestContext.Current.CancellationToken);
            foreach (var call in calls.Where(call => call.IsCompletedSuccessfully))
                (await call).Dispose();
        }

        calls.Count(call => call.IsCompletedSuccessfully).ShouldBeGreaterThan(4, "the quota refills");
    }

    [Fact]
    public async Task RefusalOfAMinute_LeavesTheDayAlone()
    {
        await using var bench = await AskingBench.StartAsync();
        var clock = new ManualClock();
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], clock);
        var first = await Enter(pace);
        first.Observe([new QuotaReading(QuotaUnit.Requests, Minute, 5, 0), new QuotaReading(QuotaUnit.Requests, TimeSpan.FromDays(1), 2_400, 2_300)]);
        first.End = new CallEnd(false, FailureKind.RequestQuota, TimeSpan.FromSeconds(12), 0, null);
        first.Dispose();

        clock.Advance(2 * Minute);

        (await Enter(pace, TimeSpan.FromSeconds(1))).Dispose();
    }

    [Fact]
    public async Task CallInLine_WhenTheEngineAsksForADay_IsSentAwayAtOnce()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:MaxConcurrency"] = "1" });
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], new ManualClock());
        var open = await Enter(pace);
        var waiting = Enter(pace, TimeSpan.FromMinutes(5));
        var patient = pace.EnterAsync(1, isBatch: true, TimeSpan.MaxValue, last: true, TestContext.Current.CancellationToken);

        open.End = new CallEnd(false, FailureKind.RequestQuota, TimeSpan.FromDays(60), 0, null);
        open.Dispose();

        (await Should.ThrowAsync<EngineException>(() => waiting.WaitAsync(Limits.Patience, TestContext.Current.CancellationToken))).Kind.ShouldBe(FailureKind.RequestQuota);
        patient.IsCompleted.ShouldBeFalse("a batch job waits");
    }

    [Fact]
    public async Task CallInLine_WhenTheBreakerOpens_IsSentAwayAtOnce()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:MaxConcurrency"] = "1", ["Engines:Cerebras:RequestsPerMinute"] = "100000" });
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], new ManualClock());
        for (var i = 0; i < 9; i++)
            Fail(await Enter(pace));
        var tenth = await Enter(pace);
        var waiting = pace.EnterAsync(1, isBatch: false, TimeSpan.FromSeconds(1), last: false, TestContext.Current.CancellationToken);

        Fail(tenth);

        pace.Health.ShouldBe("open");
        (await Should.ThrowAsync<EngineException>(() => waiting.WaitAsync(Limits.Patience, TestContext.Current.CancellationToken))).Kind.ShouldBe(FailureKind.CircuitOpen);
    }

    [Fact]
    public async Task BatchCall_BehindInteractiveOnesThatNeverEnd_GoesAfterNineOfThem()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:MaxConcurrency"] = "1", ["Engines:Cerebras:RequestsPerMinute"] = "100000" });
        using var pace = new ModelPace(bench.Run(null, true, "Cerebras").Chain[0], TimeProvider.System);
        var open = await Enter(pace);
        var batch = pace.EnterAsync(1, isBatch: true, TimeSpan.MaxValue, last: true, TestContext.Current.CancellationToken);
        for (var i = 0; i < 50 && !batch.IsCompleted; i++)
        {
            var next = Enter(pace);
            open.End = new CallEnd(true, null, null, 1, 1);
            open.Dispose();
            open = await await Task.WhenAny(next, batch).WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);
        }

        batch.IsCompletedSuccessfully.ShouldBeTrue();
        open.Dispose();
    }

    [Fact]
    public void Limit_IsNotLoweredByAnswersThatComeAsAWhole()
    {
        var limit = new AdaptiveLimit(8, new ManualClock());
        limit.Succeeded(100, crowded: true);

        for (var i = 0; i < 20; i++)
            limit.Succeeded(null, crowded: true);

        limit.Current.ShouldBe(8);
    }

    [Fact]
    public void Limit_GoesDownWhenTokensComeMuchLater_OneStepASecond()
    {
        var clock = new ManualClock();
        var limit = new AdaptiveLimit(10, clock);
        limit.Succeeded(100, crowded: true);

        limit.Succeeded(5_000, crowded: true);
        limit.Succeeded(5_000, crowded: true);
        limit.Current.ShouldBe(9);
        clock.Advance(TimeSpan.FromSeconds(2));
        limit.Succeeded(5_000, crowded: true);

        limit.Current.ShouldBe(8);
    }

    [Fact]
    public void Reserve_OfCallsSideBySide_KeepsTheLimitTogether()
    {
        using var budget = new JobBudget(5, 0.10, DateTimeOffset.UtcNow + Minute, waitingIsFree: false, TimeProvider.System);

        var first = budget.Reserve(() => 0.02m, 0.04m).ShouldNotBeNull();
        budget.Reserve(() => 0.02m, 0.04m).ShouldNotBeNull();
        budget.Reserve(() => 0.02m, 0.04m).ShouldBeNull("0.02 are spent and 0.08 are set aside");
        first.Dispose();

        budget.Reserve(() => 0.03m, 0.03m).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void TimeInLine_OfABatchJob_MovesItsDeadline(bool waitingIsFree, bool expired)
    {
        var clock = new ManualClock();
        using var budget = new JobBudget(1, 0, clock.GetUtcNow() + Minute, waitingIsFree, clock);

        using (budget.StandInLine())
            clock.Advance(5 * Minute);

        budget.Expired.IsCancellationRequested.ShouldBe(expired);
        budget.Remaining.ShouldBe(expired ? TimeSpan.Zero : Minute);
        clock.Advance(2 * Minute);
        budget.Expired.IsCancellationRequested.ShouldBeTrue("work itself is never free");
    }

    [Fact]
    public void TimeInLine_OfTwoCallsAtATime_CountsOnce()
    {
        var clock = new ManualClock();
        using var budget = new JobBudget(1, 0, clock.GetUtcNow() + Minute, waitingIsFree: true, clock);

        var (one, other) = (budget.StandInLine(), budget.StandInLine());
        clock.Advance(Minute);
        one.Dispose();
        clock.Advance(Minute);
        other.Dispose();

        budget.Remaining.ShouldBe(Minute);
    }

    private static Task<PacedCall> Enter(ModelPace pace, TimeSpan? patience = null) => pace.EnterAsync(1, isBatch: false, patience ?? Minute, last: true, TestContext.Current.CancellationToken);

    private static void Fail(PacedCall call)
    {
        call.End = new CallEnd(false, FailureKind.ServerError, null, 0, null);
        call.Dispose();
    }
}
