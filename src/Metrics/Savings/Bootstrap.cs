namespace Platform.Metrics.Savings;

/// <summary>
/// The percentile bootstrap of a mean (Efron 1979): the sample is drawn from again and again, and the middle 95% of the means are the
/// interval. A sample in strata is drawn from stratum by stratum. Always drawn from the same seed, so that the same jobs give the same interval.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Fewest values that an interval is given for.</summary>
    public const int Fewest = 5;

    private const int Draws = 2_000;
    private const int Seed = 20_260_101;
    private const double Tail = 0.025;

    /// <summary>Ends of the 95% interval of the mean; null when there are too few values.</summary>
    public static (double Low, double High)? MeanInterval(IReadOnlyList<double> values) => MeanInterval([(1.0, values)]);

    /// <summary>Ends of the 95% interval of the weighted mean of several strata; null when there are too few values in all.</summary>
    public static (double Low, double High)? MeanInterval(IReadOnlyList<(double Weight, IReadOnlyList<double> Values)> strata)
    {
        if (strata.Sum(s => s.Values.Count) < Fewest)
            return null;
        var random = new Random(Seed);
        var weight = strata.Sum(s => s.Weight);
        var means = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
            means[draw] = strata.Sum(s => s.Weight * Draw(s.Values, random)) / weight;
        Array.Sort(means);
        return (means[(int)(Tail * Draws)], means[(int)((1 - Tail) * Draws) - 1]);
    }

    private static double Draw(IReadOnlyList<double> values, Random random)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Count; i++)
            sum += values[random.Next(values.Count)];
        return sum / values.Count;
    }
}
