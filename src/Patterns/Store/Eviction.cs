using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Keeps a local store within its size: the least valuable patterns go first, from the tenants who hold most. Known failures and what is banned, what failed more
/// often than it helped, what was never used and what was used long ago; records, corrections and what is verified and used go last. A file that loses a
/// pattern is read again by the next run of indexing, so that a larger size brings it back.
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

    /// <summary>How many patterns and fixes each tenant has to give, the same share of both; nothing when the store is within its size or has none.</summary>
    /// <param name="database">The store; only a local one has a size.</param>
    /// <param name="beside">Bytes of a tenant beside the database.</param>
    /// <param name="capBytes">Most bytes; 0 for no cap.</param>
    /// <param name="token">Ends the call.</param>
    public static async Task<IReadOnlyList<Excess>> ExcessAsync(Database database, Func<string, long> beside, long capBytes, CancellationToken token)
    {
        if (capBytes <= 0 || database.Dialect != Dialect.Sqlite)
            return [];
        var tenants = await database.ReadAsync(async c => (await c.QueryAsync<string>("select tenant from tenants")).ToList(), token);
        var used = tenants.Sum(beside) + await database.ReadAsync(c => c.ExecuteScalarAsync<long>(UsedBytes), token);
        if (used <= capBytes)
            return [];
        var share = (used - Target * capBytes) / used;
        var (patterns, fixes) = (await SharesAsync("patterns"), await SharesAsync("fixes"));
        return [.. patterns.Keys.Union(fixes.Keys, StringComparer.Ordinal).Select(t => new Excess(t, patterns.GetValueOrDefault(t), fixes.GetValueOrDefault(t)))];

        async Task<IReadOnlyDictionary<string, long>> SharesAsync(string table)
        {
            var held = (await database.ReadAsync(c => c.QueryAsync<(string Tenant, long Rows)>($"select tenant, count(*) from {table} group by tenant"), token)).ToDictionary(h => h.Tenant, h => h.Rows, StringComparer.Ordinal);
            var all = held.Values.Sum();
            return Shares(held, Math.Min(all, (long)Math.Ceiling(all * share)));
        }
    }

    /// <summary>Who gives how many: all who hold more than some level come down to it.</summary>
    /// <param name="held">What each holds.</param>
    /// <param name="remove">How many have to go, at most all.</param>
    public static IReadOnlyDictionary<string, long> Shares(IReadOnlyDictionary<string, long> held, long remove)
    {
        if (remove <= 0)
            return new Dictionary<string, long>();
        long low = 0, high = held.Values.Max();
        while (low < high)
        {
            var level = (low + high + 1) / 2;
            if (held.Values.Sum(h => Math.Max(0, h - level)) >= remove)
                low = level;
            else
                high = level - 1;
        }

        return held.Where(h => h.Value > low).ToDictionary(h => h.Key, h => h.Value - low, StringComparer.Ordinal);
    }

    /// <summary>Removes the least valuable patterns for good.</summary>
    /// <returns>Patterns removed.</returns>
    public static async Task<long> RunAsync(DbConnection connection, PatternWriter writer, string tenant, long count)
    {
        var gone = (await connection.QueryAsync<PatternRow>(
            $"select id as Id, number as Number, project as Project, path as Path from patterns p where tenant = @tenant order by {Value}, case when used_ms > 0 then used_ms else created_ms end, number limit @count", new { tenant, count })).ToList();
        await writer.RemoveAsync(connection, tenant, [.. gone.Select(g => g.Number)]);
        await ResultRows.DeleteAsync(connection, writer.Dialect, tenant, gone.Select(g => g.Id));
        foreach (var (project, path) in gone.Select(g => (g.Project, g.Path)).Distinct())
            await connection.ExecuteAsync("update files set hash = '' where tenant = @tenant and project = @project and path = @path", new { tenant, project, path });
        await connection.ExecuteAsync("update tenants set evicted = evicted + @count where tenant = @tenant", new { tenant, count = (long)gone.Count });
        return gone.Count;
    }
}

/// <summary>What a tenant has to give.</summary>
/// <param name="Tenant">Tenant.</param>
/// <param name="Patterns">Patterns.</param>
/// <param name="Fixes">Fixes.</param>
internal sealed record Excess(string Tenant, long Patterns, long Fixes);
