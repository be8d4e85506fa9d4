namespace Platform.Inference;

/// <summary>
/// How many calls may be open at a time: one more after a round of successes, a part of it after pressure or when answers begin
/// much later than they used to. At most one step down a second, since the calls already open all bring the same news.
/// Not thread-safe; its owner locks.
/// </summary>
internal sealed class AdaptiveLimit(int most, TimeProvider time)
{
    private const double AfterPressure = 0.7;
    private const double AfterSlowness = 0.9;
    private const double SlowFactor = 4;
    private const double SmallestSlowMs = 250;
    private static readonly TimeSpan StepSpan = TimeSpan.FromSeconds(1);

    private double current = most;
    private long? steppedAt;
    private double usual;

    /// <summary>Calls allowed now.</summary>
    public int Current => Math.Max(1, (int)current);

    /// <summary>A call succeeded.</summary>
    /// <param name="firstTokenMs">Time to its first token; null when that is not known.</param>
    /// <param name="crowded">Most places were in use: only then is slowness a sign of crowding.</param>
    public void Succeeded(double? firstTokenMs, bool crowded)
    {
        // The usual time follows quick answers at once and slow ones reluctantly.
        if (firstTokenMs is { } ms)
            usual = usual <= 0 || ms < usual ? ms : usual + ((ms - usual) * 0.02);
        if (crowded && firstTokenMs > Math.Max(SmallestSlowMs, usual * SlowFactor))
            StepDown(AfterSlowness);
        else
            current = Math.Min(most, current + (1 / Math.Max(1, current)));
    }

    /// <summary>The engine said that it is full.</summary>
    public void Pressed() => StepDown(AfterPressure);

    private void StepDown(double factor)
    {
        if (steppedAt is { } before && time.GetElapsedTime(before) < StepSpan)
            return;
        steppedAt = time.GetTimestamp();
        current = Math.Max(1, current * factor);
    }
}
