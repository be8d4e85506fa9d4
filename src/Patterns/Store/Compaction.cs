using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>Drops removed numbers from the posting lists of their projects for good; the words of what was forgotten go with them. A project a transaction, so that no writer waits long.</summary>
internal sealed class Compaction(Database database)
{
    /// <param name="tenant">Tenant.</param>
    /// <param name="most">Removed numbers that a project may keep.</param>
    /// <param name="only">The one project to look at; empty for all.</param>
    /// <param name="token">Stops it between two projects.</param>
    public async Task RunAsync(string tenant, long most, string only, CancellationToken token)
    {
        var due = await database.ReadAsync(async c => (await c.QueryAsync<string>(
            "select project from removed where tenant = @tenant and (@only = '' or project = @only) group by project having count(*) > @most", new { tenant, most, only })).ToList(), token);
        foreach (var project in due)
            await database.WriteAsync(c => project.Length > 0 ? CompactAsync(c, tenant, project, token) : CompactAllAsync(c, tenant, token), token);
    }

    private static async Task CompactAsync(DbConnection connection, string tenant, string project, CancellationToken token)
    {
        var upTo = await PatternStore.TakeNumbersAsync(connection, tenant, 0) - 1;
        await SegmentMerge.RunAsync(connection, tenant, project, always: true, token);
        await connection.ExecuteAsync("delete from removed where tenant = @tenant and project = @project and seq <= @upTo", new { tenant, project, upTo });
    }

    /// <summary>Numbers that were removed before their project was noted may stand in any.</summary>
    private static async Task CompactAllAsync(DbConnection connection, string tenant, CancellationToken token)
    {
        var upTo = await PatternStore.TakeNumbersAsync(connection, tenant, 0) - 1;
        foreach (var each in await connection.QueryAsync<string>("select distinct project from segments where tenant = @tenant", new { tenant }))
            await SegmentMerge.RunAsync(connection, tenant, each, always: true, token);
        await connection.ExecuteAsync("delete from removed where tenant = @tenant and seq <= @upTo", new { tenant, upTo });
    }
}
