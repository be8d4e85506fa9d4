using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Router;

/// <summary>Closed jobs with their events, feedback and idempotency keys, as a class that is kept for a time only.</summary>
internal sealed class ClosedJobs([FromKeyedServices(ModuleNames.Router)] Database database) : IRetainedData
{
    private const int JobsPerStep = 500;

    public string Module => ModuleNames.Router;

    public string Class => "jobs";

    public async Task<long> RemoveAsync(long beforeMs, CancellationToken token)
    {
        var total = 0L;
        for (var removed = JobsPerStep; removed == JobsPerStep; total += removed)
            removed = await StepAsync(beforeMs, token);
        return total;
    }

    /// <summary>A job whose message is still in the outbox is not done yet and stays.</summary>
    private Task<int> StepAsync(long beforeMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var old = (await connection.QueryAsync<string>(
            "select id from jobs where closed_ms > 0 and closed_ms < @beforeMs and not exists (select 1 from outbox where outbox.subject = jobs.id) limit @count",
            new { beforeMs, count = (long)JobsPerStep })).AsList();
        if (old.Count == 0)
            return 0;
        var ids = new { ids = database.Dialect.List(old) };
        foreach (var (table, column) in new[] { ("job_events", "job_id"), ("job_watchers", "job_id"), ("feedback", "job_id"), ("idempotency", "subject") })
            await connection.ExecuteAsync($"delete from {table} where {database.Dialect.AnyOf(column, "@ids")}", ids);
        return await connection.ExecuteAsync($"delete from jobs where {database.Dialect.AnyOf("id", "@ids")}", ids);
    }, token);
}
