using Dapper;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What the memory promises, on either store.</summary>
public abstract class PatternMemorySpec
{
    private const string Orders = """
        namespace Shop;

        /// <summary>Orders of customers.</summary>
        public class OrderRepository
        {
            private readonly Db _db;

            /// <summary>Finds every order that was not paid within thirty days.</summary>
            public IEnumerable<Order> FindOverdue(DateTime now) => _db.Orders.Where(o => o.Paid is null && o.Created < now.AddDays(-30));

            /// <summary>Cancels an order and gives its stock back.</summary>
            public void Cancel(Order order)
            {
                order.State = State.Cancelled;
                foreach (var line in order.Lines)
                    _db.Stock.Add(line.Product, line.Amount);
            }
        }
        """;

    private const string Script = """
        import csv

        def read_prices(path):
            '''Reads a price list with a header line.'''
            with open(path) as handle:
                return {row["sku"]: float(row["price"]) for row in csv.DictReader(handle)}

        def write_report(path, rows):
            with open(path, "w") as handle:
                for row in rows:
                    handle.write(",".join(row) + "\n")
        """;

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Search_WordsOfDocumentation_FindsTheMember()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("src/Orders.cs", Orders), ("tools/prices.py", Script)));

        var hit = (await SearchAsync(memory, "find unpaid overdue orders")).Results[0];

        hit.Name.ShouldBe("OrderRepository.FindOverdue");
        hit.Path.ShouldBe("src/Orders.cs");
        hit.Kind.ShouldBe("method");
        hit.Language.ShouldBe("csharp");
        hit.StartLine.ShouldBe(8);
        hit.EndLine.ShouldBe(9);
        (await SearchAsync(memory, "csv price list")).Results[0].Name.ShouldBe("read_prices");
    }

    [Fact]
    public async Task Index_NothingChanged_WritesNothing()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("shop", ("src/Orders.cs", Orders), ("tools/prices.py", Script));
        var first = await IndexAsync(memory, folder);

        var second = await IndexAsync(memory, folder);

        first.Changed.ShouldBe(first.Patterns);
        second.Changed.ShouldBe(0);
        second.Patterns.ShouldBe(first.Patterns);
    }

    [Fact]
    public async Task Index_OneMemberChanged_OthersKeepTheirIdsAndItKeepsItsOwn()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("shop", ("src/Orders.cs", Orders));
        await IndexAsync(memory, folder);
        var before = await NamesAndIdsAsync(memory);

        store.Write("shop", ("src/Orders.cs", Orders.Replace("AddDays(-30)", "AddDays(-60)", StringComparison.Ordinal)));
        var again = await IndexAsync(memory, folder);

        again.Changed.ShouldBe(1);
        (await NamesAndIdsAsync(memory)).ShouldBe(before, ignoreOrder: true);
        (await SearchAsync(memory, "AddDays 60", text: true)).Results[0].Text.ShouldContain("-60");
    }

    [Fact]
    public async Task Index_FileMoved_KeepsItsPatterns()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("shop", ("src/Orders.cs", Orders), ("tools/prices.py", Script));
        await IndexAsync(memory, folder);
        var before = await NamesAndIdsAsync(memory);

        Directory.CreateDirectory(Path.Combine(folder, "lib"));
        File.Move(Path.Combine(folder, "src/Orders.cs"), Path.Combine(folder, "lib/Orders.cs"));
        var again = await IndexAsync(memory, folder);

        again.Changed.ShouldBe(0);
        (await NamesAndIdsAsync(memory)).ShouldBe(before, ignoreOrder: true);
        (await SearchAsync(memory, "overdue orders")).Results[0].Path.ShouldBe("lib/Orders.cs");
    }

    [Fact]
    public async Task Index_FileGone_ItsPatternsAreGone()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("shop", ("src/Orders.cs", Orders), ("tools/prices.py", Script));
        await IndexAsync(memory, folder);

        File.Delete(Path.Combine(folder, "src/Orders.cs"));
        await IndexAsync(memory, folder);

        (await SearchAsync(memory, "overdue orders cancel stock")).Results.ShouldAllBe(r => r.Path == "tools/prices.py");
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Index_FileMoved_KeepsItsOutcomes()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("shop", ("src/Orders.cs", Orders));
        await IndexAsync(memory, folder);
        await store.Database.WriteAsync(c => c.ExecuteAsync("update patterns set successes = 4, failures = 1 where name = 'OrderRepository.Cancel'"), default);

        File.Move(Path.Combine(folder, "src/Orders.cs"), Path.Combine(folder, "src/Cancelling.cs"));
        await IndexAsync(memory, folder);

        var hit = (await SearchAsync(memory, "cancel order stock")).Results.Single(r => r.Name == "OrderRepository.Cancel");
        (hit.Path, hit.Successes, hit.Failures).ShouldBe(("src/Cancelling.cs", 4L, 1L));
    }

    [Fact]
    public async Task Forget_Project_LeavesNoWordAndNoVectorOfIt()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("a.py", "def zanzibar_lookup(x):\n    return zanzibar[x]\n")), "secret");
        await IndexAsync(memory, store.Write("other", ("b.py", Script)), "open");

        var forgotten = await memory.ForgetAsync(new ForgetRequest { Project = "secret" }, default);

        forgotten.Removed.ShouldBe(1);
        (await SearchAsync(memory, "zanzibar lookup")).Results.ShouldAllBe(r => r.Project == "open");
        (await memory.ListProjectsAsync(default)).Projects.Select(p => p.Name).ShouldBe(["open"]);
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from postings where term like '%zanzibar%'"), default)).ShouldBe(0);
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forget_Path_LeavesTheRest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("src/Orders.cs", Orders), ("tools/prices.py", Script)));

        await memory.ForgetAsync(new ForgetRequest { Project = "shop", Path = "src" }, default);

        (await SearchAsync(memory, "overdue orders price list")).Results.ShouldAllBe(r => r.Path == "tools/prices.py");
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from postings where term = 'overdu'"), default)).ShouldBe(0);
    }

    [Fact]
    public async Task Search_NearDuplicates_AreCollapsed_ButRecordsNever()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var folder = store.Write("twins", ("a.py", Script), ("b.py", Script), ("c.py", Script));
        await IndexAsync(memory, folder);
        var records = Path.Combine(store.Folder, "records.jsonl");
        var line = """{"id":"ID","text":"reads a price list","code":"def read_prices(path): return open(path).read()","language":"python"}""";
        File.WriteAllLines(records, new[] { "1", "2", "3" }.Select(id => line.Replace("ID", id, StringComparison.Ordinal)));
        await memory.IndexRecordsAsync(records, new IndexStart { Project = "records" }, null, default);

        var files = await SearchAsync(memory, "read price list header", project: "shop");
        var found = await SearchAsync(memory, "reads a price list", project: "records");

        files.Results.Count(r => r.Name == "read_prices").ShouldBe(1);
        found.Results.Select(r => r.Record).Order().ShouldBe(["1", "2", "3"]);
        found.Results.ShouldAllBe(r => r.Kind == "record");
    }

    [Fact]
    public async Task Search_BestMatchIsCopiedHundredsOfTimes_OthersStillFillTheAnswer()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var copies = Enumerable.Range(0, 300).Select(i => ($"copies/c{i}.py", Script)).ToArray();
        var others = Enumerable.Range(0, 12).Select(i =>
            ($"other/o{i}.py", $"def read_{(char)('a' + i)}(path, depth):\n    total_{i} = depth * {i}\n    for step_{i} in range(total_{i}):\n        walk_{i}(path, step_{i})\n    return total_{i}\n")).ToArray();
        await IndexAsync(memory, store.Write("many", [.. copies, .. others]));

        var reply = await SearchAsync(memory, "read price list header csv path");

        reply.Results.Count.ShouldBe(10);
        reply.Results.Count(r => r.Name == "read_prices").ShouldBe(1);
    }

    [Fact]
    public async Task Search_EveryFilter_GivesAsManyAsExist()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        foreach (var project in new[] { "a", "b" })
        {
            var path = Path.Combine(store.Folder, $"{project}.jsonl");
            File.WriteAllLines(path, Enumerable.Range(0, 900).Select(i =>
                $$"""{"id":"{{i}}","text":"sort number {{i}}{{(i % 100 == 0 ? " with retry" : "")}}","code":"x{{i}} = sorted(items{{i % 50}})","language":"{{(i % 90 == 0 ? "rust" : "python")}}"}"""));
            await memory.IndexRecordsAsync(path, new IndexStart { Project = project }, null, default);
        }

        await store.Database.WriteAsync(c => c.ExecuteAsync("update patterns set successes = 5 where path in ('records/7', 'records/400', 'records/801')"), default);
        foreach (var query in new[] { "sort items", "completely unrelated zebra" })
        {
            (await CountAsync(new SearchRequest { Project = "a" })).ShouldBe(50);
            (await CountAsync(new SearchRequest { Project = "b", Language = "rust" })).ShouldBe(10);
            (await CountAsync(new SearchRequest { Language = "rust" })).ShouldBe(20);
            (await CountAsync(new SearchRequest { Kind = "record" })).ShouldBe(50);
            (await CountAsync(new SearchRequest { MinSuccesses = 5 })).ShouldBe(6);
            (await CountAsync(new SearchRequest { Project = "a", MinSuccesses = 5, Language = "python" })).ShouldBe(3);
            (await CountAsync(new SearchRequest { Language = "cobol" })).ShouldBe(0);

            async Task<int> CountAsync(SearchRequest request)
            {
                (request.Query, request.Top) = (query, 50);
                return (await memory.SearchAsync(request, default)).Results.Count;
            }
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    public async Task Search_FilterKeepsFew_StillGivesAsManyAsExist(int oneIn)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const int Count = 4000;
        var path = Path.Combine(store.Folder, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, Count).Select(i =>
            $$"""{"id":"{{i}}","text":"sort number {{i}} of list {{i * 7 % 1000}}","code":"x{{i}} = sorted(items{{i % 50}})","language":"{{(i % oneIn == 0 ? "rust" : "python")}}"}"""));
        await memory.IndexRecordsAsync(path, new IndexStart { Project = "many" }, null, default);

        var reply = await memory.SearchAsync(new SearchRequest { Query = "sort list items", Language = "rust", Top = 10 }, default);

        reply.Results.Count.ShouldBe(Math.Min(10, Count / oneIn));
        reply.Results.ShouldAllBe(r => r.Language == "rust");
    }

    [Fact]
    public async Task EveryDoor_OtherTenant_SeesNothing()
    {
        await using var store = MakeStore();
        var mine = await store.OpenAsync("mine");
        var theirs = await store.OpenAsync("theirs");
        await IndexAsync(mine, store.Write("shop", ("src/Orders.cs", Orders)));
        var id = (await SearchAsync(mine, "overdue orders")).Results[0].Id;
        var job = Jobs.Succeeded("j1", "find overdue orders", "def overdue(orders): return [o for o in orders if o.late]");
        await mine.LearnAsync(job, default);
        await IndexAsync(theirs, store.Write("tools", ("p.py", Script)));

        (await SearchAsync(theirs, "overdue orders cancel stock")).Results.ShouldAllBe(r => r.Path == "p.py");
        (await SearchAsync(theirs, "overdue orders", project: "shop")).Results.ShouldAllBe(r => r.Path == "p.py");
        (await theirs.GetPatternAsync(id, default)).ShouldBeNull();
        (await theirs.ForgetAsync(new ForgetRequest { PatternId = id }, default)).Removed.ShouldBe(0);
        (await theirs.ForgetAsync(new ForgetRequest { Project = "default" }, default)).Removed.ShouldBe(0);
        var recall = await theirs.RecallAsync(Jobs.RecallOf(job), default);
        recall.Exact.ShouldBeNull();
        recall.Close.ShouldBeNull();
        recall.Examples.ShouldAllBe(e => e.Path == "p.py");
        (await mine.GetPatternAsync(id, default)).ShouldNotBeNull();
        (await theirs.GetStatsAsync("", default)).Learned.ShouldBe(0);
    }

    [Fact]
    public async Task Search_WhileIndexing_NeverFails()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("src/Orders.cs", Orders)));
        var path = Path.Combine(store.Folder, "many.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 6000).Select(i => $$"""{"id":"{{i}}","text":"","code":"def step_{{i}}(order): return order.line({{i}})","language":"python"}"""));

        var indexing = memory.IndexRecordsAsync(path, new IndexStart { Project = "many" }, null, default);
        var searches = 0;
        while (!indexing.IsCompleted || searches < 20)
        {
            (await SearchAsync(memory, "overdue orders", project: "shop")).Results[0].Name.ShouldBe("OrderRepository.FindOverdue");
            (await SearchAsync(memory, "step order line")).Results.ShouldNotBeEmpty();
            searches++;
        }

        (await indexing).Patterns.ShouldBe(6000);
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_VectorsAndWordsLost_RepairBringsThemBack()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("src/Orders.cs", Orders)));
        await store.Database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("delete from vectors");
            await c.ExecuteAsync("delete from segments");
        }, default);

        (await memory.CheckAsync(false, default)).Ok.ShouldBeFalse();
        (await memory.CheckAsync(true, default)).Problems.ShouldNotBeEmpty();

        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
        (await SearchAsync(memory, "find unpaid overdue orders")).Results[0].Name.ShouldBe("OrderRepository.FindOverdue");
    }

    [Fact]
    public async Task Search_VectorsOfAnotherEmbedder_AreRefusedUntilRepaired()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("src/Orders.cs", Orders)));
        await store.Database.WriteAsync(c => c.ExecuteAsync("update tenants set embedder = 'other-512/1'"), default);

        var refused = await Should.ThrowAsync<EmbedderMismatchException>(() => SearchAsync(memory, "overdue"));
        refused.Message.ShouldContain("other-512/1");
        await memory.CheckAsync(true, default);

        (await SearchAsync(memory, "overdue orders")).Results.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 0)]
    [InlineData("x", -1)]
    [InlineData("x", 1001)]
    public async Task Search_BadInput_NamesTheField(string query, int top)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();

        var error = await Should.ThrowAsync<ArgumentException>(() => memory.SearchAsync(new SearchRequest { Query = query, Top = top }, default));

        error.Message.ShouldContain(string.IsNullOrWhiteSpace(query) ? "'query'" : "'top'");
    }

    private static Task<IndexReply> IndexAsync(PatternLibrary memory, string folder, string project = "shop") =>
        memory.IndexFolderAsync([folder], new IndexStart { Project = project }, null, default);

    private static Task<SearchReply> SearchAsync(PatternLibrary memory, string query, string project = "", bool text = false) =>
        memory.SearchAsync(new SearchRequest { Query = query, Project = project, WithText = text }, default);

    private static async Task<List<string>> NamesAndIdsAsync(PatternLibrary memory) =>
        [.. (await memory.SearchAsync(new SearchRequest { Query = "order cancel overdue price report read write", Top = 100 }, default)).Results.Select(r => $"{r.Name} {r.Id}")];
}

/// <summary>The memory on SQLite.</summary>
public sealed class SqlitePatternMemoryTests : PatternMemorySpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}
