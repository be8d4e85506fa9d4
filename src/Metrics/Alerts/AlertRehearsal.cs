using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>An alert that would have been.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="OpenedMs">When it would have opened, in milliseconds since 1970 UTC.</param>
/// <param name="ClosedMs">When it would have closed; 0 when it would be open still.</param>
/// <param name="Worst">What was measured when it was worst.</param>
internal sealed record RehearsedAlert(string Rule, long OpenedMs, long ClosedMs, Measurement Worst);

/// <summary>
/// Tries thresholds on past data, with the rules and the hysteresis that watch the present: windows over the last day, drift and budget
/// by the hour over the last week. Queues leave no past to try on.
/// </summary>
internal sealed class AlertRehearsal([FromKeyedServices(ModuleNames.Metrics)] Database database, FiguresQuery figures, TimeProvider time)
{
    private const int HoursOfAWeek = 168;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The alerts that a tenant would have had, in the order in which they would have opened.</summary>
    public async Task<IReadOnlyList<RehearsedAlert>> TryAsync(string tenant, AlertOptions options, CancellationToken token)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var engines = await EngineMinutes.ReadAsync(database, tenant, false, now - (long)Day.TotalMilliseconds, now, token);
        var rules = AlertRules.Of(options, engines.Select(e => e.Engine));
        var recent = await WindowsAsync(tenant, options, now, token);
        var hourly = await HoursAsync(tenant, now, token);
        return [.. rules.SelectMany(rule => Judge(rule, rule is DriftRule or BudgetRule or BudgetBurnRule ? hourly : recent, options)).OrderBy(a => a.OpenedMs)];
    }

    private static IEnumerable<RehearsedAlert> Judge(IAlertRule rule, List<(long AtMs, AlertFigures Figures)> moments, AlertOptions options)
    {
        AlertRow? open = null;
        Measurement? worst = null;
        foreach (var (atMs, seen) in moments)
        {
            var measured = rule.Measure(seen);
            var verdict = AlertJudge.Judge(open, measured, options);
            if (verdict == AlertJudge.Verdict.Open)
                (open, worst) = (new AlertRow { OpenedMs = atMs }, measured);
            else if (verdict == AlertJudge.Verdict.Close)
            {
                yield return new RehearsedAlert(rule.Name, open!.OpenedMs, atMs, worst!);
                open = null;
            }
            else if (open is not null)
                open.Calm = verdict == AlertJudge.Verdict.Calm ? open.Calm + 1 : 0;
            if (open is not null && measured is not null && measured.Value > worst!.Value)
                worst = measured;
        }

        if (open is not null)
            yield return new RehearsedAlert(rule.Name, open.OpenedMs, 0, worst!);
    }

    private async Task<List<(long AtMs, AlertFigures Figures)>> WindowsAsync(string tenant, AlertOptions options, long now, CancellationToken token)
    {
        var step = Math.Max(Steps.Minute, (long)options.Window.TotalSeconds) * 1000;
        var from = Steps.Floor(now - (long)Day.TotalMilliseconds, Steps.Minute);
        var minutes = await figures.SeriesByAsync(new FiguresScope(tenant, from, now), Steps.Minute, static g => g.Approach, token);
        var engines = await EngineMinutes.SeriesAsync(database, tenant, from, now, token);
        var moments = new List<(long, AlertFigures)>();
        for (var end = from + step; end <= now + step; end += step)
        {
            moments.Add((Math.Min(end, now), new AlertFigures
            {
                Recent = Merge(minutes.Where(m => m.Key >= end - step && m.Key < end).Select(m => m.Value)),
                Engines = [.. engines.Where(e => e.AtMs >= end - step && e.AtMs < end).GroupBy(e => e.Engine).Select(g => new EngineCount { Engine = g.Key, Answered = g.Sum(e => e.Answered), Failed = g.Sum(e => e.Failed) })],
            }));
        }

        return moments;
    }

    private async Task<List<(long AtMs, AlertFigures Figures)>> HoursAsync(string tenant, long now, CancellationToken token)
    {
        const long hourMs = Steps.Hour * 1000;
        var from = Steps.Floor(now - 2 * (long)Week.TotalMilliseconds, Steps.Hour);
        var hours = await figures.SeriesByAsync(new FiguresScope(tenant, from, now), Steps.Hour, static g => g.Approach, token);
        var moments = new List<(long, AlertFigures)>();
        for (var start = from + HoursOfAWeek * hourMs; start <= now; start += hourMs)
        {
            var midnight = Steps.Floor(start, Steps.Day);
            moments.Add((Math.Min(start + hourMs, now), new AlertFigures
            {
                LastHour = hours.GetValueOrDefault(start) ?? [],
                HourLastWeek = hours.GetValueOrDefault(start - HoursOfAWeek * hourMs) ?? [],
                TodayHours = (Math.Min(start + hourMs, now) - midnight) / (double)hourMs,
                TodayUsd = hours.Where(h => h.Key >= midnight && h.Key <= start).Sum(h => h.Value.Values.Sum(r => r.CostUsd)),
            }));
        }

        return moments;
    }

    private static Dictionary<string, Rollup> Merge(IEnumerable<Dictionary<string, Rollup>> parts)
    {
        var sums = new Dictionary<string, Rollup>(StringComparer.Ordinal);
        foreach (var (name, rollup) in parts.SelectMany(p => p))
        {
            if (!sums.TryGetValue(name, out var sum))
                sums.Add(name, sum = new Rollup());
            sum.Merge(rollup);
        }

        return sums;
    }
}
