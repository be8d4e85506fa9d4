using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Notes which patterns shaped a job's result, and counts its outcome on those alone.</summary>
internal static class UseLedger
{
    /// <returns>Whether the result shows a pattern of the memory.</returns>
    public static async Task<bool> WriteAsync(DbConnection connection, string tenant, Job job, long now, double halfLifeMs)
    {
        var result = job.Result ?? job.Failure?.Partial;
        if (result is null || result.Patterns.Count == 0)
            return false;
        var credit = Credit.Of(job);
        var (evidence, fingerprint) = (Evidence.Of(job), TaskFingerprint.Of(job.Request));
        var reused = false;
        foreach (var id in result.Patterns.Select(p => p.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var pattern = await connection.QuerySingleOrDefaultAsync<PatternRow>("select name as Name, text as Text from patterns where tenant = @tenant and id = @id", new { tenant, id });
            var (role, share) = result.Approach == Approaches.Pattern ? (UseRoles.Replayed, 1) : pattern is null ? (UseRoles.Offered, 0) : credit.Of(pattern.Name, pattern.Text);
            var isNew = await NoteAsync(connection, tenant, job, id, role, share, fingerprint, now);
            if (!UseRoles.Counts(role))
                continue;
            reused = true;
            if (isNew)
                await evidence.AddAsync(connection, tenant, "id = @pattern", job.Id, id, now, halfLifeMs);
        }

        return reused;
    }

    /// <summary>Notes a use; false when it was noted before, in another role.</summary>
    public static async Task<bool> NoteAsync(DbConnection connection, string tenant, Job job, string pattern, string role, double share, string fingerprint, long now) => await connection.ExecuteAsync(
        "insert into uses (tenant, job_id, pattern, outcome, role, credit, fingerprint, at_ms) values (@tenant, @job, @pattern, @State, @role, @share, @fingerprint, @now) on conflict (tenant, job_id, pattern) do nothing",
        new { tenant, job = job.Id, pattern, job.State, role, share, fingerprint, now }) == 1;
}
