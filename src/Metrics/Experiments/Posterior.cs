namespace Platform.Metrics.Experiments;

/// <summary>What is believed of an arm's success rate after its trials.</summary>
/// <param name="Mean">Mean of the belief.</param>
/// <param name="Low">Lower end of the middle 95%.</param>
/// <param name="High">Upper end.</param>
/// <param name="Best">Chance that this arm has the highest rate of all.</param>
/// <param name="Density">Density at each point of <see cref="Posteriors.Rates"/>.</param>
public sealed record Posterior(double Mean, double Low, double High, double Best, IReadOnlyList<double> Density);

/// <summary>
/// Beta posteriors of arms, from a flat prior: Beta(1 + successes, 1 + failures), the same belief that Thompson sampling draws from. The chance of being
/// best is the integral of an arm's density times every other's distribution, on one grid; nothing is drawn, so the same trials give the same figures.
/// A chance is no decision: whoever looks often will see a high one by luck, so winners are declared by evidence that holds at every look.
/// </summary>
/// <param name="Rates">The grid: rates from left to right.</param>
/// <param name="Arms">One posterior an arm, in their order.</param>
public sealed record Posteriors(IReadOnlyList<double> Rates, IReadOnlyList<Posterior> Arms)
{
    private const int Points = 2_000;
    private const double Tail = 0.025;

    /// <summary>Deviations that the grid reaches beyond each mean.</summary>
    private const double Reach = 8;

    /// <summary>Reckons them.</summary>
    /// <param name="arms">Trials and successes of each arm.</param>
    public static Posteriors Of(IReadOnlyList<(long Trials, long Successes)> arms)
    {
        var shapes = arms.Select(a => (A: 1.0 + Math.Clamp(a.Successes, 0, Math.Max(0, a.Trials)), B: 1.0 + Math.Max(0, a.Trials - Math.Max(0, a.Successes)))).ToList();
        var from = shapes.Select(s => Mean(s) - Reach * Deviation(s)).Append(1).Min();
        var to = shapes.Select(s => Mean(s) + Reach * Deviation(s)).Append(0).Max();
        (from, to) = (Math.Max(0, from), Math.Min(1, to));
        var step = (to - from) / Points;
        var rates = Enumerable.Range(0, Points).Select(i => from + (i + 0.5) * step).ToArray();
        var densities = shapes.Select(s => Normalised([.. rates.Select(x => Math.Exp(LogDensity(s, x)))], step)).ToList();
        var belows = densities.Select(d => Cumulative(d, step)).ToList();
        return new Posteriors(rates, [.. densities.Select((d, arm) => new Posterior(Mean(shapes[arm]), Quantile(rates, belows[arm], Tail), Quantile(rates, belows[arm], 1 - Tail), Best(arm, d, belows, step), d))]);
    }

    /// <summary>Half of a point's own mass counts as below it, so that equal arms share evenly.</summary>
    private static double Best(int arm, double[] density, List<double[]> belows, double step)
    {
        var chance = 0.0;
        for (var i = 0; i < density.Length; i++)
            chance += density[i] * step * belows.Where((_, other) => other != arm).Aggregate(1.0, (product, below) => product * below[i]);
        return Math.Min(1, chance);
    }

    private static double[] Cumulative(double[] density, double step)
    {
        var sums = new double[density.Length];
        var sum = 0.0;
        for (var i = 0; i < density.Length; i++)
        {
            sums[i] = sum + density[i] * step / 2;
            sum += density[i] * step;
        }

        return sums;
    }

    private static double[] Normalised(double[] density, double step)
    {
        var mass = density.Sum() * step;
        return mass > 0 ? [.. density.Select(d => d / mass)] : density;
    }

    private static double Quantile(double[] rates, double[] below, double share)
    {
        var at = Array.FindIndex(below, b => b >= share);
        return rates[at < 0 ? rates.Length - 1 : at];
    }

    private static double Mean((double A, double B) s) => s.A / (s.A + s.B);

    private static double Deviation((double A, double B) s) => Math.Sqrt(s.A * s.B / (s.A + s.B + 1)) / (s.A + s.B);

    /// <summary>Logarithm of the density, less its constant: relative to the mode, so that a hundred thousand trials do not underflow.</summary>
    private static double LogDensity((double A, double B) s, double x)
    {
        var mode = s.A + s.B > 2 ? Math.Clamp((s.A - 1) / (s.A + s.B - 2), 1e-12, 1 - 1e-12) : 0.5;
        return (s.A - 1) * (Math.Log(x) - Math.Log(mode)) + (s.B - 1) * (Math.Log(1 - x) - Math.Log(1 - mode));
    }
}
