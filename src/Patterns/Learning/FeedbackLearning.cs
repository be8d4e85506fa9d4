using System.Data.Common;
using Dapper;
using Platform.Contracts.Messages;

namespace Platform.Patterns;

/// <summary>
/// Learns from what people say of a result. It counts more than compiling (<see cref="Evidence"/>), and a result that was rejected, taken back
/// or had to be edited is never replayed again. A verdict that overtakes its job waits for it.
/// </summary>
internal sealed class FeedbackLearning(PatternCatalog catalog, JobLearning jobs)
{
    /// <returns>Whether anything changed; false for feedback that is known.</returns>
    public Task<bool> LearnAsync(FeedbackGiven feedback, CancellationToken token) => catalog.Store.Database.WriteAsync(async connection =>
    {
        if (!await jobs.FirstTimeAsync(connection, feedback.Tenant, $"feedback:{feedback.FeedbackId}"))
            return false;
        var learned = await connection.ExecuteScalarAsync<long>("select count(*) from outcomes where tenant = @Tenant and job_id = @JobId", new { feedback.Tenant, feedback.JobId }) > 0;
        await connection.ExecuteAsync(
            """
            insert into verdicts (tenant, job_id, verdict, counted, at_ms) values (@Tenant, @JobId, @Verdict, @counted, @now)
            on conflict (tenant, job_id) do update set verdict = excluded.verdict, counted = excluded.counted, at_ms = excluded.at_ms
            """,
            new { feedback.Tenant, feedback.JobId, feedback.Verdict, counted = learned ? 1L : 0L, now = catalog.Now });
        if (learned)
            await CountAsync(connection, catalog, feedback.Tenant, feedback.JobId, feedback.Verdict);
        return true;
    }, token);

    /// <summary>Counts a verdict that came before its job.</summary>
    public static async Task CountWaitingAsync(DbConnection connection, PatternCatalog catalog, string tenant, string jobId)
    {
        var verdict = await connection.ExecuteScalarAsync<string?>("update verdicts set counted = 1 where tenant = @tenant and job_id = @jobId and counted = 0 returning verdict", new { tenant, jobId });
        if (verdict is not null)
            await CountAsync(connection, catalog, tenant, jobId, verdict);
    }

    /// <summary>The result itself, and the patterns that show in it.</summary>
    private static async Task CountAsync(DbConnection connection, PatternCatalog catalog, string tenant, string jobId, string verdict)
    {
        var evidence = Evidence.Of(verdict);
        await evidence.AddAsync(connection, tenant,
            """
            (id in (select pattern from results where tenant = @tenant and job_id = @jobId) or
             id in (select pattern from uses where tenant = @tenant and job_id = @jobId and role <> 'offered'))
            """, jobId, "", catalog.Now, catalog.Options.HalfLifeMs);
        if (evidence.Lost > 0)
        {
            await connection.ExecuteAsync(
                "update results set rejected = 1 where tenant = @tenant and (job_id = @jobId or pattern in (select pattern from uses where tenant = @tenant and job_id = @jobId and role in ('replayed', 'merged')))",
                new { tenant, jobId });
        }
    }
}
