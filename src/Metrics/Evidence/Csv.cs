using System.Globalization;
using System.Text;

namespace Platform.Metrics.Evidence;

/// <summary>Comma-separated text after RFC 4180. A cell that a spreadsheet would run as a formula is marked as text.</summary>
internal static class Csv
{
    private const string Formulas = "=+-@\t\r";

    /// <summary>Writes a heading and rows; numbers are written the same in every culture.</summary>
    public static string Write(IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<object>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(heading))
            text.Append(Line(row));
        return text.ToString();
    }

    /// <summary>One row with its end.</summary>
    public static string Line(IReadOnlyList<object> row) => string.Join(',', row.Select(Cell)) + "\r\n";

    private static string Cell(object value)
    {
        if (value is not string text)
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        var safe = text.Length > 0 && Formulas.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
