using System.Buffers;
using System.Buffers.Binary;

namespace Platform.Metrics.Rollups;

/// <summary>Writes numbers of histograms in few bytes: integers in groups of seven bits, doubles as they are.</summary>
internal static class CompactBytes
{
    public static void Write(this ArrayBufferWriter<byte> writer, long value)
    {
        const int most = 10;
        var span = writer.GetSpan(most);
        var rest = (ulong)value;
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
            span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        writer.Advance(length);
    }

    public static void Write(this ArrayBufferWriter<byte> writer, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(writer.GetSpan(sizeof(double)), value);
        writer.Advance(sizeof(double));
    }
}

/// <summary>Reads what <see cref="CompactBytes"/> wrote.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public long ReadLong()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return (long)value;
        }

        throw new InvalidDataException("A histogram holds a number longer than 64 bits.");
    }

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
            throw new InvalidDataException("A histogram ends in the middle of a number.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
