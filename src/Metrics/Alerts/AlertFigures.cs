using Platform.Metrics.Rollups;

namespace Platform.Metrics.Alerts;

/// <summary>What rules judge: real jobs of one tenant, simulated ones never.</summary>
/// <param name="Recent">By approach, over the window of the options.</param>
/// <param name="LastHour">By approach, over the last hour.</param>
/// <param name="HourLastWeek">By approach, over the same hour of the same weekday a week ago.</param>
/// <param name="TodayUsd">Cost since midnight UTC, in US dollars.</param>
internal sealed record AlertFigures(
    IReadOnlyDictionary<string, Rollup> Recent,
    IReadOnlyDictionary<string, Rollup> LastHour,
    IReadOnlyDictionary<string, Rollup> HourLastWeek,
    double TodayUsd)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads them.</summary>
    public static async Task<AlertFigures> ReadAsync(FiguresQuery figures, string tenant, DateTimeOffset now, TimeSpan window, CancellationToken token)
    {
        FiguresScope Scope(DateTimeOffset from, DateTimeOffset to) => new(tenant, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        var hourAgo = now - TimeSpan.FromHours(1);
        return new AlertFigures(
            await figures.ByAsync(Scope(now - window, now), static g => g.Approach, token),
            await figures.ByAsync(Scope(hourAgo, now), static g => g.Approach, token),
            await figures.ByAsync(Scope(hourAgo - Week, now - Week), static g => g.Approach, token),
            (await figures.TotalAsync(Scope(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), now), token)).CostUsd);
    }
}
