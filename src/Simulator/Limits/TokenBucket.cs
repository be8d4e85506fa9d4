namespace Platform.Simulator.Limits;

/// <summary>One bucket with continuous refill: available = min(limit, limit + refill over time - used). Not thread-safe; its owner locks.</summary>
internal sealed class TokenBucket(string unit, string window, double limit, TimeSpan period, TimeProvider clock)
{
    private double used;
    private long stamp = clock.GetTimestamp();

    /// <summary><c>requests</c> or <c>tokens</c>.</summary>
    public string Unit => unit;

    /// <summary><c>minute</c>, <c>hour</c> or <c>day</c>.</summary>
    public string Window => window;

    public long Limit => (long)limit;

    public long Remaining => (long)Math.Max(0, limit - Used());

    public double SecondsToFull => Used() / PerSecond;

    private double PerSecond => limit / period.TotalSeconds;

    /// <summary>Seconds until <paramref name="amount"/> fits; 0 = it fits now. An amount above the limit never fits and waits for a whole period.</summary>
    public double SecondsUntil(double amount)
    {
        var missing = amount - (limit - Used());
        return missing <= 1e-9 ? 0 : amount > limit ? period.TotalSeconds : missing / PerSecond;
    }

    /// <summary>Takes (or, when negative, gives back); may leave debt when real usage was above the reservation.</summary>
    public void Take(double amount) => used = Math.Max(0, Used() + amount);

    private double Used()
    {
        var now = clock.GetTimestamp();
        used = Math.Max(0, used - (clock.GetElapsedTime(stamp, now).TotalSeconds * PerSecond));
        stamp = now;
        return used;
    }
}
