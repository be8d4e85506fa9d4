using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Patterns;

/// <summary>
/// A mapped stretch of 4,096 rows: numbers, checksums, the plane (one bit a dimension, or one byte for short vectors), the floats. Planes lie together,
/// so that a scan reads 48 bytes a row instead of 1,536.
/// </summary>
internal sealed unsafe class VectorChunk : IDisposable
{
    public const int Rows = 4096;
    private const int Page = 4096;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _dimension;
    private readonly int _words;
    private readonly int _stride;

    public VectorChunk(FileStream file, long offset, int dimension, bool writable)
    {
        var access = writable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        _dimension = dimension;
        _words = WordsOf(dimension);
        _stride = BytePlane.StrideOf(dimension);
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, access, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(offset, BytesOf(dimension), access);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
    }

    /// <summary>Numbers by row; the complement of a number marks a deleted row.</summary>
    public Span<long> Numbers => new(_start, Rows);

    private Span<uint> Checksums => new(_start + Rows * sizeof(long), Rows);

    private ulong* Bits => (ulong*)(_start + Rows * (sizeof(long) + sizeof(uint)));

    /// <summary>Scales of a plane of bytes; they lie where the bits of another would.</summary>
    private float* Scales => (float*)Bits;

    private sbyte* Steps => (sbyte*)(Scales + Rows);

    private float* Floats => (float*)((byte*)Bits + (long)Rows * PlaneBytesOf(_dimension));

    private bool HasBytes => _dimension <= BytePlane.MaxDimension;

    public static int WordsOf(int dimension) => (dimension + 63) / 64;

    /// <summary>Bytes of a row in the plane.</summary>
    public static int PlaneBytesOf(int dimension) =>
        dimension <= BytePlane.MaxDimension ? sizeof(float) + BytePlane.StrideOf(dimension) : WordsOf(dimension) * sizeof(ulong);

    public static long BytesOf(int dimension)
    {
        var bytes = (long)Rows * (sizeof(long) + sizeof(uint) + PlaneBytesOf(dimension) + dimension * sizeof(float));
        return (bytes + Page - 1) / Page * Page;
    }

    /// <summary>The floats of a row.</summary>
    public ReadOnlySpan<float> Vector(int row) => new(Floats + (long)row * _dimension, _dimension);

    public void Write(int row, long number, ReadOnlySpan<float> vector, ReadOnlySpan<float> mean)
    {
        vector.CopyTo(new Span<float>(Floats + (long)row * _dimension, _dimension));
        if (HasBytes)
            Scales[row] = BytePlane.Quantise(vector, new Span<sbyte>(Steps + (long)row * _stride, _stride));
        else
            Signs(vector, mean, new Span<ulong>(Bits + (long)row * _words, _words));
        Numbers[row] = number;
        Checksums[row] = ChecksumOf(row, number);
    }

    /// <summary>Whether a row is as it was written.</summary>
    public bool IsWhole(int row) => Checksums[row] == ChecksumOf(row, Alive(Numbers[row]) ? Numbers[row] : ~Numbers[row]);

    public static bool Alive(long number) => number > 0;

    public void Flush() => _view.Flush();

    /// <summary>Distances of the first rows to a query by the plane; rows that may not be seen get the largest.</summary>
    public void Distances(PlaneQuery query, NumberSet? allowed, Span<ushort> distances, Span<int> histogram)
    {
        if (HasBytes)
            DistancesOfBytes(query, allowed, distances, histogram);
        else
            DistancesOfBits(query, allowed, distances, histogram);
    }

    private void DistancesOfBytes(PlaneQuery query, NumberSet? allowed, Span<ushort> distances, Span<int> histogram)
    {
        fixed (short* q = query.Values)
        {
            var steps = Steps;
            var scales = Scales;
            var numbers = Numbers;
            for (var row = 0; row < distances.Length; row++, steps += _stride)
            {
                var number = numbers[row];
                if (!Alive(number) || (allowed is not null && !allowed.Contains(number)))
                {
                    distances[row] = ushort.MaxValue;
                    continue;
                }

                var bucket = BytePlane.BucketOf(BytePlane.Dot(steps, q, _stride) * scales[row] * query.Scale);
                distances[row] = (ushort)bucket;
                histogram[bucket]++;
            }
        }
    }

    private void DistancesOfBits(PlaneQuery query, NumberSet? allowed, Span<ushort> distances, Span<int> histogram)
    {
        fixed (ulong* q = query.Signs)
        {
            var bits = Bits;
            var numbers = Numbers;
            for (var row = 0; row < distances.Length; row++, bits += _words)
            {
                var seen = Alive(numbers[row]) && (allowed is null || allowed.Contains(numbers[row]));
                var distance = seen ? _words == 6 ? Distance6(bits, q) : Distance(bits, q, _words) : ushort.MaxValue;
                distances[row] = (ushort)distance;
                if (seen)
                    histogram[distance]++;
            }
        }
    }

    /// <summary>One bit a dimension: whether the value lies above the mean.</summary>
    public static void Signs(ReadOnlySpan<float> vector, ReadOnlySpan<float> mean, Span<ulong> signs)
    {
        signs.Clear();
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i] > mean[i])
                signs[i >> 6] |= 1UL << (i & 63);
        }
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private uint ChecksumOf(int row, long number) => Checksum.Of(MemoryMarshal.AsBytes(Vector(row))) ^ (uint)number ^ (uint)(number >> 32);

    private static int Distance6(ulong* a, ulong* b) =>
        BitOperations.PopCount(a[0] ^ b[0]) + BitOperations.PopCount(a[1] ^ b[1]) + BitOperations.PopCount(a[2] ^ b[2])
        + BitOperations.PopCount(a[3] ^ b[3]) + BitOperations.PopCount(a[4] ^ b[4]) + BitOperations.PopCount(a[5] ^ b[5]);

    private static int Distance(ulong* a, ulong* b, int words)
    {
        var sum = 0;
        for (var i = 0; i < words; i++)
            sum += BitOperations.PopCount(a[i] ^ b[i]);
        return sum;
    }
}
