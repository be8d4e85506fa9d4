using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Recording;

/// <summary>Removes what is older than it is kept, in small steps beside the work.</summary>
internal sealed partial class Housekeeping(
    [FromKeyedServices(ModuleNames.Metrics)] Database database, IOptions<MetricsOptions> options, TimeProvider time, ILogger<Housekeeping> log)
    : BackgroundService
{
    private const int RowsPerStep = 2000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
                await TrySweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Removes everything that is due.</summary>
    /// <returns>Rows removed.</returns>
    internal async Task<long> SweepAsync(CancellationToken token)
    {
        var keep = options.Value.Keep;
        var removed = await RemoveAsync("jobs", "job_id", "closed_ms < @before", keep.Events, token)
            + await RemoveAsync("feedback", "feedback_id", "at_ms < @before", keep.Events, token)
            + await RemoveAsync("engagement", "event", "at_ms < @before", keep.Events, token)
            + await RemoveAsync("pieces", "tenant, post_id", "created_ms < @before", keep.Events, token)
            + await RemoveAsync("experiment_points", "id", "at_ms < @before", keep.Events, token)
            + await RemoveAsync("alerts", "id", "closed_ms > 0 and closed_ms < @before", keep.Events, token);
        removed += await RemoveAsync("erased", "id", "at_ms < @before", keep.Events, token)
            + await RemoveAsync("deliveries", "id", "done_ms > 0 and done_ms < @before", keep.Events, token)
            + await database.WriteAsync(c => c.ExecuteAsync("delete from engine_minutes where at_ms < @before", new { before = Before(keep.Minutes) }), token);
        foreach (var (step, kept) in new[] { (Steps.TenSeconds, keep.TenSeconds), (Steps.Minute, keep.Minutes), (Steps.Hour, keep.Hours) })
            removed += await RemoveRollupsAsync(step, kept, token);
        return removed;
    }

    private async Task TrySweepAsync(CancellationToken token)
    {
        try
        {
            await SweepAsync(token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    private async Task<long> RemoveAsync(string table, string key, string condition, TimeSpan kept, CancellationToken token)
    {
        var sql = $"delete from {table} where ({key}) in (select {key} from {table} where {condition} limit @rows)";
        var total = 0L;
        for (var removed = RowsPerStep; removed == RowsPerStep; total += removed)
            removed = await database.WriteAsync(c => c.ExecuteAsync(sql, new { before = Before(kept), rows = RowsPerStep }), token);
        return total;
    }

    private Task<int> RemoveRollupsAsync(long step, TimeSpan kept, CancellationToken token) =>
        database.WriteAsync(c => c.ExecuteAsync("delete from rollups where step_seconds = @step and at_ms < @before", new { step, before = Before(kept) }), token);

    private long Before(TimeSpan kept) => (time.GetUtcNow() - kept).ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old figures could not be removed; trying again in an hour.")]
    private partial void LogFailed(Exception e);
}
