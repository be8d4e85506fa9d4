using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Metrics.Exposition;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>What a scrape gets is read as promtool check metrics reads it: names, types, escapes, order, and histograms that add up.</summary>
public sealed partial class PrometheusTextSpec
{
    [Fact]
    public void Write_OfEveryKindOfInstrumentAndHostileLabels_IsValid()
    {
        using var table = new InstrumentTable();
        using var meter = new Meter("Platform.Test.Scrape");
        var counter = meter.CreateCounter<long>("scrape.jobs", "{job}", "Jobs,\nover two \\ lines.");
        counter.Add(3, new("state", "line\nbreak \"quoted\" back\\slash"), new("1st", null));
        counter.Add(2);
        meter.CreateUpDownCounter<long>("scrape-running.now").Add(-4, [new("lane", "ünïcode ✓")]);
        var seconds = meter.CreateHistogram<double>("scrape.time", "s");
        var tokens = meter.CreateHistogram<long>("scrape.tokens", "{token}");
        foreach (var value in new[] { 0.001, 0.3, 4000, double.NaN, double.PositiveInfinity })
            seconds.Record(value, new KeyValuePair<string, object?>("le.approach", "mcp"));
        foreach (var value in new[] { 0L, 1, 900, 1_000_000_000 })
            tokens.Record(value);
        meter.CreateObservableGauge("scrape.age", () => double.PositiveInfinity, "s");

        var families = Parse(PrometheusText.Write(table));

        families["scrape_jobs_total"].ShouldBe("counter");
        families["scrape_running_now"].ShouldBe("gauge");
        families["scrape_time_seconds"].ShouldBe("histogram");
        families["scrape_tokens"].ShouldBe("histogram");
    }

    /// <summary>Reads the text strictly; gives the type of each family.</summary>
    private static Dictionary<string, string> Parse(string text)
    {
        text.ShouldEndWith("\n");
        var (types, seen) = (new Dictionary<string, string>(), new HashSet<string>());
        var (family, buckets) = ("", new List<(string Labels, double Bound, long Count)>());
        var counts = new Dictionary<string, long>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Regex.IsMatch(line[7..].Replace("\\\\", "", StringComparison.Ordinal), "\\\\[^n]").ShouldBeFalse(line);
                continue;
            }

            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                line.Split(' ')[2].ShouldBe(family, "help and type stand together");
                types.TryAdd(family, line.Split(' ')[3]).ShouldBeTrue($"{family} is declared twice");
                continue;
            }

            var sample = Sample().Match(line);
            sample.Success.ShouldBeTrue($"no sample: {line}");
            var (name, labels, value) = (sample.Groups[1].Value, sample.Groups[2].Value, Number(sample.Groups[3].Value));
            seen.Add(name + labels).ShouldBeTrue($"twice: {line}");
            var names = Label().Matches(labels).Select(l => l.Groups[1].Value).ToList();
            names.ShouldBe(names.Distinct(), line);
            name.ShouldStartWith(family);
            if (types[family] == "counter")
                (name == family && value >= 0).ShouldBeTrue(line);
            if (types[family] != "histogram")
                continue;
            new[] { "_bucket", "_sum", "_count" }.ShouldContain(name[family.Length..]);
            var others = Regex.Replace(labels, ",?le=\"[^\"]*\"", "").Replace("{}", "", StringComparison.Ordinal);
            if (name.EndsWith("_bucket", StringComparison.Ordinal))
                buckets.Add((family + others, Number(Regex.Match(labels, "le=\"([^\"]*)\"").Groups[1].Value), (long)value));
            else if (name.EndsWith("_count", StringComparison.Ordinal))
                counts[family + others] = (long)value;
        }

        foreach (var histogram in buckets.GroupBy(b => b.Labels))
        {
            histogram.Select(b => b.Bound).ShouldBeInOrder();
            histogram.Select(b => b.Count).ShouldBeInOrder();
            histogram.Last().Bound.ShouldBe(double.PositiveInfinity);
            histogram.Last().Count.ShouldBe(counts[histogram.Key]);
        }

        return types;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\",?)*\\})? ([^ ]+)$")]
    private static partial Regex Sample();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"")]
    private static partial Regex Label();
}
