namespace Platform.Maya;

/// <summary>One known feature of a text.</summary>
/// <param name="Row">Row of the weight table.</param>
/// <param name="Value">How much of it.</param>
internal readonly record struct Term(int Row, float Value);

/// <summary>
/// The features that a model knows, with the weight of their rarity: a text becomes a sparse vector whose blocks each have a length of their own (tf-idf).
/// Features that were never seen in training are passed over.
/// </summary>
internal sealed class TextVectors
{
    private static readonly float[] BlockLengths = [1f, 0.8f, 0.7f];
    private readonly Dictionary<(uint Hash, byte Block), int> _rows;
    private readonly float[] _rarity;

    private TextVectors(Dictionary<(uint, byte), int> rows, float[] rarity) => (_rows, _rarity) = (rows, rarity);

    /// <summary>Number of features.</summary>
    public int Count => _rarity.Length;

    /// <summary>Learns the features of a training set: those of at least so many texts.</summary>
    public static TextVectors Learn(IReadOnlyList<Feature[]> texts, int leastTexts)
    {
        var counts = texts.SelectMany(t => t.Select(f => (f.Hash, f.Block))).CountBy(f => f).Where(f => f.Value >= leastTexts).OrderBy(f => f.Key).ToList();
        var rows = counts.Select((f, i) => (f.Key, i)).ToDictionary(x => x.Key, x => x.i);
        return new(rows, [.. counts.Select(f => 1 + MathF.Log((1f + texts.Count) / (1 + f.Value)))]);
    }

    /// <summary>The vector of a text.</summary>
    public Term[] Of(ReadOnlySpan<Feature> features)
    {
        var terms = new List<Term>(features.Length);
        Span<float> squares = stackalloc float[TextFeatures.Blocks];
        Span<byte> blocks = features.Length <= 4_096 ? stackalloc byte[features.Length] : new byte[features.Length];
        foreach (var (hash, block, count) in features)
        {
            if (!_rows.TryGetValue((hash, block), out var row))
                continue;
            var value = count * _rarity[row];
            squares[block] += value * value;
            blocks[terms.Count] = block;
            terms.Add(new(row, value));
        }

        var vector = new Term[terms.Count];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = new(terms[i].Row, terms[i].Value * BlockLengths[blocks[i]] / MathF.Sqrt(squares[blocks[i]]));
        return vector;
    }

    /// <summary>Writes the features whose rows are kept, in the order of the rows.</summary>
    public void Write(BinaryWriter writer, IReadOnlyList<int> kept)
    {
        var names = _rows.ToDictionary(r => r.Value, r => r.Key);
        foreach (var row in kept)
        {
            writer.Write(names[row].Hash);
            writer.Write(names[row].Block);
            writer.Write((Half)_rarity[row]);
        }
    }

    /// <summary>Reads so many features.</summary>
    public static TextVectors Read(BinaryReader reader, int count)
    {
        var (rows, rarity) = (new Dictionary<(uint, byte), int>(count), new float[count]);
        for (var row = 0; row < count; row++)
        {
            rows[(reader.ReadUInt32(), reader.ReadByte())] = row;
            rarity[row] = (float)reader.ReadHalf();
        }

        return new(rows, rarity);
    }
}
