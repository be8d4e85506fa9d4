using System.Data.Common;
using Dapper;
using Npgsql;

namespace Platform.Storage;

/// <summary>A schema of a PostgreSQL database, READ COMMITTED, one transaction a write.</summary>
public sealed class PostgreSqlDatabase : Database
{
    private const int PreparedStatements = 64;
    private const long SchemaLock = 0x506C6174_666F726D;
    private readonly NpgsqlDataSource _source;
    private readonly string _where;

    /// <summary>Reaches the server lazily.</summary>
    /// <param name="connectionString">Npgsql connection string of the database all modules share.</param>
    /// <param name="schema">Schema of the module; comes first on the search path, before public.</param>
    public PostgreSqlDatabase(string connectionString, string schema)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = $"{schema},public", ApplicationName = $"platform-{schema}" };
        // The same few statements run all day: planned once a connection. Say "Max Auto Prepare=0" for a pooler that shares sessions.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = PreparedStatements;
        _where = $"{settings.Host}:{settings.Port}/{settings.Database}";
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <inheritdoc />
    public override Dialect Dialect => Dialect.PostgreSql;

    /// <summary>The pool, for bulk copy and other things that only this engine has.</summary>
    public NpgsqlDataSource Source => _source;

    /// <inheritdoc />
    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
    {
        await using var connection = await OpenAsync(token);
        return await work(connection);
    }

    /// <inheritdoc />
    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
    {
        await using var connection = await OpenAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var result = await work(connection);
        await transaction.CommitAsync(token);
        return result;
    }

    /// <inheritdoc />
    public override Task ApplyAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken token) =>
        WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = SchemaLock });
            await connection.ExecuteAsync($"create schema if not exists \"{Module}\"");
            await SchemaScript.ApplyAsync(connection, scripts, token);
        }, token);

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken token)
    {
        try
        {
            return await _source.OpenConnectionAsync(token);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName)
        {
            throw new StoreRefusedException(_where, e);
        }
        catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient)
        {
            throw new StoreUnreachableException(_where, e);
        }
    }
}
