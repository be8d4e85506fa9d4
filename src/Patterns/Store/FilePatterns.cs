using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Replaces, moves and removes what files gave, inside a transaction. A pattern whose text did not change keeps its number, so that re-indexing writes only what
/// changed; one that changed keeps its id and its history. What says the same is the same pattern, wherever in the file it stands now.
/// </summary>
internal sealed class FilePatterns(Database database, PatternWriter writer)
{
    /// <summary>Replaces the files' patterns by new ones.</summary>
    /// <returns>Patterns that were added or changed.</returns>
    public async Task<long> ReplaceAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedFile> files, long now, CancellationToken token)
    {
        foreach (var file in files.Where(f => f.MovedFrom.Length > 0))
            await MoveAsync(connection, tenant, project, file);
        var old = (await OldAsync(connection, tenant, project, files.Select(f => f.Path))).ToLookup(o => o.Path, StringComparer.Ordinal);
        var (again, gone, changed) = (new List<PreparedPattern>(), new List<long>(), 0L);
        foreach (var file in files)
        {
            var match = new PatternMatch(file.Patterns, old[file.Path]);
            gone.AddRange(match.Left.Select(o => o.Number));
            foreach (var (pattern, before) in match.Pairs)
            {
                var isSame = before?.Says(pattern.Row) == true;
                changed += isSame ? 0 : 1;
                if (isSame && file.MovedFrom.Length == 0)
                {
                    await KeepAsync(connection, tenant, before!, pattern.Row);
                    continue;
                }

                if (before is not null)
                    gone.Add(before.Number);
                again.Add(before is null ? pattern : before.Give(pattern));
            }
        }

        await writer.RemoveAsync(connection, tenant, gone);
        await writer.AddAsync(connection, tenant, project, again, token);
        await WriteFilesAsync(connection, tenant, project, files, now, token);
        return changed;
    }

    /// <summary>Removes whole files. What one of their members had been through goes to the same text elsewhere in the project, as when code moves to another file.</summary>
    /// <returns>Patterns removed.</returns>
    public async Task<long> RemoveAsync(DbConnection connection, string tenant, string project, IReadOnlyList<string> paths)
    {
        var old = await OldAsync(connection, tenant, project, paths);
        await writer.RemoveAsync(connection, tenant, [.. old.Select(o => o.Number)]);
        foreach (var member in old.Where(o => o.UsedMs > 0 || o.Successes + o.Failures > 0))
            await BequeathAsync(connection, tenant, project, member);
        await connection.ExecuteAsync($"delete from files where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}",
            new { tenant, project, paths = database.Dialect.List(paths) });
        return old.Count;
    }

    /// <summary>Notes under which root files were found, when that changed and their content did not.</summary>
    public async Task RerootAsync(DbConnection connection, string tenant, string project, IEnumerable<Platform.V1.IndexedFile> files)
    {
        foreach (var root in files.GroupBy(f => f.Root, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync($"update files set root = @root where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}",
                new { tenant, project, root = root.Key, paths = database.Dialect.List(root.Select(f => f.Path)) });
        }
    }

    /// <summary>Rows only: words and tags of the path are made anew with the patterns.</summary>
    private static async Task MoveAsync(DbConnection connection, string tenant, string project, PreparedFile file)
    {
        var about = new { tenant, project, from = file.MovedFrom, to = file.Path };
        await connection.ExecuteAsync("delete from files where tenant = @tenant and project = @project and path = @from", about);
        await connection.ExecuteAsync("update patterns set path = @to where tenant = @tenant and project = @project and path = @from", about);
    }

    private static async Task BequeathAsync(DbConnection connection, string tenant, string project, OldPattern from)
    {
        var heir = await connection.ExecuteScalarAsync<string?>(
            "select id from patterns where tenant = @tenant and project = @project and content_hash = @ContentHash and name = @Name and used_ms = 0 and successes = 0 and failures = 0 order by number desc limit 1",
            new { tenant, project, from.ContentHash, from.Name });
        if (heir is null)
            return;
        await connection.ExecuteAsync(
            """
            update patterns set successes = @Successes, failures = @Failures, won = @Won, lost = @Lost, weighed_ms = @WeighedMs, used_ms = @UsedMs, created_ms = @CreatedMs
            where tenant = @tenant and id = @heir
            """, new { tenant, heir, from.Successes, from.Failures, from.Won, from.Lost, from.WeighedMs, from.UsedMs, from.CreatedMs });
        await connection.ExecuteAsync("""
            update uses set pattern = @heir where tenant = @tenant and pattern = @Id
              and not exists (select 1 from uses o where o.tenant = uses.tenant and o.job_id = uses.job_id and o.pattern = @heir)
            """, new { tenant, heir, from.Id });
    }

    private static Task KeepAsync(DbConnection connection, string tenant, OldPattern before, PatternRow now) =>
        before.StartLine == now.StartLine && before.EndLine == now.EndLine && before.Member == now.Member
            ? Task.CompletedTask
            : connection.ExecuteAsync("update patterns set start_line = @StartLine, end_line = @EndLine, member = @Member where tenant = @tenant and id = @Id", new { tenant, now.StartLine, now.EndLine, now.Member, before.Id });

    private async Task<List<OldPattern>> OldAsync(DbConnection connection, string tenant, string project, IEnumerable<string> paths) => (await connection.QueryAsync<OldPattern>(
        $"""
        select id as Id, path as Path, member as Member, kind as Kind, name as Name, number as Number, content_hash as ContentHash, start_line as StartLine, end_line as EndLine, successes as Successes,
          failures as Failures, won as Won, lost as Lost, weighed_ms as WeighedMs, used_ms as UsedMs, created_ms as CreatedMs
        from patterns where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}
        """, new { tenant, project, paths = database.Dialect.List(paths) })).ToList();

    private async Task WriteFilesAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedFile> files, long now, CancellationToken token)
    {
        await connection.ExecuteAsync($"delete from files where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}",
            new { tenant, project, paths = database.Dialect.List(files.Select(f => f.Path)) });
        await BulkRows.InsertAsync(connection, "files", ["tenant", "project", "path", "hash", "bytes", "language", "root", "indexed_ms"],
            files.Select(f => new object[] { tenant, project, f.Path, f.Hash, f.Bytes, f.Language, f.Root, now }), token);
    }
}
