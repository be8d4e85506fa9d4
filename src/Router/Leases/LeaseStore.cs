using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Leases on jobs. Every step is one conditional UPDATE whose condition stands in its own WHERE, so that it holds on
/// READ COMMITTED too; a worker with an old fence changes nothing.
/// </summary>
internal sealed class LeaseStore([FromKeyedServices(ModuleNames.Router)] Database database, JobSealing sealing, IOptions<RouterOptions> options, TimeProvider time)
{
    private const string ClaimSql = $"""
        update jobs set state = 'running', fence = fence + 1, deliveries = deliveries + 1, worker = @worker, lease_until_ms = @until, sends = 0,
            started_ms = case when started_ms = 0 then @now else started_ms end
        where id = @id and cancel_requested = 0 and lane <> '{Lanes.Held}' and (state = 'queued' or (state = 'running' and lease_until_ms < @now))
        returning {JobRow.Columns}, {WatchedColumn},
            coalesce((select room_usd from batches where batches.id = jobs.batch_id and batches.max_cost_usd > 0), 0.0) as RoomUsd
        """;

    /// <summary>Asked along, so that a job that nobody watches, which is every one of a batch, costs no query of its own.</summary>
    private const string WatchedColumn = "(select count(*) from job_watchers where job_id = jobs.id) as Watched";

    private const string ReportSql = """
        update jobs set state = @state, result = @result, failure = @failure, closed_ms = @now, simulated = @simulated, approach = @approach,
            cost_usd = case when cost_usd > @cost then cost_usd else @cost end, lease_until_ms = 0, snapshot = null
        where id = @id and fence = @fence and state = 'running' and subject = @subject
        returning origin, (select count(*) from job_watchers where job_id = jobs.id) as Watched
        """;

    private const string RenewSql = """
        update jobs set lease_until_ms = @until, cost_usd = case when cost_usd > @spent then cost_usd else @spent end,
            snapshot = coalesce(@text, snapshot), snapshot_draft = coalesce(@draft, snapshot_draft), snapshot_number = coalesce(@number, snapshot_number)
        where id = @id and fence = @fence and state = 'running' and subject = @subject
        returning cancel_requested as CancelRequested, origin, (select count(*) from job_watchers where job_id = jobs.id) as Watched
        """;

    /// <summary>Queued again: sent at once, as if for the first time; held when its batch is.</summary>
    private const string GiveBack = $"""
        lease_until_ms = 0, send_after_ms = 0, sends = 0,
            lane = case when lane = '{Lanes.Batch}' and exists (select 1 from batches where batches.id = jobs.batch_id and batches.held <> '') then '{Lanes.Held}' else lane end
        """;

    private const string ReleaseSql = $"""
        update jobs set state = case when cancel_requested = 1 then 'cancelled' else 'queued' end,
            failure = case when cancel_requested = 1 then @failure else failure end, closed_ms = case when cancel_requested = 1 then @now else closed_ms end,
            snapshot = case when cancel_requested = 1 then null else snapshot end,
            cost_usd = case when cost_usd > @spent then cost_usd else @spent end, deliveries = deliveries - 1, {GiveBack}
        where id = @id and fence = @fence and state = 'running'
        returning state, origin, {WatchedColumn}
        """;

    private static readonly Failure CancelledUnworked =
        new() { Code = "cancelled", Message = "Cancelled by the caller while it ran; its worker stopped before it could say how far it was." };

    /// <summary>Takes the lease, if it is free.</summary>
    public async Task<JobRow?> ClaimAsync(string id, string worker, CancellationToken token) =>
        await sealing.OpenAsync(await database.WriteAsync(connection => connection.QuerySingleOrDefaultAsync<JobRow>(ClaimSql, new { id, worker, now = Now(), until = LeaseEnd() }), token), token);

    /// <summary>Keeps the lease and stores what happened. Null when the lease is lost, else who watches and whether cancellation was asked for.</summary>
    public Task<JobRow?> RenewAsync(RenewRequest request, CancellationToken token) =>
        sealing.TryAsync(request.JobId, subject => RenewAsync(request, subject, token), token);

    private Task<JobRow?> RenewAsync(RenewRequest request, SubjectKey? subject, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<JobRow>(RenewSql, new
            {
                id = request.JobId,
                fence = request.Fence,
                subject = subject?.Pseudonym ?? "",
                until = LeaseEnd(),
                spent = request.SpentUsd,
                text = JobSealing.Seal(subject, request),
                draft = (long?)request.Snapshot?.Draft,
                number = request.Snapshot is null ? null : (long?)request.SnapshotNumber,
            });
            if (row is not null)
                await StoreEventsAsync(connection, request.JobId, subject, request.Events, token);
            return row;
        }, token);

    /// <summary>Closes the job and writes the outbox row, only if the fence is the current one. Null when it was refused, else who watches.</summary>
    public Task<JobRow?> ReportAsync(ReportRequest report, CancellationToken token) =>
        sealing.TryAsync(report.JobId, subject => ReportAsync(report, subject, token), token);

    private Task<JobRow?> ReportAsync(ReportRequest report, SubjectKey? subject, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var result = report.Result ?? report.Failure?.Partial;
            var row = await connection.QuerySingleOrDefaultAsync<JobRow>(ReportSql, new
            {
                id = report.JobId,
                fence = report.Fence,
                state = report.State,
                now = Now(),
                subject = subject?.Pseudonym ?? "",
                result = JobSealing.Seal(subject, JobPlaces.Result(report.JobId), result?.ToByteArray()),
                failure = JobSealing.Seal(subject, JobPlaces.Failure(report.JobId), WithoutPartial(report.Failure)?.ToByteArray()),
                simulated = result?.Simulated == true ? 1L : 0L,
                approach = result?.Approach ?? "",
                cost = result?.CostUsd ?? 0,
            });
            if (row is null)
                return null;
            await StoreEventsAsync(connection, report.JobId, subject, report.Events, token);
            await OutboxKinds.AddAsync(connection, OutboxKinds.JobClosed, report.JobId);
            return row;
        }, token);

    /// <summary>
    /// Gives the job back: queued at once, or closed when its cancellation was asked for, since nobody may claim it then. The fence stays, so that the
    /// old worker is refused. Null when it was refused, else the new state and who watches.
    /// </summary>
    public Task<JobRow?> ReleaseAsync(ReleaseRequest request, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<JobRow>(ReleaseSql,
                new { id = request.JobId, fence = request.Fence, spent = request.SpentUsd, now = Now(), failure = CancelledUnworked.ToByteArray() });
            if (row is { IsClosed: true })
                await OutboxKinds.AddAsync(connection, OutboxKinds.JobClosed, request.JobId);
            return row;
        }, token);

    /// <summary>
    /// Frees every lease and makes every queued job due, at the start of a process that is the whole system: whoever held a lease
    /// or a ticket is gone.
    /// </summary>
    public Task FreeAllAsync(CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("update jobs set lease_until_ms = 0 where state = 'running'");
            await connection.ExecuteAsync("update jobs set send_after_ms = 0, sends = 0 where state = 'queued'");
        }, token);

    /// <summary>
    /// Leases that ran out: closed when their cancellation was asked for, closed as dead letters after too many deliveries, or queued again. A
    /// cancellation that comes in between is found by the next sweep.
    /// </summary>
    public Task<ReclaimedLeases> ReclaimAsync(CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var now = Now();
            var most = (long)options.Value.MaxDeliveries;
            var lost = new Failure
            {
                Code = "worker_lost",
                Message = $"The job lost its worker {most} times and was given up. Look at the workers' logs, then replay the job.",
                Transient = true,
            };
            var cancelled = await CloseAsync(connection, JobStates.Cancelled, "cancel_requested = 1", CancelledUnworked, now, most);
            var dead = await CloseAsync(connection, JobStates.Failed, "cancel_requested = 0 and deliveries >= @most", lost, now, most);
            var requeued = await connection.ExecuteAsync(
                $"update jobs set state = 'queued', {GiveBack} where state = 'running' and lease_until_ms < @now and cancel_requested = 0", new { now });
            return new ReclaimedLeases(requeued, dead, cancelled);
        }, token);

    /// <summary>Closes the jobs whose leases ran out and to which a condition applies.</summary>
    private static async Task<int> CloseAsync(DbConnection connection, string state, string condition, Failure failure, long now, long most)
    {
        var closed = (await connection.QueryAsync<string>(
            "update jobs set state = @state, failure = @failure, closed_ms = @now, lease_until_ms = 0, snapshot = null "
            + $"where state = 'running' and lease_until_ms < @now and {condition} returning id",
            new { state, failure = failure.ToByteArray(), now, most })).AsList();
        foreach (var id in closed)
            await OutboxKinds.AddAsync(connection, OutboxKinds.JobClosed, id);
        return closed.Count;
    }

    private static async Task StoreEventsAsync(DbConnection connection, string jobId, SubjectKey? subject, IEnumerable<JobEvent> events, CancellationToken token) =>
        await connection.InsertManyAsync("job_events", ["job_id", "number", "event"],
            events.Select(e => new object?[] { jobId, e.Number, JobSealing.Seal(subject, JobPlaces.Event(jobId, e.Number), e.ToByteArray()) }), "on conflict do nothing", token);

    /// <summary>The partial result is stored once, as the result.</summary>
    private static Failure? WithoutPartial(Failure? failure)
    {
        var bare = failure?.Clone();
        bare?.Partial = null;
        return bare;
    }

    private long LeaseEnd() => Now() + (long)options.Value.Lease.TotalMilliseconds;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>What became of leases that ran out.</summary>
/// <param name="Requeued">Jobs queued again.</param>
/// <param name="Dead">Jobs closed as dead letters.</param>
/// <param name="Cancelled">Jobs closed because their cancellation was asked for.</param>
internal sealed record ReclaimedLeases(int Requeued, int Dead, int Cancelled);
