using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Nearly the same code is counted on what is known, however its task was put; other code is kept. On either store.</summary>
public abstract class NearDuplicateSpec
{
    private const string Slug = "def slugify(title):\n    words = title.lower().split()\n    kept = [word for word in words if word.isalnum()]\n    return '-'.join(kept)\n";
    private const string SlugAgain = "def slugify(title):\n    # lower case first\n    words = title.lower().split()\n\n    kept = [word for word in words if word.isalnum()]\n    return '-'.join( kept )\n";
    private const string Long =
        """
        def parse_orders(lines, currency):
            orders = []
            for line in lines:
                fields = line.strip().split(';')
                if len(fields) != 4:
                    raise ValueError('an order has four fields: ' + line)
                name, count, price, when = fields
                total = int(count) * float(price)
                if total < 0:
                    raise ValueError('an order costs something: ' + line)
                orders.append({'name': name, 'total': total, 'when': when, 'currency': currency})
            orders.sort(key=lambda order: order['when'])
            return orders
        """;

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Learn_SameCodeInOtherLayoutForAnotherWording_IsCountedAndReplayedForBoth()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (first, second) = (Jobs.Succeeded("j1", "Turn a title into a slug", Slug), Jobs.Succeeded("j2", "I need slugs made of titles, please", SlugAgain));

        await memory.LearnAsync(first, default);
        await memory.LearnAsync(second, default);

        var only = await OnlyAsync(memory, "slug of a title");
        only.Successes.ShouldBe(2);
        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.Files.ShouldHaveSingleItem().Text.ShouldBe(Slug);
        var again = (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact;
        (again.PatternId, again.JobId, again.Files[0].Text).ShouldBe((only.Id, "j2", SlugAgain));
        (await memory.WhyAsync("j2", default))!.LearnedAs.ShouldBe(only.Id);
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Learn_LongCodeWithOneOtherName_IsCountedAndEachRequestKeepsItsOwnText()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var second = Jobs.Succeeded("j2", "Read the order file", Long.Replace("name, count, price, when", "name, amount, price, when", StringComparison.Ordinal).Replace("int(count)", "int(amount)", StringComparison.Ordinal));
        await memory.LearnAsync(Jobs.Succeeded("j1", "Parse orders from lines", Long), default);

        await memory.LearnAsync(second, default);

        (await OnlyAsync(memory, "orders")).Successes.ShouldBe(2);
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.Files[0].Text.ShouldContain("amount");
    }

    [Theory]
    [InlineData("other code", "def slugify(title):\n    import re\n    return re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')\n", "", 2)]
    [InlineData("another sign", "def slugify(title):\n    words = title.lower().split()\n    kept = [word for word in words if not word.isalnum()]\n    return '_'.join(kept)\n", "", 2)]
    [InlineData("another project", Slug, "blog", 2)]
    [InlineData("the same", Slug, "", 1)]
    public async Task Learn_WhatIsReallyOther_IsStored(string what, string code, string project, long stored)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", "Turn a title into a slug", Slug), default);

        await memory.LearnAsync(Jobs.Succeeded("j2", "Slugs of titles", code, project: project), default);

        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(stored, what);
    }

    [Fact]
    public async Task Learn_NearToARejectedResult_IsKeptForItsOwnRequest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var second = Jobs.Succeeded("j2", "Slugs of titles", SlugAgain);
        await memory.LearnAsync(Jobs.Succeeded("j1", "Turn a title into a slug", Slug), default);
        await memory.LearnAsync(new FeedbackGiven { FeedbackId = "f1", JobId = "j1", Tenant = "default", Verdict = Verdicts.Rejected, Diff = "", AtMs = 1 }, default);

        await memory.LearnAsync(second, default);

        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.JobId.ShouldBe("j2");
    }

    [Fact]
    public async Task Learn_MoreRejectedAndBannedNeighboursThanAreCompared_StillFindsTheGoodOne()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var nearer = Long.Replace("'currency': currency", "'currency': currency_code", StringComparison.Ordinal);
        await memory.LearnAsync(Jobs.Succeeded("good", "Parse orders from lines", Long), default);
        for (var i = 0; i < 12; i++)
        {
            // Nearer to what comes than the good one is.
            await memory.LearnAsync(Jobs.Succeeded($"j{i}", $"Parse orders, way {i}", $"# way {i}\n{nearer}", project: "p"), default);
            if (i % 2 == 0)
                await memory.LearnAsync(new FeedbackGiven { FeedbackId = $"f{i}", JobId = $"j{i}", Tenant = "default", Verdict = Verdicts.Rejected, Diff = "", AtMs = 1 }, default);
            else
                await memory.BanAsync(new BanRequest { Id = (await memory.WhyAsync($"j{i}", default))!.LearnedAs }, default);
        }

        await store.Database.WriteAsync(c => c.ExecuteAsync("update results set project = 'default'; update patterns set project = 'default'; update sketches set project = 'default'"), default);
        await memory.LearnAsync(Jobs.Succeeded("last", "Read the order file", nearer), default);

        (await memory.WhyAsync("last", default))!.LearnedAs.ShouldBe((await memory.WhyAsync("good", default))!.LearnedAs);
    }

    [Theory]
    [InlineData("banned")]
    [InlineData("forgotten")]
    public async Task Recall_WhatItWasCountedOnIsGone_ReplaysNeither(string how)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (first, second) = (Jobs.Succeeded("j1", "Turn a title into a slug", Slug), Jobs.Succeeded("j2", "Slugs of titles", SlugAgain));
        await memory.LearnAsync(first, default);
        await memory.LearnAsync(second, default);
        var id = (await OnlyAsync(memory, "slug of a title")).Id;

        if (how == "banned")
            await memory.BanAsync(new BanRequest { Id = id }, default);
        else
            await memory.ForgetAsync(new ForgetRequest { PatternId = id }, default);

        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.ShouldBeNull();
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.ShouldBeNull();
        var left = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select (select count(*) from variants) + (select count(*) from sketches)"), default);
        (left == 0).ShouldBe(how == "forgotten");
    }

    [Theory]
    [InlineData("its own", "j2")]
    [InlineData("replayed", "j3")]
    public async Task Feedback_RejectedOneOfTwoRequests_TheOtherIsReplayedAndItCanBeTakenBack(string how, string job)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (first, second) = (Jobs.Succeeded("j1", "Turn a title into a slug", Slug), Jobs.Succeeded("j2", "Slugs of titles", SlugAgain));
        await memory.LearnAsync(first, default);
        await memory.LearnAsync(second, default);
        var replayed = Jobs.Succeeded("j3", "Slugs of titles", SlugAgain);
        replayed.Result.Approach = Approaches.Pattern;
        replayed.Result.Patterns.Add(new PatternRef { Id = (await OnlyAsync(memory, "slug of a title")).Id });
        await memory.LearnAsync(replayed, default);

        await memory.LearnAsync(EvidenceSpec.Feedback("f1", job, Verdicts.Rejected), default);
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.ShouldBeNull(how);
        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.Files[0].Text.ShouldBe(Slug);

        await memory.LearnAsync(EvidenceSpec.Feedback("f2", job, Verdicts.Accepted), default);
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.Files[0].Text.ShouldBe(SlugAgain);
    }

    [Fact]
    public async Task Feedback_RejectedTextThatServesAnotherRequestToo_IsReplayedForNeither()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (first, second) = (Jobs.Succeeded("j1", "Turn a title into a slug", Slug), Jobs.Succeeded("j2", "Slugs of titles", Slug));
        await memory.LearnAsync(first, default);
        await memory.LearnAsync(second, default);

        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Rejected), default);

        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.ShouldBeNull();
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.ShouldBeNull();
    }

    [Fact]
    public async Task Feedback_EachEditsTheirOwn_EachEditIsReplayedForItsRequest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var (first, second) = (Jobs.Succeeded("j1", "Turn a title into a slug", Slug), Jobs.Succeeded("j2", "Slugs of titles", SlugAgain));
        await memory.LearnAsync(first, default);
        await memory.LearnAsync(second, default);

        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = "@@ -4,1 +4,1 @@\n-    return '-'.join(kept)\n+    return '-'.join(kept).strip('-')\n" }, default);
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.Files[0].Text.ShouldBe(SlugAgain);
        await memory.LearnAsync(EvidenceSpec.Feedback("f2", "j2", Verdicts.Edited) with { Diff = "@@ -6,1 +6,1 @@\n-    return '-'.join( kept )\n+    return '_'.join( kept )\n" }, default);

        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.Files[0].Text.ShouldContain("strip('-')");
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.Files[0].Text.ShouldContain("'_'.join");
        await memory.LearnAsync(EvidenceSpec.Feedback("f3", "j2", Verdicts.Edited) with { Diff = "@@ -6,1 +6,1 @@\n-    return '-'.join( kept )\n+    return '+'.join( kept )\n" }, default);
        (await memory.RecallAsync(Jobs.RecallOf(first), default)).Exact.Files[0].Text.ShouldContain("strip('-')");
        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.Files[0].Text.ShouldContain("'+'.join");
    }

    [Fact]
    public async Task Learn_SimulatedForTheSameRequest_LeavesTheRealTextToBeReplayed()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var second = Jobs.Succeeded("j2", "Slugs of titles", SlugAgain);
        await memory.LearnAsync(Jobs.Succeeded("j1", "Turn a title into a slug", Slug), default);
        await memory.LearnAsync(second, default);

        await memory.LearnAsync(Jobs.Succeeded("s1", "Turn a title into a slug", Slug, simulated: true), default);
        await memory.LearnAsync(Jobs.Succeeded("s2", "Slugs of titles", SlugAgain, simulated: true), default);

        (await memory.RecallAsync(Jobs.RecallOf(second), default)).Exact.JobId.ShouldBe("j2");
    }

    [Fact]
    public async Task Repair_ResultsOfBeforeTheyWereCompared_AreComparedAfterwards()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", "Turn a title into a slug", Slug), default);
        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from sketches"), default);
        (await memory.CheckAsync(false, default)).Problems.ShouldHaveSingleItem().ShouldContain("not compared");

        (await memory.CheckAsync(true, default)).Ok.ShouldBeTrue();
        await memory.LearnAsync(Jobs.Succeeded("j2", "Slugs of titles", SlugAgain), default);

        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(1);
    }

    [Fact]
    public void Bands_OfNearPairs_MeetAndThoseOfOthersDoNot()
    {
        var random = new Random(7);
        var (met, others) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var words = Enumerable.Range(0, 200).Select(_ => $"w{random.Next(500)}").ToArray();
            var changed = words.ToArray();
            for (var k = 0; k < 4; k++)
                changed[random.Next(changed.Length)] = "other";
            var (a, b, c) = (SketchOf(words), SketchOf(changed), SketchOf([.. Enumerable.Range(0, 200).Select(_ => $"w{random.Next(500)}")]));
            a.IsNear(b).ShouldBeTrue();
            a.IsNear(c).ShouldBeFalse();
            met += a.Bands.Intersect(b.Bands).Any() ? 1 : 0;
            others += a.Bands.Intersect(c.Bands).Any() ? 1 : 0;
        }

        met.ShouldBeGreaterThanOrEqualTo(298);
        others.ShouldBe(0);
    }

    private static CodeSketch SketchOf(string[] words) => CodeSketch.Of([new SourceFile { Language = "python", Text = string.Join(' ', words) }]);

    private static async Task<PatternHit> OnlyAsync(PatternLibrary memory, string query) =>
        (await memory.SearchAsync(new SearchRequest { Query = query, Kind = "result" }, default)).Results.ShouldHaveSingleItem();
}

/// <summary>Near duplicates on SQLite.</summary>
public sealed class SqliteNearDuplicateTests : NearDuplicateSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Near duplicates on PostgreSQL.</summary>
public sealed class PostgreSqlNearDuplicateTests : NearDuplicateSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
