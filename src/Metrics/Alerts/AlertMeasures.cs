using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>Reads what rules judge.</summary>
internal sealed class AlertMeasures([FromKeyedServices(ModuleNames.Metrics)] Database database, FiguresQuery figures, IQueueAge queue)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads it for a tenant.</summary>
    public async Task<AlertFigures> ReadAsync(string tenant, DateTimeOffset now, TimeSpan window, CancellationToken token)
    {
        FiguresScope Scope(DateTimeOffset from, DateTimeOffset to) => new(tenant, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        var hourAgo = now - TimeSpan.FromHours(1);
        return new AlertFigures
        {
            Recent = await figures.ByAsync(Scope(now - window, now), static g => g.Approach, token),
            LastHour = await figures.ByAsync(Scope(hourAgo, now), static g => g.Approach, token),
            HourLastWeek = await figures.ByAsync(Scope(hourAgo - Week, now - Week), static g => g.Approach, token),
            TodayUsd = (await figures.TotalAsync(Scope(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), now), token)).CostUsd,
            Engines = await EngineMinutes.ReadAsync(database, tenant, simulated: false, (now - window).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds() + 1, token),
            StuckMinutes = await StuckAsync(tenant, now, token),
        };
    }

    /// <summary>How long jobs have waited without any being closed: the shorter of the oldest one's wait and the time since the last close.</summary>
    private async Task<double?> StuckAsync(string tenant, DateTimeOffset now, CancellationToken token)
    {
        if (await queue.OldestAsync(tenant, token) is not { } oldest)
            return null;
        var lastClosed = await database.ReadAsync(c => Dapper.SqlMapper.ExecuteScalarAsync<long?>(c, "select max(closed_ms) from jobs where tenant = @tenant", new { tenant }), token) ?? 0;
        var since = Math.Max(oldest.ToUnixTimeMilliseconds(), lastClosed);
        return Math.Max(0, (now.ToUnixTimeMilliseconds() - since) / 60_000.0);
    }
}

/// <summary>Knows how long jobs wait.</summary>
internal interface IQueueAge
{
    /// <summary>When the oldest waiting job was accepted; the current time when none waits, null when nobody could be asked.</summary>
    Task<DateTimeOffset?> OldestAsync(string tenant, CancellationToken token);
}
