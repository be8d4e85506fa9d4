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

    /// <summary>What one more job may spend, as last reckoned; 0 without a cost limit.</summary>
    public double RoomUsd { get; set; }

    /// <summary>Jobs that run.</summary>
    public long Running { get; set; }

    /// <summary>Waiting jobs that may be claimed.</summary>
    public long Claimable { get; set; }

    /// <summary>Waiting jobs that are held.</summary>
    public long HeldBack { get; set; }

    /// <summary>Jobs closed.</summary>
    public long Closed { get; set; }

    /// <summary>What they cost.</summary>
    public double ClosedUsd { get; set; }

    /// <summary>What all jobs cost so far.</summary>
    public double SpentUsd { get; set; }

    /// <summary>Waiting jobs.</summary>
    public long Waiting => Claimable + HeldBack;

    /// <summary>What may still be spent.</summary>
    public double LeftUsd => MaxCostUsd - SpentUsd;
}

/// <summary>Reads and holds batches that run under terms. A held job waits in a lane of its own, so that it costs the dispatcher nothing.</summary>
internal sealed class BatchStore([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    private const long LookEveryMs = 1_000;

    private const string CountSql = """
        select coalesce(sum(case when state = 'running' then 1 else 0 end), 0) as Running,
            coalesce(sum(case when state = 'queued' and lane = 'batch' then 1 else 0 end), 0) as Claimable,
            coalesce(sum(case when state = 'queued' and lane = 'held' then 1 else 0 end), 0) as HeldBack,
            coalesce(sum(case when state in ('queued', 'running') then 0 else 1 end), 0) as Closed,
            coalesce(sum(case when state in ('queued', 'running') then 0.0 else cost_usd end), 0.0) as ClosedUsd,
            coalesce(sum(cost_usd), 0.0) as SpentUsd
        from jobs where batch_id = @id
        """;

    private const string HoldSql = """
        update jobs set lane = 'held', sends = 0
        where state = 'queued' and lane = 'batch' and id in (
            select id from jobs where batch_id = @id and state = 'queued' and lane = 'batch' order by sends, rank_ms desc, id desc limit @count)
        """;

    private const string LetGoSql = """
        update jobs set lane = 'batch', send_after_ms = 0, sends = 0
        where state = 'queued' and lane = 'held' and id in (
            select id from jobs where batch_id = @id and state = 'queued' and lane = 'held' order by rank_ms, id limit @count)
        """;

    /// <summary>Batches that nobody looked at for a second; nobody else gets them before the next one is over.</summary>
    public Task<IReadOnlyList<BatchState>> TakeDueAsync(CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<BatchState>>(async connection =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var due = (await connection.QueryAsync<BatchState>(
                "update batches set look_after_ms = @next where terms is not null and look_after_ms <= @now "
                + "returning id, tenant, terms, expires_ms as ExpiresMs, max_cost_usd as MaxCostUsd, held, room_usd as RoomUsd",
                new { now, next = now + LookEveryMs })).AsList();
            foreach (var batch in due)
            {
                var counts = await connection.QuerySingleAsync<BatchState>(CountSql, new { id = batch.Id });
                (batch.Running, batch.Claimable, batch.HeldBack) = (counts.Running, counts.Claimable, counts.HeldBack);
                (batch.Closed, batch.ClosedUsd, batch.SpentUsd) = (counts.Closed, counts.ClosedUsd, counts.SpentUsd);
            }

            return due;
        }, token);

    /// <summary>Lets so many jobs of a batch run or be claimable, and holds the rest.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="reason">What holds the rest; empty when nothing is held.</param>
    /// <param name="untilMs">When a closed window opens.</param>
    /// <param name="onTheWay">How many; those that run already are among them.</param>
    /// <param name="roomUsd">What one more job may spend; 0 for no limit.</param>
    /// <param name="token">Cancels before the commit.</param>
    public Task HoldAsync(string id, string reason, long untilMs, long onTheWay, double roomUsd, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            // Locks the batch, so that two replicas do not both let jobs go on the same count.
            await connection.ExecuteAsync("update batches set held = @reason, held_until_ms = @untilMs, room_usd = @roomUsd where id = @id", new { id, reason, untilMs, roomUsd });
            var now = await connection.QuerySingleAsync<BatchState>(CountSql, new { id });
            var more = Math.Max(0, onTheWay - now.Running) - now.Claimable;
            if (more != 0)
                await connection.ExecuteAsync(more > 0 ? LetGoSql : HoldSql, new { id, count = Math.Abs(more) });
        }, token);

    /// <summary>Its jobs are closed: it need not be looked at any more.</summary>
    public Task RetireAsync(string id, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync(
            "update batches set look_after_ms = @never, held = '', held_until_ms = 0 where id = @id", new { id, never = long.MaxValue }), token);
}
