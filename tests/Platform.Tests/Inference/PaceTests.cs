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
}
