using FsCheck;
using FsCheck.Fluent;
using Platform.Metrics.Rollups;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class StepsSpec
{
    [Fact]
    public void Cover_OfAnyStretch_LeavesNoGapAndNoOverlap() =>
        Prop.ForAll(Stretches, stretch =>
        {
            var (from, to) = stretch;
            var place = Steps.Floor(from, Steps.TenSeconds);
            foreach (var segment in Steps.Cover(from, to))
            {
                if (segment.FromMs != place || segment.ToMs <= segment.FromMs || segment.FromMs % (segment.StepSeconds * 1000) != 0 || segment.ToMs % (segment.StepSeconds * 1000) != 0)
                    return false;
                place = segment.ToMs;
            }

            return place == Steps.Ceiling(to, Steps.TenSeconds);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cover_OfAMonth_ReadsFewBuckets() =>
        Prop.ForAll(Stretches, stretch => Steps.Cover(stretch.From, stretch.From + 30L * 86_400_000)
            .Sum(s => (s.ToMs - s.FromMs) / (s.StepSeconds * 1000)) <= 30 + 2 * (24 + 60 + 6)).QuickCheckThrowOnFailure();

    [Fact]
    public void Cover_OfAnOldStretch_UsesNothingNarrowerThanIsKept() =>
        Steps.Cover(123_456_789, 987_654_321, Steps.Hour).ShouldAllBe(s => s.StepSeconds >= Steps.Hour);

    private static Arbitrary<(long From, long To)> Stretches =>
        Gen.Choose(0, int.MaxValue).SelectMany(from => Gen.Choose(1, 2_000_000_000).Select(length => (1_700_000_000_000L + from * 7L, 1_700_000_000_000L + from * 7L + length)))
            .ToArbitrary();
}
