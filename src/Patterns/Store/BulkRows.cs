using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Platform.Patterns;

/// <summary>Inserts many rows the fast way of each engine: one prepared statement on SQLite, binary COPY on PostgreSQL.</summary>
internal static class BulkRows
{
    /// <summary>Inserts rows of <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <c>byte[]</c> and (PostgreSQL) <c>float[]</c> values.</summary>
    public static Task InsertAsync(DbConnection connection, string table, string[] columns, IEnumerable<object[]> rows, CancellationToken token) => connection switch
    {
        SqliteConnection sqlite => Insert(sqlite, table, columns, rows, token),
        NpgsqlConnection postgres => CopyAsync(postgres, table, columns, rows, token),
        _ => throw new NotSupportedException($"No bulk insert for {connection.GetType().Name}."),
    };

    private static Task Insert(SqliteConnection connection, string table, string[] columns, IEnumerable<object[]> rows, CancellationToken token)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"insert into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select((_, i) => Parameter(i)))})";
        var parameters = columns.Select((_, i) => command.Parameters.Add(new SqliteParameter { ParameterName = Parameter(i) })).ToArray();
        foreach (var row in rows)
        {
            token.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
                parameters[i].Value = row[i];
            command.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, string[] columns, IEnumerable<object[]> rows, CancellationToken token)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"copy {table} ({string.Join(", ", columns)}) from stdin (format binary)", token);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(token);
            foreach (var value in row)
                await writer.WriteAsync(value, TypeOf(value), token);
        }

        await writer.CompleteAsync(token);
    }

    private static NpgsqlDbType TypeOf(object value) => value switch
    {
        string => NpgsqlDbType.Text,
        long => NpgsqlDbType.Bigint,
        double => NpgsqlDbType.Double,
        byte[] => NpgsqlDbType.Bytea,
        float[] => NpgsqlDbType.Array | NpgsqlDbType.Real,
        _ => throw new NotSupportedException($"No column type for {value.GetType().Name}."),
    };

    private static string Parameter(int i) => string.Create(CultureInfo.InvariantCulture, $"@p{i}");
}
