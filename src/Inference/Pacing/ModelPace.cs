namespace Platform.Inference;

/// <summary>
/// When the next call may go to one model of one engine: free places, quotas, a pause that the engine asked for, and whether it
/// is healthy at all. Calls that must wait stand in line, interactive ones first (nine of ten, so that nothing starves); nothing is sent to be refused.
/// </summary>
internal sealed class ModelPace : IDisposable
{
    private const double CrowdedFrom = 0.8;

    /// <summary>Calls that may be open before the engine has said anything: fewer than the smallest quota that is sold.</summary>
    private const int UnknownPlaces = 4;

    /// <summary>Interactive calls that may go before a batch call that waits: the batch lane goes slowly, but it goes.</summary>
    private const int MostBeforeBatch = 9;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly string engine;
    private readonly LinkedList<PacedCall> interactive = [];
    private readonly LinkedList<PacedCall> batch = [];
    private readonly Dictionary<(QuotaUnit Unit, TimeSpan Window), QuotaBucket> quotas = [];
    private readonly AdaptiveLimit limit;
    private readonly CircuitBreaker breaker;
    private readonly FirstTokenTimes firstTokens = new();
    private readonly ITimer timer;
    private readonly HashSet<PacedCall> running = [];
    private bool known;
    private int sinceBatch;
    private long? heldAt;
    private TimeSpan hold;

    public ModelPace(Engine engine, TimeProvider time)
    {
        (this.engine, this.time) = (engine.Name, time);
        limit = new AdaptiveLimit(engine.Entry.MaxConcurrency, time);
        breaker = new CircuitBreaker(time, new Random(HashCode.Combine(Environment.ProcessId, engine.Name)));
        known = engine.Entry.RequestsPerMinute > 0;
        Configure(QuotaUnit.Requests, engine.Entry.RequestsPerMinute);
        Configure(QuotaUnit.Tokens, engine.Entry.TokensPerMinute);
        timer = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls that may be open now.</summary>
    public int Limit
    {
        get
        {
            lock (gate)
                return limit.Current;
        }
    }

    /// <summary>State of the circuit breaker.</summary>
    public string Health
    {
        get
        {
            lock (gate)
                return breaker.State;
        }
    }

    /// <summary>95th percentile of the time to the first token in milliseconds; null until enough is known.</summary>
    public double? FirstTokenP95
    {
        get
        {
            lock (gate)
                return firstTokens.P95();
        }
    }

    /// <summary>Waits for its turn; dispose the result when the call is over.</summary>
    /// <param name="tokens">Tokens the engine will reserve: the prompt and the most the answer may have.</param>
    /// <param name="isBatch">Whether nobody waits for it.</param>
    /// <param name="patience">Longest wait that makes sense.</param>
    /// <param name="last">No other engine could answer: then it waits even for one that is down.</param>
    /// <param name="token">Stops waiting.</param>
    /// <exception cref="EngineException">The wait would be longer, or the engine is known to be down; nothing was sent.</exception>
    public async Task<PacedCall> EnterAsync(double tokens, bool isBatch, TimeSpan patience, bool last, CancellationToken token)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            while (Down(out var down))
            {
                if (!last || time.GetElapsedTime(since) + down > patience)
                    throw new EngineException(FailureKind.CircuitOpen, $"{engine} failed too often; it is asked again in {down.TotalSeconds:0.#} s.") { RetryAfter = down, Sent = false };
                await Task.Delay(down, time, token);
            }

            var left = patience - time.GetElapsedTime(since);
            var call = new PacedCall(this, tokens, isBatch, left);
            lock (gate)
            {
                if (Wait(call, Line(isBatch)) is var wait && wait > left)
                    throw new EngineException(FailureKind.RequestQuota, $"{engine}'s quota allows the next call in about {wait.TotalSeconds:0.#} s.") { RetryAfter = wait, Sent = false };
                (isBatch ? batch : interactive).AddLast(call);
            }

            Pump();
            await using var leaving = token.UnsafeRegister(static state => ((PacedCall)state!).Leave(), call);
            if (await call.Turn)
                return call;
        }
    }

    /// <summary>What headers say, as soon as they are there; an engine that speaks of no quota has been heard as well.</summary>
    public void Observe(PacedCall call, IReadOnlyList<QuotaReading> readings)
    {
        bool first;
        lock (gate)
        {
            (first, known) = (!known, true);
            foreach (var reading in readings)
            {
                var key = (reading.Unit, reading.Window);
                if (!quotas.TryGetValue(key, out var bucket))
                    quotas[key] = bucket = Discover(key, reading, call);
                bucket.Observe(reading, call.Granted.GetValueOrDefault(key));
            }
        }

        if (first)
            Pump();
    }

    /// <summary>A call is over.</summary>
    public void Close(PacedCall call, CallEnd end)
    {
        List<PacedCall> ahead = [];
        lock (gate)
        {
            running.Remove(call);
            foreach (var (key, bucket) in quotas.Where(quota => quota.Key.Unit == QuotaUnit.Tokens && call.Granted.ContainsKey(quota.Key)))
                bucket.Settle(call.Tokens, end.Tokens);
            var wasUp = breaker.State == CircuitBreaker.Closed;
            Judge(end);
            // Whoever stands in line learns of it now, and may go to another engine: not only who comes next.
            if (wasUp && breaker.State != CircuitBreaker.Closed)
                ahead = SendBack(static _ => true);
            else if (end.Failure is not null)
                ahead = SendBack(waiting => Wait(waiting, []) > waiting.Patience);
        }

        ahead.ForEach(static waiting => waiting.LookAgain());
        Pump();
    }

    /// <summary>Somebody stopped waiting.</summary>
    public void Leave(PacedCall call)
    {
        lock (gate)
            (call.IsBatch ? batch : interactive).Remove(call);
        Pump();
    }

    public void Dispose() => timer.Dispose();

    private int Places => known ? limit.Current : Math.Min(limit.Current, UnknownPlaces);

    private bool Down(out TimeSpan wait)
    {
        lock (gate)
            return !breaker.MayPass(out wait);
    }

    private void Judge(CallEnd end)
    {
        if (end.Answered)
        {
            breaker.Succeeded();
            limit.Succeeded(end.FirstTokenMs, crowded: running.Count + 1 >= limit.Current * CrowdedFrom);
            if (end.FirstTokenMs is { } firstToken)
                firstTokens.Add(firstToken);
        }

        switch (end.Failure)
        {
            case FailureKind.QueuePressure:
                limit.Pressed();
                Hold(end.RetryAfter ?? FirstPause);
                break;
            case FailureKind.RequestQuota or FailureKind.TokenQuota:
                limit.Pressed();
                var unit = end.Failure == FailureKind.RequestQuota ? QuotaUnit.Requests : QuotaUnit.Tokens;
                // Headers that came with the refusal have told the longer quotas already; a minute that is used up says nothing of the day.
                quotas.Where(quota => quota.Key.Unit == unit).OrderBy(quota => quota.Key.Window).Select(quota => quota.Value).FirstOrDefault()?.Empty();
                if (end.RetryAfter is { } asked)
                    Hold(asked);
                break;
            case FailureKind.ServerError or FailureKind.Network or FailureKind.FirstToken or FailureKind.IdleGap or FailureKind.StreamError or FailureKind.Truncated:
                breaker.Failed();
                break;
        }
    }

    /// <summary>Nobody goes before this time: a whole herd that comes back at once is refused at once.</summary>
    private void Hold(TimeSpan asked)
    {
        if (asked <= Held())
            return;
        heldAt = time.GetTimestamp();
        hold = asked;
    }

    /// <summary>Takes calls out of the line.</summary>
    private List<PacedCall> SendBack(Func<PacedCall, bool> which)
    {
        var back = interactive.Concat(batch).Where(which).ToList();
        back.ForEach(call => (call.IsBatch ? batch : interactive).Remove(call));
        return back;
    }

    private TimeSpan Held() => heldAt is { } at && hold - time.GetElapsedTime(at) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Grants what may go now and looks again when the next may.</summary>
    private void Pump()
    {
        while (true)
        {
            PacedCall next;
            lock (gate)
            {
                if (Next() is not { } first || running.Count >= Places)
                    return;
                if (Wait(first, []) is var wait && wait > TimeSpan.Zero)
                {
                    timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait.TotalMilliseconds, 1, LongestSleep.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                    return;
                }

                next = first;
                (next.IsBatch ? batch : interactive).RemoveFirst();
                sinceBatch = next.IsBatch ? 0 : sinceBatch + 1;
                running.Add(next);
                foreach (var (key, bucket) in quotas)
                {
                    bucket.Take(Amount(next, key.Unit));
                    next.Granted[key] = bucket.Granted;
                }
            }

            next.Grant();
        }
    }

    /// <summary>A quota that the first answer speaks of: what is on its way already counts, whether or not the engine has it in its books.</summary>
    private QuotaBucket Discover((QuotaUnit Unit, TimeSpan Window) key, QuotaReading reading, PacedCall teller)
    {
        var bucket = new QuotaBucket(reading.Window, reading.Limit, time);
        foreach (var other in running.Where(one => one != teller))
        {
            bucket.Take(Amount(other, key.Unit));
            other.Granted[key] = bucket.Granted;
        }

        return bucket;
    }

    private PacedCall? Next() => (sinceBatch >= MostBeforeBatch ? batch.First ?? interactive.First : interactive.First ?? batch.First)?.Value;

    private TimeSpan Wait(PacedCall call, IEnumerable<PacedCall> ahead)
    {
        var longest = Held();
        foreach (var (key, bucket) in quotas)
        {
            var wait = bucket.Wait(Amount(call, key.Unit), ahead.Sum(other => Amount(other, key.Unit)));
            longest = wait > longest ? wait : longest;
        }

        return longest;
    }

    /// <summary>Who goes before a new call of a lane.</summary>
    private IEnumerable<PacedCall> Line(bool isBatch) => isBatch ? interactive.Concat(batch) : interactive;

    private static double Amount(PacedCall call, QuotaUnit unit) => unit == QuotaUnit.Requests ? 1 : call.Tokens;

    private void Configure(QuotaUnit unit, int perMinute)
    {
        if (perMinute > 0)
            quotas[(unit, TimeSpan.FromMinutes(1))] = new QuotaBucket(TimeSpan.FromMinutes(1), perMinute, time);
    }
}
