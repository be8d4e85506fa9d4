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
        ranks.Average(r => r == 1 ? 1.0 : 0).ShouldBeGreaterThan(first);
        ranks.Average(r => r is > 0 and <= 10 ? 1.0 : 0).ShouldBeGreaterThan(ten);
    }
}
