using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>
/// Writes events and what follows from them. The raw row, keyed by the event's id, and the roll-ups are one transaction:
/// an event that is known already changes nothing, in whatever order events arrive and however often.
/// </summary>
internal sealed class FiguresStore([FromKeyedServices(ModuleNames.Metrics)] Database database)
{
    private static readonly string[] GroupColumns = ["tenant", "simulated", "kind", "approach", "engine", "model", "language", "platform"];

    private static readonly MultiRowInsert Jobs = new("jobs",
    [
        "job_id", "closed_ms", .. GroupColumns, "project", "lane", "state", "failure_code",
        "total_ms", "first_token_ms", "queue_ms", "team", "withheld", "subject", "found", .. Counters.Columns,
    ]);

    private static readonly MultiRowInsert Feedback = new("feedback",
        ["feedback_id", "job_id", "tenant", "verdict", "at_ms", "added_lines", "removed_lines"]);

    private static readonly MultiRowInsert Engagement = new("engagement", ["event", "tenant", "post_id", "kind", "count", "at_ms"]);

    /// <summary>Stores events that are not known yet and adds them to the roll-ups.</summary>
    /// <returns>The jobs that were new.</returns>
    public Task<IReadOnlyList<JobRow>> AddAsync(IReadOnlyList<JobRow> jobs, IReadOnlyList<FeedbackRow> feedback, CancellationToken token) => AddAsync(jobs, feedback, [], [], token);

    /// <summary>The same, with what happened to posts and how they stand.</summary>
    public Task<IReadOnlyList<JobRow>> AddAsync(IReadOnlyList<JobRow> jobs, IReadOnlyList<FeedbackRow> feedback, IReadOnlyList<EngagementRow> engagement, IReadOnlyList<PostFigures> posts, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            await PieceRows.PutAsync(connection, await ErasedRows.WithoutAsync(connection, posts, token), token);
            if (engagement.Count > 0)
                await Engagement.NewAsync(connection, engagement.DistinctBy(e => e.Event).Select(e => (object[])[e.Event, e.Tenant, e.PostId, e.Kind, e.Count, e.AtMs]), token);
            if (feedback.Count > 0)
                await Feedback.NewAsync(connection, feedback.DistinctBy(f => f.FeedbackId).Select(Values), token);
            if (jobs.Count == 0)
                return jobs;
            var distinct = await ErasedRows.WithoutAsync(connection, [.. jobs.DistinctBy(j => j.JobId)], token);
            var added = await Jobs.NewAsync(connection, distinct.Select(Values), token);
            IReadOnlyList<JobRow> fresh = [.. distinct.Where(j => added.Contains(j.JobId))];
            await RollupTable.AddAsync(connection, RollUp(fresh), token);
            await EngineMinutes.AddAsync(connection, fresh, token);
            await PatternDays.AddAsync(connection, fresh, token);
            return fresh;
        }, token);

    /// <summary>Adds jobs up, for every width.</summary>
    internal static Dictionary<RollupKey, Rollup> RollUp(IEnumerable<JobRow> jobs)
    {
        var rollups = new Dictionary<RollupKey, Rollup>();
        foreach (var job in jobs)
        {
            foreach (var step in Steps.All)
            {
                var key = new RollupKey(step, Steps.Floor(job.ClosedMs, step), job.Group);
                if (!rollups.TryGetValue(key, out var rollup))
                    rollups.Add(key, rollup = new Rollup());
                rollup.Add(job);
            }
        }

        return rollups;
    }

    private static object[] Values(JobRow row) =>
    [
        row.JobId, row.ClosedMs, row.Group.Tenant, row.Group.Simulated, row.Group.Kind, row.Group.Approach, row.Group.Engine, row.Group.Model,
        row.Group.Language, row.Group.Platform, row.Project, row.Lane, row.State, row.FailureCode,
        row.TotalMs, row.FirstTokenMs, row.QueueMs, row.Team, row.Withheld, row.Subject, row.Found, .. row.Counts.Select(c => (object)c),
    ];

    private static object[] Values(FeedbackRow row) =>
        [row.FeedbackId, row.JobId, row.Tenant, row.Verdict, row.AtMs, row.AddedLines, row.RemovedLines];
}
