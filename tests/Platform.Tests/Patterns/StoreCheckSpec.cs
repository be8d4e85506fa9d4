using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What a check finds and a repair mends of the word index and the vectors, on either store.</summary>
public abstract class StoreCheckSpec
{
    private const string Orders = "def total_of(orders):\n    '''Adds up the orders.'''\n    return sum(order.price for order in orders)\n\n\ndef cancel(order):\n    order.state = 'cancelled'\n";

    private const string Slug = "def make_slug(title):\n    words = title.strip().lower().split()\n    return '-'.join(words)\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract StoreUnderTest MakeStore();

    [Theory]
    [InlineData("an impact", "are not in the word index")]
    [InlineData("a list", "are not in the word index")]
    [InlineData("a number", "are not in the word index")]
    [InlineData("a count", "are damaged")]
    [InlineData("an end", "are damaged")]
    public async Task Check_OnePostingDamaged_IsFoundAndMended(string what, string said)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        await store.Database.WriteAsync(async c =>
        {
            var data = await c.ExecuteScalarAsync<byte[]>("select data from postings where term = 'cancel'");
            await (what switch
            {
                "an impact" => c.ExecuteAsync("update postings set data = @data where term = 'cancel'", new { data = (byte[])[.. data![..^1], (byte)(data[^1] + 1)] }),
                "a list" => c.ExecuteAsync("delete from postings where term = 'cancel'"),
                "a number" => c.ExecuteAsync("update postings set data = @data where term = 'cancel'", new { data = (byte[])[(byte)(data![0] ^ 1), .. data[1..]] }),
                "a count" => c.ExecuteAsync("update postings set df = df + 1 where term = 'cancel'"),
                _ => c.ExecuteAsync("update postings set data = @data where term = 'cancel'", new { data = data![..^1] }),
            });
        }, Token);

        (await memory.CheckAsync(false, Token)).Problems.ShouldContain(p => p.Contains(said, StringComparison.Ordinal) && p.Contains("shop", StringComparison.Ordinal));
        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();

        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        (await memory.SearchAsync(new SearchRequest { Query = "cancel" }, Token)).Results[0].Name.ShouldBe("cancel");
    }

    /// <summary>Whatever way a pattern came, its terms are those that its row gives today.</summary>
    [Fact]
    public async Task Check_PatternsOfEveryDoor_AreInTheWordIndexAsTheirTextsAre()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var root = store.Write("shop", ("orders.py", Orders), ("src/Cart.cs", "namespace Shop;\n\npublic class Cart\n{\n    private int _count;\n\n    /// <summary>Adds up.</summary>\n    public decimal Total(decimal rate) => _count * rate;\n}\n"),
            ("readme.md", "# Shop\n\nText.\n\n## Carts\n\nMore `text`.\n"), ("a.sql", "-- Orders.\ncreate table orders (id text);\n"), ("web/a.ts", "import { x } from 'y';\n\nexport function open(a: string) {\n  // Opens.\n  return x(a);\n}\n"),
            ("long.txt", string.Join('\n', Enumerable.Range(0, 900).Select(i => $"line {i} of a long text"))), ("long.py", "def long_one():\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"    step_{i}()  # Step {i}.\n"))));
        await IndexAsync(memory, root);
        var records = Path.Combine(store.Folder, "r.jsonl");
        await File.WriteAllTextAsync(records, """{"id":"r1","text":"Two helpers","code":"def first_helper(a):\n    return a\n","language":"python"}""", Token);
        await memory.IndexRecordsAsync(records, new IndexStart { Project = "shop" }, null, Token);
        await memory.LearnAsync(Jobs.Succeeded("j1", "slugs and titles", "def make_slug(title):\n    # Lower case.\n    return title.lower()\n", project: "shop"), Token);
        await memory.LearnAsync(new FeedbackGiven { FeedbackId = "f1", JobId = "j1", Tenant = "default", Verdict = Verdicts.Edited, Diff = "@@ -3,1 +3,1 @@\n-    return title.lower()\n+    return title.lower().strip()\n", AtMs = 1 }, Token);
        await CorrectAsync(memory, "add up orders", Orders.Replace("price", "cost", StringComparison.Ordinal));
        await CorrectAsync(memory, "two helpers", "def first_helper(a, b):\n    return a\n");
        await memory.TakeAsync("them", [new SharedPattern { Project = "theirs", Path = "x.py", Language = "python", Kind = "function", Name = "parse", Doc = "Parses.", Text = "def parse(text):\n    return text.split()\n", StartLine = 1, EndLine = 2 }], Token);
        File.Move(Path.Combine(root, "a.sql"), Path.Combine(root, "b.sql"));
        await IndexAsync(memory, root);

        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_DamagedPostingsBesideAnotherProblem_SaysBoth()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        await memory.LearnAsync(Jobs.Succeeded("j1", "Make a slug", Slug, project: "shop"), Token);
        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from sketches; update postings set df = df + 1 where term = (select min(term) from postings where term > 'a')"), Token);

        var said = (await memory.CheckAsync(false, Token)).Problems;
        var mended = await memory.CheckAsync(true, Token);

        said.Count.ShouldBe(2);
        said.ShouldContain(p => p.Contains("posting lists of project shop are damaged", StringComparison.Ordinal));
        (mended.Ok, mended.Problems.Count, mended.Problems.All(p => p.StartsWith("Mended: ", StringComparison.Ordinal))).ShouldBe((true, 2, true));
    }

    [Fact]
    public async Task Repair_OneOfTwoProjectsDamaged_BothAreWholeAfterwards()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        await memory.IndexFolderAsync([store.Write("tools", ("slug.py", Slug))], new IndexStart { Project = "tools" }, null, Token);
        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from postings where term = 'cancel'; delete from patterns where project = 'tools'"), Token);

        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();

        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        (await memory.SearchAsync(new SearchRequest { Query = "cancel" }, Token)).Results[0].Name.ShouldBe("cancel");
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from segments where project = 'tools'"), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Search_PostingsOfAnotherTokeniser_AreRefusedUntilRepaired()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        await store.Database.WriteAsync(c => c.ExecuteAsync("update tenants set terms = 'terms/0'"), Token);

        var refused = await Should.ThrowAsync<TermsMismatchException>(() => memory.SearchAsync(new SearchRequest { Query = "cancel" }, Token));
        await Should.ThrowAsync<TermsMismatchException>(() => memory.LearnAsync(Jobs.Succeeded("j1", "sum a list", "def total(values):\n    result = 0\n    for value in values:\n        result += value\n    return result"), Token));
        await Should.ThrowAsync<TermsMismatchException>(() => IndexAsync(memory, store.Write("shop", ("more.py", Orders))));
        var said = (await memory.CheckAsync(false, Token)).Problems;
        var mended = await memory.CheckAsync(true, Token);

        refused.Message.ShouldContain("'terms/0'");
        refused.Message.ShouldContain("platform repair");
        said.ShouldHaveSingleItem().ShouldContain("another tokeniser");
        mended.Ok.ShouldBeTrue();
        (await memory.SearchAsync(new SearchRequest { Query = "cancel" }, Token)).Results[0].Name.ShouldBe("cancel");
    }

    /// <summary>Should this fail, words are read otherwise than before: raise <see cref="TermCounter.Identity"/>, then note the new sum here.</summary>
    [Fact]
    public void Terms_OfTheSample_AreThoseOfTheirIdentity()
    {
        var embedder = Embedder.Of(new WordEmbedder());
        var sample = "namespace Shop.Orders;\n\n/// <summary>Reads and caches overdue HTTPServer2 requests of customers.</summary>\npublic class OrderReader(IStore store) : Base\n{\n    // Retries twice.\n    public async Task<int> ReadAllAsync(string snake_case_name, int x64) => await store.Iterating(snake_case_name) ?? 17;\n}\n";
        var terms = new PatternPreparer(embedder, "p", false, 0).Prepare("src/Orders/OrderReader.cs", "csharp", Chunker.Split("src/Orders/OrderReader.cs", "csharp", sample)).SelectMany(d => d.Terms).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Term}:{t.Impact}"));

        (TermCounter.Identity, PatternPreparer.HashOf(string.Join('\n', terms))[..16]).ShouldBe(("terms/1", "9129af5f36baa516"));
    }

    [Fact]
    public async Task Repair_WithAnEmbeddingServer_LetsOthersWriteAndGoesOnWhereItBrokeOff()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = MakeStore();
        await using (var before = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors")))
            await IndexAsync(before, store.Write("shop", [.. Enumerable.Range(0, 100).Select(i => ($"f{i}.py", string.Concat(Enumerable.Range(0, 5).Select(k => $"def step_{i}_{k}(order):\n    return order.line({i}, {k})\n\n\n"))))]));
        var memory = await store.OpenAsync(embedder: new EmbedderOptions { Endpoint = server.Address, Model = "stand-in", Dimensions = EmbeddingStandIn.Dimensions, BatchSize = 50, Retries = 0 });
        server.Instead = (number, _) => number > 6 ? Results.Json(new { error = "down" }, statusCode: 401) : null;
        await Should.ThrowAsync<EmbedderException>(() => memory.CheckAsync(true, Token));
        var written = 0;
        server.Instead = (_, _) =>
        {
            // Nobody holds the store while the server is asked.
            written += store.Database.WriteAsync(c => c.ExecuteAsync("update projects set licence = 'MIT'"), Token).WaitAsync(TimeSpan.FromSeconds(60), Token).GetAwaiter().GetResult();
            return null;
        };
        server.Requests.Clear();

        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();

        written.ShouldBeGreaterThan(1);
        server.Requests.Sum(r => r.Length).ShouldBe(300, "of 500 texts 200 were kept");
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from staged_vectors"), Token)).ShouldBe(0);
        (await memory.SearchAsync(new SearchRequest { Query = "def step_7_3(order):\n    return order.line(7, 3)" }, Token)).Results[0].Name.ShouldBe("step_7_3");
    }

    [Fact]
    public async Task Repair_WithAnEmbeddingServer_AsksOnlyForWhatItHasNotMade_AndForNothingToCompareResults()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = MakeStore();
        var memory = await store.OpenAsync(embedder: new EmbedderOptions { Endpoint = server.Address, Model = "stand-in", Dimensions = EmbeddingStandIn.Dimensions, BatchSize = 50, Retries = 0 });
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        await memory.LearnAsync(Jobs.Succeeded("j1", "Make a slug", Slug, project: "shop"), Token);
        server.Requests.Clear();

        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from sketches"), Token);
        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();
        server.Requests.Sum(r => r.Length).ShouldBe(0);

        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from vectors where number = (select min(number) from vectors)"), Token);
        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();
        server.Requests.Sum(r => r.Length).ShouldBe(1);
        (await memory.SearchAsync(new SearchRequest { Query = "make a slug" }, Token)).Results.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Forget_AfterARepairThatBrokeOff_LeavesNoVectorOfIt()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, store.Write("shop", ("orders.py", Orders)));
        await store.Database.WriteAsync(c => c.ExecuteAsync("insert into staged_vectors (tenant, number, embedder, embedding) select tenant, number, 'other/1', @bytes from patterns", new { bytes = new byte[8] }), Token);

        await memory.ForgetAsync(new ForgetRequest { Project = "shop" }, Token);

        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from staged_vectors"), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Open_StoreOfTheFirstSchema_IsUpgradedSaysWhatItLacksAndIsWholeAfterARepair()
    {
        await using var store = MakeStore();
        var first = SchemaScript.Of(typeof(PatternLibrary).Assembly, store.Database.Dialect).Where(s => s.Name.StartsWith("001", StringComparison.Ordinal) || s.Name.StartsWith("002", StringComparison.Ordinal)).ToList();
        await store.Database.ApplyAsync(first, Token);
        await store.Database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("insert into tenants (tenant, next_number, trimmed, embedder) values ('default', 3, 0, 'words-128/1')");
            await c.ExecuteAsync("insert into projects (tenant, name, licence, shared, simulated, created_ms, indexed_ms) values ('default', 'shop', 'MIT', 0, 0, 1, 1)");
            const string Row = "insert into patterns (tenant, id, number, member, project, path, start_line, end_line, language, kind, name, record, doc, text, content_hash, shape, tags, job_id, simulated, successes, failures, used_ms, created_ms) values ('default', @id, @number, @id, 'shop', @path, 1, 2, 'python', @kind, 'cancel', '', @doc, @text, @id, 0, '', '', 0, 3, 1, 1, 1)";
            await c.ExecuteAsync(Row, new { id = "a", number = 1L, path = "orders.py", kind = "function", doc = "", text = "def cancel(order):\n    order.state = 'cancelled'" });
            await c.ExecuteAsync(Row, new { id = "b", number = 2L, path = "results/j1", kind = "result", doc = "Make a slug", text = Slug });
            await c.ExecuteAsync("insert into results (tenant, pattern, fingerprint, project, language, task, files, tests_passed, simulated, rejected, job_id, created_ms) values ('default', 'b', @print, 'shop', 'python', 'Make a slug', @files, 1, 0, 0, 'j1', 1)",
                new { print = TaskFingerprint.Of(Jobs.Succeeded("j1", "Make a slug", Slug, project: "shop").Request), files = StoredResult.Pack([new SourceFile { Language = "python", Text = Slug }]) });
        }, Token);

        var memory = await store.OpenAsync();
        var said = (await memory.CheckAsync(false, Token)).Problems;
        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();

        said.Count.ShouldBe(3, "no vectors, no word segments, results that are not compared");
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        var hit = (await memory.SearchAsync(new SearchRequest { Query = "cancel an order" }, Token)).Results[0];
        (hit.Id, hit.Successes, hit.Failures, hit.Licence).ShouldBe(("a", 3, 1, "MIT"));
        (await memory.RecallAsync(Jobs.RecallOf(Jobs.Succeeded("j1", "Make a slug", Slug, project: "shop")), Token)).Exact.PatternId.ShouldBe("b");
        await memory.LearnAsync(Jobs.Succeeded("j2", "Slugs, please", Slug, project: "shop"), Token);
        (await memory.GetPatternAsync("b", Token))!.Hit.Successes.ShouldBe(4);
    }

    private static async Task CorrectAsync(PatternLibrary memory, string query, string text)
    {
        var hit = (await memory.SearchAsync(new SearchRequest { Query = query, Top = 1 }, Token)).Results.ShouldHaveSingleItem();
        (await memory.CorrectAsync(new CorrectRequest { PatternId = hit.Id, Text = text }, Token)).ShouldNotBeNull();
    }

    private static Task<IndexReply> IndexAsync(PatternLibrary memory, string root) => memory.IndexFolderAsync([root], new IndexStart { Project = "shop" }, null, Token);
}

/// <summary>Checks on SQLite.</summary>
public sealed class SqliteStoreCheckTests : StoreCheckSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Checks on PostgreSQL.</summary>
public sealed class PostgreSqlStoreCheckTests : StoreCheckSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
