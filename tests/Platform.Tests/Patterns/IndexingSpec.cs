using Dapper;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What a run of indexing may take away, and what stays with what, on either store.</summary>
public abstract class IndexingSpec
{
    private const string Prices = "def read_prices(path):\n    return [line.split() for line in open(path)]\n";
    private const string Orders = "def cancel_order(order):\n    order.state = 'cancelled'\n    return order\n";
    private const string Report = "def write_report(rows):\n    return '\\n'.join(rows)\n";

    protected abstract StoreUnderTest MakeStore();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Index_OneFileOrAPartOfTheFolder_LeavesTheRestAndItsHistory()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var shop = store.Write("shop", ("src/orders.py", Orders), ("src/old.py", Report), ("tools/prices.py", Prices));
        await IndexAsync(memory, [shop]);
        var before = await IdsAsync(store);

        await IndexAsync(memory, [Path.Combine(shop, "tools/prices.py")]);
        (await IdsAsync(store)).ShouldBe(before);

        File.Delete(Path.Combine(shop, "src/old.py"));
        store.Write("shop", ("src/new.py", "def fresh(a):\n    return a * 3\n"));
        await IndexAsync(memory, [Path.Combine(shop, "src")]);

        (await PathsAsync(store)).ShouldBe(["src/new.py", "src/orders.py", "tools/prices.py"]);
        (await IdsAsync(store))["tools/prices.py"].ShouldBe(before["tools/prices.py"]);
        await ShouldBeWholeAsync(memory);
    }

    [Fact]
    public async Task Index_APartFirstThenTheWhole_HasEachFileOnceWithItsHistory()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var shop = store.Write("shop", ("src/orders.py", Orders), ("tools/prices.py", Prices));
        await IndexAsync(memory, [Path.Combine(shop, "src")]);
        var before = (await IdsAsync(store))["orders.py"];

        await IndexAsync(memory, [shop]);

        (await PathsAsync(store)).ShouldBe(["src/orders.py", "tools/prices.py"]);
        (await IdsAsync(store))["src/orders.py"].ShouldBe(before);
    }

    [Fact]
    public async Task Index_FolderAfterRecords_KeepsTheRecords()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var records = Path.Combine(store.Folder, "shop.jsonl");
        await File.WriteAllTextAsync(records, """{"id":"r1","text":"Reverse a string","code":"s[::-1]","language":"python"}""", Token);
        await memory.IndexRecordsAsync(records, new IndexStart { Project = "shop" }, null, Token);

        await IndexAsync(memory, [store.Write("shop", ("orders.py", Orders))]);

        (await PathsAsync(store)).ShouldBe(["orders.py", "records/r1"]);
    }

    [Fact]
    public async Task Index_TwoFoldersOfOneName_HasTheFilesOfBoth()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (a, b) = (store.Write("a/src", ("main.py", Orders)), store.Write("b/src", ("main.py", Prices)));

        (await IndexAsync(memory, [a, b])).Files.ShouldBe(2);
        (await PathsAsync(store)).ShouldBe(["a/src/main.py", "b/src/main.py"]);
        (await IndexAsync(memory, [a, b])).Changed.ShouldBe(0);
    }

    [Fact]
    public async Task Index_AnotherFolderAsTheSameProject_HidesNothing_ButTheSameFolderElsewhereIsTheSame()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var first = store.Write("first", ("main.py", Orders), ("more.py", Report), ("last.py", Prices));
        await IndexAsync(memory, [first]);

        await IndexAsync(memory, [store.Write("second", ("main.py", "def other(a):\n    return a - 7\n"))]);
        (await PathsAsync(store)).ShouldBe(["last.py", "main.py", "more.py", "second/main.py"]);

        Directory.Move(first, $"{first}-moved");
        File.Delete(Path.Combine($"{first}-moved", "last.py"));
        (await IndexAsync(memory, [$"{first}-moved"])).Changed.ShouldBe(0);
        (await PathsAsync(store)).ShouldBe(["main.py", "more.py", "second/main.py"]);
    }

    [Fact]
    public async Task Index_FileThatCannotBeReadForAMoment_KeepsItsPatterns()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var shop = store.Write("shop", ("orders.py", Orders), ("prices.py", Prices));
        await IndexAsync(memory, [shop]);
        var before = await IdsAsync(store);

        await using (new FileStream(Path.Combine(shop, "orders.py"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            (await IndexAsync(memory, [shop])).Skipped["unreadable"].ShouldBe(1);

        (await IdsAsync(store)).ShouldBe(before);
    }

    [Theory]
    [InlineData("[]abc]x")]
    [InlineData("[!]")]
    [InlineData("[z-a]")]
    [InlineData("[")]
    [InlineData("[[:nonsense:]]")]
    [InlineData("a\\")]
    public async Task Index_OddLineInAnIgnoreFile_IndexesAllTheSame(string line)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();

        await IndexAsync(memory, [store.Write("shop", (".gitignore", $"{line}\nignored.py\n"), ("orders.py", Orders), ("ignored.py", Prices))]);

        (await PathsAsync(store)).ShouldBe([".gitignore", "orders.py"]);
    }

    [Fact]
    public async Task Index_OverloadAddedAbove_OutcomesStayWithTheirText()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const string Second = "    public int Add(int a, int b)\n    {\n        return a + b;\n    }\n";
        const string Filler = "    public void Run()\n    {\n        Start();\n        Stop();\n    }\n\n";
        await IndexAsync(memory, [store.Write("shop", ("A.cs", $"public class A\n{{\n{Filler}{Second}}}\n"))]);
        await store.Database.WriteAsync(c => c.ExecuteAsync("update patterns set successes = 4 where name = 'A.Add'"), Token);

        store.Write("shop", ("A.cs", $"public class A\n{{\n{Filler}{Second.Replace("int b", "int b, int c", StringComparison.Ordinal).Replace("a + b", "a + b + c", StringComparison.Ordinal)}\n{Second}}}\n"));
        await IndexAsync(memory, [Path.Combine(store.Folder, "shop")]);

        var rows = await store.Database.ReadAsync(c => c.QueryAsync<(string Text, long Successes)>("select text, successes from patterns where name = 'A.Add'"), Token);
        rows.Single(r => r.Text.Contains("a + b;", StringComparison.Ordinal)).Successes.ShouldBe(4);
        rows.Single(r => r.Text.Contains("+ c;", StringComparison.Ordinal)).Successes.ShouldBe(0);
    }

    [Fact]
    public async Task Index_BannedTextIsMendedInItsFile_IsShownAgain_AndTheOldTextNeverIs()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var shop = store.Write("shop", ("years.py", "def leap_year(year):\n    return year % 4 == 0\n"));
        await IndexAsync(memory, [shop]);
        await memory.BanAsync(new BanRequest { Id = (await FindAsync(memory, "leap year")).Single().Id }, Token);
        (await FindAsync(memory, "leap year")).ShouldBeEmpty();

        store.Write("shop", ("years.py", "def leap_year(year):\n    return year % 4 == 0 and year % 100 != 0\n"));
        await IndexAsync(memory, [shop]);
        (await FindAsync(memory, "leap year")).ShouldHaveSingleItem();

        store.Write("shop", ("years.py", "def leap_year(year):\n    return year % 4 == 0\n"));
        await IndexAsync(memory, [shop]);
        (await FindAsync(memory, "leap year")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Index_FileRenamedToAnotherLanguage_IsReadAnew_AndAMovedOneIsFoundByItsNewPath()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { VectorWeight = 0 });
        var shop = store.Write("shop", ("prices.txt", Prices), ("orders.py", Orders));
        await IndexAsync(memory, [shop]);

        File.Move(Path.Combine(shop, "prices.txt"), Path.Combine(shop, "prices.py"));
        Directory.CreateDirectory(Path.Combine(shop, "zanzibar"));
        File.Move(Path.Combine(shop, "orders.py"), Path.Combine(shop, "zanzibar/orders.py"));
        await IndexAsync(memory, [shop]);

        var prices = (await FindAsync(memory, "read prices")).First(h => h.Path == "prices.py");
        (prices.Language, prices.Kind).ShouldBe(("python", "function"));
        (await FindAsync(memory, "zanzibar")).Select(h => h.Path).ShouldBe(["zanzibar/orders.py"]);
        await ShouldBeWholeAsync(memory);
    }

    [Fact]
    public async Task Index_MemberMovedToAnotherFile_KeepsItsOutcomes()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var shop = store.Write("shop", ("all.py", $"{Orders}\n\n{Prices}"));
        await IndexAsync(memory, [shop]);
        await store.Database.WriteAsync(c => c.ExecuteAsync("update patterns set successes = 4, used_ms = 9 where name = 'cancel_order'"), Token);

        File.Delete(Path.Combine(shop, "all.py"));
        store.Write("shop", ("orders.py", $"{Orders}\n\n{Report}"), ("prices.py", Prices));
        await IndexAsync(memory, [shop]);

        (await FindAsync(memory, "cancel order")).First(h => h.Name == "cancel_order").Successes.ShouldBe(4);
    }

    [Fact]
    public async Task Repair_WordsLost_MakesTheSamePostingsAsIndexing()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var records = Path.Combine(store.Folder, "r.jsonl");
        await File.WriteAllTextAsync(records, """{"id":"r1","text":"Two helpers","code":"def first_helper(a):\n    return a\n\ndef second_helper(b):\n    # Doubles it.\n    return b * 2\n","language":"python"}""", Token);
        await memory.IndexRecordsAsync(records, new IndexStart { Project = "shop" }, null, Token);
        await memory.LearnAsync(Jobs.Succeeded("j1", "slugs and titles", "def make_slug(title):\n    return title.lower()\n\ndef make_title(slug):\n    return slug.upper()\n", project: "shop"), Token);
        var cs = "namespace Shop;\n\npublic class Cart<T>(Db db) : Base, IStore\n{\n    // Counts.\n    private int _count;\n\n    /// <summary>Adds up.</summary>\n    [Cached]\n    public Task<decimal> TotalAsync(decimal rate,\n        int depth)\n    {\n        return Sum(rate);\n    }\n\n    private int _last = 3;\n}\n";
        await IndexAsync(memory, [store.Write("shop", ("a.md", "# Shop\n\n> quoted `code`\n\n## Carts\n\nText.\n"), ("Cart.cs", cs), ("long.py", "def long_one():\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"    step_{i}()  # Step {i}.\n"))), ("a.sql", "-- Orders.\ncreate table orders (id text);\n"), ("b.txt", "plain words\n"))]);
        var before = await PostingsAsync(store);

        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from vectors"), Token);
        (await memory.CheckAsync(true, Token)).Ok.ShouldBeTrue();

        (await PostingsAsync(store)).ShouldBe(before);
    }

    [Fact]
    public async Task Repair_WhatItCannotMend_IsSaid()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(memory, [store.Write("shop", ("orders.py", Orders))]);
        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from vectors"), Token);

        var reply = await memory.CheckAsync(true, Token);

        reply.Ok.ShouldBeTrue();
        reply.Problems.ShouldAllBe(p => p.StartsWith("Mended: ", StringComparison.Ordinal));
    }

    /// <summary>Terms with the frequencies of each pattern, by its name; numbers differ after a repair.</summary>
    private static async Task<List<string>> PostingsAsync(StoreUnderTest store)
    {
        var names = (await store.Database.ReadAsync(c => c.QueryAsync<(long Number, string Name)>("select number, kind || ' ' || path || ' ' || member from patterns"), Token)).ToDictionary(p => p.Number, p => p.Name);
        var all = new List<string>();
        foreach (var (term, data) in await store.Database.ReadAsync(c => c.QueryAsync<(string Term, byte[] Data)>("select term, data from postings"), Token))
        {
            var reader = new PostingReader(data);
            while (reader.Next())
            {
                if (names.TryGetValue(reader.Number, out var name))
                    all.Add($"{name} {term} {reader.Impact}");
            }
        }

        all.Sort(StringComparer.Ordinal);
        return all;
    }

    private static Task<IndexReply> IndexAsync(PatternLibrary memory, string[] paths) => memory.IndexFolderAsync(paths, new IndexStart { Project = "shop" }, null, Token);

    private static async Task<IReadOnlyList<PatternHit>> FindAsync(PatternLibrary memory, string query) => (await memory.SearchAsync(new SearchRequest { Query = query }, Token)).Results;

    private static async Task<List<string>> PathsAsync(StoreUnderTest store) =>
        [.. (await store.Database.ReadAsync(c => c.QueryAsync<string>("select distinct path from patterns"), Token)).Order(StringComparer.Ordinal)];

    private static async Task<Dictionary<string, string>> IdsAsync(StoreUnderTest store) =>
        (await store.Database.ReadAsync(c => c.QueryAsync<(string Path, string Id)>("select path, id from patterns"), Token)).ToDictionary(p => p.Path, p => p.Id);

    private static async Task ShouldBeWholeAsync(PatternLibrary memory) => (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
}

/// <summary>Indexing into SQLite.</summary>
public sealed class SqliteIndexingTests : IndexingSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();

    [Fact]
    public async Task Evict_FileThatLostPatterns_IsToldAndComesBackWithALargerSize()
    {
        await using var store = MakeStore();
        var small = await store.OpenAsync(options: new PatternsOptions { MaxMebibytes = 1 });
        var code = store.Write("big", [.. Enumerable.Range(0, 60).Select(i => ($"m{i}.py", string.Concat(Enumerable.Range(0, 20).Select(j => $"def act_{i}_{j}(board):\n    return board.step({j}, {i}).other_{i}_{j}\n\n\n"))))]);

        var first = await small.IndexFolderAsync([code], new IndexStart { Project = "big" }, null, default);
        first.Evicted.ShouldBeGreaterThan(0);
        (await small.GetStatsAsync("", default)).Evicted.ShouldBe(first.Evicted);

        await using var large = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors"), new PatternsOptions());
        var again = await large.IndexFolderAsync([code], new IndexStart { Project = "big" }, null, default);
        (again.Patterns, again.Evicted).ShouldBe((1200, 0));
    }

    [Theory]
    [InlineData(10, "a:10")]
    [InlineData(80, "a:80")]
    [InlineData(100, "a:90,b:10")]
    [InlineData(130, "a:100,b:20,c:10")]
    public void Evict_SeveralTenants_WhoHoldsMostGivesMost(long remove, string expected) =>
        string.Join(',', Eviction.Shares(new Dictionary<string, long> { ["a"] = 100, ["b"] = 20, ["c"] = 10 }, remove).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}:{s.Value}")).ShouldBe(expected);
}

/// <summary>Indexing into PostgreSQL.</summary>
public sealed class PostgreSqlIndexingTests : IndexingSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
