using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Patterns;

/// <summary>
/// Head of a vector file: what of the file counts. It is kept twice and written in turn, each with a checksum, so that a write
/// that breaks off leaves the other.
/// </summary>
/// <param name="Sequence">Rises with every write; the valid copy with the higher one counts.</param>
/// <param name="Rows">Rows written, deleted ones included.</param>
/// <param name="Deleted">Rows that are deleted.</param>
/// <param name="HighWater">Everything of the store up to this number is in the file.</param>
/// <param name="Dimension">Floats a vector.</param>
/// <param name="Embedder">Checksum of the identity of the embedder and of the store.</param>
/// <param name="RowsAtMean">Rows of which the mean was taken.</param>
internal sealed record VectorHeader(long Sequence, long Rows, long Deleted, long HighWater, int Dimension, ulong Embedder, long RowsAtMean)
{
    public const int CopyBytes = 128;
    private const ulong Magic = 0x3230_4356_5441_4C50; // "PLATVC02": the last two digits are the version of the format
    private const int ChecksumAt = 64;

    public static ulong HashOf(string embedder) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(embedder)));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Rows);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Deleted);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], HighWater);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], Dimension);
        BinaryPrimitives.WriteUInt64LittleEndian(to[48..], Embedder);
        BinaryPrimitives.WriteInt64LittleEndian(to[56..], RowsAtMean);
        BinaryPrimitives.WriteUInt64LittleEndian(to[ChecksumAt..], Checksum.Of(to[..ChecksumAt]));
    }

    /// <summary>Reads one copy; null when it is not whole.</summary>
    public static VectorHeader? Read(ReadOnlySpan<byte> from)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(from[ChecksumAt..]) != Checksum.Of(from[..ChecksumAt]))
            return null;
        return new VectorHeader(
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            (int)BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[56..]));
    }
}
