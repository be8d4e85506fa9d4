using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>Reads jobs, and changes them on behalf of callers. Every query is scoped by the tenant.</summary>
internal sealed class JobStore([FromKeyedServices(ModuleNames.Router)] Database database, JobSealing sealing, TimeProvider time)
{
    /// <summary>One job of a tenant, or null.</summary>
    public async Task<JobRow?> FindAsync(string tenant, string id, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<JobRow>(
            $"select {JobRow.Columns} from jobs where id = @id and tenant = @tenant", new { id, tenant }), token), token);

    /// <summary>State and owner of a job whoever asks; for the ledger's own answers to workers.</summary>
    public async Task<JobRow?> FindAsync(string id, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<JobRow>(
            $"select {JobRow.Columns} from jobs where id = @id", new { id }), token), token);

    /// <summary>Jobs by id, for the outbox.</summary>
    public async Task<IReadOnlyList<JobRow>> FindManyAsync(IEnumerable<string> ids, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync<IReadOnlyList<JobRow>>(async connection => (await connection.QueryAsync<JobRow>(
            $"select {JobRow.Columns} from jobs where {database.Dialect.AnyOf("id", "@ids")}",
            new { ids = database.Dialect.List(ids) })).AsList(), token), token);

    /// <summary>What is stored of a job's course after an event number: stage events and the last snapshot.</summary>
    public async Task<(IReadOnlyList<JobEvent> Events, JobEvent? Snapshot)> HistoryAsync(string id, long after, CancellationToken token)
    {
        var (events, row) = await database.ReadAsync(async connection => (
            (await connection.QueryAsync<EventRow>("select number as Number, event as Event from job_events where job_id = @id and number > @after order by number", new { id, after })).AsList(),
            await connection.QuerySingleOrDefaultAsync<SnapshotRow>(
                "select tenant as Tenant, subject as Subject, snapshot as Text, snapshot_draft as Draft, snapshot_number as Number from jobs where id = @id", new { id })), token);
        if (row is null || !await sealing.OpenAsync(id, row, events, token))
            return ([], null);
        return ([.. events.Select(each => JobEvent.Parser.ParseFrom(each.Event))], row.Text is null ? null : new JobEvent
        {
            JobId = id,
            Number = row.Number,
            Snapshot = new Snapshot { Draft = (int)row.Draft, Text = row.Text },
        });
    }

    /// <summary>A page of jobs, newest first.</summary>
    public async Task<IReadOnlyList<JobRow>> ListAsync(string tenant, ListJobsRequest filter, string before, int count, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync<IReadOnlyList<JobRow>>(async connection => (await connection.QueryAsync<JobRow>($"""
            select {JobRow.Columns} from jobs
            where tenant = @tenant and (@before = '' or id < @before) and (@state = '' or state = @state)
                and (@approach = '' or approach = @approach) and (@batch = '' or batch_id = @batch) and (@kind = '' or kind = @kind)
                and not exists (select 1 from batches b where b.id = jobs.batch_id and b.arriving > 0)
            order by id desc limit @count
            """, new { tenant, before, state = filter.State, approach = filter.Approach, batch = filter.BatchId, kind = filter.Kind, count })).AsList(), token), token);

    /// <summary>
    /// Closes what is queued and marks what runs, by job or by batch. It is one statement: between two, a job could be given back and escape both.
    /// </summary>
    /// <returns>Jobs that are closed now, with their origin, and jobs whose workers must be asked.</returns>
    public Task<(IReadOnlyList<(string Id, string Origin)> Closed, IReadOnlyList<(string Id, long Fence)> Running)> CancelAsync(
        string tenant, string column, string value, string reason, bool running, CancellationToken token) =>
        database.WriteAsync<(IReadOnlyList<(string, string)>, IReadOnlyList<(string, long)>)>(async connection =>
        {
            var failure = new Failure { Code = "cancelled", Message = reason.Length == 0 ? "Cancelled by the caller." : reason };
            var asked = (await connection.QueryAsync<JobRow>(
                "update jobs set cancel_requested = 1, state = case when state = 'queued' then 'cancelled' else state end, "
                + "failure = case when state = 'queued' then @failure else failure end, closed_ms = case when state = 'queued' then @now else closed_ms end "
                + $"where tenant = @tenant and {column} = @value and (state = 'queued'{(running ? " or state = 'running'" : "")}) returning id, origin, state, fence",
                new { tenant, value, now = Now(), failure = failure.ToByteArray() })).AsList();
            var closed = asked.Where(job => job.IsClosed).Select(job => (job.Id, job.Origin)).ToList();
            foreach (var (id, _) in closed)
                await OutboxKinds.AddAsync(connection, OutboxKinds.JobClosed, id);
            return (closed, asked.Where(job => !job.IsClosed).Select(job => (job.Id, job.Fence)).ToList());
        }, token);

    /// <summary>Counts of a batch; null when the tenant has no such batch.</summary>
    public Task<Batch?> BatchAsync(string tenant, string id, CancellationToken token) =>
        database.ReadAsync(async connection =>
        {
            var batch = await connection.QuerySingleOrDefaultAsync<BatchRow>(
                "select total, created_ms as CreatedMs, terms, held, held_until_ms as HeldUntilMs from batches where id = @id and tenant = @tenant", new { id, tenant });
            return batch is null ? null : await CountAsync(connection, id, batch);
        }, token);

    /// <summary>Open jobs of a tenant, and what it spent: on jobs closed since an instant, and so far on open ones.</summary>
    public Task<(long Open, double SpentUsd)> UseAsync(string tenant, long sinceMs, CancellationToken token) =>
        database.ReadAsync(async connection =>
        {
            var open = await connection.ExecuteScalarAsync<long>(
                "select count(*) from jobs where tenant = @tenant and state in ('queued', 'running')", new { tenant });
            var spent = await connection.ExecuteScalarAsync<double>("""
                select (select coalesce(sum(cost_usd), 0) from jobs where tenant = @tenant and closed_ms >= @sinceMs)
                    + (select coalesce(sum(cost_usd), 0) from jobs where tenant = @tenant and cost_usd > 0 and state in ('queued', 'running'))
                """, new { tenant, sinceMs });
            return (open, spent);
        }, token);

    private static async Task<Batch> CountAsync(DbConnection connection, string id, BatchRow row)
    {
        var batch = new Batch { Id = id, Total = row.Total, CreatedMs = row.CreatedMs, Held = row.Held, HeldUntilMs = row.HeldUntilMs };
        if (row.Terms is { } terms)
            batch.Terms = BatchTerms.Parser.ParseFrom(terms);
        foreach (var count in await connection.QueryAsync<StateCount>(
            "select state, count(*) as Jobs, coalesce(sum(cost_usd), 0) as CostUsd from jobs where batch_id = @id group by state", new { id }))
        {
            batch.CostUsd += count.CostUsd;
            switch (count.State)
            {
                case JobStates.Queued: batch.Queued = count.Jobs; break;
                case JobStates.Running: batch.Running = count.Jobs; break;
                case JobStates.Succeeded: batch.Succeeded = count.Jobs; break;
                case JobStates.Failed: batch.Failed = count.Jobs; break;
                case JobStates.Cancelled: batch.Cancelled = count.Jobs; break;
                default: throw new InvalidOperationException($"Batch {id} has a job in the unknown state '{count.State}'.");
            }
        }

        return batch;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class BatchRow
    {
        public long Total { get; set; }

        public long CreatedMs { get; set; }

        public byte[]? Terms { get; set; }

        public string Held { get; set; } = "";

        public long HeldUntilMs { get; set; }
    }

    private sealed class StateCount
    {
        public string State { get; set; } = "";

        public long Jobs { get; set; }

        public double CostUsd { get; set; }
    }
}
