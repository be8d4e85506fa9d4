using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>Inserts many rows with few statements: one round trip for up to a hundred rows on a server.</summary>
public static class BulkInsert
{
    /// <summary>Enough that round trips cost little, and far from both engines' limits of parameters.</summary>
    private const int MostRows = 100;

    /// <summary>SQLite looks each name up among all names of a statement, and has no round trips to save.</summary>
    private const int MostSqliteParameters = 250;

    /// <summary>Inserts the rows in order, inside the caller's transaction.</summary>
    /// <param name="connection">Connection of a <see cref="Database.WriteAsync{T}"/>.</param>
    /// <param name="table">Table; never from outside.</param>
    /// <param name="columns">Columns; never from outside.</param>
    /// <param name="rows">Values in the order of the columns; null becomes NULL.</param>
    /// <param name="conflict">For example "on conflict do nothing"; empty for none.</param>
    /// <param name="token">Stops between statements.</param>
    /// <returns>Rows that were inserted.</returns>
    public static async Task<long> InsertManyAsync(this DbConnection connection, string table, IReadOnlyList<string> columns,
        IEnumerable<object?[]> rows, string conflict, CancellationToken token)
    {
        var inserted = 0L;
        foreach (var chunk in rows.Chunk(RowsPerStatement(connection, columns.Count)))
        {
            await using var command = Command(connection, table, columns, chunk, conflict, token);
            inserted += await command.ExecuteNonQueryAsync(token);
        }

        return inserted;
    }

    /// <summary>Inserts the rows and says which were new, by a text column of theirs.</summary>
    /// <param name="connection">Connection of a <see cref="Database.WriteAsync{T}"/>.</param>
    /// <param name="table">Table; never from outside.</param>
    /// <param name="columns">Columns; never from outside.</param>
    /// <param name="returning">Column whose values are returned; never from outside.</param>
    /// <param name="rows">Values in the order of the columns; null becomes NULL.</param>
    /// <param name="conflict">For example "on conflict do nothing".</param>
    /// <param name="token">Stops between statements.</param>
    public static async Task<IReadOnlyList<string>> InsertReturningAsync(this DbConnection connection, string table, IReadOnlyList<string> columns, string returning,
        IEnumerable<object?[]> rows, string conflict, CancellationToken token)
    {
        var inserted = new List<string>();
        foreach (var chunk in rows.Chunk(RowsPerStatement(connection, columns.Count)))
        {
            await using var command = Command(connection, table, columns, chunk, $"{conflict} returning {returning}", token);
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                inserted.Add(reader.GetString(0));
        }

        return inserted;
    }

    /// <summary>Rows that a statement should take.</summary>
    public static int RowsPerStatement(DbConnection connection, int columns) => connection is SqliteConnection ? Math.Clamp(MostSqliteParameters / columns, 1, MostRows) : MostRows;

    private static DbCommand Command(DbConnection connection, string table, IReadOnlyList<string> columns, object?[][] chunk, string conflict, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var command = connection.CreateCommand();
        command.CommandText = Statement(table, columns, chunk.Length, conflict);
        for (var row = 0; row < chunk.Length; row++)
        {
            for (var column = 0; column < columns.Count; column++)
                AddParameter(command, row, column, chunk[row][column]);
        }

        return command;
    }

    private static string Statement(string table, IReadOnlyList<string> columns, int rows, string conflict)
    {
        var sql = new StringBuilder("insert into ").Append(table).Append(" (").AppendJoin(", ", columns).Append(") values ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < columns.Count; column++)
                sql.Append(column == 0 ? "" : ", ").Append(Name(row, column));
            sql.Append(')');
        }

        return sql.Append(' ').Append(conflict).ToString();
    }

    private static void AddParameter(DbCommand command, int row, int column, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = Name(row, column);
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    private static string Name(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"@p{row}_{column}");
}
