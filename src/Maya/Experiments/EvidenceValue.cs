using MathNet.Numerics;

namespace Platform.Maya;

/// <summary>
/// Evidence that may be looked at as often as one likes. Each value is a ratio of a mixture likelihood (Beta 1/2, 1/2, Robbins' method of mixtures) to the
/// best that the null hypothesis can do; under the null its chance of ever passing 1/alpha is at most alpha (Ville), also when the trials were allocated by
/// what came before, as a bandit does. Counts are those of all trials, never faded ones.
/// </summary>
internal static class EvidenceValue
{
    private const double Prior = 0.5;
    private const int Halvings = 60;

    /// <summary>Expects odds that differ by a factor of about 1.5: the sizes of effects that experiments find.</summary>
    private const double SplitPrior = 25;

    /// <summary>Logarithm of the evidence that the arms do not all have the same rate.</summary>
    public static double Different(IReadOnlyList<(long Successes, long Trials)> arms)
    {
        var (successes, trials) = (arms.Sum(a => a.Successes), arms.Sum(a => a.Trials));
        return arms.Sum(a => Mixture(a.Successes, a.Trials)) - Likelihood(successes, trials, trials == 0 ? 0 : (double)successes / trials);
    }

    /// <summary>
    /// Logarithm of the evidence that two arms differ whose trials were split at random by known weights: under the null each success falls to an arm by its
    /// weight, whatever the rate and however it changes over the week. Averaged with <see cref="Different"/>; a mean of evidence is evidence.
    /// </summary>
    public static double DifferentOfSplit((long Successes, long Trials, double Weight) a, (long Successes, long Trials, double Weight) b)
    {
        var share = a.Weight / (a.Weight + b.Weight);
        var (priorA, priorB) = (SplitPrior * share, SplitPrior * (1 - share));
        var bySuccesses = SpecialFunctions.BetaLn(priorA + a.Successes, priorB + b.Successes) - SpecialFunctions.BetaLn(priorA, priorB)
            - (a.Successes * Math.Log(share)) - (b.Successes * Math.Log(1 - share));
        var byRates = Different([(a.Successes, a.Trials), (b.Successes, b.Trials)]);
        var top = Math.Max(bySuccesses, byRates);
        return top + Math.Log((Math.Exp(bySuccesses - top) + Math.Exp(byRates - top)) / 2);
    }

    /// <summary>Logarithm of the evidence that counts do not follow their expected shares (a Dirichlet mixture; sample ratio mismatch).</summary>
    public static double Mismatch(IReadOnlyList<(long Count, double Share)> groups)
    {
        var size = groups.Count;
        var mixture = SpecialFunctions.GammaLn(size) - SpecialFunctions.GammaLn(size + groups.Sum(g => g.Count));
        foreach (var (count, share) in groups)
            mixture += SpecialFunctions.GammaLn((size * share) + count) - SpecialFunctions.GammaLn(size * share) - (count * Math.Log(share));
        return mixture;
    }

    /// <summary>The p-value that a logarithm of evidence stands for.</summary>
    public static double PValue(double evidence) => Math.Min(1, Math.Exp(-evidence));

    /// <summary>Rates that the trials do not speak against at a level, valid at every look.</summary>
    public static (double Low, double High) Interval(long successes, long trials, double alpha)
    {
        if (trials == 0)
            return (0, 1);
        var (rate, bound) = ((double)successes / trials, Mixture(successes, trials) - Math.Log(1 / alpha));
        return (Edge(rate, 0), Edge(rate, 1));

        // Likelihood falls on both sides of the rate; halving finds where it passes the bound.
        double Edge(double inside, double outside)
        {
            if (Likelihood(successes, trials, outside) > bound)
                return outside;
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (inside + outside) / 2;
                (inside, outside) = Likelihood(successes, trials, middle) > bound ? (middle, outside) : (inside, middle);
            }

            return (inside + outside) / 2;
        }
    }

    private static double Mixture(long successes, long trials) =>
        SpecialFunctions.BetaLn(Prior + successes, Prior + trials - successes) - SpecialFunctions.BetaLn(Prior, Prior);

    private static double Likelihood(long successes, long trials, double rate) => Times(successes, rate) + Times(trials - successes, 1 - rate);

    private static double Times(long count, double chance) => count == 0 ? 0 : count * Math.Log(chance);
}
