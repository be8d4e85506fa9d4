using System.Globalization;
using Dapper;
using Npgsql;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Builds the HNSW index of an embedder's vectors while others write on, once: replicas that come meanwhile leave it to the first. What is left of a build that broke off is removed before.
/// </summary>
internal sealed class PgVectorBuild(PostgreSqlDatabase database, string name, int dimension, string embedder)
{
    /// <summary>The graph of 100,000 vectors of 384 dimensions takes about 250 MB; what does not fit is built many times slower.</summary>
    private const string Memory = "512MB";

    private const string DiskFull = "53100";
    private const string OutOfMemory = "53200";

    /// <returns>Whether the index is there.</returns>
    public async Task<bool> RunAsync(CancellationToken token)
    {
        await using var connection = await database.Source.OpenConnectionAsync(token);
        if (await IsThereAsync(connection, token))
            return true;
        var key = unchecked((long)VectorHeader.HashOf($"{database.Module}.{name}"));
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select pg_try_advisory_lock(@key)", new { key }, cancellationToken: token)))
            return false;
        try
        {
            if (!await IsThereAsync(connection, token))
                await BuildAsync(connection, token);
            return true;
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@key); reset maintenance_work_mem; reset max_parallel_maintenance_workers", new { key });
        }
    }

    /// <summary>Whether the index is there and finished.</summary>
    public async Task<bool> IsThereAsync(CancellationToken token)
    {
        await using var connection = await database.Source.OpenConnectionAsync(token);
        return await IsThereAsync(connection, token);
    }

    private Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken token) => connection.ExecuteScalarAsync<bool>(new CommandDefinition(
        "select exists (select 1 from pg_index where indexrelid = to_regclass(@name) and indisvalid)", new { name }, cancellationToken: token));

    private async Task BuildAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await RunAsync(connection, $"set maintenance_work_mem = '{Memory}'", token);
        try
        {
            await CreateAsync(connection, token);
        }
        catch (PostgresException e) when (e.SqlState is DiskFull or OutOfMemory)
        {
            // Workers share memory, of which a container often has too little.
            await RunAsync(connection, "set max_parallel_maintenance_workers = 0", token);
            await CreateAsync(connection, token);
        }
    }

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await RunAsync(connection, $"drop index if exists {name}", token);
        await RunAsync(connection, string.Create(CultureInfo.InvariantCulture,
            $"create index concurrently {name} on vectors using hnsw ((embedding::vector({dimension})) vector_cosine_ops) with (m = 16, ef_construction = 200) where embedder = '{embedder.Replace("'", "''", StringComparison.Ordinal)}'"), token);
    }

    private static Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken token) =>
        connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: token));
}
