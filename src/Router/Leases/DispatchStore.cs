using System.Globalization;
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

/// <summary>A tenant with jobs that wait to be claimed.</summary>
internal sealed class WaitingTenant
{
    public string Tenant { get; set; } = "";

    /// <summary>When the oldest was accepted, in milliseconds since 1970 UTC.</summary>
    public long OldestMs { get; set; }
}

/// <summary>
/// Picks the jobs that go to the queue next. The row itself is the outbox of its request: picking it moves
/// <c>send_after_ms</c> ahead, so that it is sent again if nobody claims it by then. A job that waits in a long line was not lost, so
/// each ticket doubles the wait before the next, up to <see cref="LongestResend"/>.
/// </summary>
internal sealed class DispatchStore([FromKeyedServices(ModuleNames.Router)] Database database, IOptions<RouterOptions> options, TimeProvider time)
{
    /// <summary>Longest wait before a lost ticket is sent again, unless <c>Router:ResendSeconds</c> is longer.</summary>
    public static readonly TimeSpan LongestResend = TimeSpan.FromMinutes(15);

    private const string PickSql = """
        update jobs set send_after_ms = @later, sends = 1
        where state = 'queued' and sends = 0 and send_after_ms <= @now and id in (
            select id from jobs where state = 'queued' and sends = 0 and lane = @lane and tenant = @tenant and send_after_ms <= @now
            order by rank_ms, id limit @count {0})
        returning id, tenant, batch_id as BatchId, trace
        """;

    private const string PickAgainSql = """
        update jobs set sends = sends + 1,
            send_after_ms = case sends when 1 then @after1 when 2 then @after2 when 3 then @after3 when 4 then @after4 else @later end
        where state = 'queued' and sends > 0 and send_after_ms <= @now and id in (
            select id from jobs where state = 'queued' and sends > 0 and lane = @lane and send_after_ms <= @now
            order by send_after_ms limit @count {0})
        returning id, tenant, batch_id as BatchId, trace
        """;

    /// <summary>Steps from tenant to tenant through the index: the cost grows with tenants, not with the jobs they have waiting.</summary>
    private const string TenantsSql = """
        with recursive waiting(tenant) as (
            select min(tenant) from jobs where state = 'queued' and sends = 0 and lane = @lane
            union all
            select (select min(tenant) from jobs where state = 'queued' and sends = 0 and lane = @lane and tenant > waiting.tenant) from waiting where waiting.tenant is not null)
        select tenant from waiting where tenant is not null
            and exists (select 1 from jobs where state = 'queued' and sends = 0 and lane = @lane and jobs.tenant = waiting.tenant and send_after_ms <= @now)
        """;

    private const string MayRun = $"state = 'queued' and lane <> '{Lanes.Held}'";

    /// <summary>Steps from tenant to tenant, like the tenants of a lane.</summary>
    private const string WaitingSql = $"""
        with recursive waiting(tenant) as (
            select min(tenant) from jobs where {MayRun}
            union all
            select (select min(tenant) from jobs where {MayRun} and tenant > waiting.tenant) from waiting where waiting.tenant is not null)
        select tenant as Tenant, (select min(created_ms) from jobs where {MayRun} and jobs.tenant = waiting.tenant) as OldestMs from waiting where tenant is not null
        """;

    /// <summary>Since when the oldest job that may be claimed waits, by tenant.</summary>
    public Task<IReadOnlyList<WaitingTenant>> WaitingAsync(CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<WaitingTenant>>(async connection => (await connection.QueryAsync<WaitingTenant>(WaitingSql)).AsList(), token);

    /// <summary>Tenants with jobs of this lane that were not sent yet.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(string lane, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<string>>(async connection => (await connection.QueryAsync<string>(TenantsSql, new { lane, now = Now() })).AsList(), token);

    /// <summary>Jobs of this lane that were sent and wait for a claim, however long ago that was: their tickets may still be on the queue.</summary>
    public Task<long> SentAsync(string lane, CancellationToken token) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(
            "select count(*) from jobs where state = 'queued' and sends > 0 and lane = @lane", new { lane }), token);

    /// <summary>Takes up to so many jobs of a tenant for sending for the first time.</summary>
    public Task<IReadOnlyList<DueJob>> PickAsync(string lane, string tenant, int count, CancellationToken token) =>
        PickAsync(PickSql, now => new { lane, tenant, count = (long)count, now, later = now + (long)options.Value.Resend.TotalMilliseconds }, token);

    /// <summary>Takes up to so many jobs of a lane whose tickets nobody brought back for a claim in time.</summary>
    public Task<IReadOnlyList<DueJob>> PickAgainAsync(string lane, int count, CancellationToken token)
    {
        var wait = (long)options.Value.Resend.TotalMilliseconds;
        var longest = Math.Max(wait, (long)LongestResend.TotalMilliseconds);
        return PickAsync(PickAgainSql, now => new
        {
            lane,
            count = (long)count,
            now,
            after1 = now + Math.Min(2 * wait, longest),
            after2 = now + Math.Min(4 * wait, longest),
            after3 = now + Math.Min(8 * wait, longest),
            after4 = now + Math.Min(16 * wait, longest),
            later = now + longest,
        }, token);
    }

    /// <summary>Makes jobs due at once as if they had not been sent, after a send that failed.</summary>
    public Task MakeDueAsync(IEnumerable<string> ids, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            $"update jobs set send_after_ms = 0, sends = 0 where state = 'queued' and {database.Dialect.AnyOf("id", "@ids")}",
            new { ids = database.Dialect.List(ids) }), token);

    private Task<IReadOnlyList<DueJob>> PickAsync(string sql, Func<long, object> parameters, CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<DueJob>>(async connection => (await connection.QueryAsync<DueJob>(
            string.Format(CultureInfo.InvariantCulture, sql, database.Dialect.SkipLocked), parameters(Now()))).AsList(), token);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
