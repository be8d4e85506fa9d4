using Dapper;
using Platform.Contracts;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Two tenants in one store: whichever door one of them tries, the other's patterns, fixes, figures and scores stay as they are. On either store.</summary>
public abstract class TenancySpec
{
    private const string Slug = "def make_slug(title):\n    words = title.strip().lower().split()\n    return '-'.join(words)\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task LearningDoors_OfAnotherTenant_ChangeNothingHere()
    {
        await using var store = MakeStore();
        var (mine, theirs) = (await store.OpenAsync("mine"), await store.OpenAsync("theirs"));
        var job = Jobs.Succeeded("j1", "Make a slug", Slug, project: "shop");
        await mine.LearnAsync(job, Token);
        var fix = new TriedFix { Language = "python", Error = "NameError: name 'title' is not defined", Before = "slug(title)", After = "slug(name)", Worked = true };
        await mine.LearnFixesAsync(new LearnFixesRequest { Project = "shop", Fixes = { fix } }, Token);
        var asked = new FindFixesRequest { Language = "python", Message = fix.Error };
        var known = (await mine.FindFixesAsync(asked, Token)).Fixes.ShouldHaveSingleItem();

        (await theirs.FindFixesAsync(asked, Token)).ShouldBe(new FindFixesReply());
        (await theirs.BanAsync(new BanRequest { Id = known.Id }, Token)).ShouldBeNull();
        fix.Worked = false;
        await theirs.LearnFixesAsync(new LearnFixesRequest { Project = "shop", Fixes = { fix } }, Token);
        await theirs.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Rejected) with { Tenant = "theirs" }, Token);
        await theirs.LearnAsync(EvidenceSpec.Feedback("f2", "j1", Verdicts.Edited) with { Tenant = "theirs", Diff = "@@ -1,1 +1,1 @@\n-def make_slug(title):\n+def make(title):\n" }, Token);
        (await theirs.SetProjectAsync(new SetProjectRequest { Project = "shop", Licence = "GPL-3.0", Shared = true }, Token))!.Patterns.ShouldBe(0);
        (await theirs.ForgetAsync(new ForgetRequest { Project = "shop" }, Token)).Removed.ShouldBe(0);

        (await mine.FindFixesAsync(asked, Token)).Fixes.ShouldHaveSingleItem().ShouldBe(known);
        (await mine.RecallAsync(Jobs.RecallOf(job), Token)).Exact.Files.Single().Text.ShouldBe(Slug);
        var project = (await mine.ListProjectsAsync(Token)).Projects.Single(p => p.Name == "shop");
        (project.Licence, project.Shared, project.Patterns).ShouldBe(("", false, 1));
    }

    [Fact]
    public async Task ReadingDoors_OfAnotherTenant_SeeNothing()
    {
        await using var store = MakeStore();
        var (mine, theirs) = (await store.OpenAsync("mine"), await store.OpenAsync("theirs"));
        await mine.IndexFolderAsync([store.Write("shop", ("slug.py", Slug))], new IndexStart { Project = "shop", Licence = "MIT", Shared = true }, null, Token);
        var job = Jobs.Succeeded("j1", "Make a slug", $"{Slug}\n\nSLUGS = 1\n", project: "shop");
        await mine.RecallAsync(Jobs.RecallOf(job, "j1"), Token);
        await mine.LearnAsync(job, Token);
        await theirs.LearnAsync(Jobs.Succeeded("t1", "Add numbers", "def add(a, b):\n    return a + b\n", project: "own"), Token);

        (await theirs.RecommendAsync(new RecommendRequest { Task = "make a slug", Project = "own" }, Token)).Results.ShouldBeEmpty();
        (await theirs.PullAsync(new PullRequest(), Token)).ShouldBeEmpty();
        (await theirs.ExportTrainingAsync(new ExportTrainingRequest(), Token).ToListAsync(Token)).Select(p => p.JobId).ShouldBe(["t1"]);
        (await theirs.WhyAsync("j1", Token)).ShouldBeNull();
        (await theirs.ListProjectsAsync(Token)).Projects.Select(p => p.Name).ShouldBe(["own"]);
        var figures = await theirs.GetAnalyticsAsync(new GetAnalyticsRequest(), Token);
        (figures.Hits.All, figures.Projects.Select(p => p.Project).Single(), figures.Top.All(t => t.Project == "own")).ShouldBe((0, "own", true));
        (await theirs.SearchAsync(new SearchRequest { Query = "make a slug", Project = "shop", WithShared = true }, Token)).Results.ShouldBeEmpty();
        (await mine.PullAsync(new PullRequest(), Token)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task WhatIsTaken_FromAnotherMemory_IsOfTheTenantWhoTookIt()
    {
        await using var store = MakeStore();
        var (mine, theirs) = (await store.OpenAsync("mine"), await store.OpenAsync("theirs"));
        var pattern = new SharedPattern { Project = "lib", Kind = "function", Language = "python", Path = "slug.py", Name = "make_slug", Text = Slug };

        (await mine.TakeAsync("there", [pattern], Token)).Added.ShouldBe(1);

        (await theirs.SearchAsync(new SearchRequest { Query = "make slug" }, Token)).Results.ShouldBeEmpty();
        (await theirs.TakeAsync("there", [pattern], Token)).Added.ShouldBe(1);
        await theirs.ForgetAsync(new ForgetRequest { Project = "team/lib" }, Token);
        (await mine.SearchAsync(new SearchRequest { Query = "make slug" }, Token)).Results.ShouldHaveSingleItem().Project.ShouldBe("team/lib");
        if (store is SqliteStore)
            Directory.GetFiles(store.Folder, "*.vec", SearchOption.AllDirectories).Length.ShouldBe(2, "no file holds vectors of both");
    }

    [Fact]
    public async Task Search_WordsThatAnotherTenantUsesOften_ScoreAsBefore()
    {
        await using var store = MakeStore();
        var (mine, theirs) = (await store.OpenAsync("mine"), await store.OpenAsync("theirs"));
        await mine.IndexFolderAsync([store.Write("shop", [.. Enumerable.Range(0, 20).Select(i => ($"f{i}.py", $"def step_{i}(order):\n    # {(i % 4 == 0 ? "Cancels" : "Ships")} an order.\n    return order.line({i})\n"))])], new IndexStart { Project = "shop" }, null, Token);
        var before = await ScoresAsync();

        await theirs.IndexFolderAsync([store.Write("other", [.. Enumerable.Range(0, 300).Select(i => ($"g{i}.py", $"def cancel_{i}(order):\n    # Cancels an order, step by step.\n    return order.cancel({i})\n"))])], new IndexStart { Project = "shop" }, null, Token);

        before.Count.ShouldBeGreaterThan(5);
        (await ScoresAsync()).ShouldBe(before);

        async Task<List<(string, double, string)>> ScoresAsync() =>
            [.. (await mine.SearchAsync(new SearchRequest { Query = "cancel order step", Explain = true }, Token)).Results.Select(r => (r.Id, r.Score, string.Join(' ', r.Parts.OrderBy(p => p.Key, StringComparer.Ordinal))))];
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    public async Task Search_TagThatFewCarry_GivesAsManyAsExist(int oneIn)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const int Count = 3000;
        await memory.IndexFolderAsync([store.Write("many", [.. Enumerable.Range(0, Count / 100).Select(f => ($"m{f}.py", string.Concat(Enumerable.Range(f * 100, 100).Select(i => i % oneIn == 0
            ? $"def test_sorting_{i}(items):\n    assert sorted(items)[{i}] == items[{i}]\n\n\n"
            : $"def sorting_{i}(items):\n    return sorted(items)[{i}]\n\n\n"))))])], new IndexStart { Project = "many" }, null, Token);
        var tagged = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from patterns where ' ' || tags || ' ' like '% test %'"), Token);

        var found = (await memory.SearchAsync(new SearchRequest { Query = "sort list items", Tag = "test", Top = 10 }, Token)).Results;

        tagged.ShouldBe(Count / oneIn);
        found.Count.ShouldBe((int)Math.Min(10, tagged));
        found.ShouldAllBe(r => r.Tags.Contains("test"));
    }
}

/// <summary>Tenants on SQLite.</summary>
public sealed class SqliteTenancyTests : TenancySpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Tenants on PostgreSQL.</summary>
public sealed class PostgreSqlTenancyTests : TenancySpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
