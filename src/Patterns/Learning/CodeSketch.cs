using System.Numerics;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// A piece of code as the set of its token shingles, without comments and layout, and a few bands of their MinHash (Broder 1997): of two pieces that share 85 percent of
/// their shingles all but three in a thousand pairs share a band, so that a look at the bands finds what has to be compared.
/// </summary>
internal sealed class CodeSketch
{
    private const int Shingle = 3;
    private const int BandCount = 8;
    private const int HashesOfBand = 4;

    /// <summary>Share of shingles from which two pieces are nearly the same. In 30 tokens one other token makes another piece: it may decide what the code does.</summary>
    private const double Near = 0.85;

    private readonly HashSet<ulong> _shingles = [];

    private CodeSketch(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
            _shingles.UnionWith(CodeTokens.Shingles(CodeTokens.Of(CommentReader.Read(Languages.Normalise(file.Language), file.Text).Code), Shingle));
    }

    /// <summary>The sketch of the files of a result.</summary>
    public static CodeSketch Of(IEnumerable<SourceFile> files) => new(files);

    /// <summary>Whether two pieces are nearly the same.</summary>
    public bool IsNear(CodeSketch other)
    {
        var common = _shingles.Count(other._shingles.Contains);
        var all = _shingles.Count + other._shingles.Count - common;
        return all > 0 && common >= all * Near;
    }

    /// <summary>What it is looked up by.</summary>
    public IReadOnlyList<long> Bands => field ??= BandsOf(_shingles);

    private static IReadOnlyList<long> BandsOf(HashSet<ulong> shingles)
    {
        var least = new ulong[BandCount * HashesOfBand];
        Array.Fill(least, ulong.MaxValue);
        foreach (var shingle in shingles)
        {
            for (var i = 0; i < least.Length; i++)
                least[i] = Math.Min(least[i], Mix(shingle ^ ((ulong)(i + 1) * 0x9E37_79B9_7F4A_7C15)));
        }

        return [.. least.Chunk(HashesOfBand).Select((hashes, band) => (long)hashes.Aggregate((ulong)band, (sum, hash) => Mix(BitOperations.RotateLeft(sum, 17) ^ hash)))];
    }

    /// <summary>The finaliser of SplitMix64: every bit depends on every bit.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }
}
