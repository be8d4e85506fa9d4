
namespace Platform.Patterns;

/// <summary>Fields of a pattern's text; each weighs differently.</summary>
internal enum Field
{
    /// <summary>Name of the member and of what surrounds it.</summary>
    Name,

    /// <summary>Parameters and types.</summary>
    Signature,

    /// <summary>First line of the documentation.</summary>
    Summary,

    /// <summary>All documentation.</summary>
    Doc,

    /// <summary>Comments inside the code.</summary>
    Remarks,

    /// <summary>Path in the project.</summary>
    Path,

    /// <summary>The rest of the code.</summary>
    Body,
}

/// <summary>
/// Counts the terms of one pattern per field and folds them into one pseudo-frequency per term, as BM25F does (Robertson, Zaragoza
/// and Taylor, CIKM 2004): sum over fields of weight * tf / (1 - b + b * length / usual length). The usual lengths are constants, so that an entry
/// never has to be rewritten because others were added; they and the weights were chosen on the evaluation sets (docs/retrieval.md). Not thread-safe; reused from pattern to pattern.
/// </summary>
internal sealed class TermCounter : ITermSink
{
    /// <summary>What is kept with the posting lists. Raise it with every change to the tokeniser, the stemmer, the fields or their weights: older lists are refused then until a repair.</summary>
    public const string Identity = "terms/1";

    private const int Fields = 7;
    private static readonly float[] Weights = [6, 0.85f, 1.9f, 1.2f, 0.4f, 0.6f, 0.55f];
    private static readonly float[] LengthPull = [0.9f, 0.4f, 0.5f, 0.5f, 0.9f, 0.2f, 0.9f];
    private static readonly float[] UsualLength = [4, 8, 12, 16, 16, 8, 60];
    private static readonly float[] Shares = [1.5f, 0.8f, 1, 1, 0.3f, 0, 0.5f];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _terms = [];
    private readonly List<int> _counts = [];
    private readonly int[] _lengths = new int[Fields];
    private int _field;

    public TermCounter() => _lookup = _slots.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Distinct terms of the pattern.</summary>
    public IReadOnlyList<string> Terms => _terms;

    public void Clear()
    {
        _slots.Clear();
        _terms.Clear();
        _counts.Clear();
        Array.Clear(_lengths);
    }

    public void Count(Field field, ReadOnlySpan<char> text)
    {
        _field = (int)field;
        var self = this;
        Tokenizer.Split(text, ref self);
    }

    public void Add(ReadOnlySpan<char> term)
    {
        _lengths[_field]++;
        if (!_lookup.TryGetValue(term, out var slot))
        {
            var text = term.ToString();
            slot = _terms.Count;
            _slots.Add(text, slot);
            _terms.Add(text);
            for (var i = 0; i < Fields; i++)
                _counts.Add(0);
        }

        _counts[slot * Fields + _field]++;
    }

    /// <summary>What a term weighs in the pattern's vector: the share of the best field that it stands in.</summary>
    public float Share(int slot)
    {
        var best = 0f;
        for (var f = 0; f < Fields; f++)
            best = _counts[slot * Fields + f] > 0 ? Math.Max(best, Shares[f]) : best;
        return best;
    }

    /// <summary>Adds a term that filters and never scores.</summary>
    public void AddMark(string term)
    {
        if (_slots.TryAdd(term, _terms.Count))
        {
            _terms.Add(term);
            for (var i = 0; i < Fields; i++)
                _counts.Add(0);
        }
    }

    /// <summary>Pseudo-frequency of a term in the pattern.</summary>
    public float Frequency(int slot)
    {
        var sum = 0f;
        for (var f = 0; f < Fields; f++)
        {
            var count = _counts[slot * Fields + f];
            if (count > 0)
                sum += Weights[f] * count / (1 - LengthPull[f] + LengthPull[f] * _lengths[f] / UsualLength[f]);
        }

        return sum;
    }
}

/// <summary>Keeps a pseudo-frequency in one byte, in steps of about 2 percent.</summary>
internal static class Impact
{
    private const float Steps = 32;

    public static byte Of(float frequency) => (byte)Math.Clamp(MathF.Round(MathF.Log2(1 + frequency) * Steps), 1, byte.MaxValue);

    public static float Frequency(byte impact) => MathF.Pow(2, impact / Steps) - 1;
}
