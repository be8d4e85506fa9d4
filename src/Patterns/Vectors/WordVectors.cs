using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Patterns;

/// <summary>
/// A vector for each of some thousand word stems of programming, trained so that what is said of code and what code says come near each other. Read
/// once from word-vectors.bin (word-vectors.md says what it was trained on): one byte a dimension and one scale a word.
/// </summary>
internal sealed class WordVectors
{
    /// <summary>Floats a vector.</summary>
    public const int Dimension = 128;

    private const int MostWords = 1_000_000;
    private const float MostScale = 1_000;
    private const string Resource = "word-vectors.bin";
    private const uint Magic = 0x3156_5750; // "PWV1"

    /// <summary>Length of the vector of a word that was not in the training, relative to the usual one.</summary>
    private const float UnknownLength = 0.15f;

    private static readonly Lazy<WordVectors> Shared = new(() =>
    {
        using var stream = typeof(WordVectors).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        return Read(stream);
    });

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _places;
    private readonly sbyte[] _values;
    private readonly float[] _scales;
    private readonly float _unknownStep;

    private WordVectors(Dictionary<string, int> places, sbyte[] values, float[] scales)
    {
        (_places, _values, _scales) = (places.GetAlternateLookup<ReadOnlySpan<char>>(), values, scales);
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
            squares += Math.Pow(values[i] * scales[i / Dimension], 2);
        _unknownStep = UnknownLength * (float)Math.Sqrt(squares / Math.Max(1, values.Length));
    }

    /// <summary>The vectors that the product carries.</summary>
    public static WordVectors Default => Shared.Value;

    /// <summary>Words with a vector of their own.</summary>
    public int Count => _scales.Length;

    /// <summary>Adds a word, so much of it, to a vector.</summary>
    public void AddTo(Span<float> vector, ReadOnlySpan<char> stem, float weight)
    {
        if (!_places.TryGetValue(stem, out var place))
        {
            AddUnknown(vector, stem, weight * _unknownStep);
            return;
        }

        var scale = weight * _scales[place];
        var values = _values.AsSpan(place * Dimension, Dimension);
        for (var i = 0; i < Dimension; i++)
            vector[i] += scale * values[i];
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such file, or not the whole of it; says what is wrong.</exception>
    public static WordVectors Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        try
        {
            if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Dimension)
                throw new InvalidDataException($"It is no file of word vectors of {Dimension} dimensions.");
            return ReadWords(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"The file of word vectors ends early or is damaged: {e.Message}", e);
        }
    }

    private static WordVectors ReadWords(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count is < 0 or > MostWords)
            throw new InvalidDataException($"The file of word vectors says that it holds {count} words; 0 to {MostWords} can be.");
        var scales = new float[count];
        var places = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var word = reader.ReadString();
            scales[i] = reader.ReadSingle();
            if (word.Length is 0 or > Tokenizer.MaxTermLength || !places.TryAdd(word, i) || !(scales[i] is >= 0 and < MostScale))
                throw new InvalidDataException($"Word {i} of the file of word vectors has {word.Length} characters and the scale {scales[i]}, or stands there twice.");
        }

        var values = reader.ReadBytes(count * Dimension);
        if (values.Length != count * Dimension || reader.BaseStream.ReadByte() >= 0)
            throw new InvalidDataException($"The file of word vectors holds {values.Length} bytes of vectors, or more; {count} words take {count * Dimension}.");
        return new WordVectors(places, MemoryMarshal.Cast<byte, sbyte>(values).ToArray(), scales);
    }

    /// <summary>Writes the file from vectors that lie one after the other.</summary>
    public static void Write(Stream stream, IReadOnlyList<string> words, ReadOnlySpan<float> vectors)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Dimension);
        writer.Write(words.Count);
        var values = new byte[vectors.Length];
        for (var i = 0; i < words.Count; i++)
        {
            var vector = vectors.Slice(i * Dimension, Dimension);
            var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(vector)) / sbyte.MaxValue;
            writer.Write(words[i]);
            writer.Write(scale);
            for (var j = 0; j < Dimension; j++)
                values[(i * Dimension) + j] = (byte)(sbyte)(scale == 0 ? 0 : MathF.Round(vector[j] / scale));
        }

        writer.Write(values);
    }

    /// <summary>A fixed sign a dimension, drawn from the word's hash: unknown words agree with themselves and with nothing else.</summary>
    private static void AddUnknown(Span<float> vector, ReadOnlySpan<char> stem, float step)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in stem)
            hash = (hash ^ c) * 1099511628211;
        for (var i = 0; i < Dimension; i++)
        {
            hash = (hash * 6364136223846793005) + 1442695040888963407;
            vector[i] += hash >> 63 == 0 ? step : -step;
        }
    }
}
