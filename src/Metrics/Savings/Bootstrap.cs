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

/// <summary>The difference of two shares with its 95% interval by Newcombe's hybrid score method (1998), which also holds for few cases.</summary>
internal static class ShareDifference
{
    private const double Z = 1.959963984540054;

    /// <summary>First share less second; all 0 when either has no case.</summary>
    public static (double Difference, double Low, double High) Of(long successes, long cases, long otherSuccesses, long otherCases)
    {
        if (cases == 0 || otherCases == 0)
            return (0, 0, 0);
        var (p, q) = ((double)successes / cases, (double)otherSuccesses / otherCases);
        var (pLow, pHigh) = Wilson(p, cases);
        var (qLow, qHigh) = Wilson(q, otherCases);
        var low = p - q - Math.Sqrt(Math.Pow(p - pLow, 2) + Math.Pow(qHigh - q, 2));
        var high = p - q + Math.Sqrt(Math.Pow(pHigh - p, 2) + Math.Pow(q - qLow, 2));
        return (p - q, low, high);
    }

    private static (double Low, double High) Wilson(double share, long cases)
    {
        var middle = share + Z * Z / (2 * cases);
        var width = Z * Math.Sqrt((share * (1 - share) + Z * Z / (4 * cases)) / cases);
        var scale = 1 + Z * Z / cases;
        return ((middle - width) / scale, (middle + width) / scale);
    }
}
