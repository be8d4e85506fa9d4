namespace Platform.Metrics.Savings;

/// <summary>
/// The percentile bootstrap of a mean (Efron 1979): the sample is drawn from again and again, and the middle 95% of the means are the
/// interval. Always drawn from the same seed, so that the same jobs give the same interval.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Fewest values that an interval is given for.</summary>
    public const int Fewest = 5;

    private const int Draws = 2_000;
    private const int Seed = 20_260_101;
    private const double Tail = 0.025;

    /// <summary>Ends of the 95% interval of the mean; null when there are too few values.</summary>
    public static (double Low, double High)? MeanInterval(IReadOnlyList<double> values)
    {
        if (values.Count < Fewest)
            return null;
        var random = new Random(Seed);
        var means = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
                sum += values[random.Next(values.Count)];
            means[draw] = sum / values.Count;
        }

        Array.Sort(means);
        return (means[(int)(Tail * Draws)], means[(int)((1 - Tail) * Draws) - 1]);
    }
}
