using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Keeps a local store within its size: the least valuable patterns go first. Known failures and what is banned, what failed more often than it helped,
/// what was never used and what was used long ago; records, corrections and what is verified and used go last.
/// </summary>
internal static class Eviction
{
    /// <summary>Share of the cap that is aimed at, so that not every write evicts.</summary>
    private const double Target = 0.9;

    private const string UsedBytes = "select ((select page_count from pragma_page_count()) - (select freelist_count from pragma_freelist_count())) * (select page_size from pragma_page_size())";

    private const string Value = $"""
        case when kind = '{PatternKinds.Failure}' or not ({Bans.Free}) then 0
          when substr(path, 1, 12) = '{Correction.Folder}' then 6
          when lost > won then 1
          when kind = '{PatternKinds.Record}' then 5
          when kind = '{PatternKinds.Result}' and used_ms > 0 then 6
          when kind = '{PatternKinds.Result}' or used_ms > 0 then 3
          else 2 end
        """;

    /// <summary>How many patterns have to go; 0 when the store is within its size or has none.</summary>
    /// <param name="database">The store; only a local one has a size.</param>
    /// <param name="beside">Bytes beside the database.</param>
    /// <param name="tenant">Tenant.</param>
    /// <param name="capBytes">Most bytes; 0 for no cap.</param>
    /// <param name="token">Ends the call.</param>
    public static async Task<long> ExcessAsync(Database database, long beside, string tenant, long capBytes, CancellationToken token)
    {
        if (capBytes <= 0 || database.Dialect != Dialect.Sqlite)
            return 0;
        var used = beside + await database.ReadAsync(c => c.ExecuteScalarAsync<long>(UsedBytes), token);
        if (used <= capBytes)
            return 0;
        var patterns = await database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from patterns where tenant = @tenant", new { tenant }), token);
        return Math.Min(patterns, (long)Math.Ceiling(patterns * (used - Target * capBytes) / used));
    }

    /// <summary>Removes the least valuable patterns for good.</summary>
    /// <returns>Patterns removed.</returns>
    public static async Task<long> RunAsync(DbConnection connection, PatternWriter writer, string tenant, long count)
    {
        var gone = (await connection.QueryAsync<PatternRow>(
            $"select id as Id, number as Number from patterns p where tenant = @tenant order by {Value}, case when used_ms > 0 then used_ms else created_ms end, number limit @count", new { tenant, count })).ToList();
        await writer.RemoveAsync(connection, tenant, [.. gone.Select(g => g.Number)]);
        foreach (var pattern in gone)
            await connection.ExecuteAsync("delete from results where tenant = @tenant and pattern = @Id", new { tenant, pattern.Id });
        return gone.Count;
    }
}
