using System.Text;

namespace Platform.Maya;

/// <summary>
/// A linear model over hashed text features: one weight vector a label, log-odds to probabilities by softmax with a temperature
/// that was fitted on held-out examples. Stored as half-precision rows that hold only what was trained.
/// </summary>
internal sealed class LinearTextModel
{
    private const uint Magic = 0x314D4C50;
    private readonly float[] _weights;
    private readonly float[] _bias;

    public LinearTextModel(string[] labels, int bits, float[] weights, float[] bias, float temperature)
    {
        (Labels, Bits, _weights, _bias, Temperature) = (labels, bits, weights, bias, temperature);
    }

    /// <summary>Labels, in the order of the weights.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Logarithm of the number of feature slots.</summary>
    public int Bits { get; }

    /// <summary>Divides the scores before the softmax; above 1 makes the model less sure.</summary>
    public float Temperature { get; init; }

    /// <summary>Probability of each label.</summary>
    public double[] Predict(string text) => Softmax(Scores(TextFeatures.Extract(text, Bits)), Temperature);

    /// <summary>Raw scores of each label.</summary>
    public float[] Scores(ReadOnlySpan<Feature> features)
    {
        var scores = _bias.ToArray();
        foreach (var (index, value) in features)
        {
            var row = index * Labels.Count;
            for (var label = 0; label < scores.Length; label++)
                scores[label] += _weights[row + label] * value;
        }

        return scores;
    }

    /// <summary>Probabilities of scores.</summary>
    public static double[] Softmax(float[] scores, float temperature)
    {
        var top = scores.Max();
        var result = scores.Select(s => Math.Exp((s - top) / temperature)).ToArray();
        var sum = result.Sum();
        for (var i = 0; i < result.Length; i++)
            result[i] /= sum;
        return result;
    }

    /// <summary>Writes the model: header, labels, then each feature row that is not all zero.</summary>
    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write((byte)Bits);
        writer.Write((byte)Labels.Count);
        foreach (var label in Labels)
            writer.Write(label);
        writer.Write(Temperature);
        foreach (var bias in _bias)
            writer.Write(bias);
        var rows = Enumerable.Range(0, 1 << Bits).Where(HasWeight).ToList();
        writer.Write(rows.Count);
        foreach (var row in rows)
        {
            writer.Write(row);
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
        var bits = reader.ReadByte();
        var labels = new string[reader.ReadByte()];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = reader.ReadString();
        var temperature = reader.ReadSingle();
        var bias = new float[labels.Length];
        for (var i = 0; i < bias.Length; i++)
            bias[i] = reader.ReadSingle();
        var weights = new float[labels.Length << bits];
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var row = reader.ReadInt32() * labels.Length;
            for (var label = 0; label < labels.Length; label++)
                weights[row + label] = (float)reader.ReadHalf();
        }

        return new(labels, bits, weights, bias, temperature);
    }

    private bool HasWeight(int row)
    {
        for (var label = 0; label < Labels.Count; label++)
        {
            if (_weights[(row * Labels.Count) + label] != 0)
                return true;
        }

        return false;
    }
}
