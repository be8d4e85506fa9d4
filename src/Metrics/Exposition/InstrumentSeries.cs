using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Platform.Metrics.Exposition;

/// <summary>How the values of an instrument are kept.</summary>
internal enum SeriesKind
{
    /// <summary>Values add up and never fall.</summary>
    Counter,

    /// <summary>The last value counts, or values add up and may fall.</summary>
    Gauge,

    /// <summary>Values are counted in buckets.</summary>
    Histogram,
}

/// <summary>The series of one instrument, by their labels.</summary>
internal sealed class InstrumentSeries
{
    private const string Overflow = "{overflow=\"true\"}";
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
    // As the GenAI conventions advise for tokens: powers of four.
    private static readonly double[] CountBounds = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304];
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly bool _adds;

    public InstrumentSeries(Instrument instrument)
    {
        var generic = instrument.GetType().IsGenericType ? instrument.GetType().GetGenericTypeDefinition() : null;
        Help = instrument.Description ?? instrument.Name;
        Kind = generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? SeriesKind.Counter
            : generic == typeof(Histogram<>) ? SeriesKind.Histogram : SeriesKind.Gauge;
        _adds = generic == typeof(Counter<>) || generic == typeof(UpDownCounter<>);
        Bounds = Kind != SeriesKind.Histogram ? [] : Advised(instrument) ?? (instrument.Unit is "s" or null or "" ? DefaultBounds : CountBounds);
    }

    public string Help { get; }

    public SeriesKind Kind { get; }

    /// <summary>Upper bounds of the buckets of a histogram, without the last, which has none.</summary>
    public double[] Bounds { get; }

    public IEnumerable<KeyValuePair<string, Series>> All => _series.OrderBy(s => s.Key, StringComparer.Ordinal);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
            series = _series.GetOrAdd(_series.Count < InstrumentTable.MostSeries ? labels : Overflow, _ => new Series(Bounds.Length + 1));
        lock (series)
        {
            if (Kind == SeriesKind.Histogram)
                series.Buckets[Place(value)]++;
            series.Value = _adds || Kind == SeriesKind.Histogram ? series.Value + value : value;
        }
    }

    private static double[]? Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => null,
    };

    private int Place(double value)
    {
        var place = Array.BinarySearch(Bounds, value);
        return place >= 0 ? place : ~place;
    }

    /// <summary>One series.</summary>
    internal sealed class Series(int buckets)
    {
        /// <summary>Sum, or the last value of a gauge.</summary>
        public double Value { get; set; }

        /// <summary>Counts a bucket, not cumulated.</summary>
        public long[] Buckets { get; } = new long[buckets];

        /// <summary>The value in digits.</summary>
        public string Text => double.IsPositiveInfinity(Value) ? "+Inf" : double.IsNegativeInfinity(Value) ? "-Inf" : Value.ToString("R", CultureInfo.InvariantCulture);
    }
}
