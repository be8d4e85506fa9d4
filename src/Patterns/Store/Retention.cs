using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Removes some minutes after the start and once a day what has been kept long enough: results, failures and fixes that nobody used for <see cref="PatternsOptions.RetentionDays"/>, and what was noted of jobs, recalls and
/// events after <see cref="PatternsOptions.BookkeepingDays"/>, and edits whose job did not come within days. Indexed code stays until its project drops it; corrections of people stay.
/// </summary>
internal sealed partial class Retention(PatternCatalog catalog, ILogger<Retention> log) : BackgroundService
{
    private const int RemovedAtOnce = 1_000;
    private const int NotedAtOnce = 10_000;

    /// <summary>So long an edit waits for its job; that of a job that is never learned from need not stay.</summary>
    private const int EditDays = 2;

    /// <summary>Later than a command lives: only a host that stays looks through the tables.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);
    private static readonly string[] Bookkeeping = ["handled", "recalls", "outcomes", "verdicts", "uses", "fix_uses"];

    /// <summary>Removes what is due of every tenant.</summary>
    /// <returns>Patterns removed.</returns>
    public async Task<long> RunAsync(CancellationToken token)
    {
        var (removed, noted) = (0L, 0L);
        foreach (var tenant in await catalog.Store.Database.ReadAsync(async c => (await c.QueryAsync<string>("select tenant from tenants union select tenant from fixes")).ToList(), token))
        {
            if (catalog.Options.RetentionDays > 0)
            {
                removed += await DropPatternsAsync(tenant, Before(catalog.Options.RetentionDays), token);
                while (await catalog.Store.Database.WriteAsync(c => FixLimits.DropOldAsync(c, tenant, Before(catalog.Options.RetentionDays), RemovedAtOnce), token) is var fixes and > 0)
                    noted += fixes;
            }

            await catalog.Store.Database.WriteAsync(c => DropEditsAsync(c, tenant, catalog.Now), token);
            var before = Before(catalog.Options.BookkeepingDays);
            foreach (var table in Bookkeeping)
                noted += await DropNotedAsync(table, tenant, before, token);
        }

        if (removed + noted > 0)
            await catalog.Store.Database.ReclaimAsync(token);
        return removed;
    }

    /// <summary>Drops edits whose job did not come in time; also with the next feedback, for a store that no host looks after.</summary>
    public static Task DropEditsAsync(DbConnection connection, string tenant, long now) => connection.ExecuteAsync(
        "update verdicts set diff = '' where tenant = @tenant and diff <> '' and at_ms < @before", new { tenant, before = now - (long)TimeSpan.FromDays(EditDays).TotalMilliseconds });

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(First, catalog.Time);
        try
        {
            for (; await timer.WaitForNextTickAsync(stoppingToken); timer.Period = Pause)
                await TryRunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryRunAsync(CancellationToken token)
    {
        try
        {
            LogDone(await RunAsync(token));
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    private long Before(int days) => catalog.Now - (long)TimeSpan.FromDays(days).TotalMilliseconds;

    /// <summary>Some at a time, so that no writer waits long for the first run of an old store.</summary>
    private async Task<long> DropNotedAsync(string table, string tenant, long before, CancellationToken token)
    {
        var key = catalog.Store.Database.Dialect == Dialect.Sqlite ? "rowid" : "ctid";
        var sql = $"delete from {table} where {key} in (select {key} from {table} where tenant = @tenant and at_ms < @before limit {NotedAtOnce})";
        for (var dropped = 0L; ;)
        {
            var now = await catalog.Store.Database.WriteAsync(c => c.ExecuteAsync(sql, new { tenant, before }), token);
            if (now == 0)
                return dropped;
            dropped += now;
        }
    }

    private async Task<long> DropPatternsAsync(string tenant, long before, CancellationToken token)
    {
        for (var removed = 0L; ;)
        {
            var due = await catalog.Store.Database.ReadAsync(async c => (await c.QueryAsync<string>(
                $"""
                select id from patterns where tenant = @tenant and kind in ('{PatternKinds.Result}', '{PatternKinds.Failure}') and substr(path, 1, {Correction.Folder.Length}) <> '{Correction.Folder}'
                  and case when used_ms > created_ms then used_ms else created_ms end < @before order by id limit {RemovedAtOnce}
                """, new { tenant, before })).ToList(), token);
            if (due.Count == 0)
                return removed;
            removed += await catalog.ForgetAsync(tenant, due, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention removed {Removed} patterns.")]
    private partial void LogDone(long removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retention failed; it is tried again tomorrow.")]
    private partial void LogFailed(Exception e);
}
