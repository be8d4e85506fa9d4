using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>A job that may go to its queue.</summary>
internal sealed class DueJob
{
    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string? BatchId { get; set; }

    public string Trace { get; set; } = "";
}

/// <summary>
/// Picks the jobs that go to the queue next. The row itself is the outbox of its request: picking it moves
/// <c>send_after_ms</c> ahead, so that it is sent again if nobody claims it by then.
/// </summary>
internal sealed class DispatchStore([FromKeyedServices(ModuleNames.Router)] Database database, IOptions<RouterOptions> options, TimeProvider time)
{
    private const string PickSql = """
        update jobs set send_after_ms = @later
        where state = 'queued' and send_after_ms <= @now and id in (
            select id from jobs where state = 'queued' and lane = @lane and tenant = @tenant and send_after_ms <= @now
            order by rank_ms, id limit @count {0})
        returning id, tenant, batch_id as BatchId, trace
        """;

    /// <summary>Steps from tenant to tenant through the index: the cost grows with tenants, not with the jobs they have waiting.</summary>
    private const string TenantsSql = """
        with recursive waiting(tenant) as (
            select min(tenant) from jobs where state = 'queued' and lane = @lane
            union all
            select (select min(tenant) from jobs where state = 'queued' and lane = @lane and tenant > waiting.tenant) from waiting where waiting.tenant is not null)
        select tenant from waiting where tenant is not null
            and exists (select 1 from jobs where state = 'queued' and lane = @lane and jobs.tenant = waiting.tenant and send_after_ms <= @now)
        """;

    /// <summary>Tenants with jobs of this lane that are due.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(string lane, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<string>>(async connection => (await connection.QueryAsync<string>(TenantsSql, new { lane, now = Now() })).AsList(), token);

    /// <summary>Jobs of this lane that were sent and wait for a claim.</summary>
    public Task<long> SentAsync(string lane, CancellationToken token) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(
            "select count(*) from jobs where state = 'queued' and lane = @lane and send_after_ms > @now", new { lane, now = Now() }), token);

    /// <summary>Takes up to so many due jobs of a tenant for sending.</summary>
    public Task<IReadOnlyList<DueJob>> PickAsync(string lane, string tenant, int count, CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<DueJob>>(async connection =>
        {
            var now = Now();
            var sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, PickSql, database.Dialect.SkipLocked);
            return (await connection.QueryAsync<DueJob>(sql,
                new { lane, tenant, count = (long)count, now, later = now + (long)options.Value.Resend.TotalMilliseconds })).AsList();
        }, token);

    /// <summary>Makes jobs due at once, after a send that failed.</summary>
    public Task MakeDueAsync(IEnumerable<string> ids, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            $"update jobs set send_after_ms = 0 where state = 'queued' and {database.Dialect.AnyOf("id", "@ids")}",
            new { ids = database.Dialect.List(ids) }), token);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
