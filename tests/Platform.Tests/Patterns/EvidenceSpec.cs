using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.Tests.Metrics;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>How outcomes move a pattern, on either store: a Bayesian estimate that fades, and credit only for what shows in the result.</summary>
public abstract class EvidenceSpec
{
    private const string Slug = "def make_slug(title):\n    words = title.lower().split()\n    return '-'.join(words)\n";
    private const string Other = "def slug_of(title):\n    parts = [p for p in title.casefold().split(' ') if p]\n    return '_'.join(parts)\n";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Estimate_OneLuckyUse_DoesNotBeatFiftyGoodOnes()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (lucky, proven) = await TwoAsync(store, memory);

        await UseAsync(memory, lucky, Slug, succeeded: true);
        for (var i = 0; i < 50; i++)
            await UseAsync(memory, proven, Other, succeeded: i % 25 != 24);

        var (one, fifty) = (await memory.GetPatternAsync(lucky, default), await memory.GetPatternAsync(proven, default));
        (one!.Hit.Successes, one.Hit.Failures, fifty!.Hit.Successes, fifty.Hit.Failures).ShouldBe((1, 0, 48, 2));
        fifty.SuccessEstimate.ShouldBeGreaterThan(one.SuccessEstimate);
        var parts = (await memory.SearchAsync(new SearchRequest { Query = "slug of a title", Project = "p", Explain = true }, default)).Results.ToDictionary(r => r.Id, r => r.Parts["outcome"]);
        parts[proven].ShouldBeGreaterThan(parts[lucky]);
        parts[lucky].ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Boost_AnyEvidence_StaysWithinItsCap()
    {
        Outcome.Boost(new PatternRow { Won = 1_000_000 }).ShouldBeInRange(1.15, 1.2);
        Outcome.Boost(new PatternRow { Lost = 1_000_000 }).ShouldBeInRange(0.85, 0.86);
        Outcome.Boost(new PatternRow()).ShouldBe(1);
    }

    [Fact]
    public async Task Evidence_AfterAHalfLife_CountsHalf()
    {
        await using var store = MakeStore();
        var time = new SetTime(Start);
        var memory = await store.OpenAsync(options: new PatternsOptions { EvidenceHalfLifeDays = 30, WithheldShare = 0 }, time: time);
        var (used, _) = await TwoAsync(store, memory);
        for (var i = 0; i < 8; i++)
            await UseAsync(memory, used, Slug, succeeded: true);

        (await memory.GetPatternAsync(used, default))!.SuccessEstimate.ShouldBe(Outcome.Estimate(4, 0), 1e-9);
        time.Now += TimeSpan.FromDays(30);
        (await memory.GetPatternAsync(used, default))!.SuccessEstimate.ShouldBe(Outcome.Estimate(2, 0), 1e-9);
        await UseAsync(memory, used, Slug, succeeded: false);

        var after = (await memory.GetPatternAsync(used, default))!;
        after.SuccessEstimate.ShouldBe(Outcome.Estimate(2, 1), 1e-9);
        (after.Hit.Successes, after.Hit.Failures).ShouldBe((8, 1));
    }

    [Theory]
    [InlineData(Verdicts.Accepted, 3.5, 0)]
    [InlineData(Verdicts.Edited, 0.5, 1)]
    [InlineData(Verdicts.Rejected, 0.5, 3)]
    [InlineData(Verdicts.Reverted, 0.5, 4)]
    public async Task Verdict_OfAPerson_WeighsMoreThanCompiling(string verdict, double won, double lost)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(time: new SetTime(Start));
        var (used, _) = await TwoAsync(store, memory);
        await UseAsync(memory, used, Slug, succeeded: true, job: "j");

        await memory.LearnAsync(Feedback("f", "j", verdict), default);

        (await memory.GetPatternAsync(used, default))!.SuccessEstimate.ShouldBe(Outcome.Estimate(won, lost), 1e-9);
        var replay = await memory.RecallAsync(Jobs.RecallOf(UseOf(used, Slug, true, "j")), default);
        (replay.Exact is null).ShouldBe(verdict != Verdicts.Accepted);
    }

    [Fact]
    public async Task Verdict_ThatOvertakesItsJob_IsCountedWhenTheJobComes()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(time: new SetTime(Start));
        var (used, _) = await TwoAsync(store, memory);

        await memory.LearnAsync(Feedback("f", "j", Verdicts.Rejected), default);
        (await memory.GetPatternAsync(used, default))!.Hit.Failures.ShouldBe(0);
        await UseAsync(memory, used, Slug, succeeded: true, job: "j");

        (await memory.GetPatternAsync(used, default))!.SuccessEstimate.ShouldBe(Outcome.Estimate(0.5, 3), 1e-9);
        (await memory.RecallAsync(Jobs.RecallOf(UseOf(used, Slug, true, "j")), default)).Exact.ShouldBeNull();
    }

    [Fact]
    public async Task Credit_PatternWithoutATrace_IsNeitherPraisedNorBlamed()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (shown, offered) = await TwoAsync(store, memory);
        var job = UseOf(shown, Slug, succeeded: true, "good");
        job.Result.Patterns.Add(new PatternRef { Id = offered });
        var bad = UseOf(offered, "def something_else(count):\n    return [None] * count\n", succeeded: false, "bad");

        await memory.LearnAsync(job, default);
        await memory.LearnAsync(bad, default);

        (await memory.GetPatternAsync(shown, default))!.Hit.Successes.ShouldBe(1);
        var untouched = (await memory.GetPatternAsync(offered, default))!;
        (untouched.Hit.Successes, untouched.Hit.Failures).ShouldBe((0, 0));
        var why = (await memory.WhyAsync("good", default))!;
        why.Patterns.Select(p => (p.PatternId, p.Role)).ShouldBe([(shown, "shown"), (offered, "offered")]);
        why.Patterns[0].Credit.ShouldBe(1);
    }

    [Fact]
    public void Credit_ExcerptThatTheRequestBrought_IsNone()
    {
        new Credit(Slug, []).Of("make_slug", Slug).ShouldBe((UseRoles.Shown, 1));
        new Credit(Slug, [Slug]).Of("make_slug", Slug).Role.ShouldBe(UseRoles.Offered);
        new Credit("print(make_slug('A b'))", []).Of("text.make_slug", Slug).Role.ShouldBe(UseRoles.Called);
        new Credit("x = 1", []).Of("make_slug", Slug).ShouldBe((UseRoles.Offered, 0));
        new Credit("", []).Of("", "").ShouldBe((UseRoles.Offered, 0));
        new Credit(Slug.Replace("    ", "\t").Replace("\n", "\r\n\r\n"), []).Of("", Slug).ShouldBe((UseRoles.Shown, 1));
    }

    [Fact]
    public async Task Learn_NearlyTheSame_IsMergedNotStoredHoweverTheTaskIsPut()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const string Long = "def median(numbers):\n    ordered = sorted(numbers)\n    middle = len(ordered) // 2\n    if len(ordered) % 2:\n        return ordered[middle]\n    return (ordered[middle - 1] + ordered[middle]) / 2\n";
        await memory.LearnAsync(Jobs.Succeeded("j1", "Median of numbers", Long), default);

        await memory.LearnAsync(Jobs.Succeeded("j2", "Median of numbers", Long.Replace("    ", "\t")), default);
        await memory.LearnAsync(Jobs.Succeeded("j3", "Middle value of a list", Long), default);

        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(1);
        (await memory.WhyAsync("j2", default))!.Patterns.ShouldHaveSingleItem().Role.ShouldBe("merged");
        await memory.LearnAsync(Feedback("f", "j2", Verdicts.Rejected), default);
        (await memory.RecallAsync(Jobs.RecallOf(Jobs.Succeeded("j1", "Median of numbers", Long)), default)).Exact.ShouldBeNull();
    }

    [Fact]
    public async Task Learn_IntoASharedProject_LeavesItShared()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("p", ("a.py", Slug))], new IndexStart { Project = "p", Shared = true, Licence = "MIT" }, null, default);

        await memory.LearnAsync(Jobs.Succeeded("j1", "Other slug", Other, project: "p"), default);

        var project = (await memory.ListProjectsAsync(default)).Projects.ShouldHaveSingleItem();
        (project.Shared, project.Licence).ShouldBe((true, "MIT"));
    }

    internal static FeedbackGiven Feedback(string id, string job, string verdict) => new() { FeedbackId = id, JobId = job, Tenant = "default", Verdict = verdict, Diff = "", AtMs = 1 };

    private static async Task<(string First, string Second)> TwoAsync(StoreUnderTest store, PatternLibrary memory)
    {
        await memory.IndexFolderAsync([store.Write("p", ("a.py", Slug), ("b.py", Other))], new IndexStart { Project = "p" }, null, default);
        var hits = (await memory.SearchAsync(new SearchRequest { Query = "slug title" }, default)).Results;
        return (hits.Single(h => h.Path == "a.py").Id, hits.Single(h => h.Path == "b.py").Id);
    }

    private static Job UseOf(string pattern, string code, bool succeeded, string id)
    {
        var job = Jobs.Succeeded(id, $"slug for {id}", code, withTests: false);
        job.State = succeeded ? JobStates.Succeeded : JobStates.Failed;
        job.Result.Patterns.Add(new PatternRef { Id = pattern });
        return job;
    }

    private static Task<bool> UseAsync(PatternLibrary memory, string pattern, string code, bool succeeded, string? job = null) =>
        memory.LearnAsync(UseOf(pattern, code, succeeded, job ?? Guid.NewGuid().ToString("N")), default);
}

/// <summary>Evidence on SQLite.</summary>
public sealed class SqliteEvidenceTests : EvidenceSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Evidence on PostgreSQL.</summary>
public sealed class PostgreSqlEvidenceTests : EvidenceSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
