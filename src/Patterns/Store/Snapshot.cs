using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>Reads several statements of one state of the store: what others commit in between is not seen. Each statement alone would see its own state.</summary>
internal static class Snapshot
{
    public static Task<T> ReadAsync<T>(Database database, Func<DbConnection, Task<T>> work, CancellationToken token) => database.ReadAsync(async connection =>
    {
        await connection.ExecuteAsync(database.Dialect == Dialect.Sqlite ? "begin transaction" : "begin transaction isolation level repeatable read read only");
        try
        {
            return await work(connection);
        }
        finally
        {
            await connection.ExecuteAsync("rollback");
        }
    }, token);
}
