using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Results of a project that hold nearly the same code as a new one, those with most bands in common first. They are read and compared before the transaction that writes, where
/// nobody waits; within it only what has come since is looked at.
/// </summary>
/// <param name="Patterns">Patterns of such results.</param>
/// <param name="UpTo">Number up to which the tenant's patterns were seen.</param>
internal sealed record NearResults(IReadOnlyList<string> Patterns, long UpTo)
{
    /// <summary>Most results that one is compared with, however many share a band.</summary>
    private const int MostCompared = 10;

    /// <summary>Most rows that are read to find these: a band that so many results share says nothing.</summary>
    private const int MostSharing = 5_000;

    /// <summary>A condition on rows <c>r</c> of table results: of the new one's project and language, and something that may be replayed.</summary>
    private const string Comparable = """
        r.project = @Project and r.language = @Language and r.rejected = 0 and not exists (select 1 from bans b where b.tenant = r.tenant and b.target = r.pattern)
        """;

    /// <summary>Looks for them, outside of any transaction.</summary>
    public static async Task<NearResults> ReadAsync(DbConnection connection, Dialect dialect, string tenant, StoredResult result)
    {
        var upTo = await connection.ExecuteScalarAsync<long?>("select next_number - 1 from tenants where tenant = @tenant", new { tenant }) ?? 0;
        // Counted here: told to group, SQLite would rather walk through all sketches in the order of their patterns. Nor may it begin with the results.
        var sharing = await connection.QueryAsync<string>(
            $"""
            select s.pattern from sketches s cross join results r
            where s.tenant = @tenant and s.project = @Project and {dialect.AnyOf("s.band", "@bands")} and r.tenant = s.tenant and r.pattern = s.pattern and {Comparable} limit {MostSharing}
            """, new { tenant, result.Project, result.Language, bands = PatternStore.NumberList(dialect, result.Sketch.Bands) });
        var likeliest = sharing.GroupBy(p => p, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostCompared).Select(g => g.Key).ToList();
        var candidates = await connection.QueryAsync<StoredResult>(
            $"select pattern as Pattern, files as Files from results where tenant = @tenant and {dialect.AnyOf("pattern", "@ids")}", new { tenant, ids = dialect.List(likeliest) });
        return new NearResults([.. candidates.Where(c => result.Sketch.IsNear(c.Sketch)).Select(c => c.Pattern).OrderBy(likeliest.IndexOf)], upTo);
    }

    /// <summary>The first of them that may still be replayed, or one that has come since; null when there is none. Within the transaction that holds the tenant's row.</summary>
    public async Task<string?> FirstAsync(DbConnection connection, string tenant, StoredResult result)
    {
        var about = new { tenant, result.Project, result.Language, UpTo, MostCompared, pattern = "" };
        foreach (var pattern in Patterns)
        {
            if (await connection.ExecuteScalarAsync<string?>($"select r.pattern from results r where r.tenant = @tenant and r.pattern = @pattern and {Comparable}", about with { pattern = pattern }) is { } still)
                return still;
        }

        var since = await connection.QueryAsync<StoredResult>(
            $"""
            select r.pattern as Pattern, r.files as Files from patterns p cross join results r
            where p.tenant = @tenant and p.number > @UpTo and p.kind = '{PatternKinds.Result}' and r.tenant = p.tenant and r.pattern = p.id and {Comparable} order by p.number limit @MostCompared
            """, about);
        return since.FirstOrDefault(c => result.Sketch.IsNear(c.Sketch))?.Pattern;
    }
}
