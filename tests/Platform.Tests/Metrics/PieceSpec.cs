using Platform.Contracts.Messages;
using Platform.Metrics.Measures;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>How posts stand, on either engine.</summary>
public abstract class PieceSpec(bool onServer)
{
    private const int Versions = 4;
    private static readonly string[] States = ["ready", "approved", "rejected", "invalid", "blocked", "failed"];
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly long Noon = SampleJobs.Noon.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Summarize_OfMessagesInAnyOrderAndTwice_SaysHowEachPostStandsLast()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var random = new Random(7);
        var told = Enumerable.Range(0, 60).SelectMany(post => Enumerable.Range(1, Versions).Select(version => Post($"p{post}", version, States[random.Next(States.Length)], random.Next(100)))).ToList();
        var mixed = told.Concat(told).OrderBy(_ => random.Next()).ToList();
        await Task.WhenAll(mixed.Chunk(37).Select(chunk => folder.Store.AddAsync([], [], [], chunk, Token)));

        var last = told.Where(p => p.Version == Versions).ToList();
        var content = (await SummarizeAsync(folder)).Content;

        (content.Posts, content.Approved, content.Rejected, content.Invalid, content.Blocked, content.Failed).ShouldBe(
            (60, Of("approved"), Of("rejected"), Of("invalid"), Of("blocked"), Of("failed")));
        content.Score.ShouldBe(last.Where(p => p.State is "ready" or "approved" or "rejected").Average(p => p.Score), 1e-9);
        content.CostUsd.ShouldBe(last.Sum(p => p.CostUsd), 1e-9);
        content.ApprovalMs.Count.ShouldBe(Of("approved"));

        int Of(string state) => last.Count(p => p.State == state);
    }

    [Fact]
    public async Task Summarize_ByPlatform_KeepsSimulatedAndOtherTenantsApart()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        PostFigures[] told =
        [
            Post("a", 1, "approved", 80) with { MarkersBefore = 20, MarkersAfter = 4, AtMs = Noon + 60_000 },
            Post("b", 1, "invalid", 10) with { MarkersBefore = 40, MarkersAfter = 8 },
            Post("c", 1, "ready", 60) with { Platform = "linkedin", AiGenerated = false },
            Post("d", 1, "ready", 99) with { Simulated = true },
            Post("e", 1, "ready", 99) with { Tenant = "other" },
            Post("f", 1, "cancelled", 0), Post("g", 1, "pending", 0),
        ];
        Platform.Metrics.Rollups.EngagementRow[] events =
        [
            Event("1", "a", "impression", 1_000), Event("2", "a", "click", 50), Event("3", "d", "impression", 7), Event("4", "unknown", "impression", 11), Event("5", "e", "impression", 13) with { Tenant = "other" },
        ];
        await folder.Store.AddAsync([], [], events, told, Token);

        var summary = await SummarizeAsync(folder);
        var x = summary.ContentPlatforms.Single(p => p.Name == "x");

        summary.ContentPlatforms.Select(p => (p.Name, p.Posts)).ShouldBe([("x", 2), ("linkedin", 1)]);
        (x.Approved, x.Fitting, x.Invalid, x.Score, x.MarkersBefore, x.MarkersAfter).ShouldBe((1, 1, 1, 80, 30, 6));
        x.ApprovalMs.P50.ShouldBe(60_000, 600);
        (x.Outreach.Impressions, x.Outreach.Interactions, x.Outreach.Posts).ShouldBe((1_000, 50, 1));
        (summary.Outreach.Impressions, summary.Outreach.Posts).ShouldBe((1_011, 2), "a post that content does not know counts as a real one");
        summary.ContentPlatforms.Single(p => p.Name == "linkedin").HasMarkersBefore.ShouldBeFalse("no model wrote it");
        var simulated = await SummarizeAsync(folder, simulated: true);
        (simulated.Content.Posts, simulated.Outreach.Impressions).ShouldBe((1, 7));
    }

    [Fact]
    public async Task Summarize_WithoutPosts_ClaimsNothing()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var content = (await SummarizeAsync(folder)).Content;
        (content.Posts, content.HasScore, content.HasMarkersBefore, content.HasMarkersAfter).ShouldBe((0, false, false, false));
    }

    private static async Task<Summary> SummarizeAsync(FiguresFolder folder, bool simulated = false) =>
        await new MeasuresQuery(folder.Database, folder.Query).SummarizeAsync(new FiguresScope("default", Noon - 3_600_000, Noon + 3_600_000, simulated), Token);

    private static PostFigures Post(string id, long version, string state, double score) => new()
    {
        Tenant = "default",
        PostId = id,
        Version = version,
        Platform = "x",
        State = state,
        AiGenerated = true,
        Score = score,
        CostUsd = score / 1000,
        CreatedMs = Noon,
        AtMs = Noon + version,
    };

    private static Platform.Metrics.Rollups.EngagementRow Event(string id, string post, string kind, long count) => new(id, "default", post, kind, count, Noon);
}

/// <summary>How posts stand, in SQLite.</summary>
public sealed class PieceOnSqliteSpec() : PieceSpec(onServer: false);

/// <summary>How posts stand, in PostgreSQL.</summary>
public sealed class PieceOnServerSpec() : PieceSpec(onServer: true);
