using System.Data.Common;

namespace Platform.Storage;

/// <summary>
/// One module's tables on one of the two engines. SQL is written once in the subset both share;
/// what differs is behind <see cref="Dialect"/>. On SQLite a module has a file, on PostgreSQL a schema.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    /// <summary>Name of the module whose tables these are.</summary>
    public required string Module { get; init; }

    /// <summary>What differs between the engines.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Reads outside a transaction, on a connection of its own.</summary>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token);

    /// <summary>
    /// Writes in one transaction: all of it or nothing. On SQLite every write goes through one connection, and writes
    /// that wait at the same time share a commit; a failing one is rolled back alone.
    /// </summary>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token);

    /// <summary>Writes in one transaction, without a result.</summary>
    public Task WriteAsync(Func<DbConnection, Task> work, CancellationToken token) =>
        WriteAsync(async connection => { await work(connection); return true; }, token);

    /// <summary>Applies the module's schema scripts that are not applied yet, under a lock.</summary>
    /// <exception cref="StoreCorruptException">The file is not a database, or is damaged.</exception>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public abstract Task ApplyAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken token);

    /// <summary>Gives back what deletes left: free pages and the log, which still hold the old text. A server does that by itself.</summary>
    public virtual Task ReclaimAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Whether the store answers; for health checks.</summary>
    public async Task<bool> AnswersAsync(CancellationToken token)
    {
        try
        {
            return await ReadAsync(async connection =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "select 1";
                return await command.ExecuteScalarAsync(token) is not null;
            }, token);
        }
        catch (Exception e) when (e is DbException or StoreUnreachableException or StoreCorruptException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
