using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>
/// Batches that come in a part at a time, so that a large one never stands in memory as a whole. Their jobs are held until the batch is sealed after its last item; one
/// whose stream broke is removed, so that half a batch never runs.
/// </summary>
internal sealed class Arrivals([FromKeyedServices(ModuleNames.Router)] Database database, Intake intake, TimeProvider time)
{
    private const int JobsPerStep = 1_000;

    /// <summary>A batch whose last part is this old is given up.</summary>
    public static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>A release that nobody went on with for so long is finished by whoever sweeps.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromSeconds(30);

    /// <summary>Begins a batch.</summary>
    public Task BeginAsync(string tenant, string batchId, CancellationToken token) => database.WriteAsync(connection => connection.ExecuteAsync(
        "insert into batches (id, tenant, total, created_ms, arriving, touched_ms) values (@batchId, @tenant, 0, @now, 1, @now)", new { batchId, tenant, now = Now() }), token);

    /// <summary>Adds a part.</summary>
    /// <exception cref="RpcException">ABORTED when the batch was given up meanwhile.</exception>
    public Task AddAsync(string tenant, string batchId, IReadOnlyList<NewJob> jobs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteAsync("update batches set touched_ms = @now where id = @batchId and arriving = 1", new { batchId, now = Now() }) == 0)
            throw Intake.Gone(batchId);
        await intake.InsertAsync(connection, tenant, jobs, batchId, Lanes.Held, "", 0, token);
    }, token);

    /// <summary>Removes a batch that is not sealed, and nothing of one that is.</summary>
    public async Task DropAsync(string batchId, CancellationToken token)
    {
        var mine = await database.WriteAsync(connection => connection.ExecuteAsync("update batches set arriving = 2 where id = @batchId and arriving > 0", new { batchId }), token);
        if (mine == 0)
            return;
        for (var removed = JobsPerStep; removed == JobsPerStep;)
        {
            removed = await database.WriteAsync(connection => connection.ExecuteAsync(
                "delete from jobs where id in (select id from jobs where batch_id = @batchId limit @count)", new { batchId, count = (long)JobsPerStep }), token);
        }

        await database.WriteAsync(connection => connection.ExecuteAsync("delete from batches where id = @batchId and arriving = 2", new { batchId }), token);
    }

    /// <summary>Lets the jobs of a sealed batch go, some hundred a transaction. It may be repeated, and by any replica.</summary>
    public async Task ReleaseAsync(string batchId, CancellationToken token)
    {
        while (await StepAsync(batchId, Now(), token) > 0)
        {
            // On to the next.
        }

        await FinishAsync(batchId, token);
    }

    /// <summary>Lets some go; none when the rest is another's at this moment, or none is left.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="touchedMs">Noted as the time at which somebody was at it; null leaves the time as it is.</param>
    /// <param name="token">Stops it.</param>
    private Task<int> StepAsync(string batchId, long? touchedMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        if (touchedMs is not null)
            await connection.ExecuteAsync("update batches set touched_ms = @touchedMs where id = @batchId and releasing = 1", new { batchId, touchedMs });
        return await connection.ExecuteAsync($"""
            update jobs set lane = '{Lanes.Batch}', send_after_ms = 0, sends = 0 where state = 'queued' and lane = '{Lanes.Held}' and id in (
                select id from jobs where batch_id = @batchId and state = 'queued' and lane = '{Lanes.Held}' limit @count {database.Dialect.SkipLocked})
                and exists (select 1 from batches where id = @batchId and releasing = 1 and held = '')
            """, new { batchId, count = (long)JobsPerStep });
    }, token);

    /// <summary>Ends the release when nothing is held any more. What another lets go at this moment is held still to who looks from here, so that the last one ends it, or the next sweep.</summary>
    private Task FinishAsync(string batchId, CancellationToken token) => database.WriteAsync(connection => connection.ExecuteAsync($"""
        update batches set releasing = 0 where id = @batchId and releasing = 1
            and not exists (select 1 from jobs where batch_id = @batchId and state = 'queued' and lane = '{Lanes.Held}')
        """, new { batchId }), token);

    /// <summary>Finishes what a process that is gone left half done: removes batches that stopped coming, lets sealed ones go.</summary>
    public async Task SweepAsync(CancellationToken token)
    {
        var (before, still) = (Now() - (long)Abandoned.TotalMilliseconds, Now() - (long)Still.TotalMilliseconds);
        var (left, sealedOnes) = await database.ReadAsync(async connection => (
            (await connection.QueryAsync<string>("select id from batches where arriving > 0 and touched_ms < @before", new { before })).AsList(),
            (await connection.QueryAsync<string>("select id from batches where releasing = 1 and touched_ms < @still", new { still })).AsList()), token);
        foreach (var id in left)
            await DropAsync(id, token);
        // A step of each a round: whoever sweeps has jobs to send as well.
        foreach (var id in sealedOnes)
        {
            await StepAsync(id, touchedMs: null, token);
            await FinishAsync(id, token);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
