using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class CampaignSpec
{
    private const string Yaml = """
        name: Autumn lamps
        product: A desk lamp that dims by itself
        themes: [comfort, energy]
        platforms: [x, bluesky]
        slots: [2026-12-01T09:00, 2026-12-02T09:00]
        time_zone: Europe/Berlin
        variants: 2
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitCampaign_JobsClose_EveryPostOnceAndDone()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        (campaign.State, campaign.Total, campaign.Pending).ShouldBe(("running", 8, 8));
        var items = host.Router.Batches.ShouldHaveSingleItem().Value;
        items.ShouldAllBe(i => i.Request.Kind == JobKinds.Content && i.Request.Lane == Lanes.Batch && i.Request.Labels["campaign"] == campaign.Id && i.BatchKey == campaign.Id);
        items.Select(i => i.Request.Task).Distinct().Count().ShouldBe(8);
        foreach (var item in items.Concat(items))
            await host.PublishAsync(host.Router.Close(item));

        var done = await DoneAsync(host, campaign.Id);
        (done.State, done.Ready, done.Failed, done.Pending).ShouldBe(("done", 8, 0, 0));
        done.CostUsd.ShouldBe(0.008, 0.0001);
        var posts = await PostsAsync(host, campaign.Id);
        posts.Count.ShouldBe(8);
        posts.ShouldAllBe(p => p.State == "ready" && p.Model == "model-1" && p.Score > 0 && p.Length > 0 && p.Reasons.Count > 0);
        posts.Select(p => (p.Slot, p.Platform, p.Variant)).Distinct().Count().ShouldBe(8);
        posts[0].Slot.ShouldBe("2026-12-01T09:00:00+01:00");
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, false)]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.FailedPrecondition, false)]
    public async Task SubmitCampaign_RouterFails_PausedThenResumedAsTheSameBatch(StatusCode code, bool afterStoring)
    {
        await using var host = await new MayaHost(null, null, ("Maya:SubmitRetry", "00:00:00.3")).StartAsync();
        host.Router.Faults.Enqueue((code, afterStoring));
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        await foreach (var now in host.Client.WatchCampaign(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
        {
            if (now is { State: "running", Problem: "" } && host.Router.Tenants.Count == 2)
                break;
        }

        var items = host.Router.Batches.ShouldHaveSingleItem().Value;
        foreach (var item in items)
            await host.PublishAsync(host.Router.Close(item));
        (await DoneAsync(host, campaign.Id)).Ready.ShouldBe(8);
    }

    [Fact]
    public async Task SubmitCampaign_RouterRefuses_PausedWithTheReason()
    {
        await using var host = await new MayaHost(null, null, ("Maya:SubmitRetry", "01:00:00")).StartAsync();
        host.Router.Faults.Enqueue((StatusCode.FailedPrecondition, false));
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        campaign.State.ShouldBe("paused");
        campaign.Problem.ShouldContain("no engine is configured");
    }

    [Fact]
    public async Task Restart_BeforeSubmission_TheNextProcessSubmits()
    {
        var router = new FakeGeneration();
        var first = await new MayaHost(router, null, ("Maya:SubmitRetry", "00:00:00.2"), ("Maya:SubmitWait", "00:00:00")) { OwnsHome = false }.StartAsync();
        router.Faults.Enqueue((StatusCode.Unavailable, true));
        var campaign = await first.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        await first.DisposeAsync();
        await using var second = await new MayaHost(router, first.Home, ("Maya:SubmitRetry", "00:00:00.2")) { OwnsHome = true }.StartAsync();
        while ((await second.Services.GetRequiredService<CampaignStore>().FindAsync(Caller.DefaultTenant, campaign.Id, Token))!.Submitted == 0)
            await Task.Yield();
        foreach (var item in router.Batches.ShouldHaveSingleItem().Value)
            await second.PublishAsync(router.Close(item));
        (await DoneAsync(second, campaign.Id)).Ready.ShouldBe(8);
    }

    [Fact]
    public async Task SubmitCampaign_SameKey_SameCampaignOrRefused()
    {
        await using var host = await new MayaHost().StartAsync();
        var request = new SubmitCampaignRequest { Yaml = Yaml, IdempotencyKey = "autumn" };
        var first = await host.Client.SubmitCampaignAsync(request, cancellationToken: Token);
        (await host.Client.SubmitCampaignAsync(request, cancellationToken: Token)).Id.ShouldBe(first.Id);
        var other = await Should.ThrowAsync<RpcException>(async () => await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml + "\ngoal: more", IdempotencyKey = "autumn" }, cancellationToken: Token));
        other.StatusCode.ShouldBe(StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task JobClosed_FailedThenReplayed_MovesFromFailedToReady()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        var items = host.Router.Batches[campaign.Id];
        await ApplyAsync(host, [.. items.Select(i => host.Router.Close(i, state: JobStates.Failed).Read())]);
        var failed = await DoneAsync(host, campaign.Id);
        (failed.Failed, failed.Ready).ShouldBe((8, 0));
        await ApplyAsync(host, [.. items.Take(3).Select(i => host.Router.Close(i, attempt: "2").Read())]);
        await ApplyAsync(host, [.. items.Take(3).Select(i => host.Router.Close(i, attempt: "2").Read())]);
        var after = await DoneAsync(host, campaign.Id);
        (after.Failed, after.Ready, after.Pending).ShouldBe((5, 3, 0));
        (await PostsAsync(host, campaign.Id, "failed"))[0].Reasons.ShouldContain(r => r.Contains("no answer"));
    }

    [Fact]
    public async Task JobClosed_NotOurs_ChangesNothing()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        var item = host.Router.Batches[campaign.Id][0];
        var code = host.Router.Close(item).Read();
        code.Request.Kind = JobKinds.Code;
        await host.PublishAsync(FakeGeneration.Message(code));
        var stranger = new Job { Id = "stranger", Tenant = Caller.DefaultTenant, State = JobStates.Succeeded, Request = new GenerateRequest { Kind = JobKinds.Content, Platform = "x" }, Result = new JobResult { Text = "hi" } };
        await host.PublishAsync(FakeGeneration.Message(stranger));
        (await ApplyAsync(host, [host.Router.Close(item, tenant: "another").Read()])).ShouldBeEmpty();
        JobPeek.IsContent(FakeGeneration.Message(code).Job).ShouldBeFalse();
        JobPeek.IsContent(FakeGeneration.Message(stranger).Job).ShouldBeTrue();
        (await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token)).Pending.ShouldBe(8);
    }

    [Fact]
    public async Task JobClosed_BesideRowsOfOthersThatNameNoPlatform_FinishesThePosts()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        var items = host.Router.Batches[campaign.Id];
        var stranger = items[0].Clone();
        (stranger.CustomId, stranger.Request.Platform) = ("row-1", "");
        var forged = host.Router.Close(items[1]).Read();
        forged.Request.Platform = "nowhere";

        var changed = await ApplyAsync(host, [host.Router.Close(stranger).Read(), forged, .. items.Skip(2).Select(i => host.Router.Close(i).Read())]);

        changed.Count.ShouldBe(7);
        (await PostsAsync(host, campaign.Id, "ready")).Count.ShouldBe(7);
    }

    [Fact]
    public async Task CancelCampaign_Running_CancelsTheBatchAndCountsWhatCloses()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        (await host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token)).State.ShouldBe("cancelled");
        host.Router.Cancelled.ShouldBe([$"batch-{campaign.Id}"]);
        await ApplyAsync(host, [.. host.Router.Batches[campaign.Id].Select(i => host.Router.Close(i, state: JobStates.Cancelled).Read())]);
        var after = await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        (after.State, after.Cancelled, after.Pending).ShouldBe(("cancelled", 8, 0));
    }

    [Fact]
    public async Task JobClosed_UnsafeOrOverlongText_BlockedOrFitted()
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Answer = request => new JobResult { Text = request.Platform == "x" ? string.Join(' ', Enumerable.Repeat("Light that follows you.", 40)) : "All immigrants are vermin" };
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        await ApplyAsync(host, [.. host.Router.Batches[campaign.Id].Select(i => host.Router.Close(i).Read())]);
        var posts = await PostsAsync(host, campaign.Id);
        posts.Where(p => p.Platform == "bluesky").ShouldAllBe(p => p.State == "blocked" && p.Reasons.Any(r => r.Contains("hate")));
        posts.Where(p => p.Platform == "x").ShouldAllBe(p => p.State == "ready" && p.Length <= 280);
    }

    [Fact]
    public async Task GetCampaign_OtherTenant_NotFound()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, Caller.ForTenant("ours"), cancellationToken: Token);
        host.Router.Tenants.ShouldBe(["ours"]);
        (await Should.ThrowAsync<RpcException>(async () => await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, Caller.ForTenant("theirs"), cancellationToken: Token)))
            .StatusCode.ShouldBe(StatusCode.NotFound);
        (await host.Client.ListCampaignsAsync(new ListCampaignsRequest(), Caller.ForTenant("theirs"), cancellationToken: Token)).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReviewPost_ApproveEditReject_KeepsNoteAndChecksText()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        await ApplyAsync(host, [host.Router.Close(host.Router.Batches[campaign.Id][0]).Read()]);
        var post = (await PostsAsync(host, campaign.Id, "ready")).ShouldHaveSingleItem();
        (await ReviewAsync(host, post.Id, "approve")).State.ShouldBe("approved");
        (await ReviewAsync(host, post.Id, "edit", "A shorter text.")).ShouldSatisfyAllConditions(p => p.Text.ShouldBe("A shorter text."), p => p.State.ShouldBe("ready"));
        (await ReviewAsync(host, post.Id, "reject")).State.ShouldBe("rejected");
        (await Should.ThrowAsync<RpcException>(() => ReviewAsync(host, $"{campaign.Id}-000002", "approve"))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    private static Task<IReadOnlyList<PostRow>> ApplyAsync(MayaHost host, IReadOnlyList<Job> jobs) => host.Services.GetRequiredService<PostEffects>().ApplyAsync(jobs, Token);

    private static async Task<Post> ReviewAsync(MayaHost host, string id, string action, string text = "") =>
        await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = id, Action = action, Text = text, Note = "checked" }, cancellationToken: Token);

    private static async Task<Campaign> DoneAsync(MayaHost host, string id)
    {
        Campaign? last = null;
        await foreach (var now in host.Client.WatchCampaign(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            last = now;
        return last.ShouldNotBeNull();
    }

    private static async Task<List<Post>> PostsAsync(MayaHost host, string id, string state = "")
    {
        var posts = new List<Post>();
        await foreach (var post in host.Client.ListPosts(new ListPostsRequest { CampaignId = id, State = state }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            posts.Add(post);
        return posts;
    }
}
