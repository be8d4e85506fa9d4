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
/// Trains one linear separator a label, deterministic for a seed and in parallel over labels. The temperature is fitted on out-of-fold margins of the training
/// part, so that confidence means what it says.
/// </summary>
internal sealed class LinearTextTrainer(double cost = 1, int leastTexts = 1, int seed = 42)
{
    private const int Folds = 5;
    private const int LargeSet = 5_000;
    private const int TemperatureSteps = 150;

    /// <summary>Trains on all examples.</summary>
    public LinearTextModel Train(IReadOnlyList<LabelledText> examples)
    {
        string[] labels = [.. examples.Select(e => e.Label).Distinct().Order(StringComparer.Ordinal)];
        var features = examples.AsParallel().AsOrdered().Select(e => TextFeatures.Extract(e.Text)).ToArray();
        var targets = examples.Select(e => Array.BinarySearch(labels, e.Label, StringComparer.Ordinal)).ToArray();
        int[] all = [.. Enumerable.Range(0, targets.Length)];
        return Fit(labels, features, targets, all, Temperature(labels, features, targets));
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

    private LinearTextModel Fit(string[] labels, Feature[][] features, int[] targets, int[] part, float temperature)
    {
        var known = TextVectors.Learn([.. part.Select(i => features[i])], leastTexts);
        var vectors = new Term[features.Length][];
        foreach (var i in part)
            vectors[i] = known.Of(features[i]);
        var sizes = part.CountBy(i => targets[i]).ToDictionary();
        var costs = targets.Select(t => cost * part.Length / (labels.Length * (double)Math.Max(1, sizes.GetValueOrDefault(t)))).ToArray();
        var (weights, bias) = (new float[known.Count * labels.Length], new float[labels.Length]);
        Parallel.For(0, labels.Length, label =>
        {
            var (row, one) = LinearSeparator.Fit(vectors, part, i => targets[i] == label, costs, known.Count, seed);
            bias[label] = one;
            for (var i = 0; i < row.Length; i++)
                weights[(i * labels.Length) + label] = row[i];
        });
        return new(labels, known, weights, bias, temperature);
    }

    /// <summary>The temperature under which margins of texts that were not trained on are most probable; of a large set one fold is enough.</summary>
    private float Temperature(string[] labels, Feature[][] features, int[] targets)
    {
        var margins = new List<(float[] Margins, int Target)>();
        for (var fold = 0; fold < (targets.Length > LargeSet ? 1 : Folds); fold++)
        {
            var model = Fit(labels, features, targets, [.. Enumerable.Range(0, targets.Length).Where(i => i % Folds != fold)], 1);
            for (var i = fold; i < targets.Length; i += Folds)
                margins.Add((model.MarginsOf(features[i]), targets[i]));
        }

        return Enumerable.Range(1, TemperatureSteps).Select(step => step * 0.01f)
            .MinBy(t => margins.Average(m => -Math.Log(Math.Max(LinearTextModel.Softmax(m.Margins, t)[m.Target], 1e-12))));
    }
}
