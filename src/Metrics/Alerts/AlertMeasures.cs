using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>Reads what rules judge.</summary>
internal sealed class AlertMeasures([FromKeyedServices(ModuleNames.Metrics)] Database database, FiguresQuery figures)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads it for a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="now">Now.</param>
    /// <param name="limits">Thresholds of the tenant.</param>
    /// <param name="waiting">Since when its oldest job waits; null when none does.</param>
    /// <param name="isQueueKnown">Whether anybody could be asked how long jobs wait.</param>
    /// <param name="token">Cancels.</param>
    public async Task<AlertFigures> ReadAsync(string tenant, DateTimeOffset now, AlertOptions limits, DateTimeOffset? waiting, bool isQueueKnown, CancellationToken token)
    {
        FiguresScope Scope(DateTimeOffset from, DateTimeOffset to) => new(tenant, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        var (hourAgo, midnight) = (now - TimeSpan.FromHours(1), new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero));
        var recent = await figures.ByAsync(Scope(now - limits.Window, now), static g => g.Approach, token);
        return new AlertFigures
        {
            Recent = recent,
            Slowest = await SlowestAsync(tenant, now - limits.Window, recent, limits, token),
            LastHour = await figures.ByAsync(Scope(hourAgo, now), static g => g.Approach, token),
            HourLastWeek = await figures.ByAsync(Scope(hourAgo - Week, now - Week), static g => g.Approach, token),
            TodayUsd = (await figures.TotalAsync(Scope(midnight, now), token)).CostUsd,
            TodayHours = (now - midnight).TotalHours,
            Engines = await EngineMinutes.ReadAsync(database, tenant, simulated: false, (now - limits.Window).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds() + 1, token),
            StuckMinutes = !isQueueKnown ? null : waiting is { } since ? await StuckAsync(tenant, since, now, token) : 0,
        };
    }

    /// <summary>How long jobs have waited without any being closed: the shorter of the oldest one's wait and the time since the last close.</summary>
    private async Task<double> StuckAsync(string tenant, DateTimeOffset oldest, DateTimeOffset now, CancellationToken token)
    {
        var lastClosed = await database.ReadAsync(c => c.ExecuteScalarAsync<long?>("select max(closed_ms) from jobs where tenant = @tenant", new { tenant }), token) ?? 0;
        var since = Math.Max(oldest.ToUnixTimeMilliseconds(), lastClosed);
        return Math.Max(0, (now.ToUnixTimeMilliseconds() - since) / 60_000.0);
    }

    /// <summary>The slowest job of each approach that has one beyond its limit; the others are not looked for.</summary>
    private async Task<IReadOnlyDictionary<string, string>> SlowestAsync(string tenant, DateTimeOffset from, Dictionary<string, Rollup> recent, AlertOptions limits, CancellationToken token)
    {
        var slowest = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (approach, seconds) in new[] { (Approaches.Instructions, limits.InstructionsSeconds), (Approaches.Mcp, limits.McpSeconds) })
        {
            if (seconds <= 0 || !recent.TryGetValue(approach, out var rollup) || rollup.Total.Max <= seconds * 1000)
                continue;
            var job = await database.ReadAsync(c => c.ExecuteScalarAsync<string?>(
                "select job_id from jobs where tenant = @tenant and closed_ms >= @from and approach = @approach and simulated = 0 and succeeded > 0 order by total_ms desc, job_id limit 1",
                new { tenant, approach, from = Steps.Floor(from.ToUnixTimeMilliseconds(), Steps.TenSeconds) }), token);
            if (job is not null)
                slowest[approach] = job;
        }

        return slowest;
    }
}

/// <summary>Knows how long jobs wait.</summary>
internal interface IQueueAge
{
    /// <summary>Since when the oldest waiting job of each tenant waits; tenants without one are not there. Null when nobody could be asked.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>?> WaitingAsync(CancellationToken token);
}
