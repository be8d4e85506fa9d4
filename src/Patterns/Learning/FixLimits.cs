using System.Data.Common;
using Dapper;

namespace Platform.Patterns;

/// <summary>Keeps the fix memory within its bounds. What is banned goes first, then what worked least often, then what was met longest ago; a ban goes on to hold for a fix that comes again.</summary>
internal static class FixLimits
{
    /// <summary>Share of the most that is aimed at, so that not every write removes some.</summary>
    private const double Target = 0.95;

    private const string Value = """
        case when exists (select 1 from bans b where b.tenant = f.tenant and b.target = f.id) then 0 else 1 end, (successes + 1.0) / (successes + failures + 2.0), used_ms, id
        """;

    /// <summary>Removes the least useful fixes when a tenant has more than so many.</summary>
    public static async Task KeepAsync(DbConnection connection, string tenant, long most)
    {
        if (await connection.ExecuteScalarAsync<long>("select count(*) from fixes where tenant = @tenant", new { tenant }) is var count && count > most)
            await DropAsync(connection, tenant, count - (long)(most * Target));
    }

    /// <summary>Removes so many of the least useful fixes.</summary>
    public static Task<int> DropAsync(DbConnection connection, string tenant, long count) => connection.ExecuteAsync(
        $"delete from fixes where tenant = @tenant and id in (select f.id from fixes f where f.tenant = @tenant order by {Value} limit @count)", new { tenant, count });

    /// <summary>Removes some of the fixes that were not met since.</summary>
    /// <returns>How many were removed.</returns>
    public static Task<int> DropOldAsync(DbConnection connection, string tenant, long before, int most) => connection.ExecuteAsync(
        "delete from fixes where tenant = @tenant and id in (select id from fixes where tenant = @tenant and used_ms < @before limit @most)", new { tenant, before, most });
}
