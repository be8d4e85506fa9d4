using Platform.Inference;
using Platform.Simulator.Limits;
using Platform.Tests.Simulator;

namespace Platform.Tests.Inference;

/// <summary>Buckets of workers against the quota of a simulated account, in simulated time: nearly all of it is used and hardly anything refused.</summary>
public sealed class QuotaBucketTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(300, 1)]
    [InlineData(300, 3)]
    [InlineData(1000, 1)]
    [InlineData(1000, 4)]
    public void BusyWorkers_UseTheQuotaAndAreHardlyEverRefused(int perMinute, int workers)
    {
        var clock = new ManualClock();
        var account = new RateLimiter(perMinute, null, clock);
        var buckets = Enumerable.Range(0, workers).Select(_ => new QuotaBucket(TimeSpan.FromMinutes(1), perMinute, clock)).ToList();
        var (answered, refused) = (0, 0);
        const int Minutes = 20;

        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(Minutes); elapsed += Step)
        {
            foreach (var bucket in buckets.Where(bucket => bucket.Wait(1) == TimeSpan.Zero))
            {
                bucket.Take(1);
                var granted = bucket.Granted;
                var reply = account.Reserve("model", 0, 0);
                _ = reply.Hit == LimitHit.None ? answered++ : refused++;
                if (reply.Hit != LimitHit.None)
                    bucket.Empty();
                var minute = reply.Readings.Single(reading => reading is { Unit: "requests", Window: "minute" });
                bucket.Observe(new QuotaReading(QuotaUnit.Requests, TimeSpan.FromMinutes(1), minute.Limit, minute.Remaining), granted);
            }

            clock.Advance(Step);
        }

        // What the account gives in that time: its refill; the first full bucket comes on top.
        answered.ShouldBeGreaterThanOrEqualTo((int)(0.95 * perMinute * Minutes), $"{refused} refused");
        refused.ShouldBeLessThanOrEqualTo((answered / 100) + workers);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(1000)]
    public void WorkerThatSleepsAsLongAsItIsTold_UsesTheQuota(int perMinute)
    {
        var clock = new ManualClock();
        var account = new RateLimiter(perMinute, null, clock);
        var bucket = new QuotaBucket(TimeSpan.FromMinutes(1), perMinute, clock);
        var (answered, start) = (0, clock.GetUtcNow());
        const int Minutes = 20;

        while (clock.GetUtcNow() - start < TimeSpan.FromMinutes(Minutes))
        {
            // A timer rounds to milliseconds; nobody looks again before it rings.
            if (bucket.Wait(1) is var wait && wait > TimeSpan.Zero)
            {
                clock.Advance(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))));
                continue;
            }

            bucket.Take(1);
            var reply = account.Reserve("model", 0, 0);
            reply.Hit.ShouldBe(LimitHit.None);
            answered++;
            var minute = reply.Readings.Single(reading => reading is { Unit: "requests", Window: "minute" });
            bucket.Observe(new QuotaReading(QuotaUnit.Requests, TimeSpan.FromMinutes(1), minute.Limit, minute.Remaining), bucket.Granted);
        }

        answered.ShouldBeGreaterThanOrEqualTo((int)(0.95 * perMinute * Minutes));
    }

    [Fact]
    public void Wait_WithinTheCushion_IsWhatItTakes_NotTheSlowestPaceForEver()
    {
        var clock = new ManualClock();
        var bucket = new QuotaBucket(TimeSpan.FromMinutes(1), 5, clock);
        bucket.Observe(new QuotaReading(QuotaUnit.Requests, TimeSpan.FromMinutes(1), 5, 0), 0);

        var told = bucket.Wait(1);
        told.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        clock.Advance(told - TimeSpan.FromMilliseconds(2));
        bucket.Wait(1).ShouldBeGreaterThan(TimeSpan.Zero);
        clock.Advance(TimeSpan.FromMilliseconds(3));
        bucket.Wait(1).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Settle_GivesBackWhatAnAnswerDidNotUse()
    {
        var clock = new ManualClock();
        var bucket = new QuotaBucket(TimeSpan.FromMinutes(1), 10_000, clock);
        bucket.Take(9_000);
        bucket.Wait(5_000).ShouldBeGreaterThan(TimeSpan.Zero);

        bucket.Settle(9_000, 500);

        bucket.Wait(5_000).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Observe_LessThanBelieved_IsBelievedAtOnce()
    {
        var clock = new ManualClock();
        var bucket = new QuotaBucket(TimeSpan.FromMinutes(1), 600, clock);
        bucket.Take(1);

        bucket.Observe(new QuotaReading(QuotaUnit.Requests, TimeSpan.FromMinutes(1), 600, 0), bucket.Granted);

        bucket.Wait(1).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.09));
    }

    [Fact]
    public void Wait_MoreThanTheWholeQuota_IsNotForEver()
    {
        var bucket = new QuotaBucket(TimeSpan.FromMinutes(1), 100, new ManualClock());

        bucket.Wait(1_000_000).ShouldBe(TimeSpan.Zero);
    }
}
