namespace Platform.Inference;

/// <summary>
/// Stops asking an engine that keeps failing, so that jobs go to the next one without waiting for it. After a pause it lets a
/// tenth of the calls through, then a quarter, a half and all, one stage after each run of successes; a failure opens it
/// again for longer. Not thread-safe; its owner locks.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time, Random random)
{
    private const int Remembered = 20;
    private const int FewestCalls = 10;
    private const double OpenAtShare = 0.5;
    private const int SuccessesPerStage = 3;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly double[] Stages = [0.1, 0.25, 0.5, 1];

    /// <summary>State in which every call may go.</summary>
    public const string Closed = "closed";

    private readonly Queue<bool> outcomes = new(Remembered);
    private TimeSpan pause = ShortestPause;
    private long? openedAt;
    private int stage;
    private int successes;

    /// <summary>"closed", "open" or "half_open".</summary>
    public string State => openedAt is not { } at ? Closed : time.GetElapsedTime(at) < pause ? "open" : "half_open";

    /// <summary>Whether a call may go out; when not, how long until it makes sense to ask again.</summary>
    public bool MayPass(out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (openedAt is not { } at)
            return true;
        var left = pause - time.GetElapsedTime(at);
        if (left > TimeSpan.Zero)
        {
            wait = left;
            return false;
        }

        // The first call after the pause always goes out: it is the probe.
        if (stage < 0)
        {
            stage = 0;
            return true;
        }

        if (random.NextDouble() < Stages[stage])
            return true;
        wait = TimeSpan.FromMilliseconds(200);
        return false;
    }

    /// <summary>A call gave an answer, or a failure that says nothing about the engine's health.</summary>
    public void Succeeded()
    {
        Remember(true);
        // A late answer to a call from before it opened proves nothing.
        if (State != "half_open" || stage < 0 || ++successes < SuccessesPerStage)
            return;
        successes = 0;
        if (++stage < Stages.Length - 1)
            return;
        openedAt = null;
        pause = ShortestPause;
        outcomes.Clear();
    }

    /// <summary>A call failed in a way that the next one is likely to fail too.</summary>
    public void Failed()
    {
        Remember(false);
        if (openedAt is not null)
        {
            if (State == "half_open")
                Open(pause * 2);
        }
        else if (outcomes.Count >= FewestCalls && outcomes.Count(good => !good) >= outcomes.Count * OpenAtShare)
        {
            Open(ShortestPause);
        }
    }

    private void Open(TimeSpan next)
    {
        var longest = next < LongestPause ? next : LongestPause;
        pause = longest * (0.8 + (0.4 * random.NextDouble()));
        openedAt = time.GetTimestamp();
        stage = -1;
        successes = 0;
    }

    private void Remember(bool good)
    {
        if (outcomes.Count == Remembered)
            outcomes.Dequeue();
        outcomes.Enqueue(good);
    }
}
