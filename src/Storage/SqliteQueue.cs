using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>What waits for the one writer, untyped so that the queue can hold all of it.</summary>
internal abstract class Queued
{
    /// <summary>Whether it has the writer to itself, outside of a transaction.</summary>
    public virtual bool IsAlone => false;

    /// <summary>Does it.</summary>
    /// <returns>Whether its changes are to be kept.</returns>
    public abstract Task<bool> RunAsync(DbConnection connection);

    /// <summary>It was done, and what it changed is committed.</summary>
    public abstract void Succeed();

    /// <summary>What it changed is not committed.</summary>
    public abstract void Fail(Exception e);
}

/// <summary>A write: one savepoint of a commit that it may share.</summary>
internal class Write<T>(Func<DbConnection, Task<T>> work, CancellationToken token) : Queued
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

/// <summary>Care of the file that no transaction may hold.</summary>
internal sealed class Chore(Func<SqliteConnection, long> work, CancellationToken token) : Write<long>(connection => Task.FromResult(work((SqliteConnection)connection)), token)
{
    public override bool IsAlone => true;
}
