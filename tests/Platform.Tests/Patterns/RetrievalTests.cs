using System.Text.Json;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Retrieval on the evaluation sets stays above plain BM25. Figures and conditions stand in the benchmarks.</summary>
public sealed class RetrievalTests
{
    [Theory]
    [InlineData("cosqa", 0.335, 0.238, 0.518)]
    [InlineData("cosqa_no_docstring", 0.196, 0.122, 0.346)]
    [InlineData("mbpp", 0.401, 0.260, 0.663)]
    [InlineData("mbcsp", 0.304, 0.192, 0.500)]
    public async Task Search_EvaluationSet_BeatsPlainBm25(string name, double mrr, double first, double ten)
    {
        Assert.SkipWhen(RetrievalSet.Folder is null, "The evaluation data (shared/data/retrieval) is not beside this repository.");
        var set = RetrievalSet.Load(name);
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        var file = Path.Combine(store.Folder, "records.jsonl");
        File.WriteAllLines(file, set.Documents.Select(d => JsonSerializer.Serialize(new { id = d.Id, text = "", code = d.Code, language = d.Language })));
        await memory.IndexRecordsAsync(file, new IndexStart { Project = name }, null, default);

        var ranks = new List<int>();
        foreach (var (query, gold) in set.Queries)
        {
            var reply = await memory.SearchAsync(new SearchRequest { Query = query, Project = name, Top = 100 }, default);
            ranks.Add(reply.Results.Select(r => r.Record).ToList().IndexOf(gold) + 1);
        }

        ranks.Average(r => r == 0 ? 0 : 1.0 / r).ShouldBeGreaterThan(mrr);
        ranks.Average(r => r == 1 ? 1.0 : 0).ShouldBeGreaterThan(first - 0.01);
        ranks.Average(r => r is > 0 and <= 10 ? 1.0 : 0).ShouldBeGreaterThan(ten);
    }
}

/// <summary>One set: what is searched in, and queries with the one right answer.</summary>
internal sealed record RetrievalSet(IReadOnlyList<(string Id, string Code, string Language)> Documents, IReadOnlyList<(string Query, string Gold)> Queries)
{
    /// <summary>Folder of the data beside the repository; null when it is absent.</summary>
    public static readonly string? Folder = Find();

    public static RetrievalSet Load(string name) => name switch
    {
        "cosqa" => Cosqa("code"),
        "cosqa_no_docstring" => Cosqa("code_no_docstring"),
        "mbpp" => Of(Lines("mbpp_dev.jsonl"), e => (Text(e, "id"), Text(e, "code"), "python")),
        "mbcsp" => Of([.. Lines("mbcsp_dev.jsonl").Where(e => e.TryGetProperty("reference", out _))], e => (Text(e, "id"), WithoutDocs(Text(e, "stub")) + Text(e, "reference"), "csharp")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown set."),
    };

    private static RetrievalSet Cosqa(string field) => new(
        [.. Lines("cosqa_code.jsonl").Select(e => (Text(e, "id"), Text(e, field), "python"))],
        [.. Lines("cosqa_dev.jsonl").Select(e => (Text(e, "query"), Text(e, "gold")))]);

    private static RetrievalSet Of(List<JsonElement> lines, Func<JsonElement, (string, string, string)> document) =>
        new([.. lines.Select(document)], [.. lines.Select(e => (Text(e, "text"), Text(e, "id")))]);

    private static List<JsonElement> Lines(string file) => [.. File.ReadLines(Path.Combine(Folder!, file)).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string Text(JsonElement line, string field) =>
        line.GetProperty(field) is var value && value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string WithoutDocs(string stub) => string.Join('\n', stub.Split('\n').Where(l => !l.TrimStart().StartsWith("///", StringComparison.Ordinal)));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "data", "retrieval")))
                return Path.Combine(folder.FullName, "shared", "data", "retrieval");
        }

        return null;
    }
}
