using System.Globalization;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>
/// Trains the word vectors that the product carries from folders of source code and XML documentation files, and writes them.
/// src/Patterns/Vectors/word-vectors.md says which ones were used.
/// </summary>
internal static class WordTraining
{
    private const int FewestPairsWithWord = 6;
    private const int LongestWord = 24;

    /// <summary>Command <c>train-words FILE WORDS PATH...</c>: where to write, most words, what to read.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("usage: train-words FILE WORDS PATH...\nexample: train-words src/Patterns/Vectors/word-vectors.bin 16384 /usr/lib/python3 ref/System.Runtime.xml");
            return Task.FromResult(2);
        }

        var texts = new TrainingPairs();
        foreach (var path in args[2..])
            texts.Read(path);
        var words = Vocabulary(texts.Pairs, int.Parse(args[1], CultureInfo.InvariantCulture));
        Console.WriteLine($"{texts.Pairs.Count} pairs, {words.Count} words");
        var trainer = new WordTrainer(words, texts.Pairs);
        var vectors = trainer.Train((epoch, right) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}: {right:P1} of descriptions nearest to their own code within a batch")));
        using var file = File.Create(args[0]);
        WordVectors.Write(file, words, vectors);
        Console.WriteLine($"{args[0]}: {file.Length} bytes");
        return Task.FromResult(0);
    }

    private static List<string> Vocabulary(List<TrainingPair> pairs, int most)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in pairs.SelectMany(p => p.Said.Concat(p.Names).Concat(p.Body).Distinct(StringComparer.Ordinal)))
            counts[word] = counts.GetValueOrDefault(word) + 1;
        return [.. counts.Where(c => c.Value >= FewestPairsWithWord && c.Key.Length <= LongestWord && !char.IsDigit(c.Key[0]))
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(most).Select(c => c.Key)];
    }
}
