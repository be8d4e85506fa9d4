using System.Data.Common;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Deletes rows and everything that hangs on them.</summary>
internal static class Forgetting
{
    /// <returns>Patterns removed.</returns>
    public static async Task<long> RunAsync(DbConnection connection, PatternWriter writer, string tenant, ForgetRequest request)
    {
        var where = request.PatternId.Length > 0 ? "id = @PatternId"
            : request.Path.Length > 0 ? "project = @Project and (path = @Path or substr(path, 1, @length) = @folder)"
            : "project = @Project";
        var about = new { tenant, request.PatternId, request.Project, request.Path, folder = $"{request.Path}/", length = request.Path.Length + 1 };
        var gone = (await connection.QueryAsync<PatternRow>($"select id as Id, number as Number from patterns where tenant = @tenant and {where}", about)).ToList();
        await writer.RemoveAsync(connection, tenant, [.. gone.Select(g => g.Number)]);
        await ResultRows.DeleteAsync(connection, writer.Dialect, tenant, gone.Select(g => g.Id));
        foreach (var batch in gone.Chunk(PatternStore.MostAtOnce))
            await connection.ExecuteAsync($"delete from uses where tenant = @tenant and {writer.Dialect.AnyOf("pattern", "@ids")}", new { tenant, ids = writer.Dialect.List(batch.Select(g => g.Id)) });

        if (request.PatternId.Length > 0)
            return gone.Count;
        await connection.ExecuteAsync($"delete from files where tenant = @tenant and {where}", about);
        if (request.Path.Length == 0)
        {
            await connection.ExecuteAsync("delete from fixes where tenant = @tenant and project = @Project", about);
            await ForgetJobsAsync(connection, tenant, request.Project);
            await ForgetExchangeAsync(connection, tenant, request.Project);
            await connection.ExecuteAsync("delete from projects where tenant = @tenant and name = @Project", about);
            await connection.ExecuteAsync("delete from postings where segment in (select id from segments where tenant = @tenant and project = @Project)", about);
            await connection.ExecuteAsync("delete from segments where tenant = @tenant and project = @Project", about);
        }

        return gone.Count;
    }

    /// <summary>What was noted of the project's jobs: outcomes, recalls, and verdicts with edits that wait for their job.</summary>
    private static async Task ForgetJobsAsync(DbConnection connection, string tenant, string project)
    {
        // A recall that names no project is of the default one.
        var about = new { tenant, project, named = project == SearchScope.DefaultProject ? "" : project };
        await connection.ExecuteAsync(
            """
            delete from verdicts where tenant = @tenant and (job_id in (select job_id from outcomes where tenant = @tenant and project = @project)
              or job_id in (select job_id from recalls where tenant = @tenant and project in (@project, @named)))
            """, about);
        await connection.ExecuteAsync("delete from outcomes where tenant = @tenant and project = @project", about);
        await connection.ExecuteAsync("delete from recalls where tenant = @tenant and project in (@project, @named)", about);
    }

    /// <summary>
    /// A project of another memory may come again, when it is shared anew or the next exchange is asked for it. Bans hold on without its name, and what was sent is known by its hash alone until it is taken back there.
    /// </summary>
    private static async Task ForgetExchangeAsync(DbConnection connection, string tenant, string project)
    {
        await connection.ExecuteAsync("update sent set project = '', path = '', content_hash = '' where tenant = @tenant and project = @project", new { tenant, project });
        await connection.ExecuteAsync("delete from sync_cursors where tenant = @tenant and direction = @push", new { tenant, push = $"push:{project}" });
        if (!project.StartsWith(SharedPatterns.Prefix, StringComparison.Ordinal))
            return;
        // Only bans that were taken over name a project: that of the other memory.
        await connection.ExecuteAsync("update bans set project = '', path = '' where tenant = @tenant and project in (@project, @bare)", new { tenant, project, bare = SharedPatterns.Bare(project) });
        await connection.ExecuteAsync("delete from origins where tenant = @tenant and project = @bare", new { tenant, bare = project[SharedPatterns.Prefix.Length..] });
        await connection.ExecuteAsync("delete from sync_cursors where tenant = @tenant and direction in (@bare, @full)", new { tenant, bare = $"pull:{project[SharedPatterns.Prefix.Length..]}", full = $"pull:{project}" });
    }
}
