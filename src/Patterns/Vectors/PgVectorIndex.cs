using System.Globalization;
using Dapper;
using Npgsql;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// pgvector. A scope of few rows is scanned exactly through its b-tree; above that an HNSW index per embedder answers, with iterative
/// scans, so that a filter leaves as many rows as were asked for.
/// </summary>
internal sealed class PgVectorIndex(PostgreSqlDatabase database, string embedder, int dimension, PatternsOptions options) : IPatternIndex
{
    private const int MaxNumbersInFilter = 10_000;
    private const int LimitGrowth = 8;
    private const int LooksOfADistance = 8;

    /// <summary>An iterative scan also ends when it has used so many times work_mem, whatever number of tuples is allowed.</summary>
    private const int ScanMemoryMultiplier = 8;
    private volatile bool _isBuilt;

    /// <summary>Dimensions that an index of pgvector can hold; vectors of more are searched exactly.</summary>
    private const int MaxIndexedDimension = 2000;

    public string Name => "pgvector";

    public async Task<List<Scored>> SearchAsync(PatternFilter filter, NumberSet? allowed, ReadOnlyMemory<float> query, int top, CancellationToken token)
    {
        var left = allowed?.Count() ?? long.MaxValue;
        // Projects have a b-tree of their own.
        var byNumber = left <= MaxNumbersInFilter && (filter.MinSuccesses > 0 || filter.Marks().Any());
        await using var connection = await database.Source.OpenConnectionAsync(token);
        var exact = byNumber || dimension > MaxIndexedDimension || await CostAsync(connection, filter, left, token) <= options.ExactScanRows;
        // A tag or a number of successes is no column here: what they leave is asked for by number, or, when that is much, sorted out of more and more rows.
        for (var limit = (long)top; ; limit *= LimitGrowth)
        {
            var found = await NearestAsync(connection, filter, byNumber ? allowed : null, exact, query, limit, token);
            var kept = byNumber || allowed is null ? found : found.Where(f => allowed.Contains(f.Number)).Take(top).ToList();
            if (kept.Count >= top || kept.Count >= left || (found.Count < limit && exact))
                return kept;
            // A scan of the index ends after so many tuples: where it leaves too few, all are looked at.
            exact |= found.Count < limit;
        }
    }

    /// <summary>One round trip, with the settings of the scan and the transaction that they are for.</summary>
    private async Task<List<Scored>> NearestAsync(NpgsqlConnection connection, PatternFilter filter, NumberSet? numbers, bool exact, ReadOnlyMemory<float> query, long limit, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection);
        var nearest = new NpgsqlBatchCommand(Sql(filter, exact, numbers is not null));
        nearest.Parameters.AddWithValue("tenant", filter.Tenant);
        nearest.Parameters.AddWithValue("projects", filter.Projects.ToArray());
        nearest.Parameters.AddWithValue("language", filter.Language);
        nearest.Parameters.AddWithValue("kind", filter.Kind);
        nearest.Parameters.AddWithValue("embedder", embedder);
        nearest.Parameters.AddWithValue("query", query.ToArray());
        nearest.Parameters.AddWithValue("top", limit);
        if (numbers is not null)
            nearest.Parameters.AddWithValue("numbers", numbers.Numbers().ToArray());
        foreach (var command in exact ? [nearest] : new[] { new NpgsqlBatchCommand("begin read only"), ScanSettings(limit), nearest, new NpgsqlBatchCommand("commit") })
            batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(token);
        if (!exact)
            await reader.NextResultAsync(token);
        return await ReadAsync(reader, token);
    }

    public async Task<IReadOnlyDictionary<long, float>> SimilaritiesAsync(string tenant, ReadOnlyMemory<float> query, IReadOnlyList<long> numbers, CancellationToken token)
    {
        await using var connection = await database.Source.OpenConnectionAsync(token);
        await using var command = connection.CreateCommand();
        var type = string.Create(CultureInfo.InvariantCulture, $"vector({dimension})");
        command.CommandText = $"select number, 1 - (embedding::{type} <=> @query::real[]::{type}) from vectors where tenant = @tenant and number = any(@numbers) and embedder = @embedder";
        command.Parameters.AddWithValue("tenant", tenant);
        command.Parameters.AddWithValue("numbers", numbers.ToArray());
        command.Parameters.AddWithValue("embedder", embedder);
        command.Parameters.AddWithValue("query", query.ToArray());
        await using var reader = await command.ExecuteReaderAsync(token);
        return (await ReadAsync(reader, token)).ToDictionary(s => s.Number, s => s.Score);
    }

    /// <summary>Builds the HNSW index once there are more rows than an exact scan serves; a bulk load comes first, as it should.</summary>
    public async Task SyncAsync(string tenant, CancellationToken token)
    {
        if (_isBuilt || dimension > MaxIndexedDimension)
            return;
        if (await TotalAsync(token) > options.ExactScanRows)
            _isBuilt = await Build().RunAsync(token);
    }

    private PgVectorBuild Build() => new(database, IndexName(), dimension, embedder);

    private Task<long> TotalAsync(CancellationToken token) => database.ReadAsync(c => c.ExecuteScalarAsync<long>("select coalesce(sum(docs), 0)::bigint from segments"), token);

    /// <summary>The vectors are rows, which the check of the store compares with the patterns. What is looked at here is the index that many of them need.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(string tenant, bool repair, CancellationToken token)
    {
        if (dimension > MaxIndexedDimension || await TotalAsync(token) is var rows && rows <= options.ExactScanRows || await Build().IsThereAsync(token))
            return [];
        _isBuilt = false;
        if (repair)
            await SyncAsync(tenant, token);
        return [$"The HNSW index of {rows} vectors is missing or not finished, so that questions look at each of them."];
    }

    public Task<bool> IsBehindAsync(string tenant, CancellationToken token) => Task.FromResult(false);

    public Task CompactAsync(string tenant, CancellationToken token) => Task.CompletedTask;

    public long Bytes(string tenant) => 0;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What an exact scan has to do, in distances: one for each row that it does not leave out by its language or kind, which costs a look.</summary>
    private static async Task<long> CostAsync(NpgsqlConnection connection, PatternFilter filter, long left, CancellationToken token)
    {
        var rows = await CountAsync(connection, filter, token);
        var sifts = filter.Language.Length + filter.Kind.Length > 0 && filter.Tag.Length == 0 && filter.MinSuccesses == 0;
        return sifts ? Math.Min(left, rows) + rows / LooksOfADistance : rows;
    }

    private static Task<long> CountAsync(NpgsqlConnection connection, PatternFilter filter, CancellationToken token) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select coalesce(sum(docs), 0)::bigint from segments where tenant = @Tenant and project = any(@projects)",
            new { filter.Tenant, projects = filter.Projects.ToArray() }, cancellationToken: token));

    /// <summary>An iterative scan goes on until the filter leaves enough; the more rows are wanted, the more candidates it keeps.</summary>
    private NpgsqlBatchCommand ScanSettings(long limit) => new(string.Create(CultureInfo.InvariantCulture,
        $"""
        select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '{Math.Clamp(Math.Max(options.EfSearch, limit), 1, 1000)}', true),
          set_config('hnsw.max_scan_tuples', '{options.MaxScanTuples}', true), set_config('hnsw.scan_mem_multiplier', '{ScanMemoryMultiplier}', true)
        """));

    /// <summary>The materialised rows of the exact form keep the planner from the index; the outer sort of the other mends its relaxed order.</summary>
    private string Sql(PatternFilter filter, bool exact, bool byNumber)
    {
        var where = "tenant = @tenant and embedder = @embedder"
            + (filter.WholeTenant ? "" : " and project = any(@projects)")
            + (filter.Language.Length > 0 ? " and language = @language" : "")
            + (filter.Kind.Length > 0 ? " and kind = @kind" : "")
            + (byNumber ? " and number = any(@numbers)" : "");
        var type = string.Create(CultureInfo.InvariantCulture, $"vector({dimension})");
        return exact
            ? $"with rows as materialized (select number, 1 - (embedding::{type} <=> @query::real[]::{type}) as score from vectors where {where}) select number, score from rows order by 2 desc, 1 limit @top"
            : $"with near as materialized (select number, embedding::{type} <=> @query::real[]::{type} as distance from vectors where {where.Replace("@embedder", $"'{embedder.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal)} order by 2 limit @top) select number, 1 - distance from near order by 2 desc, 1";
    }

    private static async Task<List<Scored>> ReadAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        var found = new List<Scored>();
        while (await reader.ReadAsync(token))
            found.Add(new Scored(reader.GetInt64(0), (float)reader.GetDouble(1)));

        return found;
    }

    private string IndexName() => string.Create(CultureInfo.InvariantCulture, $"vectors_hnsw_{VectorHeader.HashOf(embedder):x16}");
}
