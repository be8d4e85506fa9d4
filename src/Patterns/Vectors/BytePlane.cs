using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Patterns;

/// <summary>
/// The plane of short vectors: a scale a row and one signed byte a dimension. A bit a dimension says too little when there are few of them: of 100,000 pieces of code at 128 dimensions it
/// took thousands of exact products to find what 80 find behind this plane.
/// </summary>
internal static unsafe class BytePlane
{
    /// <summary>Longer vectors have enough bits.</summary>
    public const int MaxDimension = 256;

    /// <summary>Steps into which cosines fall.</summary>
    public const int Buckets = 4096;

    private const int Lane = 16;
    private const int WideLane = 2 * Lane;

    /// <summary>Bytes of a row: its dimensions, filled up to whole lanes.</summary>
    public static int StrideOf(int dimension) => (dimension + Lane - 1) / Lane * Lane;

    /// <summary>Writes the nearest steps of a vector.</summary>
    /// <returns>What a step is worth.</returns>
    public static float Quantise(ReadOnlySpan<float> vector, Span<sbyte> to)
    {
        var largest = 0f;
        foreach (var value in vector)
            largest = Math.Max(largest, Math.Abs(value));
        var scale = largest / sbyte.MaxValue;
        to.Clear();
        for (var i = 0; i < vector.Length; i++)
            to[i] = (sbyte)(scale == 0 ? 0 : MathF.Round(vector[i] / scale));
        return scale;
    }

    /// <summary>Bucket of a cosine: 0 for 1, the last for -1.</summary>
    public static int BucketOf(float cosine) => Math.Clamp((int)((1 - cosine) * ((Buckets - 1) / 2f)), 0, Buckets - 1);

    /// <summary>Dot product of a row and a query that was widened beforehand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, short* query, int stride)
    {
        if (Avx512BW.IsSupported && stride % WideLane == 0)
        {
            var wide = Vector512<int>.Zero;
            for (var i = 0; i < stride; i += WideLane)
                wide = Avx512F.Add(wide, Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i)), Vector512.Load(query + i)));
            return Vector512.Sum(wide);
        }

        if (Avx2.IsSupported)
        {
            var sum = Vector256<int>.Zero;
            for (var i = 0; i < stride; i += Lane)
                sum = Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Vector256.Load(query + i)));
            return Vector256.Sum(sum);
        }

        var sums = Vector128<int>.Zero;
        for (var i = 0; i < stride; i += Lane)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            // A product is at most 127 * 127, so that two of them fit.
            var (first, second) = Vector128.Widen((low * Vector128.Load(query + i)) + (high * Vector128.Load(query + i + (Lane / 2))));
            sums += first + second;
        }

        return Vector128.Sum(sums);
    }
}
