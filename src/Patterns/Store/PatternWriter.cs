using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>Writes patterns inside a transaction: rows, vectors, posting lists and removals together or not at all.</summary>
internal sealed class PatternWriter(Database database, string embedder)
{
    private const int RemovedAtOnce = 2000;

    /// <summary>The engine that is written to.</summary>
    public Dialect Dialect => database.Dialect;

    /// <summary>Adds patterns under new numbers.</summary>
    public async Task AddAsync(DbConnection connection, string tenant, string project, IReadOnlyList<PreparedPattern> patterns, CancellationToken token)
    {
        if (patterns.Count == 0)
            return;
        // However long ago somebody looked: what is written goes with what is there.
        await MadeWith.RefuseOthersAsync(connection, tenant, embedder);
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
        foreach (var batch in numbers.Chunk(RemovedAtOnce))
        {
            var these = new { tenant, numbers = PatternStore.NumberList(database.Dialect, batch) };
            var projects = (await connection.QueryAsync<(long Number, string Project)>($"select number, project from patterns where tenant = @tenant and {database.Dialect.AnyOf("number", "@numbers")}", these)).ToDictionary(p => p.Number, p => p.Project);
            await BulkRows.InsertAsync(connection, "removed", ["tenant", "seq", "number", "project"], batch.Select(n => new object[] { tenant, seq++, n, projects.GetValueOrDefault(n, "") }), CancellationToken.None);
            // A repair that broke off leaves vectors behind: also of what is forgotten meanwhile.
            foreach (var table in new[] { "patterns", "vectors", "staged_vectors" })
                await connection.ExecuteAsync($"delete from {table} where tenant = @tenant and {database.Dialect.AnyOf("number", "@numbers")}", these);
        }
    }
}
