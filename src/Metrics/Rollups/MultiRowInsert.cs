using System.Data.Common;
using System.Globalization;
using System.Text;
using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>Inserts many rows with few statements and tells which of them were new.</summary>
/// <param name="table">Table.</param>
/// <param name="columns">Columns; the first is the key.</param>
internal sealed class MultiRowInsert(string table, IReadOnlyList<string> columns)
{
    /// <summary>Inserts rows whose keys are not there yet; the others change nothing.</summary>
    /// <returns>Keys of the rows that were new.</returns>
    public async Task<HashSet<string>> NewAsync(DbConnection connection, IEnumerable<object[]> rows, CancellationToken token)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in rows.Chunk(BulkInsert.RowsPerStatement(connection, columns.Count)))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"insert into {table} ({string.Join(", ", columns)}) values {RowValues.Add(command, chunk)} on conflict ({columns[0]}) do nothing returning {columns[0]}";
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                added.Add(reader.GetString(0));
        }

        return added;
    }
}

/// <summary>Rows as the <c>values</c> of a statement.</summary>
internal static class RowValues
{
    /// <summary>Adds the values as parameters.</summary>
    /// <returns>Their places, such as <c>(@r0c0, @r0c1), (@r1c0, @r1c1)</c>.</returns>
    public static string Add(DbCommand command, IReadOnlyList<object[]> rows)
    {
        var places = new StringBuilder();
        for (var row = 0; row < rows.Count; row++)
        {
            places.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < rows[row].Length; column++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"@r{row}c{column}");
                places.Append(column == 0 ? "" : ", ").Append(name);
                command.Add(name, rows[row][column]);
            }

            places.Append(')');
        }

        return places.ToString();
    }

    /// <summary>Adds a parameter.</summary>
    public static void Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
