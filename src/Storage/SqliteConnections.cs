using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>Opens connections to one SQLite file out of a pool, and prepares each of them once: a question opens several, and a pragma is a statement like any other.</summary>
/// <param name="path">Full path of the file.</param>
/// <param name="synchronous">"normal" or "full".</param>
internal sealed class SqliteConnections(string path, string synchronous)
{
    public const int BusyTimeoutMs = 10_000;

    private readonly string _string = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString();
    private readonly ConditionalWeakTable<object, object> _prepared = [];
    private volatile bool _isMade;

    /// <summary>Full path of the file.</summary>
    public string Path => path;

    /// <param name="erases">Whether pages that become free can be given back; it takes effect while the file is empty, and asking for it later would make a write of every read.</param>
    public SqliteConnection Open(bool erases)
    {
        var connection = new SqliteConnection(_string);
        try
        {
            connection.Open();
            if (_prepared.TryGetValue(connection.Handle!, out _))
                return connection;
            connection.Run($"pragma busy_timeout={BusyTimeoutMs}");
            if (erases && !_isMade && connection.Ask("pragma page_count") == 0)
                connection.Run("pragma auto_vacuum=incremental");
            connection.Run($"pragma journal_mode=wal; pragma synchronous={synchronous}; pragma foreign_keys=on; pragma cache_size=-16384");
            _isMade = true;
            _prepared.AddOrUpdate(connection.Handle!, this);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw StoreCorruptException.IsDamage(e) ? new StoreCorruptException(path, e) : e;
        }
    }

    /// <summary>Closes those that wait in the pool.</summary>
    public void Clear()
    {
        using var pooled = new SqliteConnection(_string);
        SqliteConnection.ClearPool(pooled);
    }
}

/// <summary>Statements without parameters.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs statements to their end; a pragma that works row by row does nothing for rows that nobody reads.</summary>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        do
        {
            while (rows.Read())
            {
                // Only that it goes on.
            }
        }
        while (rows.NextResult());
    }

    /// <summary>The first figure of the first row.</summary>
    public static long Ask(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
