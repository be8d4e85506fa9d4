using System.Numerics.Tensors;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>
/// Contrastive training of a bag of words: the sum of a description's vectors shall be nearer to that of its own code than to those of the others in the batch
/// (InfoNCE, van den Oord 2018, both ways), by Adam. The length of a word's vector is its weight. Same input, same vectors.
/// </summary>
internal sealed class WordTrainer
{
    private const int Batch = 256;
    private const int Epochs = 10;
    private const float Rate = 0.01f;
    private const float Temperature = 0.07f;
    private const float NameWeight = 1.5f;
    private const float BodyWeight = 0.5f;
    private const double NamelessShare = 0.3;
    private const int Dimension = WordVectors.Dimension;
    private readonly Random _random = new(5);
    private readonly float[] _vectors;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly Bag[][] _pairs;
    private int _step;

    public WordTrainer(List<string> words, List<TrainingPair> pairs)
    {
        var places = words.Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i, StringComparer.Ordinal);
        _pairs = [.. pairs.Select(p => new[] { Bag.Of(places, p.Said, 1), Bag.Of(places, p.Names, NameWeight).And(Bag.Of(places, p.Body, BodyWeight)) }).Where(p => p[0].Words.Length > 1 && p[1].Words.Length > 1)];
        _vectors = new float[words.Count * Dimension];
        (_first, _second) = (new float[_vectors.Length], new float[_vectors.Length]);
        var counts = new int[words.Count];
        foreach (var word in _pairs.SelectMany(p => p).SelectMany(b => b.Words))
            counts[word]++;
        for (var i = 0; i < _vectors.Length; i++)
            _vectors[i] = (float)((_random.NextDouble() - 0.5) * 0.2 * Math.Log((double)_pairs.Length / Math.Max(1, counts[i / Dimension])));
    }

    public float[] Train(Action<int, double> report)
    {
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            _random.Shuffle(_pairs);
            var right = 0;
            var batches = _pairs.Length / Batch;
            for (var b = 0; b < batches; b++)
                right += Step([.. _pairs.AsSpan(b * Batch, Batch).ToArray().Select(p => new[] { p[0], _random.NextDouble() < NamelessShare ? p[1].Below(NameWeight) : p[1] })], Rate * (1 - (0.9f * epoch / Epochs)));
            report(epoch, (double)right / (batches * Batch));
        }

        return _vectors;
    }

    private int Step(Bag[][] batch, float rate)
    {
        _step++;
        var units = new Unit[2][];
        for (var side = 0; side < 2; side++)
            units[side] = [.. batch.AsParallel().AsOrdered().Select(p => Unit.Of(p[side], _vectors))];
        var scores = units[0].AsParallel().AsOrdered().Select(said => units[1].Select(code => TensorPrimitives.Dot<float>(said.Vector, code.Vector) / Temperature).ToArray()).ToArray();
        var right = Enumerable.Range(0, Batch).Count(i => scores[i][i] >= scores[i].Max());
        var pull = Pulls(scores);
        Parallel.For(0, Batch, i =>
        {
            for (var j = 0; j < Batch; j++)
            {
                units[0][i].Pull(units[1][j].Vector, pull[i][j]);
                units[1][i].Pull(units[0][j].Vector, pull[j][i]);
            }
        });
        Apply(batch, units, Math.Min(1, _step / 100f) * rate);
        return right;
    }

    /// <summary>Gradient of the mean of both cross entropies by each score.</summary>
    private static float[][] Pulls(float[][] scores)
    {
        var pull = scores.Select(row => new float[row.Length]).ToArray();
        var column = new float[Batch];
        for (var i = 0; i < Batch; i++)
        {
            TensorPrimitives.SoftMax<float>(scores[i], pull[i]);
            pull[i][i] -= 1;
        }

        for (var j = 0; j < Batch; j++)
        {
            for (var i = 0; i < Batch; i++)
                column[i] = scores[i][j];
            TensorPrimitives.SoftMax<float>(column, column);
            for (var i = 0; i < Batch; i++)
                pull[i][j] = (pull[i][j] + column[i] - (i == j ? 1 : 0)) / (2 * Temperature * Batch);
        }

        return pull;
    }

    private void Apply(Bag[][] batch, Unit[][] units, float rate)
    {
        var gradients = new Dictionary<int, float[]>();
        for (var i = 0; i < Batch; i++)
        {
            for (var side = 0; side < 2; side++)
            {
                var gradient = units[side][i].Gradient();
                for (var k = 0; k < batch[i][side].Words.Length; k++)
                {
                    if (!gradients.TryGetValue(batch[i][side].Words[k], out var sum))
                        gradients.Add(batch[i][side].Words[k], sum = new float[Dimension]);
                    TensorPrimitives.MultiplyAdd(gradient, batch[i][side].Weights[k], sum, sum);
                }
            }
        }

        var correction = 1 - MathF.Pow(0.999f, _step);
        Parallel.ForEach(gradients, word =>
        {
            for (var i = 0; i < Dimension; i++)
            {
                var at = (word.Key * Dimension) + i;
                _first[at] = (0.9f * _first[at]) + (0.1f * word.Value[i]);
                _second[at] = (0.999f * _second[at]) + (0.001f * word.Value[i] * word.Value[i]);
                _vectors[at] -= rate * _first[at] / (MathF.Sqrt(_second[at] / correction) + 1e-8f);
            }
        });
    }

    /// <summary>Words with their weights.</summary>
    private sealed record Bag(int[] Words, float[] Weights)
    {
        public static Bag Of(Dictionary<string, int> places, string[] words, float weight)
        {
            var known = words.Where(places.ContainsKey).Select(w => places[w]).ToArray();
            return new Bag(known, [.. known.Select(_ => weight)]);
        }

        /// <summary>Both; a word of the first keeps its weight.</summary>
        public Bag And(Bag other)
        {
            var mine = Words.ToHashSet();
            var more = Enumerable.Range(0, other.Words.Length).Where(i => !mine.Contains(other.Words[i])).ToList();
            return new Bag([.. Words, .. more.Select(i => other.Words[i])], [.. Weights, .. more.Select(i => other.Weights[i])]);
        }

        /// <summary>Without words of a weight or more, unless nothing were left.</summary>
        public Bag Below(float weight)
        {
            var kept = Enumerable.Range(0, Words.Length).Where(i => Weights[i] < weight).ToList();
            return kept.Count < 2 ? this : new Bag([.. kept.Select(i => Words[i])], [.. kept.Select(i => Weights[i])]);
        }
    }

    /// <summary>The sum of a bag, at length 1, and what pulls at it.</summary>
    private sealed record Unit(float[] Vector, float Length)
    {
        private readonly float[] _pull = new float[Dimension];

        public static Unit Of(Bag bag, float[] vectors)
        {
            var sum = new float[Dimension];
            for (var i = 0; i < bag.Words.Length; i++)
                TensorPrimitives.MultiplyAdd(vectors.AsSpan(bag.Words[i] * Dimension, Dimension), bag.Weights[i], sum, sum);
            var length = TensorPrimitives.Norm<float>(sum) + 1e-9f;
            TensorPrimitives.Divide(sum, length, sum);
            return new Unit(sum, length);
        }

        public void Pull(float[] towards, float strength) => TensorPrimitives.MultiplyAdd(towards, strength, _pull, _pull);

        /// <summary>Gradient of the sum before it was brought to length 1.</summary>
        public float[] Gradient()
        {
            var along = TensorPrimitives.Dot<float>(Vector, _pull);
            var gradient = new float[Dimension];
            TensorPrimitives.MultiplyAdd(Vector, -along, _pull, gradient);
            TensorPrimitives.Divide(gradient, Length, gradient);
            return gradient;
        }
    }
}
