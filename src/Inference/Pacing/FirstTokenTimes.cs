namespace Platform.Inference;

/// <summary>The last times to a first token, for the question when a second call is worth it. Not thread-safe; its owner locks.</summary>
internal sealed class FirstTokenTimes
{
    private const int Remembered = 128;
    private const int FewestForAQuantile = 20;
    private readonly double[] times = new double[Remembered];
    private int count;

    /// <summary>Adds one, in milliseconds.</summary>
    public void Add(double ms) => times[count++ % Remembered] = ms;

    /// <summary>The 95th percentile in milliseconds; null until enough is known.</summary>
    public double? P95()
    {
        if (count < FewestForAQuantile)
            return null;
        var known = Math.Min(count, Remembered);
        var sorted = times.AsSpan(0, known).ToArray();
        Array.Sort(sorted);
        return sorted[(int)Math.Ceiling(known * 0.95) - 1];
    }
}
