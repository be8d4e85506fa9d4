using System.Numerics.Tensors;
using System.Text.Json;
using Platform.Patterns;
using Platform.Tests.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>
/// How near tasks are: pairs that say the same in other words, each task's nearest other one, and any two. <c>Patterns:CloseSimilarity</c> and
/// <c>Patterns:FailureSimilarity</c> were chosen from these figures (docs/retrieval.md).
/// </summary>
internal static class SimilarityRows
{
    private static readonly double[] Shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
    private static readonly double[] Cuts = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    /// <summary>Command <c>similarity</c>.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        if (CodeFolders.Data is not { } data)
        {
            Console.Error.WriteLine("The evaluation data (shared/data) is not beside this repository.");
            return Task.FromResult(1);
        }

        var asked = Lines(data, "retrieval/cosqa_dev.jsonl").Select(e => (Gold: Text(e, "gold"), Query: Text(e, "query"))).ToList();
        var documented = Lines(data, "retrieval/cosqa_code.jsonl").ToDictionary(e => Text(e, "id"), e => FirstSentence(CommentReader.Read("python", Text(e, "code")).Doc));
        var same = asked.SelectMany((a, i) => asked.Skip(i + 1).Where(b => a.Gold == b.Gold && a.Query != b.Query).Select(b => (a.Query, b.Query))).ToList();
        Show("same task: two questions for one function", same.Select(Cosine));
        Show("same task: a question and the documentation of its function", asked.Where(a => documented[a.Gold].Length > 10).Select(a => Cosine((a.Query, documented[a.Gold]))));
        var exercises = Lines(data, "tdd/exercism_csharp_dev.jsonl").Where(e => e.TryGetProperty("introduction", out _)).Select(e => (Text(e, "introduction"), Text(e, "instructions"))).ToList();
        Show("same exercise: introduction and instructions", exercises.Select(Cosine));
        foreach (var (name, texts) in new[]
        {
            ("questions of CoSQA", asked.DistinctBy(a => a.Gold).Select(a => a.Query).ToList()),
            ("tasks of MBPP", Lines(data, "retrieval/mbpp_dev.jsonl").Select(e => Text(e, "text")).ToList()),
            ("exercises", Lines(data, "tdd/exercism_csharp_dev.jsonl").Select(e => Text(e, "instructions")).ToList()),
        })
        {
            var vectors = texts.Select(WordEmbedder.Embed).ToList();
            Show($"other task: the nearest of {texts.Count} {name}", vectors.Select((v, i) => vectors.Where((_, j) => j != i).Max(o => Dot(v, o))));
            Show($"other task: any two {name}", vectors.SelectMany((v, i) => vectors.Skip(i + 1).Select(o => Dot(v, o))));
        }

        return Task.FromResult(0);
    }

    private static void Show(string what, IEnumerable<double> cosines)
    {
        var values = new Quantiles();
        var all = cosines.ToList();
        values.Add(all);
        Console.WriteLine(FormattableString.Invariant($"{what} ({all.Count})"));
        Console.WriteLine("  quantiles " + string.Join("  ", Shares.Select(s => FormattableString.Invariant($"{s:0.##}: {values.At(s):0.00}"))));
        Console.WriteLine("  at least  " + string.Join("  ", Cuts.Select(c => FormattableString.Invariant($"{c:0.##}: {all.Count(v => v >= c) / (double)all.Count:0.000}"))));
    }

    private static double Cosine((string One, string Other) pair) => Dot(WordEmbedder.Embed(pair.One), WordEmbedder.Embed(pair.Other));

    private static double Dot(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);

    private static string FirstSentence(string doc) => doc.Split('\n')[0];

    private static IEnumerable<JsonElement> Lines(string data, string file) => File.ReadLines(Path.Combine(data, file)).Select(line => JsonElement.Parse(line));

    private static string Text(JsonElement line, string field) => line.GetProperty(field) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : line.GetProperty(field).GetRawText();
}
