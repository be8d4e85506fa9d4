using System.Globalization;
using CsvHelper;

namespace Platform.Cli;

/// <summary>A row of a CSV file by the names of its header.</summary>
internal sealed class CsvTableRow(string path, long line, IReadOnlyDictionary<string, string> cells)
{
    /// <summary>Text of a column; empty when the column or the value is missing.</summary>
    public string Text(string column) => cells.GetValueOrDefault(column, "");

    /// <summary>Text that must be there.</summary>
    /// <exception cref="CommandException">It is not.</exception>
    public string Needed(string column) => Text(column) is { Length: > 0 } text ? text : throw Wrong(column, "", "it must not be empty");

    /// <summary>A whole number; 0 when the value is missing.</summary>
    /// <exception cref="CommandException">It is no number.</exception>
    public long Number(string column)
    {
        var text = Text(column);
        return text.Length == 0 ? 0 : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(column, text, "it must be a whole number");
    }

    /// <summary>A point in time: ISO 8601, or milliseconds since 1970 UTC.</summary>
    /// <exception cref="CommandException">It is no time.</exception>
    public long TimeMs(string column)
    {
        var text = Needed(column);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms))
            return ms;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds() : throw Wrong(column, text, "use ISO 8601 or milliseconds");
    }

    private CommandException Wrong(string column, string value, string advice) =>
        new(ExitCodes.WrongUsage, $"{path} row {line}: {column} is '{(value.Length > 40 ? value[..40] : value)}'; {advice}.");
}

/// <summary>Reads CSV files with a header, row by row, without holding them in memory.</summary>
internal static class CsvTable
{
    private const int MaxRecord = 1_048_576;

    /// <summary>The columns of a file.</summary>
    /// <exception cref="CommandException">The file is missing or has no header.</exception>
    public static async Task<IReadOnlyList<string>> HeaderAsync(string path, CancellationToken token)
    {
        await using var csv = Open(path);
        return await HeaderAsync(csv, path, token);
    }

    private static async Task<IReadOnlyList<string>> HeaderAsync(CsvReader csv, string path, CancellationToken token)
    {
        try
        {
            await csv.ReadHeaderAsync(token);
        }
        catch (Exception e) when (e is CsvFormatException or CsvValidationException or InvalidDataException)
        {
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' has no readable header: {e.Message}");
        }

        return [.. csv.Headers.Select(name => name.Trim().TrimStart('\uFEFF').ToLowerInvariant())];
    }

    /// <summary>The rows of a file.</summary>
    /// <exception cref="CommandException">A row cannot be read.</exception>
    public static async IAsyncEnumerable<CsvTableRow> RowsAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        await using var csv = Open(path);
        var header = await HeaderAsync(csv, path, token);
        for (var row = 2L; await NextAsync(csv, path, row, token); row++)
        {
            var cells = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < header.Count && i < csv.FieldCount; i++)
                cells[header[i]] = csv.GetString(i).Trim();
            yield return new CsvTableRow(path, row, cells);
        }
    }

    private static async Task<bool> NextAsync(CsvReader csv, string path, long row, CancellationToken token)
    {
        try
        {
            return await csv.ReadAsync(token);
        }
        catch (Exception e) when (e is CsvFormatException or CsvValidationException or InvalidDataException)
        {
            throw new CommandException(ExitCodes.WrongUsage, $"{path} row {row}: {e.Message}");
        }
    }

    private static CsvReader Open(string path) => File.Exists(path)
        ? CsvReader.Create(File.OpenRead(path), new CsvReaderOptions { MaxRecordSize = MaxRecord, IncludeValuesInExceptions = false }, leaveOpen: false)
        : throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
}
