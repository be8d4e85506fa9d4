using System.Buffers;
using System.Numerics.Tensors;

namespace Platform.Patterns;

/// <summary>
/// Two steps: a rough distance over the plane of every row (differing bits, or the product of bytes), then the exact cosine of the nearest few. The distances are counted
/// in a histogram, so that the cut falls where enough candidates lie below it, without sorting anything.
/// </summary>
internal static class VectorScan
{
    /// <summary>Below this many rows the exact scan costs less than a millisecond; no shortcut is taken.</summary>
    private const int ExactBelow = 2048;

    private const int CandidatesOfTen = 400;
    private const int CandidatesPerResult = 20;
    private const int CandidatesOfBytes = 80;
    private const int CandidatesPerResultOfBytes = 2;
    private const int UsualDimension = 384;
    private const int UsualRows = 100_000;

    /// <summary>Where there are few rows, exact products are spent on more of them: of small clusters the tenth neighbour is often a stranger, and bits tell strangers apart badly.</summary>
    private const long ProductsTimesRows = 20_000_000;

    public static List<Scored> Run(VectorChunk[] chunks, long rows, ReadOnlySpan<float> query, float[] mean, NumberSet? allowed, int top)
    {
        var candidates = CandidatesFor(mean.Length, rows, top);
        if (rows <= Math.Max(ExactBelow, candidates))
            return Exact(chunks, rows, query, allowed, top);
        var plane = new PlaneQuery(query, mean);
        var distances = ArrayPool<ushort>.Shared.Rent((int)rows);
        try
        {
            var histogram = new int[plane.Buckets];
            for (var start = 0; start < rows; start += VectorChunk.Rows)
                chunks[start / VectorChunk.Rows].Distances(plane, allowed, distances.AsSpan(start, (int)Math.Min(VectorChunk.Rows, rows - start)), histogram);
            return Rescore(chunks, distances.AsSpan(0, (int)rows), Cut(histogram, candidates), query, top);
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(distances);
        }
    }

    /// <summary>Rows that are scored exactly. Of bits it takes many, and the more the fewer of them a row has; of bytes hardly more than are asked for.</summary>
    public static int CandidatesFor(int dimension, long rows, int top)
    {
        if (dimension <= BytePlane.MaxDimension)
            return CandidatesOfBytes + (top * CandidatesPerResultOfBytes);
        var byBits = Math.Max(CandidatesOfTen, top * CandidatesPerResult) * Math.Max(1, Math.Pow((double)UsualDimension / dimension, 2));
        return (int)Math.Max(byBits * Math.Max(1, Math.Sqrt((double)rows / UsualRows)), ProductsTimesRows / Math.Max(1, rows));
    }

    private static List<Scored> Exact(VectorChunk[] chunks, long rows, ReadOnlySpan<float> query, NumberSet? allowed, int top)
    {
        var best = new TopNumbers(top);
        for (var row = 0; row < rows; row++)
        {
            var chunk = chunks[row / VectorChunk.Rows];
            var number = chunk.Numbers[row % VectorChunk.Rows];
            if (VectorChunk.Alive(number) && (allowed is null || allowed.Contains(number)))
                best.Add(number, TensorPrimitives.Dot(query, chunk.Vector(row % VectorChunk.Rows)));
        }

        return best.Drain();
    }

    /// <summary>The smallest distance up to which enough rows lie.</summary>
    private static int Cut(int[] histogram, int candidates)
    {
        var sum = 0;
        for (var distance = 0; distance < histogram.Length; distance++)
        {
            sum += histogram[distance];
            if (sum >= candidates)
                return distance;
        }

        return histogram.Length - 1;
    }

    private static List<Scored> Rescore(VectorChunk[] chunks, ReadOnlySpan<ushort> distances, int cut, ReadOnlySpan<float> query, int top)
    {
        var best = new TopNumbers(top);
        for (var row = 0; row < distances.Length; row++)
        {
            if (distances[row] > cut)
                continue;
            var chunk = chunks[row / VectorChunk.Rows];
            var score = TensorPrimitives.Dot(query, chunk.Vector(row % VectorChunk.Rows));
            if (score > best.Threshold)
                best.Add(chunk.Numbers[row % VectorChunk.Rows], score);
        }

        return best.Drain();
    }
}
