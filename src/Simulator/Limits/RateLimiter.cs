namespace Platform.Simulator.Limits;

/// <summary>Which limit refused a call.</summary>
internal enum LimitHit
{
    None,
    Requests,
    UncachedTokens,
    TotalTokens,
}

/// <summary>What one bucket says in the response headers.</summary>
internal readonly record struct RateReading(string Unit, string Window, long Limit, long Remaining, double ResetSeconds);

/// <summary>A call's share of the quota: taken before it runs, corrected when it is over.</summary>
internal sealed record Reservation(LimitHit Hit, double RetryAfterSeconds, IReadOnlyList<RateReading> Readings, string Model, double Uncached, double Total);

/// <summary>
/// Quotas for each model, reserved before the call runs: prompt estimate plus the asked output. Minute buckets decide; hour and
/// day buckets are multiples of them, complete the header grid and can bind only after a long burst. Total tokens get three
/// times the uncached limit, and only they count cached tokens.
/// </summary>
internal sealed class RateLimiter(int? requestsPerMinute, int? tokensPerMinute, TimeProvider clock)
{
    /// <summary>Model names come from outside: beyond this many, the rest shares one set of buckets.</summary>
    private const int MaxModels = 1_000;

    private readonly Dictionary<string, Buckets> models = [];
    private readonly Lock gate = new();

    public bool Limits => requestsPerMinute is not null || tokensPerMinute is not null;

    public Reservation Reserve(string model, double uncached, double total)
    {
        if (!Limits)
            return new(LimitHit.None, 0, [], model, 0, 0);
        lock (gate)
        {
            var buckets = Find(model);
            var (hit, wait) = buckets.Check(uncached, total);
            if (hit == LimitHit.None)
                buckets.Take(1, uncached, total);
            return new(hit, wait, buckets.Readings(), model, uncached, total);
        }
    }

    /// <summary>Corrects the tokens of a reservation to what was really used.</summary>
    public void Settle(Reservation reservation, double uncached, double total)
    {
        if (!Limits || reservation.Hit != LimitHit.None)
            return;
        lock (gate)
            Find(reservation.Model).Take(0, uncached - reservation.Uncached, total - reservation.Total);
    }

    private Buckets Find(string model)
    {
        if (models.TryGetValue(model, out var known))
            return known;
        var key = models.Count < MaxModels ? model : "";
        if (!models.TryGetValue(key, out var buckets))
            models[key] = buckets = new Buckets(requestsPerMinute, tokensPerMinute, clock);
        return buckets;
    }

    private sealed class Buckets(int? requestsPerMinute, int? tokensPerMinute, TimeProvider clock)
    {
        private readonly TokenBucket[] requests = Windows("requests", requestsPerMinute, clock);
        private readonly TokenBucket[] uncachedTokens = Windows("tokens", tokensPerMinute, clock);
        private readonly TokenBucket? totalTokens = tokensPerMinute is { } limit ? new("tokens", "minute", limit * 3.0, TimeSpan.FromMinutes(1), clock) : null;

        public (LimitHit Hit, double WaitSeconds) Check(double uncached, double total)
        {
            if (requests.Select(bucket => bucket.SecondsUntil(1)).DefaultIfEmpty().Max() is > 0 and var requestWait)
                return (LimitHit.Requests, requestWait);
            if (uncachedTokens.Select(bucket => bucket.SecondsUntil(uncached)).DefaultIfEmpty().Max() is > 0 and var tokenWait)
                return (LimitHit.UncachedTokens, tokenWait);
            return totalTokens?.SecondsUntil(total) is > 0 and var totalWait ? (LimitHit.TotalTokens, totalWait) : (LimitHit.None, 0);
        }

        public void Take(double calls, double uncached, double total)
        {
            Array.ForEach(requests, bucket => bucket.Take(calls));
            Array.ForEach(uncachedTokens, bucket => bucket.Take(uncached));
            totalTokens?.Take(total);
        }

        public IReadOnlyList<RateReading> Readings() =>
            [.. requests.Concat(uncachedTokens).Select(bucket => new RateReading(bucket.Unit, bucket.Window, bucket.Limit, bucket.Remaining, bucket.SecondsToFull))];

        private static TokenBucket[] Windows(string unit, int? perMinute, TimeProvider clock) => perMinute is not { } limit
            ? []
            :
            [
                new(unit, "minute", limit, TimeSpan.FromMinutes(1), clock),
                new(unit, "hour", limit * 60.0, TimeSpan.FromHours(1), clock),
                new(unit, "day", limit * 1440.0, TimeSpan.FromDays(1), clock),
            ];
    }
}
