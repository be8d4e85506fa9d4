using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What a closed job means for one post; a job may have written several.</summary>
/// <param name="job">The job.</param>
/// <param name="id">The post.</param>
/// <param name="text">What the engine wrote for it; null when the job failed, or when a shared answer leaves it out.</param>
/// <param name="posts">How many posts the job was for.</param>
internal sealed class ClosedPost(Job job, string id, string? text, int posts)
{
    public Job Job => job;

    public string Id => id;

    public string? Text => text;

    public int Posts => posts;

    /// <summary>The post, with its tenant.</summary>
    public (string Tenant, string Id) Key => (Job.Tenant, Id);

    /// <summary>Its share of what the job cost, also when the job failed.</summary>
    public double PaidUsd => (Job.Result?.CostUsd ?? Job.Failure?.Partial?.CostUsd ?? 0) / Posts;

    /// <summary>Whether it comes from a job that was answered for several posts.</summary>
    public bool IsShared => Posts > 1 && HasResult(Job);

    /// <summary>Whether the job was answered for several posts and left this one out.</summary>
    public bool IsLeftOut => Text is null && IsShared;

    /// <summary>Whether no engine answered and one may later.</summary>
    public bool IsUnanswered => Job is { State: JobStates.Failed, Failure: { Code: NoAnswer, Transient: true } };

    private const string NoAnswer = "engine_unavailable";

    /// <summary>The posts of a job that is labelled as one of posts.</summary>
    public static IEnumerable<ClosedPost> Of(Job job)
    {
        var ids = Ids(job);
        var texts = !HasResult(job) ? [] : ids.Count == 1 ? [job.Result.Text] : SharedCall.Read(job.Result.Text, ids.Count);
        return ids.Select((id, i) => new ClosedPost(job, id, texts.ElementAtOrDefault(i), ids.Count));
    }

    private static bool HasResult(Job job) => job is { State: JobStates.Succeeded, Result: not null };

    /// <summary>A shared call says the places of its posts in the campaign. Callers may write any label: what is not ours is one post.</summary>
    private static List<string> Ids(Job job)
    {
        var (first, labels) = (job.Request.Labels[JobLabels.CustomId], job.Request.Labels);
        if (!labels.TryGetValue(JobLabels.Posts, out var posts) || !labels.TryGetValue(JobLabels.Campaign, out var campaign))
            return [first];
        var ids = SharedCall.Ordinals(posts).Select(ordinal => CampaignPlanner.PostId(campaign, ordinal)).ToList();
        return ids.Contains(first) ? ids : [first];
    }
}
