using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>
/// A SQLite file in WAL mode: many readers, one writer. Writes queue for a single connection, and those that wait at the same
/// time share a commit (each in a savepoint of its own), since four competing writers are many times slower than one.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private const int BusyTimeoutMs = 10_000;
    private const int MaxWritesPerCommit = 256;
    private const int MostCheckpoints = 3;
    private readonly string _path;
    private readonly string _connectionString;
    private readonly string _synchronous;
    private readonly Channel<Write> _writes = Channel.CreateUnbounded<Write>(new() { SingleReader = true });
    private readonly Task _writer;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file lazily; nothing is created before the first use.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="synchronous">"normal" (a power cut may lose the last commits, a crash never) or "full".</param>
    public SqliteDatabase(string path, string synchronous = "normal")
    {
        _path = path;
        _synchronous = synchronous == "full" ? "full" : "normal";
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString();
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
    public string Path => _path;

    /// <inheritdoc />
    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
    {
        await using var connection = Open();
        return await NamingDamageAsync(() => work(connection));
    }

    /// <inheritdoc />
    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
    {
        var write = new Write<T>(work, token);
        if (!_writes.Writer.TryWrite(write))
            throw new ObjectDisposedException(nameof(SqliteDatabase), $"The store {_path} is closed.");
        return await NamingDamageAsync(() => write.Done);
    }

    /// <inheritdoc />
    public override async Task ApplyAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken token)
    {
        // What is up to date is not written to, so that a reader need not wait for a writer.
        if (!await ReadAsync(connection => SchemaScript.AreAppliedAsync(connection, scripts), token))
            await WriteAsync(connection => SchemaScript.ApplyAsync(connection, scripts, token), token);
    }

    /// <inheritdoc />
    public override Task ReclaimAsync(CancellationToken token) => Task.Run(() =>
    {
        using var connection = Open();
        // A file of before pages could be given back has no map of them: it is written anew, once.
        using var give = connection.CreateCommand();
        give.CommandText = Erases && Ask(connection, "pragma auto_vacuum") == 0 ? "vacuum" : "pragma incremental_vacuum";
        using (var pages = give.ExecuteReader())
        {
            while (pages.Read())
                token.ThrowIfCancellationRequested();
        }

        // The log still holds pages as they were, until a checkpoint empties it; who reads meanwhile puts that off.
        for (var again = 0; Ask(connection, "pragma wal_checkpoint(truncate)") != 0 && again < MostCheckpoints; again++)
            token.ThrowIfCancellationRequested();
    }, token);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writer;
        using var pooled = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"pragma busy_timeout={BusyTimeoutMs}; {(Erases ? "pragma auto_vacuum=incremental; pragma secure_delete=fast; " : "")}pragma journal_mode=wal; pragma synchronous={_synchronous}; pragma foreign_keys=on;");
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw StoreCorruptException.IsDamage(e) ? new StoreCorruptException(_path, e) : e;
        }
    }

    private async Task RunWritesAsync()
    {
        SqliteConnection? connection = null;
        var batch = new List<Write>();
        while (await _writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxWritesPerCommit && _writes.Reader.TryRead(out var write))
                batch.Add(write);
            try
            {
                connection ??= Open();
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

    private static async Task CommitAsync(SqliteConnection connection, List<Write> batch)
    {
        Run(connection, "begin immediate");
        foreach (var write in batch)
        {
            Run(connection, "savepoint one");
            if (await write.RunAsync(connection))
                Run(connection, "release one");
            else
                Run(connection, "rollback to one; release one");
        }

        Run(connection, "commit");
        foreach (var write in batch)
            write.Succeed();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first figure of the first row.</summary>
    private static long Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private async Task<T> NamingDamageAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SqliteException e) when (StoreCorruptException.IsDamage(e))
        {
            throw new StoreCorruptException(_path, e);
        }
    }

    /// <summary>One queued write, untyped so that the queue can hold all of them.</summary>
    private abstract class Write
    {
        public abstract Task<bool> RunAsync(DbConnection connection);

        public abstract void Succeed();

        public abstract void Fail(Exception e);
    }

    private sealed class Write<T>(Func<DbConnection, Task<T>> work, CancellationToken token) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Done => _done.Task;

        public override async Task<bool> RunAsync(DbConnection connection)
        {
            try
            {
                token.ThrowIfCancellationRequested();
                _result = await work(connection);
                return true;
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                _done.TrySetCanceled(token);
                return false;
            }
            catch (Exception e)
            {
                _done.TrySetException(e);
                return false;
            }
        }

        public override void Succeed() => _done.TrySetResult(_result!);

        public override void Fail(Exception e) => _done.TrySetException(e);
    }
}
