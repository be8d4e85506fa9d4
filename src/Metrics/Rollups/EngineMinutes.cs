using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>How often an engine was asked in a stretch of time, and how often it gave no answer.</summary>
internal sealed class EngineCount
{
    public string Engine { get; set; } = "";

    /// <summary>Start of the minute; 0 when several are added up.</summary>
    public long AtMs { get; set; }

    public long Answered { get; set; }

    public long Failed { get; set; }
}

/// <summary>
/// Counts what engines did, a minute. A job counts for every engine that it asked, so an engine that is down shows although others
/// stood in for it.
/// </summary>
internal static class EngineMinutes
{
    private const string Columns = "tenant, engine, at_ms, simulated, answered, failed";

    /// <summary>Adds jobs, in one order of keys.</summary>
    public static async Task AddAsync(DbConnection connection, IEnumerable<JobRow> jobs, CancellationToken token)
    {
        var counts = jobs.SelectMany(j => j.Engines, static (job, asked) => (Key: (job.Group.Tenant, asked.Engine, AtMs: Steps.Floor(job.ClosedMs, Steps.Minute), job.Group.Simulated), asked.Answered))
            .GroupBy(a => a.Key)
            .OrderBy(g => g.Key.Tenant, StringComparer.Ordinal).ThenBy(g => g.Key.Engine, StringComparer.Ordinal).ThenBy(g => g.Key.AtMs).ThenBy(g => g.Key.Simulated)
            .Select(g => (object[])[g.Key.Tenant, g.Key.Engine, g.Key.AtMs, g.Key.Simulated, g.LongCount(a => a.Answered), g.LongCount(a => !a.Answered)]);
        foreach (var chunk in counts.Chunk(BulkInsert.RowsPerStatement(connection, 6)))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"insert into engine_minutes ({Columns}) values {RowValues.Add(command, chunk)} on conflict (tenant, engine, at_ms, simulated) " +
                "do update set answered = engine_minutes.answered + excluded.answered, failed = engine_minutes.failed + excluded.failed";
            await command.ExecuteNonQueryAsync(token);
        }
    }

    /// <summary>Reads counts from a minute on, by engine.</summary>
    public static Task<IReadOnlyList<EngineCount>> ReadAsync(Database database, string tenant, bool simulated, long fromMs, long toMs, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<EngineCount>>(async c => (await c.QueryAsync<EngineCount>(
            "select engine, cast(sum(answered) as bigint) as Answered, cast(sum(failed) as bigint) as Failed from engine_minutes " +
            "where tenant = @tenant and simulated = @simulated and at_ms >= @fromMs and at_ms < @toMs group by engine order by engine",
            new { tenant, simulated = simulated ? 1L : 0L, fromMs = Steps.Floor(fromMs, Steps.Minute), toMs })).AsList(), token);

    /// <summary>Reads the minutes one by one, of real jobs.</summary>
    public static Task<IReadOnlyList<EngineCount>> SeriesAsync(Database database, string tenant, long fromMs, long toMs, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<EngineCount>>(async c => (await c.QueryAsync<EngineCount>(
            "select engine as Engine, at_ms as AtMs, answered as Answered, failed as Failed from engine_minutes where tenant = @tenant and simulated = 0 and at_ms >= @fromMs and at_ms < @toMs",
            new { tenant, fromMs, toMs })).AsList(), token);
}
