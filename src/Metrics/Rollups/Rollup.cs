using Platform.V1;

namespace Platform.Metrics.Rollups;

/// <summary>By what jobs are grouped. Simulated jobs are a group of their own everywhere.</summary>
internal sealed record RollupGroup
{
    public string Tenant { get; init; } = "";

    public long Simulated { get; init; }

    public string Kind { get; init; } = "";

    public string Approach { get; init; } = "";

    public string Engine { get; init; } = "";

    public string Model { get; init; } = "";

    public string Language { get; init; } = "";

    public string Platform { get; init; } = "";
}

/// <summary>One bucket of time of one group.</summary>
/// <param name="StepSeconds">Width, one of <see cref="Steps.All"/>.</param>
/// <param name="AtMs">Start, in milliseconds since 1970 UTC.</param>
/// <param name="Group">The group.</param>
internal sealed record RollupKey(long StepSeconds, long AtMs, RollupGroup Group);

/// <summary>
/// Counts and histograms of many jobs. Merging is addition, so it does not matter in which order jobs arrive or buckets are joined.
/// Times to the first token and in total are of succeeded jobs only: one that fails at once is not a fast one.
/// </summary>
internal sealed class Rollup
{
    private const double NanoPerUnit = 1e9;

    public long[] Counts { get; init; } = new long[Counters.Count];

    public LogHistogram Total { get; init; } = new();

    public LogHistogram FirstToken { get; init; } = new();

    public LogHistogram Queue { get; init; } = new();

    public long this[Counter counter] => Counts[(int)counter];

    public double CostUsd => this[Counter.CostNano] / NanoPerUnit;

    /// <summary>Failed jobs as a share of those that succeeded or failed; 0 when there is none.</summary>
    public double ErrorRate
    {
        get
        {
            var ended = this[Counter.Succeeded] + this[Counter.Failed];
            return ended == 0 ? 0 : (double)this[Counter.Failed] / ended;
        }
    }

    public void Add(JobRow row)
    {
        for (var i = 0; i < Counts.Length; i++)
            Counts[i] += row.Counts[i];
        Queue.Add(row.QueueMs);
        if (!row.Succeeded)
            return;
        Total.Add(row.TotalMs);
        if (row.FirstTokenMs > 0)
            FirstToken.Add(row.FirstTokenMs);
    }

    public void Merge(Rollup other)
    {
        for (var i = 0; i < Counts.Length; i++)
            Counts[i] += other.Counts[i];
        Total.Merge(other.Total);
        FirstToken.Merge(other.FirstToken);
        Queue.Merge(other.Queue);
    }

    /// <summary>The figures as the public language has them.</summary>
    /// <param name="name">Name of the group.</param>
    /// <param name="stretchMs">Stretch of time that they are about, in milliseconds.</param>
    public Figures ToFigures(string name, long stretchMs) => new()
    {
        Name = name,
        Jobs = this[Counter.Jobs],
        Succeeded = this[Counter.Succeeded],
        Failed = this[Counter.Failed],
        Cancelled = this[Counter.Cancelled],
        TotalMs = Percentiles(Total),
        FirstTokenMs = Percentiles(FirstToken),
        QueueMs = Percentiles(Queue),
        PassedFirst = this[Counter.PassedFirst],
        PassedAfterFix = this[Counter.PassedAfterFix],
        WithTests = this[Counter.WithTests],
        WithPatterns = this[Counter.WithPatterns],
        Fallbacks = this[Counter.Fallbacks],
        EngineCalls = this[Counter.EngineCalls],
        Retries = this[Counter.Retries],
        Hedges = this[Counter.Hedges],
        SharedAnswers = this[Counter.SharedAnswers],
        WithPatternsSucceeded = this[Counter.WithPatternsSucceeded],
        PatternsUsed = this[Counter.PatternsUsed],
        Checked = this[Counter.Checked],
        Compiled = this[Counter.Compiled],
        FixAttempts = this[Counter.FixAttempts],
        TokensPerSecond = this[Counter.WorkMs] == 0 ? 0 : 1000.0 * this[Counter.Output] / this[Counter.WorkMs],
        AtWork = stretchMs <= 0 ? 0 : (double)this[Counter.WorkMs] / stretchMs,
        CostUsd = CostUsd,
        Tokens = new TokenCounts
        {
            InputUncached = this[Counter.InputUncached],
            InputCached = this[Counter.InputCached],
            CacheWritten = this[Counter.CacheWritten],
            Output = this[Counter.Output],
            Reasoning = this[Counter.Reasoning],
        },
    };

    /// <summary>Percentiles of a histogram.</summary>
    public static Percentiles Percentiles(LogHistogram histogram) => new()
    {
        Count = histogram.Count,
        P50 = histogram.Percentile(0.50),
        P95 = histogram.Percentile(0.95),
        P99 = histogram.Percentile(0.99),
        Mean = histogram.Mean,
        Max = histogram.Max,
    };
}
