using System.Globalization;
using Platform.Maya;

namespace Platform.Benchmarks.Maya;

/// <summary>
/// Trains a text model from its labelled file, tells how well it does on the fifth that it never saw, and writes the weights that are
/// committed. With a folder as argument it reads that folder's train and test files instead and writes nothing, to compare with public anchors.
/// </summary>
internal static class ModelTraining
{
    private const int TestEvery = 5;

    public static Task<int> RunAsync(string kind, string[] args)
    {
        if (args is [var folder])
        {
            Report(kind, Train(Lines(Path.Combine(folder, "train.tsv"), 0)), Lines(Path.Combine(folder, "test.tsv"), 0));
            return Task.FromResult(0);
        }

        var source = Path.Combine(Repository(), "src", "Maya", "Classifying");
        var examples = Read(kind, source);
        var (train, test) = LinearTextTrainer.Split(examples, TestEvery);
        var model = Train(train);
        Report(kind, model, test);
        CrossValidate(kind, examples);
        using var file = File.Create(Path.Combine(source, $"{kind}.bin"));
        model.Write(file);
        Console.WriteLine($"wrote {file.Name}: {file.Length:N0} bytes");
        return Task.FromResult(0);
    }

    private static LinearTextModel Train(IReadOnlyList<LabelledText> examples) => new LinearTextTrainer().Train(examples);

    /// <summary>The figure of one split of a small set is noisy; five folds say how much.</summary>
    private static void CrossValidate(string kind, IReadOnlyList<LabelledText> examples)
    {
        var scores = new List<ClassifierScore>();
        for (var fold = 0; fold < TestEvery; fold++)
        {
            var test = examples.Where((_, i) => i % TestEvery == fold).ToList();
            scores.Add(LinearTextTrainer.Score(Train([.. examples.Where((_, i) => i % TestEvery != fold)]), test));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: five folds: accuracy {scores.Average(s => s.Accuracy):P1} ({scores.Min(s => s.Accuracy):P1} to {scores.Max(s => s.Accuracy):P1}), macro-recall {scores.Average(s => s.MacroRecall):P1}"));
    }

    private static void Report(string kind, LinearTextModel model, IReadOnlyList<LabelledText> test)
    {
        var score = LinearTextTrainer.Score(model, test);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        const int Rounds = 20;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var example in test)
                model.Predict(example.Text);
        }

        var each = watch.Elapsed.TotalMilliseconds / (Rounds * test.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {score.Count} unseen texts: accuracy {score.Accuracy:P1}, macro-recall {score.MacroRecall:P1}, calibration error {score.CalibrationError:F3}, temperature {model.Temperature:F2}, {each:F3} ms a text"));
        if (score.Recall.Count <= 20)
            Console.WriteLine($"  recall: {string.Join(", ", score.Recall.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} {r.Value:P0}")))}");
    }

    /// <summary>Sentiment and emotion are two columns of one file.</summary>
    private static List<LabelledText> Read(string kind, string folder) => kind == ContentClassifier.Emotion
        ? Lines(Path.Combine(folder, "sentiment.tsv"), 1)
        : Lines(Path.Combine(folder, $"{kind}.tsv"), 0);

    private static List<LabelledText> Lines(string path, int label) =>
        [.. File.ReadLines(path).Select(line => line.Split('\t')).Where(cells => cells.Length >= 2).Select(cells => new LabelledText(cells[label], cells[^1]))];

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Run this inside the repository: Platform.sln was not found above " + AppContext.BaseDirectory);
    }
}
