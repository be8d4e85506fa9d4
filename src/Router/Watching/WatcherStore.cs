using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>Which replicas watch a job beside the one that accepted it. A row runs out by itself when its replica is gone.</summary>
internal sealed class WatcherStore([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    /// <summary>How often a watcher says that it is still there.</summary>
    public static readonly TimeSpan Refresh = Life / 4;

    /// <summary>Says that a replica watches a job.</summary>
    public Task AddAsync(string jobId, string address, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            "insert into job_watchers (job_id, address, expires_ms) values (@jobId, @address, @expires) "
            + "on conflict (job_id, address) do update set expires_ms = excluded.expires_ms",
            new { jobId, address, expires = (time.GetUtcNow() + Life).ToUnixTimeMilliseconds() }), token);

    /// <summary>Addresses that watch a job now.</summary>
    public Task<IReadOnlyList<string>> OfAsync(string jobId, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<string>>(async connection => (await connection.QueryAsync<string>(
            "select address from job_watchers where job_id = @jobId and expires_ms > @now",
            new { jobId, now = time.GetUtcNow().ToUnixTimeMilliseconds() })).AsList(), token);

    /// <summary>Removes rows that ran out.</summary>
    public Task PruneAsync(CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            "delete from job_watchers where expires_ms < @now", new { now = time.GetUtcNow().ToUnixTimeMilliseconds() }), token);
}
