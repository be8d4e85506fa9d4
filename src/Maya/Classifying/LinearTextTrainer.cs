namespace Platform.Maya;

/// <summary>A labelled text.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Text">The text.</param>
public sealed record LabelledText(string Label, string Text);

/// <summary>How well a model does on texts it has not seen.</summary>
/// <param name="Count">Texts.</param>
/// <param name="Accuracy">Share that is right.</param>
/// <param name="MacroRecall">Mean of the recall of each label.</param>
/// <param name="CalibrationError">Expected calibration error over ten bins.</param>
/// <param name="Recall">Recall of each label.</param>
public sealed record ClassifierScore(int Count, double Accuracy, double MacroRecall, double CalibrationError, IReadOnlyDictionary<string, double> Recall);

/// <summary>
/// Trains a one-against-rest logistic model with AdaGrad and L2, deterministic for a seed. Its temperature is fitted on
/// out-of-fold predictions of the training part, so that confidence means what it says.
/// </summary>
internal sealed class LinearTextTrainer(int bits = 18, int epochs = 30, float rate = 0.5f, float l2 = 1e-6f, int seed = 42)
{
    private const int Folds = 5;
    private const int TemperatureSteps = 200;

    /// <summary>Trains on all examples.</summary>
    public LinearTextModel Train(IReadOnlyList<LabelledText> examples)
    {
        string[] labels = [.. examples.Select(e => e.Label).Distinct().Order(StringComparer.Ordinal)];
        var features = examples.Select(e => TextFeatures.Extract(e.Text, bits)).ToArray();
        var targets = examples.Select(e => Array.IndexOf(labels, e.Label)).ToArray();
        var model = Fit(labels, features, targets, [.. Enumerable.Range(0, targets.Length)]);
        return new(labels, bits, model.Weights, model.Bias, FitTemperature(labels, features, targets));
    }

    /// <summary>Scores a model on other examples.</summary>
    public static ClassifierScore Score(LinearTextModel model, IReadOnlyList<LabelledText> examples)
    {
        var answers = examples.Select(e => (e.Label, Chances: model.Predict(e.Text))).Select(a => (a.Label, Best: Best(a.Chances), Chance: a.Chances.Max())).ToList();
        var right = answers.Select(a => a.Label == model.Labels[a.Best]).ToList();
        var recall = answers.Zip(right).GroupBy(a => a.First.Label).ToDictionary(g => g.Key, g => g.Average(a => a.Second ? 1.0 : 0.0));
        var calibration = answers.Zip(right).GroupBy(a => Math.Min((int)(a.First.Chance * 10), 9))
            .Sum(g => g.Count() * Math.Abs(g.Average(a => a.First.Chance) - g.Average(a => a.Second ? 1.0 : 0.0))) / answers.Count;
        return new(answers.Count, right.Average(r => r ? 1.0 : 0.0), recall.Values.Average(), calibration, recall);
    }

    /// <summary>Every n-th example of each label for testing, the rest for training: the same split on every run.</summary>
    public static (List<LabelledText> Train, List<LabelledText> Test) Split(IEnumerable<LabelledText> examples, int every)
    {
        var (train, test) = (new List<LabelledText>(), new List<LabelledText>());
        foreach (var group in examples.GroupBy(e => e.Label))
        {
            foreach (var (example, index) in group.Select((e, i) => (e, i)))
                (index % every == every - 1 ? test : train).Add(example);
        }

        return (train, test);
    }

    private static int Best(double[] chances) => Array.IndexOf(chances, chances.Max());

    private (float[] Weights, float[] Bias) Fit(string[] labels, Feature[][] features, int[] targets, int[] order)
    {
        var weights = new float[labels.Length << bits];
        var squares = new float[weights.Length];
        var bias = new float[labels.Length];
        var biasSquares = new float[labels.Length];
        var random = new Random(seed);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var example in order)
                Step(labels.Length, features[example], targets[example], weights, squares, bias, biasSquares);
        }

        return (weights, bias);
    }

    private void Step(int labels, Feature[] features, int target, float[] weights, float[] squares, float[] bias, float[] biasSquares)
    {
        Span<float> errors = stackalloc float[labels];
        for (var label = 0; label < labels; label++)
        {
            var score = bias[label];
            foreach (var (index, value) in features)
                score += weights[(index * labels) + label] * value;
            errors[label] = (1 / (1 + MathF.Exp(-score))) - (label == target ? 1 : 0);
            biasSquares[label] += errors[label] * errors[label];
            bias[label] -= rate * errors[label] / (MathF.Sqrt(biasSquares[label]) + 1e-3f);
        }

        foreach (var (index, value) in features)
        {
            for (var label = 0; label < labels; label++)
            {
                var at = (index * labels) + label;
                var gradient = (errors[label] * value) + (l2 * weights[at]);
                squares[at] += gradient * gradient;
                weights[at] -= rate * gradient / (MathF.Sqrt(squares[at]) + 1e-3f);
            }
        }
    }

    private float FitTemperature(string[] labels, Feature[][] features, int[] targets)
    {
        var scores = new float[targets.Length][];
        for (var fold = 0; fold < Folds; fold++)
        {
            var part = Fit(labels, features, targets, [.. Enumerable.Range(0, targets.Length).Where(i => i % Folds != fold)]);
            var model = new LinearTextModel(labels, bits, part.Weights, part.Bias, 1);
            for (var i = fold; i < targets.Length; i += Folds)
                scores[i] = model.Scores(features[i]);
        }

        return Enumerable.Range(1, TemperatureSteps).Select(step => step * 0.02f)
            .MinBy(t => scores.Select((s, i) => -Math.Log(Math.Max(LinearTextModel.Softmax(s, t)[targets[i]], 1e-12))).Average());
    }
}
