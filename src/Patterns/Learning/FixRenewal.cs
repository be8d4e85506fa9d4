using System.Data.Common;
using Dapper;

namespace Platform.Patterns;

/// <summary>Writes the errors of known fixes as they are written today, so that the same error is known again, and a ban of a fix goes on to hold.</summary>
internal static class FixRenewal
{
    /// <summary>How many fixes are known by an error as it was written before.</summary>
    public static async Task<long> CountAsync(DbConnection connection, string tenant)
    {
        var count = 0L;
        await foreach (var _ in OldAsync(connection, tenant))
            count++;
        return count;
    }

    /// <returns>How many there were.</returns>
    public static async Task<int> RunAsync(DbConnection connection, string tenant)
    {
        var old = new List<Fix>();
        await foreach (var fix in OldAsync(connection, tenant))
            old.Add(fix);
        foreach (var fix in old)
        {
            var signature = ErrorSignature.Renewed(fix.Code, fix.Signature);
            var about = new { tenant, fix.Id, signature, said = FixReader.Unexplained, renewed = FixMemory.IdOf(fix.Project, fix.Language, signature, fix.BeforeLine, fix.AfterLine) };
            // Where the error was met again since, both are one, with what somebody said of either.
            if (await connection.ExecuteAsync(
                """
                update fixes set successes = successes + (select o.successes from fixes o where o.tenant = @tenant and o.id = @Id), failures = failures + (select o.failures from fixes o where o.tenant = @tenant and o.id = @Id),
                  explanation = case when explanation = '' or substr(explanation, 1, length(@said)) = @said then (select o.explanation from fixes o where o.tenant = @tenant and o.id = @Id) else explanation end
                where tenant = @tenant and id = @renewed
                """, about) > 0)
                await connection.ExecuteAsync("delete from fixes where tenant = @tenant and id = @Id", about);
            else
                await connection.ExecuteAsync("update fixes set id = @renewed, signature = @signature where tenant = @tenant and id = @Id", about);
            await connection.ExecuteAsync(
                """
                insert into bans (tenant, target, cause, content_hash, text_hash, reason, at_ms)
                select tenant, @renewed, @renewed, content_hash, text_hash, reason, at_ms from bans where tenant = @tenant and target = @Id on conflict (tenant, target) do nothing
                """, about);
            await connection.ExecuteAsync("delete from bans where tenant = @tenant and target = @Id", about);
            await connection.ExecuteAsync(
                """
                insert into fix_uses (tenant, job_id, fix, worked, at_ms)
                select tenant, job_id, @renewed, worked, at_ms from fix_uses where tenant = @tenant and fix = @Id on conflict (tenant, job_id, fix) do nothing
                """, about);
            await connection.ExecuteAsync("delete from fix_uses where tenant = @tenant and fix = @Id", about);
        }

        return old.Count;
    }

    /// <summary>Fixes that are known by an error as it was written before; only these are held in memory.</summary>
    private static async IAsyncEnumerable<Fix> OldAsync(DbConnection connection, string tenant)
    {
        await foreach (var fix in connection.QueryUnbufferedAsync<Fix>(
            "select id as Id, project as Project, language as Language, code as Code, signature as Signature, before_line as BeforeLine, after_line as AfterLine from fixes where tenant = @tenant and code <> ''", new { tenant }))
        {
            if (ErrorSignature.Renewed(fix.Code, fix.Signature) != fix.Signature)
                yield return fix;
        }
    }

    private sealed class Fix
    {
        public string Id { get; set; } = "";

        public string Project { get; set; } = "";

        public string Language { get; set; } = "";

        public string Code { get; set; } = "";

        public string Signature { get; set; } = "";

        public string BeforeLine { get; set; } = "";

        public string AfterLine { get; set; } = "";
    }
}
