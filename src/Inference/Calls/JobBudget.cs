namespace Platform.Inference;

/// <summary>What one job may use: extra calls, money and time, shared by retries, fallbacks and the fix loop.</summary>
internal sealed class JobBudget(int extraCalls, double maxCostUsd, DateTimeOffset deadline, TimeProvider time)
{
    private int left = extraCalls;

    /// <summary>When the job must be closed.</summary>
    public DateTimeOffset Deadline { get; } = deadline;

    /// <summary>Time until then; never negative.</summary>
    public TimeSpan Remaining => Deadline > time.GetUtcNow() ? Deadline - time.GetUtcNow() : TimeSpan.Zero;

    /// <summary>Takes one call beyond the first of an answer; false when none is left.</summary>
    public bool TryTakeCall() => Interlocked.Decrement(ref left) >= 0;

    /// <summary>Gives a call back that was not made after all.</summary>
    public void ReturnCall() => Interlocked.Increment(ref left);

    /// <summary>Whether what was spent and what the next call costs at most stay within the limit. No limit means yes.</summary>
    public bool Affords(decimal spentUsd, decimal nextUsd) => MaxCostUsd <= 0 || (double)(spentUsd + nextUsd) <= MaxCostUsd;

    /// <summary>The limit, in US dollars, for messages.</summary>
    public double MaxCostUsd { get; } = maxCostUsd;
}
