using System.Numerics;

namespace Platform.Maya;

/// <summary>
/// Finds texts that nearly repeat each other among very many: MinHash over their shingles in bands, and the true overlap of candidates (Jaccard). Of a text only its
/// smallest shingles are kept, which is all of them for a short one; where they do not suffice the text is read again. About 120 bytes a short text and 220 a long one, and
/// the work for a text does not grow with their number.
/// </summary>
/// <param name="expected">How many texts come, about.</param>
/// <param name="read">Reads the text at a place again.</param>
internal sealed class TextLikeness(long expected, Func<long, Task<string>> read)
{
    private const int Bands = 8;
    private const int Rows = 3;
    private const int MostKept = 32;

    /// <summary>Earlier texts looked at in a band, latest first: a key that more share is that of a template and tells nothing.</summary>
    private const int MostInBand = 32;

    /// <summary>Long texts that are read again for one text.</summary>
    private const int MostRead = 4;
    private const int MostSlots = 1 << 20;
    private const double Near = 0.7;

    /// <summary>Estimate from which a long text is read again; three times the usual error below <see cref="Near"/>.</summary>
    private const double Likely = 0.5;
    private readonly PagedNumbers _places = new();
    private readonly PagedNumbers _starts = new();
    private readonly PagedNumbers _kept = new();

    /// <summary>For each band of each text the entry before it in the same slot, counted from 1. An entry is a band of a text.</summary>
    private readonly PagedNumbers _before = new();

    /// <summary>Latest entry of each slot, counted from 1; 0 for none. Keys that share a slot only cost a look: the overlap decides.</summary>
    private readonly PagedNumbers _slots = PagedNumbers.Zeros((int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expected * Bands, 1, MostSlots)));

    private int Count => _places.Count;

    /// <summary>Adds a text; the place of the earlier text that it nearly repeats most, with their overlap from 0 to 1, or null.</summary>
    public async ValueTask<(long Place, double Overlap)?> AddAsync(long place, string text)
    {
        var shingles = TextShingles.Of(text);
        var keys = Keys(shingles);
        var best = await BestAsync(shingles, Candidates(keys, shingles));
        // What repeats an earlier text is found through that text.
        if (best is null)
            Keep(place, shingles, keys);
        return best;
    }

    /// <summary>Overlap of two texts, 0 to 1.</summary>
    public static double Overlap(string a, string b) => TextShingles.Overlap(TextShingles.Of(a), TextShingles.Of(b));

    private async ValueTask<(long Place, double Overlap)?> BestAsync(uint[] shingles, List<(int Index, double Overlap, bool IsTrue)> candidates)
    {
        (long Place, double Overlap)? best = null;
        var reads = 0;
        foreach (var (index, overlap, isTrue) in candidates.OrderByDescending(c => c.Overlap).ThenBy(c => c.Index))
        {
            var place = (long)_places[index];
            if (!isTrue && ++reads > MostRead)
                continue;
            var whole = isTrue ? [] : TextShingles.Of(await read(place));
            var found = isTrue ? overlap : TextShingles.Overlap(shingles, whole);
            if (found >= Near && found > (best?.Overlap ?? 0))
                best = (place, found);
        }

        return best;
    }

    private List<(int Index, double Overlap, bool IsTrue)> Candidates(uint[] keys, uint[] shingles)
    {
        var found = new List<(int, double, bool)>();
        var seen = new HashSet<int>();
        Span<uint> kept = stackalloc uint[MostKept];
        for (var band = 0; band < Bands; band++)
        {
            var next = _slots[Slot(keys[band])];
            for (var looked = 0; next != 0 && looked < MostInBand; looked++)
            {
                var entry = (int)next - 1;
                var index = entry / Bands;
                next = _before[entry];
                if (!seen.Add(index))
                    continue;
                var other = Kept(index, kept);
                var isTrue = shingles.Length <= MostKept && other.Length < MostKept;
                var overlap = isTrue ? TextShingles.Overlap(shingles, other) : TextShingles.Overlap(shingles.AsSpan(0, Math.Min(MostKept, shingles.Length)), other, MostKept);
                if (overlap >= (isTrue ? Near : Likely))
                    found.Add((index, overlap, isTrue));
            }
        }

        return found;
    }

    private Span<uint> Kept(int index, Span<uint> into)
    {
        var (start, end) = ((int)_starts[index], index + 1 < Count ? (int)_starts[index + 1] : _kept.Count);
        for (var i = start; i < end; i++)
            into[i - start] = _kept[i];
        return into[..(end - start)];
    }

    private void Keep(long place, uint[] shingles, uint[] keys)
    {
        _places.Add((uint)place);
        _starts.Add((uint)_kept.Count);
        foreach (var shingle in shingles.AsSpan(0, Math.Min(MostKept, shingles.Length)))
            _kept.Add(shingle);
        foreach (var slot in keys.Select(Slot))
        {
            _before.Add(_slots[slot]);
            _slots[slot] = (uint)_before.Count;
        }
    }

    private int Slot(uint key) => (int)(key & (uint)(_slots.Count - 1));

    private static uint[] Keys(uint[] shingles)
    {
        var keys = new uint[Bands];
        for (var band = 0; band < Bands; band++)
        {
            var key = 14695981039346656037ul + (ulong)band;
            for (var row = 0; row < Rows; row++)
                key = (key ^ Least(shingles, (uint)((band * Rows) + row + 1))) * 1099511628211ul;
            keys[band] = (uint)(key ^ (key >> 32));
        }

        return keys;
    }

    private static uint Least(uint[] shingles, uint seed)
    {
        var least = uint.MaxValue;
        foreach (var shingle in shingles)
        {
            var mixed = (shingle ^ (seed * 0x9E3779B9u)) * 0x85EBCA6Bu;
            mixed = (mixed ^ BitOperations.RotateRight(mixed, 13)) * 0xC2B2AE35u;
            least = Math.Min(least, mixed ^ (mixed >> 16));
        }

        return least;
    }
}
