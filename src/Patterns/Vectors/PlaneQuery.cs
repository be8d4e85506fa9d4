namespace Platform.Patterns;

/// <summary>A query in the form that the plane of its dimension is compared with.</summary>
internal sealed class PlaneQuery
{
    public PlaneQuery(ReadOnlySpan<float> query, ReadOnlySpan<float> mean)
    {
        if (query.Length <= BytePlane.MaxDimension)
        {
            Span<sbyte> bytes = stackalloc sbyte[BytePlane.StrideOf(query.Length)];
            Scale = BytePlane.Quantise(query, bytes);
            Values = new short[bytes.Length];
            for (var i = 0; i < bytes.Length; i++)
                Values[i] = bytes[i];
            Buckets = BytePlane.Buckets;
            return;
        }

        Signs = new ulong[VectorChunk.WordsOf(query.Length)];
        VectorChunk.Signs(query, mean, Signs);
        Buckets = query.Length + 1;
    }

    /// <summary>How many different distances there can be.</summary>
    public int Buckets { get; }

    /// <summary>Bits, for a plane of bits.</summary>
    public ulong[] Signs { get; } = [];

    /// <summary>Steps, for a plane of bytes.</summary>
    public short[] Values { get; } = [];

    /// <summary>What a step is worth.</summary>
    public float Scale { get; }
}
