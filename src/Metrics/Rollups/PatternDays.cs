using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>What became of jobs that used a pattern.</summary>
public sealed class UsedPattern
{
    /// <summary>The pattern.</summary>
    public string PatternId { get; set; } = "";

    /// <summary>Its project.</summary>
    public string Project { get; set; } = "";

    /// <summary>Where it comes from.</summary>
    public string Path { get; set; } = "";

    /// <summary>Jobs that succeeded.</summary>
    public long Succeeded { get; set; }

    /// <summary>Jobs that failed.</summary>
    public long Failed { get; set; }
}

/// <summary>Counts, a day and pattern, how jobs ended that used it. Cancelled jobs say nothing of a pattern.</summary>
internal static class PatternDays
{
    private const string Columns = "tenant, simulated, at_ms, pattern_id, project, path, succeeded, failed";

    /// <summary>Adds jobs, in one order of keys.</summary>
    public static async Task AddAsync(DbConnection connection, IEnumerable<JobRow> jobs, CancellationToken token)
    {
        var counts = jobs.Where(j => j[Counter.Succeeded] + j[Counter.Failed] > 0)
            .SelectMany(j => j.Patterns, static (job, pattern) => (Job: job, Pattern: pattern))
            .GroupBy(u => (u.Job.Group.Tenant, u.Job.Group.Simulated, AtMs: Steps.Floor(u.Job.ClosedMs, Steps.Day), u.Pattern.Id))
            .OrderBy(g => g.Key.Tenant, StringComparer.Ordinal).ThenBy(g => g.Key.Simulated).ThenBy(g => g.Key.AtMs).ThenBy(g => g.Key.Id, StringComparer.Ordinal)
            .Select(g => (object[])
            [
                g.Key.Tenant, g.Key.Simulated, g.Key.AtMs, g.Key.Id, g.First().Pattern.Project, g.First().Pattern.Path,
                g.Sum(u => u.Job[Counter.Succeeded]), g.Sum(u => u.Job[Counter.Failed]),
            ]);
        foreach (var chunk in counts.Chunk(BulkInsert.RowsPerStatement(connection, 8)))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"insert into pattern_days ({Columns}) values {RowValues.Add(command, chunk)} on conflict (tenant, simulated, at_ms, pattern_id) " +
                "do update set succeeded = pattern_days.succeeded + excluded.succeeded, failed = pattern_days.failed + excluded.failed";
            await command.ExecuteNonQueryAsync(token);
        }
    }

    /// <summary>Patterns of a project, or of all, by use, or those that failed most.</summary>
    public static Task<IReadOnlyList<UsedPattern>> ReadAsync(Database database, FiguresScope scope, string ofProject, bool failing, long most, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<UsedPattern>>(async c => (await c.QueryAsync<UsedPattern>(
            "select pattern_id as PatternId, max(project) as Project, max(path) as Path, cast(sum(succeeded) as bigint) as Succeeded, cast(sum(failed) as bigint) as Failed from pattern_days " +
            "where tenant = @Tenant and simulated = @simulated and at_ms >= @from and at_ms < @ToMs and (@ofProject = '' or project = @ofProject) group by pattern_id " +
            (failing ? "having sum(failed) > 0 order by sum(failed) desc, pattern_id limit @most" : "order by sum(succeeded) + sum(failed) desc, pattern_id limit @most"),
            new { ofProject, scope.Tenant, scope.ToMs, from = Steps.Floor(scope.FromMs, Steps.Day), simulated = scope.Simulated ? 1L : 0L, most })).AsList(), token);
}
