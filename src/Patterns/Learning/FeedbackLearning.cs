using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Patterns;

/// <summary>
/// Learns from what people say of a result. It counts more than compiling: an accepted result is worth two successes, a rejected one three
/// failures, and a result that was rejected or had to be edited is never replayed again.
/// </summary>
internal sealed class FeedbackLearning(PatternCatalog catalog, JobLearning jobs)
{
    private const long AcceptedWeight = 2;
    private const long RejectedWeight = 3;

    /// <returns>Whether anything changed; false for feedback that is known.</returns>
    public Task<bool> LearnAsync(FeedbackGiven feedback, CancellationToken token) => catalog.Store.Database.WriteAsync(async connection =>
    {
        if (!await jobs.FirstTimeAsync(connection, feedback.Tenant, $"feedback:{feedback.FeedbackId}"))
            return false;
        var (won, lost) = feedback.Verdict switch
        {
            Verdicts.Accepted => (AcceptedWeight, 0L),
            Verdicts.Edited => (0L, 1L),
            Verdicts.Rejected => (0L, RejectedWeight),
            _ => (0L, 0L),
        };
        await CountAsync(connection, feedback, won, lost);
        if (lost > 0)
            await connection.ExecuteAsync("update results set rejected = 1 where tenant = @Tenant and job_id = @JobId", new { feedback.Tenant, feedback.JobId });
        return true;
    }, token);

    /// <summary>The result itself, and the patterns that were in its prompt.</summary>
    private static Task CountAsync(DbConnection connection, FeedbackGiven feedback, long won, long lost) => connection.ExecuteAsync(
        """
        update patterns set successes = successes + @won, failures = failures + @lost where tenant = @Tenant and (
          id in (select pattern from results where tenant = @Tenant and job_id = @JobId) or
          id in (select pattern from uses where tenant = @Tenant and job_id = @JobId))
        """, new { feedback.Tenant, feedback.JobId, won, lost });
}
