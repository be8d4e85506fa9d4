using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>A vector as the store keeps it.</summary>
internal readonly record struct StoredVector(long Number, float[] Vector);

/// <summary>Writes and reads the vectors of the store; the shape of the row differs between the engines.</summary>
internal static class VectorRows
{
    private const int ReadBatch = 4096;

    public static Task InsertAsync(DbConnection connection, Dialect dialect, string tenant, string embedder, IEnumerable<(long Number, PatternRow Pattern, float[] Vector)> rows, CancellationToken token) =>
        dialect == Dialect.Sqlite
            ? BulkRows.InsertAsync(connection, "vectors", ["tenant", "number", "embedding"],
                rows.Select(r => new object[] { tenant, r.Number, MemoryMarshal.AsBytes(r.Vector.AsSpan()).ToArray() }), token)
            : InsertPostgresAsync(connection, tenant, embedder, rows, token);

    /// <summary>Vectors after a number, in the order of numbers, a batch at a time (SQLite only).</summary>
    public static async Task<List<StoredVector>> AfterAsync(Database database, string tenant, long after, long upTo, CancellationToken token) =>
        await database.ReadAsync(async connection =>
        {
            var rows = await connection.QueryAsync<(long Number, byte[] Embedding)>(new CommandDefinition(
                "select number, embedding from vectors where tenant = @tenant and number > @after and number <= @upTo order by number limit @ReadBatch",
                new { tenant, after, upTo, ReadBatch }, cancellationToken: token));
            return rows.Select(r => new StoredVector(r.Number, MemoryMarshal.Cast<byte, float>(r.Embedding).ToArray())).ToList();
        }, token);

    /// <summary>The vectors of some numbers, as far as this embedder made them.</summary>
    public static async Task<Dictionary<long, float[]>> MadeByAsync(DbConnection connection, Dialect dialect, string tenant, string embedder, IReadOnlyList<long> numbers)
    {
        var about = new { tenant, embedder, numbers = PatternStore.NumberList(dialect, numbers) };
        if (dialect != Dialect.Sqlite)
        {
            return (await connection.QueryAsync<(long Number, float[] Vector)>(
                $"select number, embedding::real[] from vectors where tenant = @tenant and embedder = @embedder and {dialect.AnyOf("number", "@numbers")}", about)).ToDictionary(v => v.Number, v => v.Vector);
        }

        return (await connection.QueryAsync<(long Number, byte[] Embedding)>(
            $"select v.number, v.embedding from vectors v join tenants t on t.tenant = v.tenant and t.embedder = @embedder where v.tenant = @tenant and {dialect.AnyOf("v.number", "@numbers")}", about))
            .ToDictionary(v => v.Number, v => MemoryMarshal.Cast<byte, float>(v.Embedding).ToArray());
    }

    /// <summary>COPY cannot write pgvector's type without its package, so rows pass through a temporary table of real[].</summary>
    private static async Task InsertPostgresAsync(DbConnection connection, string tenant, string embedder, IEnumerable<(long Number, PatternRow Pattern, float[] Vector)> rows, CancellationToken token)
    {
        await connection.ExecuteAsync("create temporary table if not exists incoming_vectors (number bigint, project text, language text, kind text, embedding real[]) on commit delete rows");
        await BulkRows.InsertAsync(connection, "incoming_vectors", ["number", "project", "language", "kind", "embedding"],
            rows.Select(r => new object[] { r.Number, r.Pattern.Project, r.Pattern.Language, r.Pattern.Kind, r.Vector }), token);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into vectors (tenant, number, project, language, kind, embedder, embedding) select @tenant, number, project, language, kind, @embedder, embedding::vector from incoming_vectors",
            new { tenant, embedder }, cancellationToken: token));
        await connection.ExecuteAsync("truncate incoming_vectors");
    }
}
