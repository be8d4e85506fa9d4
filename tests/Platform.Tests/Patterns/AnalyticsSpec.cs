using System.Text.Json;
using Dapper;
using Platform.Contracts;
using Platform.Patterns;
using Platform.Tests.Metrics;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Figures, training pairs and eviction, on either store.</summary>
public abstract class AnalyticsSpec
{
    private const string Slug = "def make_slug(title):\n    words = title.lower().split()\n    return '-'.join(words)\n";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Analytics_RealJobs_AreCountedByDayAndProject_AndSimulatedOnesNowhere()
    {
        await using var store = MakeStore();
        var time = new SetTime(Start);
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = 0 }, time: time);
        await memory.IndexFolderAsync([store.Write("p", ("a.py", Slug))], new IndexStart { Project = "p" }, null, Token);
        var used = (await memory.SearchAsync(new SearchRequest { Query = "slug title" }, Token)).Results[0].Id;
        await RunAsync(memory, "j1", "p", used, succeeded: true);
        time.Now += TimeSpan.FromDays(1);
        await RunAsync(memory, "j2", "p", used, succeeded: true);
        await RunAsync(memory, "j3", "q", null, succeeded: false);
        await memory.LearnAsync(Jobs.Succeeded("s1", "slug", Slug, simulated: true), Token);

        var all = await memory.GetAnalyticsAsync(new GetAnalyticsRequest(), Token);
        var ofP = await memory.GetAnalyticsAsync(new GetAnalyticsRequest { Project = "p", Days = 1 }, Token);

        (all.Reuse.Count, all.Reuse.All).ShouldBe((2, 2));
        (all.Hits.Count, all.Hits.All).ShouldBe((2, 3));
        all.Days.Select(d => (d.Day, d.Jobs, d.Succeeded, d.Reused, d.Recalls, d.Added)).ShouldBe([("2026-03-01", 1, 1, 1, 1, 1), ("2026-03-02", 2, 1, 1, 2, 0)]);
        all.Projects.Select(p => (p.Project, p.Jobs, p.Succeeded, p.Reused)).ShouldBe([("p", 2, 2, 2), ("q", 1, 0, 0)]);
        all.Top.ShouldHaveSingleItem().PatternId.ShouldBe(used);
        all.Failing.ShouldBeEmpty();
        (ofP.Days.Count, ofP.Days[0].Jobs, ofP.Projects.Single().Jobs).ShouldBe((1, 1, 1));
        (await Should.ThrowAsync<ArgumentException>(() => memory.GetAnalyticsAsync(new GetAnalyticsRequest { Days = 367 }, Token))).Message.ShouldContain("367");
    }

    [Fact]
    public async Task Lift_NoJobWithheld_IsNotConclusive()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = 0 });
        await memory.LearnAsync(Jobs.Succeeded("j1", "Make a slug", Slug), Token);
        await RunAsync(memory, "j2", "", null, succeeded: true);

        var lift = (await memory.GetAnalyticsAsync(new GetAnalyticsRequest(), Token)).Lift;

        (lift.WithMemory.All, lift.Withheld.All, lift.Difference, lift.Conclusive).ShouldBe((1, 0, 0, false));
    }

    [Fact]
    public void Share_Interval_IsWilsons()
    {
        // Newcombe 1998, table II, example a, method 10: 56/70 less 48/80.
        var (difference, low, high) = ShareDifference.Of(56, 70, 48, 80);
        (Math.Round(difference, 4), Math.Round(low, 4), Math.Round(high, 4)).ShouldBe((0.2, 0.0524, 0.3339));
        MemoryAnalytics.ShareOf(0, 0).ShouldBe(new Proportion());
        var none = MemoryAnalytics.ShareOf(0, 10);
        (none.Low, Math.Round(none.High, 4)).ShouldBe((0, 0.2775));
    }

    [Fact]
    public async Task Export_VerifiedPairs_CarryTheirLicence_AndNothingElseLeaves()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("p", ("readme.md", "# P\n\nText of P.\n"))], new IndexStart { Project = "p", Licence = "MIT" }, null, Token);
        await memory.LearnAsync(Jobs.Succeeded("good", "Make a slug", Slug, project: "p"), Token);
        await memory.LearnAsync(Jobs.Succeeded("untested", "Reverse a list", "def reverse(items):\n    return items[::-1]\n", withTests: false), Token);
        await memory.LearnAsync(Jobs.Succeeded("simulated", "Sort a list", "def sort(items):\n    return sorted(items)\n", simulated: true), Token);
        await memory.LearnAsync(Jobs.Succeeded("rejected", "Sum a list", "def total(items):\n    return sum(items)\n"), Token);
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "rejected", Verdicts.Rejected), Token);
        await memory.LearnAsync(EvidenceSpec.Feedback("f2", "good", Verdicts.Accepted), Token);
        await memory.LearnAsync(Jobs.Succeeded("banned", "Count a list", "def count(items):\n    return len(items)\n"), Token);
        await memory.BanAsync(new BanRequest { Id = (await memory.WhyAsync("banned", Token))!.LearnedAs }, Token);
        await memory.LearnAsync(Jobs.Succeeded("secret", "Log in with ghp_" + new string('a', 36), "def login(user):\n    return user.open()\n"), Token);

        var pairs = await memory.ExportTrainingAsync(new ExportTrainingRequest(), Token).ToListAsync(Token);
        var tested = await memory.ExportTrainingAsync(new ExportTrainingRequest { TestedOnly = true, Language = "py", Project = "p" }, Token).ToListAsync(Token);

        pairs.Select(p => (p.JobId, p.Licence, p.TestsPassed, p.Verdict)).OrderBy(p => p.JobId).ShouldBe([("good", "MIT", true, "accepted"), ("untested", "", false, "")]);
        tested.ShouldHaveSingleItem().Files.Single().Text.ShouldBe(Slug);
    }

    [Fact]
    public async Task Licence_OfTheProjectChangedLater_StaysWithWhatWasLearnedBefore()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("p", ("readme.md", "# P\n\nText of P.\n"))], new IndexStart { Project = "p", Licence = "MIT", Shared = true }, null, Token);
        await memory.LearnAsync(Jobs.Succeeded("before", "Make a slug", Slug, project: "p"), Token);

        await memory.SetProjectAsync(new SetProjectRequest { Project = "p", Licence = "GPL-3.0" }, Token);
        await memory.LearnAsync(Jobs.Succeeded("after", "Reverse a list", "def reverse(items):\n    return items[::-1]\n", project: "p"), Token);

        (await memory.ExportTrainingAsync(new ExportTrainingRequest(), Token).ToListAsync(Token)).Select(p => (p.JobId, p.Licence)).ShouldBe([("before", "MIT"), ("after", "GPL-3.0")], ignoreOrder: true);
        (await memory.SearchAsync(new SearchRequest { Query = "make a slug" }, Token)).Results[0].Licence.ShouldBe("MIT");
        (await memory.PullAsync(new PullRequest(), Token)).Select(p => p.Licence).Order().ShouldBe(["GPL-3.0", "GPL-3.0", "MIT"]);
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_ResultCountedOnAKnownOne_IsAPairOfItsOwnRequest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", "Make a slug", Slug), Token);
        await memory.LearnAsync(Jobs.Succeeded("j2", "I need slugs, please", $"# slugs\n{Slug}"), Token);
        await memory.LearnAsync(Jobs.Succeeded("j3", "Slugs of titles", $"# more slugs\n{Slug}"), Token);
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j3", Verdicts.Rejected), Token);

        var pairs = await memory.ExportTrainingAsync(new ExportTrainingRequest { TestedOnly = true }, Token).ToListAsync(Token);

        (await memory.GetStatsAsync("", Token)).Learned.ShouldBe(1);
        pairs.Select(p => (p.JobId, p.Task, p.Files.Single().Text)).OrderBy(p => p.JobId).ShouldBe([("j1", "Make a slug", Slug), ("j2", "I need slugs, please", $"# slugs\n{Slug}")]);
    }

    [Fact]
    public async Task Evict_LeastValuableFirst_RecordsAndVerifiedUsedLast()
    {
        await using var store = MakeStore();
        var time = new SetTime(Start);
        var memory = await store.OpenAsync(time: time);
        await memory.IndexFolderAsync([store.Write("p", ("old.py", "def old_one(a):\n    return a + 1\n"), ("used.py", Slug))], new IndexStart { Project = "p" }, null, Token);
        var records = Path.Combine(store.Folder, "r.jsonl");
        await File.WriteAllTextAsync(records, JsonSerializer.Serialize(new { id = "r1", text = "A record", code = "x = 1", language = "python" }), Token);
        await memory.IndexRecordsAsync(records, new IndexStart { Project = "set" }, null, Token);
        var used = (await memory.SearchAsync(new SearchRequest { Query = "make slug title", Project = "p" }, Token)).Results[0].Id;
        time.Now += TimeSpan.FromDays(1);
        await RunAsync(memory, "j1", "p", used, succeeded: true);
        var failed = Jobs.Succeeded("j2", "Read a file", "def read(path):\n    return open(path).read()\n");
        failed.Result.Attempts.Add(new Attempt { Number = 1, Error = "TypeError: no", Code = "x", Outcome = "tests_failed" });
        await memory.LearnAsync(failed, Token);
        await memory.LearnAsync(EvidenceSpec.Feedback("f", "j2", Verdicts.Accepted), Token);

        var order = new List<string>();
        var writer = new PatternWriter(store.Database, "words-128/1");
        while (await PathsAsync(store) is { Count: > 0 } before)
        {
            await store.Database.WriteAsync(c => Eviction.RunAsync(c, writer, "default", 1), Token);
            order.Add(before.Except(await PathsAsync(store)).Single());
        }

        order.ShouldBe(["failures/j2", "old.py", "used.py", "records/r1", "results/j2"]);
    }

    [Fact]
    public async Task Evict_StoreAboveItsCap_ShrinksAndStaysConsistent()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { MaxMebibytes = 1 });
        var files = Enumerable.Range(0, 60).Select(i => ($"f{i}.py", string.Join("\n\n", Enumerable.Range(0, 40).Select(k => $"def function_{i}_{k}(value):\n    # Does step {k} of {i}\n    return value * {k} + {i}\n")))).ToArray();

        await memory.IndexFolderAsync([store.Write("p", files)], new IndexStart { Project = "p" }, null, Token);

        var left = (await memory.GetStatsAsync("", Token)).Patterns;
        if (store is SqliteStore)
            left.ShouldBeInRange(1, 2_000);
        else
            left.ShouldBe(2_400);
        (await memory.CheckAsync(repair: false, Token)).Problems.ShouldBeEmpty();
        (await memory.SearchAsync(new SearchRequest { Query = "function step", Top = 5 }, Token)).Results.ShouldNotBeEmpty();
    }

    private static Task<List<string>> PathsAsync(StoreUnderTest store) =>
        store.Database.ReadAsync(async c => (await c.QueryAsync<string>("select path from patterns")).ToList(), Token);

    /// <summary>A job that asks the memory and closes; its result shows the pattern and is itself not learned.</summary>
    private static async Task RunAsync(PatternLibrary memory, string id, string project, string? used, bool succeeded)
    {
        var job = Jobs.Succeeded(id, "Make a slug of a title", used is null ? "x = 1" : Slug, withTests: false, project: project);
        job.State = succeeded ? JobStates.Succeeded : JobStates.Failed;
        job.Result.Validation = null;
        await memory.RecallAsync(Jobs.RecallOf(job, id), Token);
        if (used is not null)
            job.Result.Patterns.Add(new PatternRef { Id = used });
        await memory.LearnAsync(job, Token);
    }
}

/// <summary>Figures on SQLite.</summary>
public sealed class SqliteAnalyticsTests : AnalyticsSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Figures on PostgreSQL.</summary>
public sealed class PostgreSqlAnalyticsTests : AnalyticsSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
