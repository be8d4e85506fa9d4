using Platform.Metrics.Experiments;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class PosteriorsTests
{
    // Between Beta(1, 1) and Beta(2, 1), whose density is 2x: the integral of 2x * x is 2/3.
    [Fact]
    public void Of_NoTrialAgainstOneSuccess_GivesTwoThirds()
    {
        var arms = Posteriors.Of([(0, 0), (1, 1)]).Arms;
        arms[1].Best.ShouldBe(2 / 3.0, 1e-3);
        arms[0].Best.ShouldBe(1 / 3.0, 1e-3);
        arms[1].Mean.ShouldBe(2 / 3.0, 1e-12);
    }

    [Fact]
    public void Of_EqualArms_SharesEvenly() => Posteriors.Of([(500, 50), (500, 50), (500, 50), (500, 50)]).Arms.ShouldAllBe(a => Math.Abs(a.Best - 0.25) < 1e-3);

    // Beta(1, 1) is flat: its middle 95% are 2.5% to 97.5%. Beta(2, 1) has the quantile sqrt(p).
    [Fact]
    public void Of_KnownShapes_GivesTheirQuantiles()
    {
        var arms = Posteriors.Of([(0, 0), (1, 1)]).Arms;
        (arms[0].Low, arms[0].High).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(0.025, 1e-3), a => a.Item2.ShouldBe(0.975, 1e-3));
        (arms[1].Low, arms[1].High).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(Math.Sqrt(0.025), 1e-3), a => a.Item2.ShouldBe(Math.Sqrt(0.975), 1e-3));
    }

    // A million trials: normal, with a standard deviation of sqrt(0.1 * 0.9 / 1e6) = 0.0003. The difference of 0.0006 is sqrt(2) of that: P = Phi(1.414) = 0.9214.
    [Fact]
    public void Of_AMillionTrials_IsNormalAndDoesNotUnderflow()
    {
        var arms = Posteriors.Of([(1_000_000, 100_000), (1_000_000, 100_600)]).Arms;
        arms[1].Best.ShouldBe(0.9214, 2e-3);
        (arms[0].High - arms[0].Low).ShouldBe(2 * 1.96 * 0.0003, 3e-6);
        arms.Sum(a => a.Best).ShouldBe(1, 1e-3);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(5, 5)]
    [InlineData(-3, 9)]
    public void Of_WhateverComes_StaysWithinItsBounds(long trials, long successes)
    {
        var posteriors = Posteriors.Of([(trials, successes), (10, 3)]);
        posteriors.Arms.ShouldAllBe(a => a.Best >= 0 && a.Best <= 1 && a.Low <= a.High && a.Low >= 0 && a.High <= 1 && a.Density.All(double.IsFinite));
    }
}
