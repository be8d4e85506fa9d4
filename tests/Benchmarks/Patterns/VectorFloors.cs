using System.Numerics;
using System.Numerics.Tensors;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>Every row's dot product in floats.</summary>
internal sealed class ExactScan(VectorSample data)
{
    /// <summary>The best of the rows that a filter leaves, best first.</summary>
    public List<Scored> Search(ReadOnlySpan<float> query, int top, Func<int, bool>? holds = null)
    {
        var best = new TopNumbers(top);
        for (var i = 0; i < data.Rows; i++)
        {
            if (holds is not null && !holds(i))
                continue;
            var score = TensorPrimitives.Dot(query, data.Row(i));
            if (score > best.Threshold)
                best.Add(i + 1, score);
        }

        return best.Drain();
    }

    /// <summary>Share of the answers that are as near as the last of the exact ones: copies of one function are equally right.</summary>
    public double Recall(ReadOnlySpan<float> query, List<Scored> truth, IEnumerable<long> found)
    {
        var right = 0;
        foreach (var number in found)
            right += TensorPrimitives.Dot(query, data.Row((int)number - 1)) >= truth[^1].Score - 1e-6f ? 1 : 0;
        return (double)right / truth.Count;
    }
}

/// <summary>
/// What the two steps cost at least: one bit (or, of short vectors, one byte) a dimension in one array, a loop, a cut, and the exact products of as many candidates as the
/// product takes. No deletions, no filters, no mapping, no readers to mind.
/// </summary>
internal sealed unsafe class PlaneFloor
{
    private readonly VectorSample _data;
    private readonly int _candidates;
    private readonly int _words;
    private readonly ulong[] _plane;
    private readonly float[] _mean;
    private readonly ushort[] _distances;
    private readonly sbyte[] _steps = [];
    private readonly float[] _scales = [];

    public PlaneFloor(VectorSample data, int candidates)
    {
        (_data, _candidates, _mean, _words) = (data, candidates, data.Mean(), VectorChunk.WordsOf(data.Dimension));
        _plane = new ulong[(long)data.Rows * _words];
        _distances = new ushort[data.Rows];
        if (data.Dimension <= BytePlane.MaxDimension)
        {
            var stride = BytePlane.StrideOf(data.Dimension);
            (_steps, _scales) = (new sbyte[data.Rows * stride], new float[data.Rows]);
            for (var i = 0; i < data.Rows; i++)
                _scales[i] = BytePlane.Quantise(data.Row(i), _steps.AsSpan(i * stride, stride));
            return;
        }

        for (var i = 0; i < data.Rows; i++)
            VectorChunk.Signs(data.Row(i), _mean, _plane.AsSpan(i * _words, _words));
    }

    public long[] Search(ReadOnlySpan<float> query, int top)
    {
        var asked = new PlaneQuery(query, _mean);
        var counts = new int[asked.Buckets];
        if (_steps.Length > 0)
            MeasureBytes(asked, counts);
        else
            MeasureBits(asked, counts);
        var cut = 0;
        for (var sum = counts[0]; sum < _candidates && cut < counts.Length - 1; sum += counts[cut])
            cut++;
        var best = new TopNumbers(top);
        for (var i = 0; i < _distances.Length; i++)
        {
            if (_distances[i] > cut)
                continue;
            var score = TensorPrimitives.Dot(query, _data.Row(i));
            if (score > best.Threshold)
                best.Add(i + 1, score);
        }

        return [.. best.Drain().Select(s => s.Number)];
    }

    private void MeasureBits(PlaneQuery asked, int[] counts)
    {
        fixed (ulong* plane = _plane, q = asked.Signs)
        {
            var row = plane;
            for (var i = 0; i < _distances.Length; i++, row += _words)
            {
                var distance = _words == 6 ? Distance6(row, q) : Distance(row, q, _words);
                _distances[i] = (ushort)distance;
                counts[distance]++;
            }
        }
    }

    private void MeasureBytes(PlaneQuery asked, int[] counts)
    {
        fixed (sbyte* plane = _steps)
        fixed (short* q = asked.Values)
        {
            var row = plane;
            for (var i = 0; i < _distances.Length; i++, row += asked.Values.Length)
            {
                var bucket = BytePlane.BucketOf(BytePlane.Dot(row, q, asked.Values.Length) * _scales[i] * asked.Scale);
                _distances[i] = (ushort)bucket;
                counts[bucket]++;
            }
        }
    }

    private static int Distance6(ulong* a, ulong* b) =>
        BitOperations.PopCount(a[0] ^ b[0]) + BitOperations.PopCount(a[1] ^ b[1]) + BitOperations.PopCount(a[2] ^ b[2])
        + BitOperations.PopCount(a[3] ^ b[3]) + BitOperations.PopCount(a[4] ^ b[4]) + BitOperations.PopCount(a[5] ^ b[5]);

    private static int Distance(ulong* a, ulong* b, int words)
    {
        var distance = 0;
        for (var w = 0; w < words; w++)
            distance += BitOperations.PopCount(a[w] ^ b[w]);
        return distance;
    }
}
