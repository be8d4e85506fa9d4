namespace Platform.Inference;

/// <summary>
/// This process's view of one quota of an account: a bucket with continuous refill that follows what the engine says is left.
/// Several processes may share the account. Each learns its share of the refill from how fast the rest disappears, spends only its share of
/// what lies above a cushion, and slows down when the cushion shrinks; so they need not know of each other. Not thread-safe; its owner locks.
/// </summary>
internal sealed class QuotaBucket(TimeSpan window, double limit, TimeProvider time)
{
    /// <summary>Part of a configured quota that is used as long as the engine says nothing: clocks differ.</summary>
    private const double UsedPart = 0.98;

    /// <summary>Part of the quota that is left alone: room for what others took since the last reading.</summary>
    private const double CushionPart = 0.05;
    private const double SmallestCushion = 1.5;
    private const double SlowestPace = 0.1;
    private const double ShareWeight = 0.3;
    private const double SmallestShare = 0.02;

    /// <summary>Amount that must have gone before a share is reckoned from it: engines round what is left to whole requests.</summary>
    private const double SmallestSample = 4;
    private static readonly TimeSpan ShareSpan = TimeSpan.FromSeconds(1);

    private double available = Math.Max(1, limit * UsedPart);
    private long refilledAt = time.GetTimestamp();
    private double share = 1;
    private double? left;
    private (long At, double Remaining, double Granted)? watched;

    /// <summary>The whole quota as the engine or configuration says it.</summary>
    public double Limit { get; private set; } = limit;

    /// <summary>Amount that was granted so far: says of a reading what it cannot know yet.</summary>
    public double Granted { get; private set; }

    private double Capacity => Math.Max(1, Limit * UsedPart);

    private double Cushion => Math.Max(SmallestCushion, Limit * CushionPart);

    private double RefillPerSecond => Limit / window.TotalSeconds * share * (left is null ? UsedPart : 1);

    /// <summary>Time until an amount fits; what is larger than the whole quota waits for a full bucket.</summary>
    public TimeSpan Wait(double amount, double ahead = 0)
    {
        Refill();
        var missing = Math.Min(amount, Capacity) + ahead - available;
        return missing <= 1e-9 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(RefillFor(missing) / RefillPerSecond, window.TotalSeconds * 10));
    }

    /// <summary>Takes an amount.</summary>
    public void Take(double amount)
    {
        Refill();
        available -= amount;
        left -= amount;
        Granted += amount;
    }

    /// <summary>Corrects a reservation to what was used.</summary>
    public void Settle(double reserved, double used)
    {
        Refill();
        available = Math.Min(Capacity, available + reserved - used);
        left += reserved - used;
        Granted += used - reserved;
    }

    /// <summary>The engine refused: nothing is left now, whatever was believed.</summary>
    public void Empty()
    {
        Refill();
        available = Math.Min(available, 0);
        left = Math.Min(left ?? 0, 0);
    }

    /// <summary>Follows what the engine says.</summary>
    /// <param name="reading">Its words.</param>
    /// <param name="grantedThen">Amount granted up to the call that brought them, itself included.</param>
    public void Observe(QuotaReading reading, double grantedThen)
    {
        Refill();
        Limit = reading.Limit;
        Learn(reading.Remaining, grantedThen);
        left = reading.Remaining - Math.Max(0, Granted - grantedThen);
        available = Math.Min(Capacity, Math.Max(0, (left.Value - Cushion) * share));
    }

    private void Learn(double remaining, double grantedThen)
    {
        if (watched is not { } before)
        {
            watched = (time.GetTimestamp(), remaining, grantedThen);
            return;
        }

        var span = time.GetElapsedTime(before.At);
        var all = before.Remaining + (Limit / window.TotalSeconds * span.TotalSeconds) - remaining;
        if (span < ShareSpan || (all < SmallestSample && remaining < Limit - 1))
            return;
        watched = (time.GetTimestamp(), remaining, grantedThen);
        // A bucket that is full hides how much flowed over, so it says nothing about others.
        if (remaining >= Limit - 1)
        {
            share = Math.Min(1, share + ShareWeight);
            return;
        }

        var own = grantedThen - before.Granted;
        if (own > 0 && all > 0)
            share += ShareWeight * (Math.Clamp(own / all, SmallestShare, 1) - share);
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var refill = time.GetElapsedTime(refilledAt, now).TotalSeconds * RefillPerSecond;
        available = Math.Min(Capacity, available + Spendable(refill));
        left += refill;
        refilledAt = now;
    }

    /// <summary>
    /// What may be spent of so much refill: all of it above the cushion, and within it the less the less is left. The rest grows while time passes,
    /// so this is an integral over it; whoever waits would otherwise wait at the pace of the moment at which it began.
    /// </summary>
    private double Spendable(double refill) => left is { } rest ? Spent(rest + refill) - Spent(rest) : refill;

    /// <summary>How much refill it takes until so much may be spent: the inverse of <see cref="Spendable"/>.</summary>
    private double RefillFor(double amount)
    {
        if (left is not { } rest)
            return amount;
        var (goal, slow) = (Spent(rest) + amount, Cushion * SlowestPace);
        if (goal <= Spent(slow))
            return (goal / SlowestPace) - rest;
        var steep = Spent(Cushion);
        return (goal < steep ? Math.Sqrt(Cushion * ((2 * goal) - (slow * SlowestPace))) : Cushion + goal - steep) - rest;
    }

    /// <summary>Integral of the pace up to a rest: slow at first, then as steep as the cushion is full, then one for one.</summary>
    private double Spent(double rest)
    {
        var slow = Cushion * SlowestPace;
        if (rest <= slow)
            return rest * SlowestPace;
        var within = Math.Min(rest, Cushion);
        return (slow * SlowestPace) + (((within * within) - (slow * slow)) / (2 * Cushion)) + Math.Max(0, rest - Cushion);
    }
}
