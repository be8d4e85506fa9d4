namespace Platform.Simulator;

/// <summary>Small seeded random numbers (SplitMix64) and a stable text hash, so that one seed gives one behaviour on every machine.</summary>
internal struct Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>FNV-1a over the UTF-16 units, continued from <paramref name="start"/>.</summary>
    public static ulong Hash(ReadOnlySpan<char> text, ulong start = 14695981039346656037)
    {
        var hash = start;
        foreach (var unit in text)
            hash = unchecked((hash ^ unit) * 1099511628211);
        return hash;
    }

    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 up to, and without, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>A number from 0 up to, and without, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Lower-case hexadecimal digits, 32 at most.</summary>
    public string Hex(int digits) => string.Concat(Next().ToString("x16"), Next().ToString("x16"))[..digits];
}
