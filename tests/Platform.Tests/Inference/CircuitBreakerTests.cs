using Platform.Inference;
using Platform.Tests.Simulator;

namespace Platform.Tests.Inference;

/// <summary>When an engine is left alone, and how it comes back.</summary>
public sealed class CircuitBreakerTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void MayPass_AfterManyFailures_IsRefusedAndSaysHowLong()
    {
        var breaker = Open();

        breaker.MayPass(out var wait).ShouldBeFalse();
        wait.ShouldBeGreaterThan(TimeSpan.Zero);
        breaker.State.ShouldBe("open");
    }

    [Fact]
    public void MayPass_AfterThePause_LetsMoreThroughStageByStage()
    {
        var breaker = Open();
        clock.Advance(TimeSpan.FromSeconds(10));
        breaker.MayPass(out _).ShouldBeTrue("the probe");
        var shares = new List<double>();
        while (breaker.State == "half_open")
        {
            shares.Add(Enumerable.Range(0, 2_000).Count(call => breaker.MayPass(out TimeSpan _)) / 2_000.0);
            for (var i = 0; i < 3; i++)
                breaker.Succeeded();
        }

        shares.Count.ShouldBe(3);
        foreach (var (share, expected) in shares.Zip([0.1, 0.25, 0.5]))
            share.ShouldBe(expected, 0.05);
        breaker.MayPass(out _).ShouldBeTrue();
        breaker.State.ShouldBe("closed");
    }

    [Fact]
    public void Failed_OnTheWayBack_OpensForLonger()
    {
        var breaker = Open();
        breaker.MayPass(out var first);
        clock.Advance(TimeSpan.FromSeconds(10));
        breaker.MayPass(out _).ShouldBeTrue();

        breaker.Failed();

        breaker.MayPass(out var second).ShouldBeFalse();
        second.ShouldBeGreaterThan(first);
    }

    [Fact]
    public void Failed_NowAndThen_ChangesNothing()
    {
        var breaker = new CircuitBreaker(clock, new Random(1));
        for (var i = 0; i < 100; i++)
        {
            if (i % 3 == 0)
                breaker.Failed();
            else
                breaker.Succeeded();
        }

        breaker.State.ShouldBe("closed");
    }

    private CircuitBreaker Open()
    {
        var breaker = new CircuitBreaker(clock, new Random(1));
        for (var i = 0; i < 10; i++)
            breaker.Failed();
        return breaker;
    }
}
