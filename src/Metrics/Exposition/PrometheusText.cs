using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Platform.Metrics.Exposition;

/// <summary>Writes the instruments of this process in the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int LongestLabel = 128;

    /// <summary>Writes all series.</summary>
    public static string Write(InstrumentTable table)
    {
        var text = new StringBuilder();
        foreach (var (name, instrument) in table.Observe())
        {
            var full = instrument.Kind == SeriesKind.Counter ? $"{name}_total" : name;
            text.Append("# HELP ").Append(full).Append(' ').Append(instrument.Help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(full).Append(' ').Append(instrument.Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var (labels, series) in instrument.All)
            {
                lock (series)
                {
                    if (instrument.Kind == SeriesKind.Histogram)
                        WriteHistogram(text, full, labels, instrument, series);
                    else
                        text.Append(full).Append(labels).Append(' ').Append(series.Text).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Name of an instrument: letters, digits and underscores, with its unit at the end.</summary>
    public static string Name(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "USD" => "_usd", _ => "" };
        return string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')) + unit;
    }

    /// <summary>Labels in braces, by name; empty when there is none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var sorted = tags.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return $"{{{string.Join(",", sorted.Select(t => $"{LabelName(t.Key)}=\"{LabelValue(t.Value)}\""))}}}";
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, InstrumentSeries instrument, InstrumentSeries.Series series)
    {
        var count = 0L;
        for (var i = 0; i < series.Buckets.Length; i++)
        {
            count += series.Buckets[i];
            var bound = i < instrument.Bounds.Length ? instrument.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            var all = labels.Length == 0 ? $"{{le=\"{bound}\"}}" : $"{labels[..^1]},le=\"{bound}\"}}";
            text.Append(name).Append("_bucket").Append(all).Append(' ').Append(count).Append('\n');
        }

        text.Append(name).Append("_sum").Append(labels).Append(' ').Append(series.Text).Append('\n');
        text.Append(name).Append("_count").Append(labels).Append(' ').Append(count).Append('\n');
    }

    /// <summary>Letters, digits and underscores; a name must not begin with a digit.</summary>
    private static string LabelName(string name) => (name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" : "") + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string LabelValue(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        text = text.Length <= LongestLabel ? text : text[..LongestLabel];
        return text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
    }
}
