using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>What a reviewer may do, and what it does to the counts of a campaign.</summary>
public sealed class ReviewRulesSpec : IAsyncLifetime
{
    private const string Yaml = "name: a\nbrief: lamps that dim\nplatforms: [x, bluesky]";
    private readonly MayaHost _host = new(null, null, ("Maya:CompareEvery", "01:00:00"), ("Maya:SweepEvery", "01:00:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Approve_BlockedThenRejected_StaysOut()
    {
        _host.Router.Answer = static _ => new JobResult { Text = "All immigrants are vermin" };
        var (campaign, posts) = await MadeAsync();

        (await ReviewAsync(posts[0].Id, "reject")).State.ShouldBe("rejected");
        var refused = await Should.ThrowAsync<RpcException>(() => ReviewAsync(posts[0].Id, "approve"));

        (refused.StatusCode, refused.Status.Detail.Contains("hate")).ShouldBe((StatusCode.FailedPrecondition, true));
        (await GetAsync(campaign)).ShouldSatisfyAllConditions(c => c.Failed.ShouldBe(1), c => c.Ready.ShouldBe(1), c => c.Pending.ShouldBe(0));
    }

    [Fact]
    public async Task Edit_PendingPost_IsRefusedAndTheCampaignEnds()
    {
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);

        (await Should.ThrowAsync<RpcException>(() => ReviewAsync($"{campaign.Id}-000001", "edit", "Mine."))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);

        await CloseAsync(campaign.Id);
        (await GetAsync(campaign.Id)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("done"), c => c.Ready.ShouldBe(2));
    }

    [Fact]
    public async Task Edit_BlockedPost_MovesFromFailedToReady()
    {
        _host.Router.Answer = static _ => new JobResult { Text = "All immigrants are vermin" };
        var (campaign, posts) = await MadeAsync();

        (await ReviewAsync(posts[0].Id, "edit", "Everybody is welcome.")).State.ShouldBe("ready");

        (await GetAsync(campaign)).ShouldSatisfyAllConditions(c => c.Failed.ShouldBe(1), c => c.Ready.ShouldBe(1));
    }

    [Fact]
    public async Task Approve_OfAVersionThatIsGone_WritesNothing()
    {
        var (_, posts) = await MadeAsync();
        var store = _host.Services.GetRequiredService<PostStore>();
        var stale = (await store.FindAsync(Caller.DefaultTenant, posts[0].Id, Token))!;
        await ReviewAsync(posts[0].Id, "edit", "The newer text.");

        stale.State = PostStates.Approved;
        (await store.ReviewAsync(stale, null, PostStates.Ready, _host.Services.GetRequiredService<CampaignStore>(), 0, Token)).ShouldBeFalse();

        (await store.FindAsync(Caller.DefaultTenant, posts[0].Id, Token))!.ShouldSatisfyAllConditions(p => p.Text.ShouldBe("The newer text."), p => p.State.ShouldBe("ready"));
    }

    [Fact]
    public async Task Compared_PostEditedMeanwhile_IsNotWrittenAndComparedAgain()
    {
        var (campaign, posts) = await MadeAsync();
        var store = _host.Services.GetRequiredService<ComparedPosts>();
        var read = (await store.NextAsync(1, 2, Token))!;
        (await store.NextAsync(1, 2, Token)).ShouldBeNull("somebody is at it");
        await ReviewAsync(posts[0].Id, "edit", "Something else.");

        (await store.WriteAsync(read, [new NearDuplicate(1, 2, 1)], 1, Token)).ShouldBeFalse();
        var again = (await store.NextAsync(1, 2, Token)).ShouldNotBeNull();
        again.Id.ShouldBe(campaign);
        (await store.WriteAsync(again, [], 1, Token)).ShouldBeTrue();
        await ReviewAsync(posts[1].Id, "edit", "Something else again.");

        (await store.NextAsync(1, 2, Token)).ShouldNotBeNull("an edited post is compared again");
        (await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign }, cancellationToken: Token)).Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task Post_MadeByAModel_SaysWhereItComesFrom()
    {
        var (_, posts) = await MadeAsync();

        posts.ShouldAllBe(p => p.AiGenerated && p.Model == "model-1" && p.PromptVersion == PostPrompt.Version);
    }

    private async Task<(string Campaign, List<Post> Posts)> MadeAsync()
    {
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        await CloseAsync(campaign.Id);
        using var call = _host.Client.ListPosts(new ListPostsRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        return (campaign.Id, await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token));
    }

    private Task CloseAsync(string id) => _host.Services.GetRequiredService<PostEffects>().ApplyAsync([.. _host.Router.Batches[id].Select(i => _host.Router.Close(i).Read())], Token);

    private async Task<Campaign> GetAsync(string id) => await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);

    private async Task<Post> ReviewAsync(string id, string action, string text = "") =>
        await _host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = id, Action = action, Text = text }, cancellationToken: Token);
}
