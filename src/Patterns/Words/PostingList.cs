using System.Buffers;
using System.Runtime.CompilerServices;

namespace Platform.Patterns;

/// <summary>
/// One term in one segment: pattern numbers rising, each as the difference to the one before in 7-bit groups, and a byte of impact.
/// </summary>
internal sealed class PostingList
{
    private readonly ArrayBufferWriter<byte> _bytes = new(32);

    /// <summary>Lowest number.</summary>
    public long First { get; private set; }

    /// <summary>Highest number.</summary>
    public long Last { get; private set; }

    public int Count { get; private set; }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Add(long number, byte impact)
    {
        if (number <= Last)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"Numbers of a posting list rise; the last one was {Last}.");
        var delta = (ulong)(number - Last);
        var span = _bytes.GetSpan(11);
        var i = 0;
        while (delta >= 0x80)
        {
            span[i++] = (byte)(delta | 0x80);
            delta >>= 7;
        }

        span[i++] = (byte)delta;
        span[i++] = impact;
        _bytes.Advance(i);
        First = Count == 0 ? number : First;
        Last = number;
        Count++;
    }
}

/// <summary>Reads what <see cref="PostingList"/> wrote; ends early on damaged bytes rather than reading past them.</summary>
internal ref struct PostingReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;

    public long Number { get; private set; }

    public byte Impact { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        // Of a common word nearly every number is less than 128 above the one before.
        if (_at + 1 >= _data.Length || _data[_at] is 0 or >= 0x80)
            return NextOfAnyLength();
        Number += _data[_at];
        Impact = _data[_at + 1];
        _at += 2;
        return true;
    }

    private bool NextOfAnyLength()
    {
        ulong delta = 0;
        for (var shift = 0; _at < _data.Length && shift < 64; shift += 7)
        {
            var b = _data[_at++];
            delta |= (ulong)(b & 0x7F) << shift;
            if (b >= 0x80)
                continue;
            if (_at >= _data.Length || delta == 0)
                return false;
            Impact = _data[_at++];
            Number += (long)delta;
            return true;
        }

        return false;
    }
}
