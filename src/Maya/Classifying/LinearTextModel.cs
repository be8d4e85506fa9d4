using System.Text;

namespace Platform.Maya;

/// <summary>
/// A linear model over text features: one weight vector a label, margins to probabilities by softmax with a temperature that was fitted on held-out
/// examples. Stored in half precision, without features that hardly weigh anything.
/// </summary>
internal sealed class LinearTextModel
{
    private const uint Magic = 0x324D4C50;
    private const int MostFeatures = 10_000_000;
    private const float Negligible = 0.01f;
    private readonly TextVectors _vectors;
    private readonly float[] _weights;
    private readonly float[] _bias;

    public LinearTextModel(string[] labels, TextVectors vectors, float[] weights, float[] bias, float temperature) =>
        (Labels, _vectors, _weights, _bias, Temperature) = (labels, vectors, weights, bias, temperature);

    /// <summary>Labels, in the order of the weights.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Divides the margins before the softmax; above 1 makes the model less sure.</summary>
    public float Temperature { get; }

    /// <summary>Probability of each label.</summary>
    public double[] Predict(string text) => Softmax(MarginsOf(TextFeatures.Extract(text)), Temperature);

    /// <summary>Margin of each label for features.</summary>
    public float[] MarginsOf(ReadOnlySpan<Feature> features) => Margins(_vectors.Of(features));

    private float[] Margins(ReadOnlySpan<Term> vector)
    {
        var margins = _bias.ToArray();
        foreach (var (row, value) in vector)
        {
            var at = _weights.AsSpan(row * margins.Length, margins.Length);
            for (var label = 0; label < margins.Length; label++)
                margins[label] += at[label] * value;
        }

        return margins;
    }

    /// <summary>Probabilities of margins.</summary>
    public static double[] Softmax(float[] margins, float temperature)
    {
        var top = margins.Max();
        var result = margins.Select(s => Math.Exp((s - top) / temperature)).ToArray();
        var sum = result.Sum();
        for (var i = 0; i < result.Length; i++)
            result[i] /= sum;
        return result;
    }

    /// <summary>Writes the model: header, labels, features, weights.</summary>
    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write((ushort)Labels.Count);
        foreach (var label in Labels)
            writer.Write(label);
        writer.Write(Temperature);
        foreach (var bias in _bias)
            writer.Write(bias);
        var least = _weights.Select(Math.Abs).DefaultIfEmpty().Max() * Negligible;
        var kept = Enumerable.Range(0, _vectors.Count).Where(row => _weights.AsSpan(row * Labels.Count, Labels.Count).ContainsAnyExceptInRange(-least, least)).ToList();
        writer.Write(kept.Count);
        _vectors.Write(writer, kept);
        foreach (var row in kept)
        {
            for (var label = 0; label < Labels.Count; label++)
                writer.Write((Half)_weights[(row * Labels.Count) + label]);
        }
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model of this kind.</exception>
    public static LinearTextModel Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadUInt32() != Magic)
            throw new InvalidDataException("The bytes are not a text model (wrong first four bytes); train it again.");
        var labels = new string[reader.ReadUInt16()];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = reader.ReadString();
        var temperature = reader.ReadSingle();
        var bias = new float[labels.Length];
        for (var i = 0; i < bias.Length; i++)
            bias[i] = reader.ReadSingle();
        var count = reader.ReadInt32();
        if (count is < 0 or > MostFeatures)
            throw new InvalidDataException($"The text model says it has {count} features; the limit is {MostFeatures:N0}. Train it again.");
        var vectors = TextVectors.Read(reader, count);
        var weights = new float[labels.Length * count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)reader.ReadHalf();
        return new(labels, vectors, weights, bias, temperature);
    }
}
