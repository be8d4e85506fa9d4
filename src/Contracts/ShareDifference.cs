namespace Platform.Contracts;

/// <summary>Shares and their differences with 95% intervals by score methods, which also hold for few cases (Wilson 1927, Newcombe 1998).</summary>
public static class ShareDifference
{
    private const double Z = 1.959963984540054;

    /// <summary>First share less second, with Newcombe's hybrid score interval (method 10); all 0 when either has no case.</summary>
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

    /// <summary>The Wilson score interval of a share.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="cases">Cases it was taken from, at least 1.</param>
    public static (double Low, double High) Wilson(double share, long cases)
    {
        var middle = share + Z * Z / (2 * cases);
        var width = Z * Math.Sqrt((share * (1 - share) + Z * Z / (4 * cases)) / cases);
        var scale = 1 + Z * Z / cases;
        return ((middle - width) / scale, (middle + width) / scale);
    }
}
