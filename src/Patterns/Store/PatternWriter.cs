using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Writes patterns inside a transaction: rows, vectors, posting lists and removals together or not at all. A pattern whose text did not
/// change keeps its number, so that re-indexing writes only what changed; one that changed keeps its id and its history.
/// </summary>
internal sealed class PatternWriter(Database database, string embedder)
{
    private const int RemovedAtOnce = 2000;

    /// <summary>Replaces the files' patterns by new ones.</summary>
    /// <returns>Patterns that were added or changed.</returns>
    public async Task<long> ReplaceFilesAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedFile> files, long now, CancellationToken token)
    {
        var old = await OldAsync(connection, tenant, project, files.Select(f => f.Path));
        var changed = new List<PreparedPattern>();
        foreach (var pattern in files.SelectMany(f => f.Patterns))
        {
            if (!old.Remove(Key(pattern.Row.Path, pattern.Row.Member), out var before))
                changed.Add(pattern);
            else if (before.ContentHash == pattern.Row.ContentHash)
                await KeepAsync(connection, tenant, before, pattern.Row);
            else
                changed.Add(Inherit(pattern, before));
        }

        var replaced = changed.Where(p => p.Row.Number > 0).Select(p => p.Row.Number).ToList();
        await RemoveAsync(connection, tenant, [.. old.Values.Select(o => o.Number), .. replaced]);
        await AddAsync(connection, tenant, project, changed, token);
        await WriteFilesAsync(connection, tenant, project, files, now, token);
        return changed.Count;
    }

    /// <summary>Adds patterns under new numbers.</summary>
    public async Task AddAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedPattern> patterns, CancellationToken token)
    {
        if (patterns.Count == 0)
            return;
        await RefuseOtherEmbedderAsync(connection, tenant);
        var number = await PatternStore.TakeNumbersAsync(connection, tenant, patterns.Count);
        var segment = new SegmentWriter();
        foreach (var pattern in patterns)
        {
            pattern.Row.Number = number++;
            segment.Add(pattern.Row.Number, pattern.Terms);
        }

        await PatternStore.InsertAsync(connection, tenant, patterns.Select(p => p.Row), token);
        await VectorRows.InsertAsync(connection, database.Dialect, tenant, embedder, patterns.Select(p => (p.Row.Number, p.Row, p.Vector)), token);
        await segment.WriteAsync(connection, tenant, project, token);
    }

    /// <summary>Removes patterns by number for good, and notes the numbers for what is derived.</summary>
    public async Task RemoveAsync(DbConnection connection, string tenant, IReadOnlyList<long> numbers)
    {
        if (numbers.Count == 0)
            return;
        var seq = await PatternStore.TakeNumbersAsync(connection, tenant, numbers.Count);
        await BulkRows.InsertAsync(connection, "removed", ["tenant", "seq", "number"], numbers.Select(n => new object[] { tenant, seq++, n }), CancellationToken.None);
        foreach (var batch in numbers.Chunk(RemovedAtOnce))
        {
            var these = new { tenant, numbers = PatternStore.NumberList(database.Dialect, batch) };
            await connection.ExecuteAsync($"delete from patterns where tenant = @tenant and {database.Dialect.AnyOf("number", "@numbers")}", these);
            await connection.ExecuteAsync($"delete from vectors where tenant = @tenant and {database.Dialect.AnyOf("number", "@numbers")}", these);
        }
    }

    /// <summary>Removes whole files.</summary>
    /// <returns>Patterns removed.</returns>
    public async Task<long> RemoveFilesAsync(DbConnection connection, string tenant, string project, IReadOnlyList<string> paths)
    {
        var old = await OldAsync(connection, tenant, project, paths);
        await RemoveAsync(connection, tenant, [.. old.Values.Select(o => o.Number)]);
        await connection.ExecuteAsync($"delete from files where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}",
            new { tenant, project, paths = database.Dialect.List(paths) });
        return old.Count;
    }

    /// <summary>A file that moved keeps its patterns and their history.</summary>
    public static async Task MoveFileAsync(DbConnection connection, string tenant, string project, string from, string to)
    {
        await connection.ExecuteAsync("delete from files where tenant = @tenant and project = @project and path = @to", new { tenant, project, to });
        await connection.ExecuteAsync("update files set path = @to where tenant = @tenant and project = @project and path = @from", new { tenant, project, from, to });
        await connection.ExecuteAsync("update patterns set path = @to where tenant = @tenant and project = @project and path = @from", new { tenant, project, from, to });
    }

    /// <summary>Whoever writes vectors, however long ago it looked, writes those of the embedder that the tenant's other vectors are of.</summary>
    private async Task RefuseOtherEmbedderAsync(DbConnection connection, string tenant)
    {
        if (await connection.ExecuteScalarAsync<string?>("select embedder from tenants where tenant = @tenant", new { tenant }) is { } stored && stored != embedder)
            throw new EmbedderMismatchException(stored, embedder);
    }

    private static Task KeepAsync(DbConnection connection, string tenant, OldPattern before, PatternRow now) =>
        before.StartLine == now.StartLine && before.EndLine == now.EndLine
            ? Task.CompletedTask
            : connection.ExecuteAsync("update patterns set start_line = @StartLine, end_line = @EndLine where tenant = @tenant and id = @Id", new { tenant, now.StartLine, now.EndLine, before.Id });

    private static PreparedPattern Inherit(PreparedPattern pattern, OldPattern before)
    {
        (pattern.Row.Id, pattern.Row.Number) = (before.Id, before.Number);
        (pattern.Row.Successes, pattern.Row.Failures) = (before.Successes, before.Failures);
        (pattern.Row.Won, pattern.Row.Lost, pattern.Row.WeighedMs) = (before.Won, before.Lost, before.WeighedMs);
        (pattern.Row.UsedMs, pattern.Row.CreatedMs) = (before.UsedMs, before.CreatedMs);
        return pattern;
    }

    private async Task<Dictionary<string, OldPattern>> OldAsync(DbConnection connection, string tenant, string project, IEnumerable<string> paths)
    {
        var rows = await connection.QueryAsync<OldPattern>(
            $"""
            select id as Id, path as Path, member as Member, number as Number, content_hash as ContentHash, start_line as StartLine, end_line as EndLine, successes as Successes, failures as Failures,
              won as Won, lost as Lost, weighed_ms as WeighedMs, used_ms as UsedMs, created_ms as CreatedMs from patterns where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}
            """, new { tenant, project, paths = database.Dialect.List(paths) });
        return rows.ToDictionary(r => Key(r.Path, r.Member), StringComparer.Ordinal);
    }

    private static string Key(string path, string member) => $"{path}\0{member}";

    private async Task WriteFilesAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedFile> files, long now, CancellationToken token)
    {
        await connection.ExecuteAsync($"delete from files where tenant = @tenant and project = @project and {database.Dialect.AnyOf("path", "@paths")}",
            new { tenant, project, paths = database.Dialect.List(files.Select(f => f.Path)) });
        await BulkRows.InsertAsync(connection, "files", ["tenant", "project", "path", "hash", "bytes", "language", "indexed_ms"],
            files.Select(f => new object[] { tenant, project, f.Path, f.Hash, f.Bytes, f.Language, now }), token);
    }

    private sealed class OldPattern
    {
        public string Id { get; set; } = "";

        public string Path { get; set; } = "";

        public string Member { get; set; } = "";

        public long Number { get; set; }

        public string ContentHash { get; set; } = "";

        public long StartLine { get; set; }

        public long EndLine { get; set; }

        public long Successes { get; set; }

        public long Failures { get; set; }

        public double Won { get; set; }

        public double Lost { get; set; }

        public long WeighedMs { get; set; }

        public long UsedMs { get; set; }

        public long CreatedMs { get; set; }
    }
}
