using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>One pattern and what became of it.</summary>
internal static class PatternHistory
{
    public static async Task<Pattern?> ReadAsync(PatternStore store, string tenant, string id, int mostJobs, CancellationToken token)
    {
        if (await store.ByIdAsync(tenant, id, token) is not { } row)
            return null;
        var pattern = new Pattern
        {
            Hit = new FoundPattern(row, new FusedRank(row.Number, 0, 0, 0, 0, 0), 1).ToHit(explain: false, withText: true),
            CreatedMs = row.CreatedMs,
            UsedMs = row.UsedMs,
        };
        pattern.Jobs.Add(await store.Database.ReadAsync(c => c.QueryAsync<string>(
            "select job_id from uses where tenant = @tenant and pattern = @id order by at_ms desc limit @mostJobs", new { tenant, id, mostJobs }), token));
        await Provenance.AddAsync(store, tenant, [pattern.Hit], token);
        pattern.Ban = await store.Database.ReadAsync(c => c.QueryFirstOrDefaultAsync<BanRow>(
            "select reason as Reason, at_ms as AtMs from bans where tenant = @tenant and content_hash = @ContentHash order by at_ms", new { tenant, row.ContentHash }), token) is { } ban
            ? new PatternBan { Reason = ban.Reason, AtMs = ban.AtMs } : null;
        pattern.SuccessEstimate = Outcome.Estimate(row.Won, row.Lost);
        pattern.CorrectedBy = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<string?>(
            "select id from patterns where tenant = @tenant and path = @path", new { tenant, path = Correction.Folder + id }), token) ?? "";
        return pattern;
    }

    private sealed class BanRow
    {
        public string Reason { get; set; } = "";

        public long AtMs { get; set; }
    }
}
