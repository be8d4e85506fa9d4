using Platform.Contracts;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Alerts;

/// <summary>The rules there are.</summary>
internal static class AlertRules
{
    /// <summary>All rules for a set of thresholds; a threshold of 0 switches its rule off.</summary>
    /// <param name="options">Thresholds.</param>
    /// <param name="engines">Engines that are known.</param>
    public static IReadOnlyList<IAlertRule> Of(AlertOptions options, IEnumerable<string> engines) =>
        [.. All(options, engines).Where(r => r.Threshold > 0).Select(r => r.Rule)];

    private static IEnumerable<(double Threshold, IAlertRule Rule)> All(AlertOptions options, IEnumerable<string> engines) =>
    [
        (options.InstructionsSeconds, new LatencyRule(Approaches.Instructions, options.InstructionsSeconds, options.MinimumJobs)),
        (options.McpSeconds, new LatencyRule(Approaches.Mcp, options.McpSeconds, options.MinimumJobs)),
        (options.InstructionsSeconds, new SlowJobRule(Approaches.Instructions, options.InstructionsSeconds)),
        (options.McpSeconds, new SlowJobRule(Approaches.Mcp, options.McpSeconds)),
        (options.ErrorRate, new ErrorRateRule(options.ErrorRate, options.MinimumJobs)),
        (options.DailyBudgetUsd, new BudgetRule(options.DailyBudgetUsd)),
        (options.BurnAfterHours > 0 ? options.DailyBudgetUsd : 0, new BudgetBurnRule(options.DailyBudgetUsd, options.BurnAfterHours)),
        (options.QueueMinutes, new StuckQueueRule(options.QueueMinutes)),
        .. Approaches.All.Select(a => (options.DriftFactor, (IAlertRule)new DriftRule(a, options.DriftFactor, options.MinimumJobs))),
        .. engines.Select(e => (options.EngineFailures, (IAlertRule)new EngineDownRule(e, options.EngineFailures, options.EngineRequests))),
    ];
}

/// <summary>The 95th percentile of an approach is too slow.</summary>
internal sealed class LatencyRule(string approach, double seconds, long minimumJobs) : IAlertRule
{
    private const double MsPerSecond = 1000;

    public string Name => $"latency.{approach}";

    public string Severity => Severities.Warning;

    public Measurement? Measure(AlertFigures figures)
    {
        if (!figures.Recent.TryGetValue(approach, out var recent) || recent.Total.Count < minimumJobs)
            return null;
        var p95 = recent.Total.Percentile(0.95) / MsPerSecond;
        return new Measurement(p95, seconds, FormattableString.Invariant(
            $"95% of {recent.Total.Count} {approach} jobs took up to {p95:0.0} s; the limit is {seconds:0.###} s."));
    }
}

/// <summary>A single job was too slow: information only.</summary>
internal sealed class SlowJobRule(string approach, double seconds) : IAlertRule
{
    private const double MsPerSecond = 1000;

    public string Name => $"slow_job.{approach}";

    public string Severity => Severities.Information;

    public Measurement? Measure(AlertFigures figures)
    {
        if (!figures.Recent.TryGetValue(approach, out var recent) || recent.Total.Count == 0)
            return null;
        var slowest = recent.Total.Max / MsPerSecond;
        var job = figures.Slowest.GetValueOrDefault(approach, "");
        return new Measurement(slowest, seconds, FormattableString.Invariant(
            $"The slowest of {recent.Total.Count} {approach} jobs{(job.Length > 0 ? $", {job}," : "")} took {slowest:0.0} s; the limit is {seconds:0.###} s."))
        { JobId = job };
    }
}

/// <summary>Too many jobs fail.</summary>
internal sealed class ErrorRateRule(double share, long minimumJobs) : IAlertRule
{
    public string Name => "errors";

    public string Severity => Severities.Critical;

    public Measurement? Measure(AlertFigures figures)
    {
        var all = new Rollup();
        foreach (var rollup in figures.Recent.Values)
            all.Merge(rollup);
        var ended = all[Counter.Succeeded] + all[Counter.Failed];
        return ended < minimumJobs ? null : new Measurement(all.ErrorRate, share, FormattableString.Invariant(
            $"{all[Counter.Failed]} of {ended} jobs failed ({all.ErrorRate * 100:0.0}%); the limit is {share * 100:0.##}%."));
    }
}

/// <summary>The day's budget is spent.</summary>
internal sealed class BudgetRule(double dailyUsd) : IAlertRule
{
    public string Name => "budget";

    public string Severity => Severities.Critical;

    public Measurement? Measure(AlertFigures figures) =>
        new Measurement(figures.TodayUsd, dailyUsd, FormattableString.Invariant(
            $"Engines cost {figures.TodayUsd:0.00} US dollars since midnight UTC; the budget of a day is {dailyUsd:0.00}."));
}

/// <summary>The day's budget will be spent before the day is over, if it goes on like this.</summary>
internal sealed class BudgetBurnRule(double dailyUsd, double afterHours) : IAlertRule
{
    private const double HoursOfADay = 24;

    public string Name => "budget_burn";

    public string Severity => Severities.Warning;

    /// <summary>A young day says little: the first job after midnight would be projected to thousands.</summary>
    public Measurement? Measure(AlertFigures figures)
    {
        if (figures.TodayHours < afterHours)
            return null;
        var projected = figures.TodayUsd * HoursOfADay / figures.TodayHours;
        return new Measurement(projected, dailyUsd, FormattableString.Invariant(
            $"At this pace the day costs {projected:0.00} US dollars: {figures.TodayUsd:0.00} in {figures.TodayHours:0.0} hours since midnight UTC; the budget of a day is {dailyUsd:0.00}."));
    }
}

/// <summary>An approach became slower than it was a week ago.</summary>
internal sealed class DriftRule(string approach, double factor, long minimumJobs) : IAlertRule
{
    private const double MsPerSecond = 1000;

    public string Name => $"drift.{approach}";

    public string Severity => Severities.Warning;

    public Measurement? Measure(AlertFigures figures)
    {
        if (!figures.LastHour.TryGetValue(approach, out var now) || now.Total.Count < minimumJobs
            || !figures.HourLastWeek.TryGetValue(approach, out var before) || before.Total.Count < minimumJobs)
            return null;
        var (p95, was) = (now.Total.Percentile(0.95) / MsPerSecond, before.Total.Percentile(0.95) / MsPerSecond);
        return new Measurement(p95, was * factor, FormattableString.Invariant(
            $"95% of {approach} jobs took up to {p95:0.00} s in the last hour; a week ago it was {was:0.00} s, the limit is {factor:0.##} times that."));
    }
}

/// <summary>Jobs wait, and none closes.</summary>
internal sealed class StuckQueueRule(double minutes) : IAlertRule
{
    public string Name => "queue";

    public string Severity => Severities.Critical;

    public Measurement? Measure(AlertFigures figures) => figures.StuckMinutes is not { } stuck ? null : new Measurement(stuck, minutes, FormattableString.Invariant(
        $"Jobs have waited for {stuck:0} minutes and none was closed; the limit is {minutes:0.##}. Look whether workers run and engines answer."));
}

/// <summary>An engine is asked and does not answer. Jobs may still succeed: others stand in for it.</summary>
internal sealed class EngineDownRule(string engine, double share, long fewest) : IAlertRule
{
    /// <summary>How names of such rules begin.</summary>
    public const string Prefix = "engine.";

    public string Name => Prefix + engine;

    public string Severity => Severities.Critical;

    public Measurement? Measure(AlertFigures figures)
    {
        var asked = figures.Engines.FirstOrDefault(e => e.Engine == engine);
        if (asked is null || asked.Answered + asked.Failed < fewest)
            return null;
        var failed = (double)asked.Failed / (asked.Answered + asked.Failed);
        return new Measurement(failed, share, FormattableString.Invariant(
            $"{engine} gave no answer to {asked.Failed} of {asked.Answered + asked.Failed} requests; the limit is {share * 100:0.##}%."));
    }
}
