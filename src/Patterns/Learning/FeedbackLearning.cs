using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Patterns;

/// <summary>
/// Learns from what people say of a result. It counts more than compiling (<see cref="Evidence"/>), and a result that was rejected, taken back
/// or had to be edited is never replayed again; what it was edited to is. A later verdict stands in the place of an earlier one. A verdict that overtakes its job waits for it. An edit is noted with its verdict and learned after both are there.
/// </summary>
internal sealed class FeedbackLearning(PatternCatalog catalog, EditLearning edits, IPatternIndex index)
{
    private const string Concerned = """
        (id in (select pattern from results where tenant = @tenant and job_id = @jobId) or
         id in (select pattern from uses where tenant = @tenant and job_id = @jobId and role <> 'offered'))
        """;

    /// <returns>Whether anything changed; false for feedback that is known.</returns>
    public async Task<bool> LearnAsync(FeedbackGiven feedback, CancellationToken token)
    {
        var changed = await catalog.Store.Database.WriteAsync(c => LearnAsync(c, feedback), token);
        // Also for feedback that comes again: whoever counted it first may have ended before the edit.
        if (await edits.LearnWaitingAsync(feedback.Tenant, feedback.JobId, token) || changed)
            await index.SyncAsync(feedback.Tenant, token);
        return changed;
    }

    private async Task<bool> LearnAsync(DbConnection connection, FeedbackGiven feedback)
    {
        if (!await JobLearning.FirstTimeAsync(connection, feedback.Tenant, $"feedback:{feedback.FeedbackId}", catalog.Now))
            return false;
        // A job that is learned at the same time waits here, or has been waited for: one of the two sees the other.
        await PatternStore.HoldTenantAsync(connection, feedback.Tenant, catalog.Embedder.Identity);
        var before = await connection.ExecuteScalarAsync<string?>("select verdict from verdicts where tenant = @Tenant and job_id = @JobId and counted = 1", new { feedback.Tenant, feedback.JobId });
        var learned = await connection.ExecuteScalarAsync<long>("select count(*) from outcomes where tenant = @Tenant and job_id = @JobId", new { feedback.Tenant, feedback.JobId }) > 0;
        var diff = SecretScan.Find(feedback.Diff) is not null ? "" : TextDecoder.Clean(EditLearning.DiffOf(feedback));
        await connection.ExecuteAsync(
            """
            insert into verdicts (tenant, job_id, verdict, counted, diff, at_ms) values (@Tenant, @JobId, @Verdict, @counted, @diff, @now)
            on conflict (tenant, job_id) do update set verdict = excluded.verdict, counted = excluded.counted, diff = excluded.diff, at_ms = excluded.at_ms
            """,
            new { feedback.Tenant, feedback.JobId, feedback.Verdict, counted = learned ? 1L : 0L, diff, now = catalog.Now });
        await Retention.DropEditsAsync(connection, feedback.Tenant, catalog.Now);
        if (!learned)
            return true;
        if (before is not null)
            await TakeBackAsync(connection, feedback.Tenant, feedback.JobId, before);
        if (before == Verdicts.Edited)
            await edits.TakeBackAsync(connection, feedback.Tenant, feedback.JobId);
        await CountAsync(connection, catalog, feedback.Tenant, feedback.JobId, feedback.Verdict);
        return true;
    }

    /// <summary>Counts a verdict that came before its job.</summary>
    public static async Task CountWaitingAsync(DbConnection connection, PatternCatalog catalog, string tenant, string jobId)
    {
        var verdict = await connection.ExecuteScalarAsync<string?>("update verdicts set counted = 1 where tenant = @tenant and job_id = @jobId and counted = 0 returning verdict", new { tenant, jobId });
        if (verdict is not null)
            await CountAsync(connection, catalog, tenant, jobId, verdict);
    }

    /// <summary>A later verdict on the same job stands in the place of the earlier one: a mistake can be mended.</summary>
    private static async Task TakeBackAsync(DbConnection connection, string tenant, string jobId, string verdict)
    {
        var evidence = Evidence.Of(verdict);
        await connection.ExecuteAsync(
            $"""
            update patterns set won = case when won > @Won then won - @Won else 0 end, lost = case when lost > @Lost then lost - @Lost else 0 end,
              successes = case when successes > @good then successes - @good else 0 end, failures = case when failures > @bad then failures - @bad else 0 end
            where tenant = @tenant and {Concerned}
            """, new { tenant, jobId, evidence.Won, evidence.Lost, good = evidence.Won > 0 ? 1L : 0L, bad = evidence.Lost > 0 ? 1L : 0L });
        if (evidence.Lost > 0)
            await ResultRows.RejectAsync(connection, tenant, jobId, rejected: 0);
    }

    /// <summary>The result itself, and the patterns that show in it.</summary>
    private static async Task CountAsync(DbConnection connection, PatternCatalog catalog, string tenant, string jobId, string verdict)
    {
        var evidence = Evidence.Of(verdict);
        await evidence.AddAsync(connection, tenant, Concerned, jobId, "", catalog.Now, catalog.Options.HalfLifeMs);
        if (evidence.Lost > 0)
            await ResultRows.RejectAsync(connection, tenant, jobId, rejected: 1);
    }
}
