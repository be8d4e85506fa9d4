using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>A batch under terms, with where it stands.</summary>
internal sealed class BatchState
{
    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public byte[] Terms { get; set; } = [];

    public long ExpiresMs { get; set; }

    public double MaxCostUsd { get; set; }

    public string Held { get; set; } = "";

    /// <summary>Jobs not closed.</summary>
    public long Open { get; set; }

    /// <summary>Jobs that run or were sent to do so.</summary>
    public long OnTheWay { get; set; }

    /// <summary>Jobs closed.</summary>
    public long Closed { get; set; }

    /// <summary>What they cost.</summary>
    public double SpentUsd { get; set; }
}

/// <summary>Reads and holds batches that run under terms. A held job waits in a lane of its own, so that it costs the dispatcher nothing.</summary>
internal sealed class BatchStore([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    private const long LookEveryMs = 1_000;

    /// <summary>Batches that nobody looked at for a second; nobody else gets them before the next one is over.</summary>
    public Task<IReadOnlyList<BatchState>> TakeDueAsync(CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<BatchState>>(async connection =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var due = (await connection.QueryAsync<BatchState>(
                "update batches set look_after_ms = @next where terms is not null and look_after_ms <= @now "
                + "returning id, tenant, terms, expires_ms as ExpiresMs, max_cost_usd as MaxCostUsd, held",
                new { now, next = now + LookEveryMs })).AsList();
            foreach (var batch in due)
            {
                var counts = await connection.QuerySingleAsync<BatchState>("""
                    select coalesce(sum(case when state in ('queued', 'running') then 1 else 0 end), 0) as Open,
                        coalesce(sum(case when state = 'running' or (state = 'queued' and lane = 'batch' and send_after_ms > @now) then 1 else 0 end), 0) as OnTheWay,
                        coalesce(sum(case when state in ('queued', 'running') then 0 else 1 end), 0) as Closed,
                        coalesce(sum(cost_usd), 0) as SpentUsd
                    from jobs where batch_id = @id
                    """, new { id = batch.Id, now });
                (batch.Open, batch.OnTheWay, batch.Closed, batch.SpentUsd) = (counts.Open, counts.OnTheWay, counts.Closed, counts.SpentUsd);
            }

            return due;
        }, token);

    /// <summary>Holds what waits of a batch, or lets it go when there is no reason.</summary>
    public Task HoldAsync(string id, string reason, long untilMs, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("update batches set held = @reason, held_until_ms = @untilMs where id = @id", new { id, reason, untilMs });
            var (from, to) = reason.Length > 0 ? (Lanes.Batch, Lanes.Held) : (Lanes.Held, Lanes.Batch);
            return await connection.ExecuteAsync(
                "update jobs set lane = @to, send_after_ms = 0 where batch_id = @id and state = 'queued' and lane = @from", new { id, from, to });
        }, token);

    /// <summary>Its jobs are closed: it need not be looked at any more.</summary>
    public Task RetireAsync(string id, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync(
            "update batches set look_after_ms = @never, held = '', held_until_ms = 0 where id = @id", new { id, never = long.MaxValue }), token);
}
