using Platform.Maya;

namespace Platform.Tests.Maya;

public sealed class OutcomeModelSpec(ITestOutputHelper output)
{
    [Fact]
    public void Learn_KnownEffects_FoundWithIntervalsAndNothingElse()
    {
        var learned = new SimulatedAccount(1) { Effect = (post, hour) => (hour == 9 ? 1.5 : 1) * (post.Theme == "price" ? 0.6 : 1) }.Learn(300);

        var best = learned.Advice.Single(a => a.Feature == "hour=9");
        (best.Prefers, best.Low > 1, best.High > best.Effect).ShouldBe((true, true, true));
        // The typical post lies between the hours, so that the best is above it and the others are below.
        var model = learned.Model.ShouldNotBeNull();
        (model.Effect("hour=9").Effect / model.Effect("hour=12").Effect).ShouldBe(1.5, 0.2);
        (model.Effect("theme=price").Effect / model.Effect("theme=comfort").Effect).ShouldBe(0.6, 0.1);
        learned.Advice.ShouldContain(a => a.Feature == "theme=price" && !a.Prefers);
        learned.Advice.ShouldAllBe(a => a.Feature.StartsWith("hour=") || a.Feature.StartsWith("theme="));
        best.Text.ShouldContain("posts did");
    }

    [Fact]
    public void Learn_NothingMatters_RecommendsAlmostNothing()
    {
        var advised = Enumerable.Range(0, 60).Count(seed => new SimulatedAccount(seed).Learn(120).Advice.Count > 0);

        output.WriteLine($"{advised} of 60 accounts without any effect were given advice");
        advised.ShouldBeLessThanOrEqualTo(9);
    }

    [Fact]
    public void Learn_ConfoundedFeature_IsNotGivenTheCredit()
    {
        // The theme does all; nine o'clock is when that theme usually goes out.
        var random = new Random(3);
        var posts = new SimulatedAccount(3) { Effect = (post, _) => post.Theme == "price" ? 1.8 : 1 }.Posts(400)
            .Where(p => p.Theme == "price" == p.PublishedAt.Contains("T09") || random.NextDouble() < 0.3).ToList();
        var model = OutcomeModels.Learn("x", [.. posts.Select(p => EngagementReader.Post("t", p, DateTimeOffset.UtcNow))]).Model.ShouldNotBeNull();

        model.Effect("theme=price").Effect.ShouldBeGreaterThan(1.25);
        model.Effect("hour=9").Effect.ShouldBeInRange(0.85, 1.15);
    }

    [Fact]
    public void Learn_Predictable_RankIsCalibratedAndCorrelates()
    {
        var learned = new SimulatedAccount(4) { Noise = 0.2, Effect = (post, hour) => (hour == 21 ? 1.6 : 1) * (post.Text.Contains('?') ? 1.4 : 1) }.Learn(400);

        output.WriteLine($"spearman {learned.History.Spearman:F2}, coverage {learned.History.Coverage:P0}, calibration error {learned.History.CalibrationError:F1}");
        learned.History.Spearman.ShouldBeGreaterThan(0.6);
        learned.History.Coverage.ShouldBeInRange(0.7, 0.9);
        learned.History.CalibrationError.ShouldBeLessThan(8);
        var good = learned.Model!.Rank(["hour=21", "question=yes"]);
        var bad = learned.Model.Rank(["hour=9", "question=no"]);
        good.Score.ShouldBeGreaterThan(75);
        bad.Score.ShouldBeLessThan(50);
        (good.Low <= good.Score && good.Score <= good.High).ShouldBeTrue();
        good.Drivers[0].Feature.ShouldBeOneOf("hour=21", "question=yes");
    }

    [Fact]
    public void Learn_PureChance_ScoresEverythingNearTheMedian()
    {
        var learned = new SimulatedAccount(5).Learn(300);

        Math.Abs(learned.History.Spearman).ShouldBeLessThan(0.25);
        learned.Model!.Rank(["hour=9", "question=yes", "theme=price"]).Score.ShouldBeInRange(40, 60);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Learn_TooFewPosts_SaysNoHistory(int count)
    {
        var learned = new SimulatedAccount(6).Learn(count);

        learned.Model.ShouldBeNull();
        learned.History.Problem.ShouldStartWith("No history");
        learned.Advice.ShouldBeEmpty();
    }

    [Fact]
    public void Learn_NobodyInteracts_SaysNoHistory() => new SimulatedAccount(7) { Effect = static (_, _) => 0 }.Learn(50).History.Problem.ShouldContain("nobody interacted");

    [Fact]
    public void Ranks_EqualValues_ShareTheMean() => ModelCheck.Ranks([3, 1, 3, 2]).ShouldBe([3, 0.5, 3, 1.5]);
}
