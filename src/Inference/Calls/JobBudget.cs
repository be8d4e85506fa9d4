namespace Platform.Inference;

/// <summary>What one job may use: extra calls, money and time, shared by retries, fallbacks and the fix loop.</summary>
internal sealed class JobBudget : IDisposable
{
    private readonly TimeProvider time;
    private readonly bool waitingIsFree;
    private readonly CancellationTokenSource expired;
    private readonly Lock gate = new();
    private int left;
    private int waiting;
    private long waitingSince;
    private decimal reservedUsd;

    /// <param name="extraCalls">Calls beyond the first of each answer.</param>
    /// <param name="maxCostUsd">Most money in US dollars; 0 for no limit.</param>
    /// <param name="deadline">When the job must be closed.</param>
    /// <param name="waitingIsFree">Whether time in line for an engine's quota moves the deadline.</param>
    /// <param name="time">Clock.</param>
    public JobBudget(int extraCalls, double maxCostUsd, DateTimeOffset deadline, bool waitingIsFree, TimeProvider time)
    {
        (left, MaxCostUsd, Deadline, this.waitingIsFree, this.time) = (extraCalls, maxCostUsd, deadline, waitingIsFree, time);
        expired = new CancellationTokenSource(Remaining, time);
    }

    /// <summary>When the job must be closed.</summary>
    public DateTimeOffset Deadline { get; private set; }

    /// <summary>Time until then; never negative.</summary>
    public TimeSpan Remaining => Deadline > time.GetUtcNow() ? Deadline - time.GetUtcNow() : TimeSpan.Zero;

    /// <summary>Longest wait in line that makes sense.</summary>
    public TimeSpan Patience => waitingIsFree ? TimeSpan.MaxValue : Remaining;

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Expired => expired.Token;

    /// <summary>Takes one call beyond the first of an answer; false when none is left.</summary>
    public bool TryTakeCall()
    {
        if (Interlocked.Decrement(ref left) >= 0)
            return true;
        Interlocked.Increment(ref left);
        return false;
    }

    /// <summary>Gives a call back that was not made after all.</summary>
    public void ReturnCall() => Interlocked.Increment(ref left);

    /// <summary>Whether so much more stays within the limit, as far as is known now. No limit means yes.</summary>
    public bool Affords(decimal spentUsd, decimal nextUsd) => MaxCostUsd <= 0 || (double)(spentUsd + nextUsd) <= MaxCostUsd;

    /// <summary>
    /// Sets aside what the next call costs at most; null when that, what was spent and what calls beside it may cost exceed the limit.
    /// Disposed when the call is over and its true cost is counted.
    /// </summary>
    public IDisposable? Reserve(Func<decimal> spentUsd, decimal nextUsd)
    {
        lock (gate)
        {
            if (MaxCostUsd > 0 && (double)(spentUsd() + reservedUsd + nextUsd) > MaxCostUsd)
                return null;
            reservedUsd += nextUsd;
        }

        return new Turn(() => Free(nextUsd));
    }

    /// <summary>The limit, in US dollars, for messages.</summary>
    public double MaxCostUsd { get; }

    /// <summary>The job stands in line from now until the result is disposed: a batch job is not to fail because others are before it.</summary>
    public IDisposable StandInLine()
    {
        if (!waitingIsFree)
            return new Turn(static () => { });
        lock (gate)
        {
            if (waiting++ == 0)
            {
                waitingSince = time.GetTimestamp();
                expired.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }

        return new Turn(GoOn);
    }

    /// <inheritdoc />
    public void Dispose() => expired.Dispose();

    private void Free(decimal amount)
    {
        lock (gate)
            reservedUsd -= amount;
    }

    private void GoOn()
    {
        lock (gate)
        {
            if (--waiting > 0)
                return;
            Deadline += time.GetElapsedTime(waitingSince);
            expired.CancelAfter(Remaining);
        }
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
