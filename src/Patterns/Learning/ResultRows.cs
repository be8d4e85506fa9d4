using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>Writes, finds and deletes verified results beside their patterns.</summary>
internal static class ResultRows
{
    /// <summary>A condition on rows <c>r</c> of table results: written before results were compared.</summary>
    public const string Unsketched = "not exists (select 1 from sketches s where s.tenant = r.tenant and s.pattern = r.pattern)";

    public static async Task InsertAsync(DbConnection connection, string tenant, StoredResult result, long now)
    {
        await connection.ExecuteAsync(
            """
            insert into results (tenant, pattern, fingerprint, project, language, task, files, tests_passed, tests_trust, simulated, rejected, job_id, created_ms)
            values (@tenant, @Pattern, @Fingerprint, @Project, @Language, @Task, @Files, @TestsPassed, @TestsTrust, @Simulated, 0, @JobId, @now)
            """,
            new { tenant, result.Pattern, result.Fingerprint, result.Project, result.Language, result.Task, result.Files, result.TestsPassed, result.TestsTrust, result.Simulated, result.JobId, now });
        await SketchAsync(connection, tenant, result);
    }

    /// <summary>Results of before it was noted by what they are found again, some at a time.</summary>
    public static async Task<List<StoredResult>> UnsketchedAsync(DbConnection connection, string tenant, int most) =>
        [.. await connection.QueryAsync<StoredResult>($"select {StoredResult.Columns} from results r where r.tenant = @tenant and {Unsketched} order by r.pattern limit @most", new { tenant, most })];

    /// <summary>Notes by what a result is found again when nearly the same code comes.</summary>
    public static Task SketchAsync(DbConnection connection, string tenant, StoredResult result) => connection.ExecuteAsync(
        """
        insert into sketches (tenant, project, band, pattern) select @tenant, @Project, @band, @Pattern
        where exists (select 1 from results where tenant = @tenant and pattern = @Pattern) on conflict (tenant, project, band, pattern) do nothing
        """,
        result.Sketch.Bands.Select(band => new { tenant, result.Project, band, result.Pattern }));

    /// <summary>Keeps a result that was counted on a known one, for the request it was verified for.</summary>
    public static Task AddVariantAsync(DbConnection connection, string tenant, StoredResult result, string known, long now) => connection.ExecuteAsync(
        """
        insert into variants (tenant, fingerprint, pattern, task, files, tests_passed, tests_trust, rejected, job_id, created_ms)
        select @tenant, @Fingerprint, @known, @Task, @Files, @TestsPassed, @TestsTrust, 0, @JobId, @now
        where not exists (select 1 from results where tenant = @tenant and pattern = @known and fingerprint = @Fingerprint)
        on conflict (tenant, fingerprint, pattern) do update set task = excluded.task, files = excluded.files, tests_passed = excluded.tests_passed, tests_trust = excluded.tests_trust,
          rejected = case when variants.files = excluded.files then variants.rejected else 0 end, job_id = excluded.job_id, created_ms = excluded.created_ms
        """,
        new { tenant, result.Fingerprint, known, result.Task, result.Files, result.TestsPassed, result.TestsTrust, result.JobId, now });

    /// <summary>
    /// Marks what a job brought or used as rejected, or takes that back: the text of its own request, or of the pattern it replayed. Other requests of the same
    /// pattern have texts of their own, of which nothing was said.
    /// </summary>
    public static async Task RejectAsync(DbConnection connection, string tenant, string jobId, long rejected)
    {
        var about = new { tenant, jobId, rejected };
        await connection.ExecuteAsync(
            $"""
            update variants set rejected = @rejected where tenant = @tenant and (job_id = @jobId or exists (
              select 1 from uses u where u.tenant = @tenant and u.job_id = @jobId and u.role in ('{UseRoles.Replayed}', '{UseRoles.Merged}') and u.pattern = variants.pattern and u.fingerprint = variants.fingerprint))
            """, about);
        await connection.ExecuteAsync(
            $"""
            update results set rejected = @rejected where tenant = @tenant and (job_id = @jobId or exists (
              select 1 from uses u where u.tenant = @tenant and u.job_id = @jobId and u.pattern = results.pattern and (u.role = '{UseRoles.Replayed}' or (u.role = '{UseRoles.Merged}' and u.fingerprint = results.fingerprint))
                and not exists (select 1 from variants v where v.tenant = u.tenant and v.pattern = u.pattern and v.fingerprint = u.fingerprint)))
            """, about);
    }

    /// <summary>Deletes what hangs on patterns that are gone.</summary>
    public static async Task DeleteAsync(DbConnection connection, Dialect dialect, string tenant, IEnumerable<string> patterns)
    {
        foreach (var batch in patterns.Chunk(PatternStore.MostAtOnce))
        {
            var these = new { tenant, ids = dialect.List(batch) };
            foreach (var table in new[] { "results", "variants", "sketches" })
                await connection.ExecuteAsync($"delete from {table} where tenant = @tenant and {dialect.AnyOf("pattern", "@ids")}", these);
        }
    }
}
