using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Recording;

/// <summary>
/// The same figures as OpenTelemetry instruments, once a job, for collectors and for the Prometheus endpoint.
/// No tenant among the tags: who may read a scrape may not read tenants.
/// </summary>
internal sealed class JobInstruments(IMeterFactory meters)
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Platform.Metrics";

    private const double MsPerSecond = 1000;
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 12, 15, 30, 60, 120, 300],
    };

    private readonly Counter<long> _jobs = Create(meters).CreateCounter<long>("platform.jobs", "{job}", "Closed jobs.");
    private readonly Counter<long> _tokens = Create(meters).CreateCounter<long>("platform.tokens", "{token}", "Tokens of closed jobs.");
    private readonly Counter<double> _cost = Create(meters).CreateCounter<double>("platform.cost", "USD", "Cost of closed jobs.");
    private readonly Counter<long> _retries = Create(meters).CreateCounter<long>("platform.retries", "{call}", "Repeated upstream calls.");
    private readonly Histogram<double> _total = Create(meters).CreateHistogram("platform.job.duration", "s", "Acceptance to close of succeeded jobs.", null, Seconds);
    private readonly Histogram<double> _firstToken = Create(meters).CreateHistogram("platform.job.first_token", "s", "Claim to first token of succeeded jobs.", null, Seconds);
    private readonly Histogram<double> _queue = Create(meters).CreateHistogram("platform.job.queue", "s", "Acceptance to claim.", null, Seconds);

    /// <summary>Counts a job.</summary>
    public void Record(JobRow job)
    {
        var tags = new TagList
        {
            { "approach", job.Group.Approach },
            { "engine", job.Group.Engine },
            { "kind", job.Group.Kind },
            { "simulated", job.Group.Simulated == 1 ? "true" : "false" },
        };
        var states = tags;
        states.Add("state", job.State);
        _jobs.Add(1, states);
        _cost.Add(job[Counter.CostNano] / 1e9, tags);
        _retries.Add(job[Counter.Retries], tags);
        _queue.Record(job.QueueMs / MsPerSecond, tags);
        AddTokens(tags, "input", job[Counter.InputUncached] + job[Counter.InputCached] + job[Counter.CacheWritten]);
        AddTokens(tags, "output", job[Counter.Output]);
        if (!job.Succeeded)
            return;
        _total.Record(job.TotalMs / MsPerSecond, tags);
        if (job.FirstTokenMs > 0)
            _firstToken.Record(job.FirstTokenMs / MsPerSecond, tags);
    }

    private void AddTokens(TagList tags, string type, long count)
    {
        tags.Add("type", type);
        _tokens.Add(count, tags);
    }

    private static Meter Create(IMeterFactory meters) => meters.Create(MeterName);
}
