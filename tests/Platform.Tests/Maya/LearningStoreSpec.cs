using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>What learning and experiments keep, on both engines.</summary>
public abstract class LearningStoreSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<MayaTables> TablesAsync();

    [Fact]
    public async Task Record_SameEventsAgain_CountOnce()
    {
        await using var tables = await TablesAsync();
        var (desk, store, _) = Desks(tables);
        await tables.Posts.InsertAsync(Made("p1"), Token);
        await CloseAsync(tables, "p1");
        Engagement[] events = [Event("e1", "p1", "impression", 100), Event("e2", "p1", "like", 7), Event("e2", "p1", "like", 7), Event("e3", "nobody's", "like", 1)];

        var first = await desk.RecordAsync("t", events, fromBus: false, Token);
        var second = await desk.RecordAsync("t", events, fromBus: false, Token);

        (first.Stored, first.Duplicates, first.UnknownPosts).ShouldBe((2, 1, 1));
        (second.Stored, second.Duplicates, second.UnknownPosts).ShouldBe((0, 3, 1));
        var row = (await store.ListAsync("t", false, "", "", Token)).ShouldHaveSingleItem();
        (row.Impressions, row.Likes, row.Text, row.Theme).ShouldBe((100, 7, "A lamp for the desk.", "comfort"));
        (await store.ListAsync("other", false, "", "", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_ManyAtOnce_LosesAndDoublesNothing()
    {
        await using var tables = await TablesAsync();
        var (desk, store, _) = Desks(tables);
        await desk.ImportAsync("t", new SimulatedAccount(1).Posts(8).ToAsyncEnumerable(), Token);
        var before = (await store.ListAsync("t", false, "", "", Token)).Sum(r => r.Clicks);

        // Each of 16 senders sends its own event of every post and the shared ones of all, all at the same time.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(sender => Task.Run(() => desk.RecordAsync("t",
            [.. Enumerable.Range(0, 8).SelectMany(post => new[] { Event($"own-{sender}-{post}", $"p{post}", "click", 2), Event($"shared-{post}", $"p{post}", "click", 5) })], fromBus: false, Token))));

        (await store.ListAsync("t", false, "", "", Token)).Sum(r => r.Clicks).ShouldBe(before + (16 * 8 * 2) + (8 * 5));
    }

    [Fact]
    public async Task Import_TotalsRise_NeverFall()
    {
        await using var tables = await TablesAsync();
        var (desk, store, _) = Desks(tables);
        var post = new SimulatedAccount(2).Posts(1)[0];
        var higher = post.Clone();
        higher.Shares += 4;

        var replies = new List<ImportPostsReply>();
        foreach (var each in new[] { post, post, higher, post })
            replies.Add(await desk.ImportAsync("t", new[] { each }.ToAsyncEnumerable(), Token));

        replies.Select(r => (r.Added, r.Raised, r.Unchanged)).ShouldBe([(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1)]);
        (await store.ListAsync("t", false, "", "", Token)).ShouldHaveSingleItem().Shares.ShouldBe(4);
    }

    [Fact]
    public async Task Analyse_SimulatedAndReal_NeverMix()
    {
        await using var tables = await TablesAsync();
        var (desk, _, _) = Desks(tables);
        var posts = new SimulatedAccount(3) { Effect = (_, hour) => hour == 9 ? 2 : 1 }.Posts(80);
        posts.ForEach(p => p.Simulated = true);
        await desk.ImportAsync("t", posts.ToAsyncEnumerable(), Token);

        var real = await desk.AnalyseAsync("t", new AnalyseRequest(), Token);
        var simulated = await desk.AnalyseAsync("t", new AnalyseRequest { Simulated = true }, Token);
        var optimised = await desk.OptimiseAsync("t", new OptimiseRequest { Platform = "x", Text = "A lamp for the desk. It dims by itself.", Slot = "2026-12-01T12:00:00+01:00", Simulated = true }, Token);

        (real.Rows.Count, simulated.Simulated).ShouldBe((0, true));
        simulated.Evidence[0].Feature.ShouldBe("hour=9");
        simulated.Recommendations[0].ShouldContain("95%");
        optimised.Slot.ShouldBe("2026-12-01T09:00:00+01:00");
        optimised.Changes.ShouldContain(c => c.What == "slot" && c.Reason.Contains("posts did"));
        optimised.After.Score.ShouldBeGreaterThan(optimised.Before.Score + 10);
        (optimised.After.Basis, optimised.After.Low < optimised.After.High).ShouldBe(("history", true));
        var without = await desk.ScoreAsync("t", new ScoreContentRequest { Platform = "x", Text = "A lamp." }, Token);
        (without.Basis, without.Note.StartsWith("No history", StringComparison.Ordinal)).ShouldBe(("form", true));
    }

    [Fact]
    public async Task Experiment_RecordsCountOnceAndWinnerIsNamedWhenEvidenceIsThere()
    {
        await using var tables = await TablesAsync();
        var (_, _, desk) = Desks(tables);
        var made = await desk.CreateAsync("t", Request(), Token);
        (await desk.CreateAsync("t", Request(), Token)).Id.ShouldBe(made.Id);

        await desk.RecordAsync("t", Result(made.Id, "r1", "a", 1000, 50), Token);
        var early = await desk.RecordAsync("t", Result(made.Id, "r2", "b", 400, 60), Token);
        var again = await desk.RecordAsync("t", Result(made.Id, "r2", "b", 400, 60), Token);
        var done = await desk.RecordAsync("t", Result(made.Id, "r3", "b", 600, 90), Token);

        early.Winner.ShouldBe("");
        early.Reasons.ShouldContain(r => r.Contains("'b' has 400 of the 500"));
        again.Arms[1].Trials.ShouldBe(400);
        done.Winner.ShouldBe("b", string.Join(' ', done.Reasons));
        (done.Arms[1].RateLow < 0.15 && done.Arms[1].RateHigh > 0.15).ShouldBeTrue();
        done.Arms[1].Probability.ShouldBeGreaterThan(0.99);
        (await desk.StopAsync("t", made.Id, Token)).State.ShouldBe("stopped");
        (await desk.AllocateAsync("t", made.Id, Token)).ShouldSatisfyAllConditions(c => c.Arm.ShouldBe("b"), c => c.Probability.ShouldBe(1));
        (await Should.ThrowAsync<RpcException>(() => desk.RecordAsync("t", Result(made.Id, "r4", "b", 1, 0), Token))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await Should.ThrowAsync<RpcException>(() => desk.GetAsync("other", made.Id, Token))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Experiment_SplitThatArrivesAskew_IsAlarmedAndNamesNoWinner()
    {
        await using var tables = await TablesAsync();
        var (_, _, desk) = Desks(tables);
        var made = await desk.CreateAsync("t", Request("split"), Token);

        await desk.RecordAsync("t", Result(made.Id, "r1", "a", 1000, 50), Token);
        var askew = await desk.RecordAsync("t", Result(made.Id, "r2", "b", 1400, 210), Token);

        (askew.SampleRatioOk, askew.Winner).ShouldBe((false, ""));
        askew.SampleRatioP.ShouldBeLessThan(0.01);
    }

    [Fact]
    public async Task Experiment_WinnerThatDrivesPeopleAway_CannotWin()
    {
        await using var tables = await TablesAsync();
        var (_, _, desk) = Desks(tables);
        var made = await desk.CreateAsync("t", Request("split"), Token);

        await desk.RecordAsync("t", Result(made.Id, "r1", "a", 1000, 50, guards: 2), Token);
        var loud = await desk.RecordAsync("t", Result(made.Id, "r2", "b", 1000, 150, guards: 60), Token);

        (loud.Arms[1].GuardOk, loud.Winner).ShouldBe((false, ""));
        loud.Reasons.ShouldContain(r => r.Contains("guard events"));
    }

    [Fact]
    public async Task Record_PostOfAnExperiment_CountsForItsArm()
    {
        await using var tables = await TablesAsync();
        var (learning, _, desk) = Desks(tables);
        var made = await desk.CreateAsync("t", Request(), Token);
        var post = Made("p1");
        (post.ExperimentId, post.Arm) = (made.Id, "b");
        await tables.Posts.InsertAsync(post, Token);
        await CloseAsync(tables, "p1");
        Engagement[] events = [Event("e1", "p1", "impression", 100), Event("e2", "p1", "click", 7), Event("e3", "p1", "unfollow", 1), Event("e4", "p1", "like", 3)];

        await learning.RecordAsync("t", events, fromBus: false, Token);
        await learning.RecordAsync("t", events, fromBus: false, Token);

        var arm = (await desk.GetAsync("t", made.Id, Token)).Arms[1];
        (arm.Trials, arm.Successes, arm.Guards).ShouldBe((100, 7, 1));
    }

    [Fact]
    public async Task Record_PostsAsTrials_CountOnceEachAndFollowTheirTotals()
    {
        await using var tables = await TablesAsync();
        var (learning, _, desk) = Desks(tables);
        var request = Request();
        (request.Kind, request.Unit, request.BaselineRate, request.IdempotencyKey) = ("prompt", "post", 0.05, "posts");
        var made = await desk.CreateAsync("t", request, Token);
        foreach (var id in new[] { "p1", "p2" })
        {
            var post = Made(id);
            (post.ExperimentId, post.Arm) = (made.Id, "b");
            await tables.Posts.InsertAsync(post, Token);
            await CloseAsync(tables, id);
        }

        Engagement[] first = [Event("e1", "p1", "impression", 100), Event("e2", "p2", "impression", 99), Event("e3", "p2", "click", 50)];
        await learning.RecordAsync("t", first, fromBus: false, Token);
        await learning.RecordAsync("t", first, fromBus: false, Token);
        var before = (await desk.GetAsync("t", made.Id, Token)).Arms[1];
        await learning.RecordAsync("t", [Event("e4", "p1", "click", 6), Event("e5", "p2", "impression", 1)], fromBus: false, Token);
        var after = (await desk.GetAsync("t", made.Id, Token)).Arms[1];

        (before.Trials, before.Successes).ShouldBe((1, 0), "99 impressions are not enough, and what comes twice counts once");
        (after.Trials, after.Successes).ShouldBe((2, 2), "clicks that come after their impressions still count");
    }

    [Fact]
    public void Verdict_PostsSplitEvenlyAndReadUnevenly_NamesAWinnerAndWarns()
    {
        var row = new ExperimentRow { Kind = "prompt", Allocation = "split", Unit = "impression", Minimum = 500, Alpha = 0.05, HalfLife = 1000, State = "running" };
        ArmRow[] arms = [new() { Name = "a", Weight = 0.5, Assigned = 50, Trials = 4_000, Successes = 120, Impressions = 4_000 }, new() { Ordinal = 1, Name = "b", Weight = 0.5, Assigned = 50, Trials = 9_000, Successes = 900, Impressions = 9_000 }];

        var verdict = ExperimentVerdict.Of(row, arms);

        (verdict.SampleRatioOk, verdict.Winner).ShouldBe((true, "b"));
        verdict.Reasons.ShouldContain(r => r.Contains("hang together"));
        (arms[0].Assigned, arms[1].Assigned) = (90, 10);
        ExperimentVerdict.Of(row, arms).ShouldSatisfyAllConditions(v => v.SampleRatioOk.ShouldBeFalse(), v => v.Winner.ShouldBe(""));
    }

    [Fact]
    public async Task BestHours_ImportOfAnotherZone_AreThoseOfTheCampaign()
    {
        await using var tables = await TablesAsync();
        var (desk, store, _) = Desks(tables);
        var posts = new SimulatedAccount(3) { Effect = (_, hour) => hour == 9 ? 2 : 1 }.Posts(80);
        await desk.ImportAsync("t", posts.ToAsyncEnumerable(), Token);
        var models = new OutcomeModels(store, Options.Create(new MayaOptions()), TimeProvider.System);
        var offset = DateTimeOffset.Parse(posts[0].PublishedAt, System.Globalization.CultureInfo.InvariantCulture).Offset;
        var zone = TimeZoneInfo.CreateCustomTimeZone("two ahead", offset + TimeSpan.FromHours(2), "two ahead", "two ahead");

        (await models.BestHoursAsync("t", posts[0].Platform, zone, Token)).ShouldContain(11);
        (await models.BestHoursAsync("t", "mastodon", zone, Token)).ShouldBeEmpty();
    }

    private static (LearningDesk Desk, OutcomeStore Store, ExperimentDesk Experiments) Desks(MayaTables tables)
    {
        var options = Options.Create(new MayaOptions { ModelAge = TimeSpan.Zero });
        var store = new OutcomeStore(tables.Database, tables.Posts);
        var experiments = new ExperimentDesk(new ExperimentStore(tables.Database), options, TimeProvider.System);
        return (new LearningDesk(store, new OutcomeModels(store, options, TimeProvider.System), experiments, tables.News, TimeProvider.System), store, experiments);
    }

    private static PostRow Made(string id) => new() { Tenant = "t", Id = id, Platform = "x", Slot = "2026-10-01T09:00:00+02:00", Theme = "comfort", Variant = "a" };

    private static Task CloseAsync(MayaTables tables, string id) => tables.Database.WriteAsync(
        connection => tables.Posts.CloseAsync(connection, [new PostRow { Tenant = "t", Id = id, State = "ready", Text = "A lamp for the desk." }], Token), Token);

    private static Engagement Event(string id, string post, string kind, long count) => new() { EventId = id, PostId = post, Kind = kind, Count = count, AtMs = 1_790_000_000_000 };

    private static CreateExperimentRequest Request(string allocation = "thompson") => new()
    {
        Name = "openings",
        Allocation = allocation,
        IdempotencyKey = $"openings-{allocation}",
        Arms = { new ArmInput { Name = "a", Content = "Open with a fact." }, new ArmInput { Name = "b", Content = "Open with a question." } },
    };

    private static RecordExperimentRequest Result(string id, string record, string arm, long impressions, long successes, long guards = 0) =>
        new() { ExperimentId = id, RecordId = record, Arm = arm, Impressions = impressions, Successes = successes, Guards = guards };
}

public sealed class SqliteLearningStoreSpec : LearningStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.SqliteAsync();
}

public sealed class PostgreSqlLearningStoreSpec : LearningStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.PostgreSqlAsync();
}
