using Platform.Contracts.Messages;

namespace Platform.Metrics.Rollups;

/// <summary>What is kept of a feedback: the verdict and how much was changed, never the change.</summary>
/// <param name="FeedbackId">Id; counts once.</param>
/// <param name="JobId">The job.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Verdict">One of <see cref="Contracts.Verdicts"/>.</param>
/// <param name="AtMs">When, in milliseconds since 1970 UTC.</param>
/// <param name="AddedLines">Lines that the edit added.</param>
/// <param name="RemovedLines">Lines that the edit removed.</param>
internal sealed record FeedbackRow(string FeedbackId, string JobId, string Tenant, string Verdict, long AtMs, long AddedLines, long RemovedLines)
{
    /// <summary>Takes from a feedback what is measured.</summary>
    public static FeedbackRow Of(FeedbackGiven given)
    {
        var (added, removed) = CountLines(given.Diff);
        return new FeedbackRow(given.FeedbackId, given.JobId, given.Tenant, given.Verdict, given.AtMs, added, removed);
    }

    /// <summary>Counts changed lines of a unified diff; its file headers are not changes.</summary>
    private static (long Added, long Removed) CountLines(string diff)
    {
        long added = 0, removed = 0;
        foreach (var line in diff.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("+++ ") || line.StartsWith("--- "))
                continue;
            added += line.StartsWith("+") ? 1 : 0;
            removed += line.StartsWith("-") ? 1 : 0;
        }

        return (added, removed);
    }
}
