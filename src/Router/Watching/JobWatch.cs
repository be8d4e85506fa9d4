using System.Runtime.CompilerServices;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Follows one job from any replica: what is stored, then live. Should a message be lost or a replica vanish, a look at
/// the ledger every second still finds the end.
/// </summary>
internal sealed class JobWatch(JobStore jobs, WatcherStore watchers, JobFeed feed, Replica replica, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Events of a job that was accepted elsewhere or before.</summary>
    /// <param name="row">The job.</param>
    /// <param name="after">Last event number the caller has.</param>
    /// <param name="existing">Whether an idempotency key led here.</param>
    /// <param name="token">Ends the watch, never the job.</param>
    public async IAsyncEnumerable<JobEvent> FollowAsync(JobRow row, long after, bool existing, [EnumeratorCancellation] CancellationToken token)
    {
        using var watch = feed.Open(row.Id);
        if (row.IsClosed)
            watch.Live.Close(await EndingAsync(jobs, row, token));
        else
            await watchers.AddAsync(row.Id, replica.Address, token);
        if (after < JobEvents.AcceptedNumber)
            yield return JobEvents.Accepted(row.ToJob(), existing);
        var (stored, snapshot) = await jobs.HistoryAsync(row.Id, after, token);
        foreach (var e in stored)
            yield return e;
        if (snapshot is not null && !row.IsClosed)
            yield return snapshot;
        var last = Math.Max(after, Math.Max(stored.Count > 0 ? stored[^1].Number : 0, snapshot?.Number ?? 0));
        await foreach (var e in LiveAsync(row.Id, row.Tenant, watch.Live, last, token))
            yield return e;
    }

    /// <summary>Events of a job from here on, to its end.</summary>
    /// <param name="id">The job.</param>
    /// <param name="tenant">Its tenant.</param>
    /// <param name="live">What is heard of it; opened before the job could run.</param>
    /// <param name="after">Last event number the caller has.</param>
    /// <param name="token">Ends the watch.</param>
    public async IAsyncEnumerable<JobEvent> LiveAsync(string id, string tenant, LiveJob live, long after, [EnumeratorCancellation] CancellationToken token)
    {
        var position = 0;
        var refreshAt = time.GetUtcNow() + WatcherStore.Refresh;
        while (true)
        {
            var (events, changed) = live.Read(ref position);
            foreach (var e in events.Where(e => e.Number > after || LiveJob.IsTerminal(e)))
            {
                yield return e;
                if (LiveJob.IsTerminal(e))
                    yield break;
            }

            if (events.Count > 0)
                continue;
            if (await WaitAsync(changed, token))
                continue;
            var row = await jobs.FindAsync(tenant, id, token);
            if (row is { IsClosed: true })
                live.Close(await EndingAsync(jobs, row, token));
            else if (time.GetUtcNow() > refreshAt)
            {
                refreshAt = time.GetUtcNow() + WatcherStore.Refresh;
                await watchers.AddAsync(id, replica.Address, token);
            }
        }
    }

    /// <summary>The end of a closed job: the stages that are stored, and the last event.</summary>
    internal static async Task<IReadOnlyList<JobEvent>> EndingAsync(JobStore jobs, JobRow row, CancellationToken token)
    {
        var (stages, _) = await jobs.HistoryAsync(row.Id, 0, token);
        return [.. stages, JobEvents.Last(row.ToJob())];
    }

    /// <summary>True when something changed, false when it is time to look at the ledger.</summary>
    private async Task<bool> WaitAsync(Task changed, CancellationToken token)
    {
        try
        {
            await changed.WaitAsync(LookEvery, time, token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Makes the events that the router itself says.</summary>
    internal static class JobEvents
    {
        /// <summary>Number of the accepted event: fence 0, sequence 1.</summary>
        public static readonly long AcceptedNumber = JobId.EventNumber(0, 1);

        public static JobEvent Accepted(Job job, bool existing) => new()
        {
            JobId = job.Id,
            Number = AcceptedNumber,
            AtMs = job.CreatedMs,
            Accepted = new Accepted { Route = job.Route, Existing = existing },
        };

        /// <summary>The last event of a closed job.</summary>
        public static JobEvent Last(Job job)
        {
            var last = new JobEvent { JobId = job.Id, Number = JobId.EventNumber(job.Fence, uint.MaxValue), AtMs = job.ClosedMs };
            if (job.State == JobStates.Succeeded)
                last.Completed = job.Result ?? new JobResult();
            else if (job.State == JobStates.Cancelled)
                last.Cancelled = Why(job);
            else
                last.Failed = Why(job);
            return last;
        }

        private static Failure Why(Job job)
        {
            var failure = job.Failure?.Clone() ?? new Failure { Code = job.State, Message = $"The job is {job.State}; no reason is on record." };
            failure.Partial = job.Result;
            return failure;
        }
    }
}
