using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>
/// A SQLite file in WAL mode: many readers, one writer. Writes queue for a single connection, and those that wait at the same
/// time share a commit (each in a savepoint of its own), since four competing writers are many times slower than one.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private const int MaxWritesPerCommit = 256;

    /// <summary>One mebibyte: some milliseconds of the writer.</summary>
    private const int PagesAtOnce = 256;
    private const int MostCheckpoints = 40;
    private static readonly TimeSpan CheckpointPause = TimeSpan.FromMilliseconds(250);
    private readonly SqliteConnections _connections;
    private readonly Channel<Queued> _queue = Channel.CreateUnbounded<Queued>(new() { SingleReader = true });
    private readonly Task _writer;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file lazily; nothing is created before the first use.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="synchronous">"normal" (a power cut may lose the last commits, a crash never) or "full".</param>
    public SqliteDatabase(string path, string synchronous = "normal")
    {
        _connections = new SqliteConnections(path, synchronous == "full" ? "full" : "normal");
        _writer = Task.Run(RunWritesAsync);
    }

    /// <summary>
    /// Whether what is deleted leaves the file: rows are overwritten in pages that stay, and pages that become free, which keep their content, are given back by
    /// <see cref="ReclaimAsync"/>. To overwrite these too would double the time that indexing takes. Default false.
    /// </summary>
    public bool Erases { get; init; }

    /// <inheritdoc />
    public override Dialect Dialect => Dialect.Sqlite;

    /// <summary>Full path of the file.</summary>
    public string Path => _connections.Path;

    /// <inheritdoc />
    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
    {
        await using var connection = _connections.Open(Erases);
        return await NamingDamageAsync(() => work(connection));
    }

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token) => QueueAsync(new Write<T>(work, token));

    /// <inheritdoc />
    public override async Task ApplyAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken token)
    {
        // What is up to date is not written to, so that a reader need not wait for a writer.
        if (!await ReadAsync(connection => SchemaScript.AreAppliedAsync(connection, scripts), token))
            await WriteAsync(connection => SchemaScript.ApplyAsync(connection, scripts, token), token);
    }

    /// <inheritdoc />
    public override async Task ReclaimAsync(CancellationToken token)
    {
        // A file of before pages could be given back has no map of them: it is written anew, once.
        var left = await QueueAsync(new Chore(connection =>
        {
            if (Erases && connection.Ask("pragma auto_vacuum") == 0)
                connection.Run("pragma auto_vacuum=incremental; vacuum");
            return connection.Ask("pragma auto_vacuum") == 0 ? 0 : connection.Ask("pragma freelist_count");
        }, token));
        // A slice at a time, queued after what came meanwhile; what others free in between is theirs to give back.
        for (var slices = left / PagesAtOnce + 1; left > 0 && slices > 0; slices--)
            left = await QueueAsync(new Chore(GivePages, token));
        // The log still holds pages as they were, until a checkpoint empties it. Who reads meanwhile puts that off; the writer does not wait for them.
        for (var again = 0; await QueueAsync(new Chore(EmptyLog, token)) != 0 && again < MostCheckpoints; again++)
            await Task.Delay(CheckpointPause, token);
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
        _connections.Clear();
    }

    private static long GivePages(SqliteConnection connection)
    {
        connection.Run($"pragma incremental_vacuum({PagesAtOnce})");
        return connection.Ask("pragma freelist_count");
    }

    private static long EmptyLog(SqliteConnection connection)
    {
        connection.Run("pragma busy_timeout=0");
        try
        {
            return connection.Ask("pragma wal_checkpoint(truncate)");
        }
        finally
        {
            connection.Run($"pragma busy_timeout={SqliteConnections.BusyTimeoutMs}");
        }
    }

    private async Task<T> QueueAsync<T>(Write<T> write)
    {
        if (!_queue.Writer.TryWrite(write))
            throw new ObjectDisposedException(nameof(SqliteDatabase), $"The store {Path} is closed.");
        return await NamingDamageAsync(() => write.Done);
    }

    private async Task RunWritesAsync()
    {
        SqliteConnection? connection = null;
        var batch = new List<Queued>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            TakeBatch(batch);
            try
            {
                connection ??= OpenWriter();
                if (batch[0].IsAlone)
                    await RunAloneAsync(connection, batch[0]);
                else
                    await CommitAsync(connection, batch);
            }
            catch (Exception e)
            {
                foreach (var write in batch)
                    write.Fail(e);
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }

    /// <summary>Takes what waits, up to what wants the writer to itself.</summary>
    private void TakeBatch(List<Queued> batch)
    {
        batch.Clear();
        while (batch.Count < MaxWritesPerCommit && _queue.Reader.TryPeek(out var next) && (batch.Count == 0 || !(next.IsAlone || batch[0].IsAlone)))
        {
            _queue.Reader.TryRead(out _);
            batch.Add(next);
        }
    }

    /// <summary>Only who writes overwrites what it deletes.</summary>
    private SqliteConnection OpenWriter()
    {
        var connection = _connections.Open(Erases);
        if (Erases)
            connection.Run("pragma secure_delete=fast");
        return connection;
    }

    private static async Task RunAloneAsync(SqliteConnection connection, Queued chore)
    {
        if (await chore.RunAsync(connection))
            chore.Succeed();
    }

    private static async Task CommitAsync(SqliteConnection connection, List<Queued> batch)
    {
        connection.Run("begin immediate");
        foreach (var write in batch)
        {
            connection.Run("savepoint one");
            connection.Run(await write.RunAsync(connection) ? "release one" : "rollback to one; release one");
        }

        connection.Run("commit");
        foreach (var write in batch)
            write.Succeed();
    }

    private async Task<T> NamingDamageAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SqliteException e) when (StoreCorruptException.IsDamage(e))
        {
            throw new StoreCorruptException(Path, e);
        }
    }
}
