using Dapper;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>The memory on PostgreSQL with pgvector.</summary>
public sealed class PostgreSqlPatternMemoryTests : PatternMemorySpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();

    [Fact]
    public async Task Search_FilterLeavesMoreThanGoesByNumber_ComesThroughTheIndexWithEnoughRows()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { ExactScanRows = 100 });
        var path = Path.Combine(store.Folder, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 13_000).Select(i => $$"""{"id":"{{i}}","text":"sort number {{i}} of list {{i * 7 % 1000}}","code":"x{{i}} = sorted(items{{i % 50}})","language":"{{(i % 10 == 0 ? "go" : "python")}}"}"""));
        await memory.IndexRecordsAsync(path, new IndexStart { Project = "many" }, null, default);

        var found = (await memory.SearchAsync(new SearchRequest { Query = "unrelated words of a zebra", Language = "python", Top = 20, Explain = true }, default)).Results;

        found.Count.ShouldBe(20);
        found.ShouldAllBe(r => r.Language == "python" && r.Parts["vector_rank"] > 0);
    }

    [Fact]
    public async Task Search_TagThatLeavesMoreThanGoesByNumber_GivesAsManyAsAreAskedFor()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { ExactScanRows = 12_000 });
        var path = Path.Combine(store.Folder, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 13_000).Select(i => $$"""{"id":"{{i}}","text":"sort number {{i}} of list {{i * 7 % 1000}}","code":"{{(i % 10 == 0 ? "" : "import numpy\\n")}}x{{i}} = sorted(items{{i % 50}})","language":"python"}"""));
        await memory.IndexRecordsAsync(path, new IndexStart { Project = "many" }, null, default);

        var found = (await memory.SearchAsync(new SearchRequest { Query = "unrelated words of a zebra", Tag = "api:numpy", Top = 20, Explain = true }, default)).Results;

        found.Count.ShouldBe(20);
        found.ShouldAllBe(r => r.Tags.Contains("api:numpy") && r.Parts["vector_rank"] > 0);
    }

    [Fact]
    public async Task Check_IndexThatIsGone_IsSaidAndMended()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { ExactScanRows = 100 });
        var path = Path.Combine(store.Folder, "some.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 300).Select(i => $$"""{"id":"{{i}}","text":"sort number {{i}}","code":"x{{i}} = sorted(items{{i % 50}})","language":"python"}"""));
        await memory.IndexRecordsAsync(path, new IndexStart { Project = "some" }, null, default);
        var name = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<string>("select c.relname from pg_class c where c.relname like 'vectors_hnsw%' and c.relnamespace = current_schema()::regnamespace"), default);
        await store.Database.WriteAsync(c => c.ExecuteAsync($"drop index {name}"), default);

        (await memory.CheckAsync(false, default)).Problems.ShouldHaveSingleItem().ShouldContain("HNSW index of 300 vectors is missing");
        (await memory.CheckAsync(true, default)).Ok.ShouldBeTrue();
        (await memory.CheckAsync(false, default)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Search_MoreRowsThanAnExactScanServes_UsesTheIndexAndEveryFilterStillGivesAsManyAsExist()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { ExactScanRows = 100 });
        var path = Path.Combine(store.Folder, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 3000).Select(i => $$"""{"id":"{{i}}","text":"sort number {{i}} of list {{i * 7 % 1000}}","code":"x{{i}} = sorted(items{{i % 50}})","language":"{{(i % 1000 == 0 ? "rust" : i % 20 == 0 ? "go" : "python")}}"}"""));
        await memory.IndexRecordsAsync(path, new IndexStart { Project = "many" }, null, default);

        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'vectors_hnsw%' and i.indisvalid and c.relnamespace = current_schema()::regnamespace"), default)).ShouldBe(1);
        (await FoundAsync("rust")).ShouldBe(3);
        (await FoundAsync("go")).ShouldBe(20);
        (await FoundAsync("")).ShouldBe(20);
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();

        async Task<int> FoundAsync(string language) =>
            (await memory.SearchAsync(new SearchRequest { Query = "unrelated words of a zebra", Language = language, Top = 20 }, default)).Results.Count;
    }
}
