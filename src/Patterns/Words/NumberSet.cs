using System.Numerics;

namespace Platform.Patterns;

/// <summary>A set of pattern numbers as bits; what a filter leaves.</summary>
internal sealed class NumberSet(long capacity)
{
    private readonly ulong[] _bits = new ulong[(capacity >> 6) + 1];

    public bool IsEmpty => !_bits.AsSpan().ContainsAnyExcept(0UL);

    public bool Contains(long number) => (ulong)number >> 6 < (ulong)_bits.Length && (_bits[number >> 6] >> (int)(number & 63) & 1) != 0;

    public void Add(long number)
    {
        if ((ulong)number >> 6 < (ulong)_bits.Length)
            _bits[number >> 6] |= 1UL << (int)(number & 63);
    }

    public void Remove(long number)
    {
        if ((ulong)number >> 6 < (ulong)_bits.Length)
            _bits[number >> 6] &= ~(1UL << (int)(number & 63));
    }

    /// <summary>Keeps what both have.</summary>
    public NumberSet And(NumberSet other)
    {
        for (var i = 0; i < _bits.Length; i++)
            _bits[i] &= i < other._bits.Length ? other._bits[i] : 0;
        return this;
    }

    public int Count()
    {
        var count = 0;
        foreach (var word in _bits)
            count += BitOperations.PopCount(word);
        return count;
    }

    public IEnumerable<long> Numbers()
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            for (var word = _bits[i]; word != 0; word &= word - 1)
                yield return ((long)i << 6) + BitOperations.TrailingZeroCount(word);
        }
    }
}
