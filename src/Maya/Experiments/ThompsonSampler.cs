using MathNet.Numerics.Distributions;

namespace Platform.Maya;

/// <summary>
/// Beta-Bernoulli Thompson sampling: each arm's rate is drawn from what is believed of it, and the highest draw gets the trial. Old results fade by a
/// half-life, so that an arm that changes is noticed; the half-life is also how far the allocation's memory reaches.
/// </summary>
internal static class ThompsonSampler
{
    private const int Draws = 2_000;
    private const int Seed = 7;

    /// <summary>The arm of the next trial: the one with the fewest until each has its minimum, without which nothing could be claimed; then by drawing.</summary>
    public static ArmRow Next(ExperimentRow row, IReadOnlyList<ArmRow> arms, Random random) => Waiting(row, arms) ?? arms[Choose(Beliefs(arms), random)];

    /// <summary>The arm that still needs trials, or null.</summary>
    public static ArmRow? Waiting(ExperimentRow row, IReadOnlyList<ArmRow> arms) =>
        arms.MinBy(a => Math.Max(a.Assigned, a.Trials)) is { } least && Math.Max(least.Assigned, least.Trials) < row.Minimum ? least : null;

    /// <summary>What is believed of each arm, older results faded.</summary>
    public static IReadOnlyList<(double Successes, double Failures)> Beliefs(IReadOnlyList<ArmRow> arms) => [.. arms.Select(a => (a.FreshSuccesses, a.FreshFailures))];

    /// <summary>The arm whose draw is highest.</summary>
    public static int Choose(IReadOnlyList<(double Successes, double Failures)> arms, Random random)
    {
        var (best, top) = (0, -1.0);
        for (var arm = 0; arm < arms.Count; arm++)
        {
            var draw = Beta.Sample(random, 1 + Math.Max(0, arms[arm].Successes), 1 + Math.Max(0, arms[arm].Failures));
            if (draw > top)
                (best, top) = (arm, draw);
        }

        return best;
    }

    /// <summary>Chance of each arm to get the next trial, by as many draws as make two digits; the same for the same counts.</summary>
    public static double[] Chances(IReadOnlyList<(double Successes, double Failures)> arms)
    {
        var random = new Random(Seed);
        var chosen = new double[arms.Count];
        for (var draw = 0; draw < Draws; draw++)
            chosen[Choose(arms, random)] += 1.0 / Draws;
        return chosen;
    }

    /// <summary>What is left of a count after so many further trials.</summary>
    public static double Fade(long trials, long halfLife) => Math.Pow(0.5, (double)trials / halfLife);
}
