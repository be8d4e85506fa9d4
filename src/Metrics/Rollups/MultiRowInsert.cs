using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Platform.Metrics.Rollups;

/// <summary>Inserts many rows with few statements and tells which of them were new.</summary>
/// <param name="table">Table.</param>
/// <param name="columns">Columns; the first is the key.</param>
internal sealed class MultiRowInsert(string table, IReadOnlyList<string> columns)
{
    private const int RowsPerStatement = 100;

    /// <summary>Inserts rows whose keys are not there yet; the others change nothing.</summary>
    /// <returns>Keys of the rows that were new.</returns>
    public async Task<HashSet<string>> NewAsync(DbConnection connection, IEnumerable<object[]> rows, CancellationToken token)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in rows.Chunk(RowsPerStatement))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Sql(command, chunk);
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                added.Add(reader.GetString(0));
        }

        return added;
    }

    private string Sql(DbCommand command, object[][] rows)
    {
        var sql = new StringBuilder($"insert into {table} ({string.Join(", ", columns)}) values ");
        for (var row = 0; row < rows.Length; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < columns.Count; column++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"@r{row}c{column}");
                sql.Append(column == 0 ? "" : ", ").Append(name);
                command.Add(name, rows[row][column]);
            }

            sql.Append(')');
        }

        return sql.Append(CultureInfo.InvariantCulture, $" on conflict ({columns[0]}) do nothing returning {columns[0]}").ToString();
    }
}

/// <summary>Parameters of plain commands.</summary>
internal static class CommandParameters
{
    /// <summary>Adds a parameter.</summary>
    public static void Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
