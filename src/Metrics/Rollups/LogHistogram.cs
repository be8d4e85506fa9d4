using System.Buffers;

namespace Platform.Metrics.Rollups;

/// <summary>
/// A histogram with logarithmic buckets after DDSketch (Masson, Rim, Lee 2019): a percentile differs from the exact one by at
/// most <see cref="RelativeError"/>. Merging is adding counts, so the order of additions and merges never shows.
/// Values lie between <see cref="Smallest"/> and <see cref="Largest"/>; below is counted as 0, above as the largest.
/// At most about 1,400 buckets, 11 KB.
/// </summary>
internal sealed class LogHistogram
{
    /// <summary>Largest relative error of a percentile.</summary>
    public const double RelativeError = 0.01;

    /// <summary>Smallest value that is told from 0.</summary>
    public const double Smallest = 1e-3;

    /// <summary>Largest value that is told apart; in milliseconds more than eleven days.</summary>
    public const double Largest = 1e9;

    private const double Gamma = (1 + RelativeError) / (1 - RelativeError);
    private const double SumUnits = 1000;
    private static readonly double LogGamma = Math.Log(Gamma);
    private static readonly int LowestBucket = Bucket(Smallest);
    private static readonly int BucketCount = Bucket(Largest) - LowestBucket + 1;

    private long[] _counts = [];
    private int _first;
    private long _zeros;
    private long _sum;

    /// <summary>Values added.</summary>
    public long Count { get; private set; }

    /// <summary>Smallest value added; 0 when there is none.</summary>
    public double Min { get; private set; }

    /// <summary>Largest value added; 0 when there is none.</summary>
    public double Max { get; private set; }

    /// <summary>Sum of the values, kept in thousandths so that it does not depend on the order of additions.</summary>
    public double Sum => _sum / SumUnits;

    /// <summary>Mean of the values; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>Adds a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not a number.</exception>
    public void Add(double value)
    {
        if (!(value >= 0))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A histogram takes numbers from 0.");
        var bounded = Math.Min(value, Largest);
        if (bounded < Smallest)
            _zeros++;
        else
            Raise(Bucket(bounded), 1);
        _sum += (long)Math.Round(bounded * SumUnits);
        Widen(bounded, bounded);
        Count++;
    }

    /// <summary>Adds everything another histogram holds.</summary>
    public void Merge(LogHistogram other)
    {
        if (other.Count == 0)
            return;
        for (var i = 0; i < other._counts.Length; i++)
        {
            if (other._counts[i] > 0)
                Raise(other._first + i, other._counts[i]);
        }

        _zeros += other._zeros;
        _sum += other._sum;
        Widen(other.Min, other.Max);
        Count += other.Count;
    }

    /// <summary>The value at a rank, by nearest rank: the smallest value that at least this share of all values does not exceed.</summary>
    /// <param name="share">From 0 to 1; 0.95 is the 95th percentile.</param>
    /// <returns>The value, within <see cref="RelativeError"/>; 0 when there is none.</returns>
    public double Percentile(double share)
    {
        if (Count == 0)
            return 0;
        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        var seen = _zeros;
        if (rank <= seen)
            return Math.Clamp(0, Min, Max);
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (rank <= seen)
                return Math.Clamp(Middle(_first + i), Min, Max);
        }

        return Max;
    }

    /// <summary>Writes the histogram; the same content always gives the same bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>(64);
        writer.Write(Count);
        if (Count == 0)
            return writer.WrittenSpan.ToArray();
        writer.Write(_zeros);
        writer.Write(_sum);
        writer.Write(Min);
        writer.Write(Max);
        var previous = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0)
                continue;
            writer.Write((long)(_first + i - LowestBucket - previous));
            writer.Write(_counts[i]);
            previous = _first + i - LowestBucket;
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; no bytes at all are an empty histogram.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a histogram.</exception>
    public static LogHistogram FromBytes(ReadOnlySpan<byte> bytes)
    {
        var histogram = new LogHistogram();
        if (bytes.IsEmpty)
            return histogram;
        var reader = new CompactReader(bytes);
        histogram.Count = reader.ReadLong();
        if (histogram.Count == 0)
            return histogram;
        histogram._zeros = reader.ReadLong();
        histogram._sum = reader.ReadLong();
        histogram.Min = reader.ReadDouble();
        histogram.Max = reader.ReadDouble();
        var counted = histogram._zeros;
        var place = 0L;
        while (!reader.AtEnd)
        {
            place += reader.ReadLong();
            if (place < 0 || place >= BucketCount)
                throw new InvalidDataException($"A histogram names bucket {place}; there are {BucketCount}.");
            var count = reader.ReadLong();
            histogram.Raise((int)place + LowestBucket, count);
            counted += count;
        }

        return counted == histogram.Count ? histogram
            : throw new InvalidDataException($"A histogram says {histogram.Count} values and holds {counted}.");
    }

    private static int Bucket(double value) => (int)Math.Ceiling(Math.Log(value) / LogGamma);

    private static double Middle(int bucket) => 2 * Math.Pow(Gamma, bucket) / (Gamma + 1);

    private void Widen(double min, double max)
    {
        Min = Count == 0 ? min : Math.Min(Min, min);
        Max = Count == 0 ? max : Math.Max(Max, max);
    }

    private void Raise(int bucket, long count)
    {
        MakeRoom(bucket);
        _counts[bucket - _first] += count;
    }

    private void MakeRoom(int bucket)
    {
        const int spare = 16;
        if (_counts.Length == 0)
        {
            _first = bucket - spare;
            _counts = new long[2 * spare + 1];
        }
        else if (bucket < _first || bucket >= _first + _counts.Length)
        {
            var first = Math.Min(_first, bucket - spare);
            var end = Math.Max(_first + _counts.Length, bucket + spare + 1);
            var wider = new long[end - first];
            _counts.CopyTo(wider, _first - first);
            (_counts, _first) = (wider, first);
        }
    }
}
