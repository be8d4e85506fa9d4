using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;
using Platform.Benchmarks.Jobs;
using Platform.Patterns;
using Platform.Storage;

namespace Platform.Benchmarks.Patterns;

/// <summary>The vectors of the server mode, on a real PostgreSQL with pgvector: everything, 5% of it and 0.1% of it, beside the bare statement on the same index.</summary>
internal static class PgVectorRows
{
    private const int Dimension = 384;
    private const int Queries = 60;
    private const int WarmUp = 5;

    /// <summary>Low enough that a filter which leaves 20,000 rows goes through the index.</summary>
    private const long FewExactRows = 10_000;
    private const int Top = 10;
    private const string Tenant = "bench";
    private const string Identity = "clusters-384/1";

    /// <summary>Command <c>pgvector [ROWS]</c>; needs <c>platform servers start</c>. All of it takes less than 10 minutes at 100,000 rows, most of them the build of the index.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var rows = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 100_000;
        await using var servers = await BenchmarkServers.StartAsync(CancellationToken.None);
        var name = $"bench_{Guid.NewGuid():N}";
        var connection = await servers.Kit.CreateDatabaseAsync(name, CancellationToken.None);
        try
        {
            await using var database = new PostgreSqlDatabase(connection, "patterns") { Module = "patterns" };
            await database.ApplyAsync(SchemaScript.Of(typeof(PatternLibrary).Assembly, Dialect.PostgreSql), CancellationToken.None);
            await MeasureAsync(database, VectorSample.Clusters(rows, Dimension, Queries));
        }
        finally
        {
            await servers.Kit.DropDatabaseAsync(name, CancellationToken.None);
        }

        return 0;
    }

    private static async Task MeasureAsync(PostgreSqlDatabase database, VectorSample data)
    {
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{data.Rows:N0} x {data.Dimension}, {data.What}, {Queries} queries not in the data, PostgreSQL 17 with pgvector on the same machine");
        var clock = Stopwatch.StartNew();
        await LoadAsync(database, data);
        BenchmarkRow.Of("pgvector load by COPY", data.Rows / clock.Elapsed.TotalSeconds, "rows/s", "none", 0, conditions).Print();
        var options = new PatternsOptions();
        await using var index = new PgVectorIndex(database, Identity, Dimension, options);
        clock.Restart();
        await index.SyncAsync(Tenant, CancellationToken.None);
        BenchmarkRow.Of("pgvector HNSW build, m 16, ef_construction 200", clock.Elapsed.TotalSeconds, "s", "none", 0, conditions).Print();

        await AskAsync(database, index, data, new Scope("all", new PatternFilter(Tenant, Projects, true), _ => true), conditions);
        await AskAsync(database, index, data, new Scope("5% filter", new PatternFilter(Tenant, ["p7"], false), i => i % 20 == 7), conditions);
        await AskAsync(database, index, data, new Scope("0.1% filter", new PatternFilter(Tenant, Projects, true) { Language = "rust" }, i => i % 1000 == 7), conditions);
        await using var eager = new PgVectorIndex(database, Identity, Dimension, new PatternsOptions { ExactScanRows = FewExactRows });
        await AskAsync(database, eager, data, new Scope("20% filter through the index", new PatternFilter(Tenant, [.. Projects.Take(4)], false), i => i % 20 < 4), conditions);
        await AskAsync(database, eager, data, new Scope("60% filter through the index", new PatternFilter(Tenant, [.. Projects.Take(12)], false), i => i % 20 < 12), conditions);
    }

    private static IReadOnlyList<string> Projects { get; } = [.. Enumerable.Range(0, 20).Select(i => $"p{i}")];

    private static async Task LoadAsync(PostgreSqlDatabase database, VectorSample data)
    {
        // One COPY and one statement for everything; the index comes after.
        await database.WriteAsync(async c =>
        {
            await Platform.Patterns.VectorRows.InsertAsync(c, Dialect.PostgreSql, Tenant, Identity, Enumerable.Range(0, data.Rows).Select(i =>
                ((long)i + 1, new PatternRow { Project = $"p{i % 20}", Language = i % 1000 == 7 ? "rust" : "python", Kind = "function" }, data.Row(i).ToArray())), CancellationToken.None);
            foreach (var project in Projects)
                await c.ExecuteAsync("insert into segments (id, tenant, project, docs, first_number, last_number) values (@project, @Tenant, @project, @docs, 1, @rows)", new { project, Tenant, docs = (long)data.Rows / 20, rows = (long)data.Rows });
            return await c.ExecuteAsync("analyze vectors");
        }, CancellationToken.None);
    }

    private static async Task AskAsync(PostgreSqlDatabase database, PgVectorIndex index, VectorSample data, Scope scope, string conditions)
    {
        NumberSet? allowed = null;
        if (scope.Filter.Narrows)
        {
            allowed = new NumberSet(data.Rows);
            foreach (var i in Enumerable.Range(0, data.Rows).Where(scope.Holds))
                allowed.Add(i + 1);
        }

        var exact = new ExactScan(data);
        var (times, floors, recall, fewest) = (new Quantiles(), new Quantiles(), 0.0, int.MaxValue);
        for (var q = -WarmUp; q < Queries; q++)
        {
            var query = data.Query(Math.Abs(q)).ToArray();
            var from = Stopwatch.GetTimestamp();
            var found = await index.SearchAsync(scope.Filter, allowed, query, Top, CancellationToken.None);
            var ours = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            from = Stopwatch.GetTimestamp();
            await BareAsync(database, query);
            if (q < 0)
                continue;
            times.Add(ours);
            floors.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            fewest = Math.Min(fewest, found.Count);
            recall += exact.Recall(query, exact.Search(query, Top, scope.Holds), found.Select(f => f.Number)) / Queries;
        }

        BenchmarkRow.Of($"pgvector {scope.Name} recall@10", recall, "", "target", 0.97, conditions).Print();
        BenchmarkRow.Of($"pgvector {scope.Name} fewest rows of {Top}", fewest, "", "target", Top, conditions).Print();
        BenchmarkRow.Of($"pgvector {scope.Name} p50", times.At(0.5), "ms", "the bare statement without a filter", floors.At(0.5), conditions).Print();
        BenchmarkRow.Of($"pgvector {scope.Name} p95", times.At(0.95), "ms", "target", 15, conditions).Print();
    }

    /// <summary>What anyone would write by hand, at the same ef_search.</summary>
    private static async Task BareAsync(PostgreSqlDatabase database, float[] query)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("set hnsw.ef_search = 100"),
                new NpgsqlBatchCommand($"select number from patterns.vectors where embedder = '{Identity}' order by embedding::vector({Dimension}) <=> $1::real[]::vector({Dimension}) limit {Top}") { Parameters = { new NpgsqlParameter { Value = query } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
        }
    }

    private sealed record Scope(string Name, PatternFilter Filter, Func<int, bool> Holds);
}
