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
            Licence = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<string>("select licence from projects where tenant = @tenant and name = @Project", new { tenant, row.Project }), token) ?? "",
        };
        pattern.Jobs.Add(await store.Database.ReadAsync(c => c.QueryAsync<string>(
            "select job_id from uses where tenant = @tenant and pattern = @id order by at_ms desc limit @mostJobs", new { tenant, id, mostJobs }), token));
        return pattern;
    }
}
