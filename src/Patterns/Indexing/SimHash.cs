using System.Numerics;

namespace Platform.Patterns;

/// <summary>
/// A 64-bit fingerprint of a text's token trigrams (Charikar 2002): near-duplicates differ in few bits. Names and literals count, since a function
/// that differs in one of them may be another function; white space and comments do not.
/// </summary>
internal sealed class SimHash : ITermSink
{
    /// <summary>Differing bits up to which two patterns count as the same.</summary>
    public const int NearBits = 3;

    private readonly int[] _sums = new int[64];
    private ulong _one;
    private ulong _two;
    private int _count;

    /// <summary>The fingerprint; 0 for a text too short to tell.</summary>
    public static long Of(string text)
    {
        var hash = new SimHash();
        Tokenizer.Split(text, ref hash);
        return hash.Finish();
    }

    public static bool AreNear(long a, long b) => a != 0 && b != 0 && BitOperations.PopCount((ulong)(a ^ b)) <= NearBits;

    public void Add(ReadOnlySpan<char> term)
    {
        var hash = 14695981039346656037;
        foreach (var c in term)
            hash = (hash ^ c) * 1099511628211;
        if (++_count >= 3)
        {
            var trigram = (BitOperations.RotateLeft(_two, 21) ^ BitOperations.RotateLeft(_one, 42) ^ hash) * 0x9E37_79B9_7F4A_7C15;
            trigram ^= trigram >> 29;
            for (var bit = 0; bit < 64; bit++)
                _sums[bit] += (trigram >> bit & 1) != 0 ? 1 : -1;
        }

        (_two, _one) = (_one, hash);
    }

    private long Finish()
    {
        const int TooFew = 8;
        if (_count < TooFew)
            return 0;
        long result = 0;
        for (var bit = 0; bit < 64; bit++)
        {
            if (_sums[bit] > 0)
                result |= 1L << bit;
        }

        return result;
    }
}
