using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Batches of rows, imports, new versions and estimates, through the real door.</summary>
public sealed class PostIntakeSpec
{
    private const string Brief = "name: a\nbrief: lamps that dim\nplatforms: [x, linkedin]\nslots: 2\nvariants: 2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitPosts_BriefsTextsAndWrongRows_EachHasItsFate()
    {
        await using var host = await new MayaHost().StartAsync();
        var reply = await SubmitAsync(host,
            Row("r1", brief: "Our new lamp"), Row("r2", text: "A finished text."), Row("r3", text: new string('a', 300)), Row("r1", brief: "again"), Row("", brief: "no id"), Row("r4"), Row("r5", text: "Done.", state: "approved"));

        (reply.Accepted, reply.Refused, reply.Campaign.State, reply.Campaign.Total).ShouldBe((3, 4, "running", 3));
        reply.Problems.Select(p => (p.Row, p.CustomId)).ShouldBe([(3, "r3"), (4, "r1"), (5, ""), (6, "r4")]);
        reply.Problems[1].Problem.ShouldContain("twice");
        var job = (await BatchAsync(host, reply.Campaign.Id)).ShouldHaveSingleItem();
        await host.PublishAsync(host.Router.Close(job));
        var done = await DoneAsync(host, reply.Campaign.Id);
        (done.State, done.Ready, done.Pending).ShouldBe(("done", 3, 0));
        (await PostsAsync(host, done.Id)).Select(p => (p.CustomId, p.State)).ShouldBe([("r1", "ready"), ("r2", "ready"), ("r5", "approved")]);
    }

    [Fact]
    public async Task SubmitPosts_OnlyFinishedTexts_IsDoneAtOnceAndAsksNobody()
    {
        await using var host = await new MayaHost().StartAsync();

        var reply = await SubmitAsync(host, Row("r1", text: "One text."), Row("r2", text: "Another text."));

        (reply.Campaign.State, reply.Campaign.Ready).ShouldBe(("done", 2));
        host.Router.Batches.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitPosts_NothingAccepted_LeavesNoCampaign()
    {
        await using var host = await new MayaHost().StartAsync();

        (await SubmitAsync(host, Row("r1", platform: "nowhere", brief: "a"))).ShouldSatisfyAllConditions(r => r.Campaign.ShouldBeNull(), r => r.Refused.ShouldBe(1));

        (await host.Client.ListCampaignsAsync(new ListCampaignsRequest(), cancellationToken: Token)).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitPosts_SameKey_SameCampaign()
    {
        await using var host = await new MayaHost().StartAsync();
        var row = Row("r1", text: "One text.");
        row.IdempotencyKey = "monday";

        var first = await SubmitAsync(host, row);

        (await SubmitAsync(host, row)).Campaign.Id.ShouldBe(first.Campaign.Id);
    }

    [Fact]
    public async Task SubmitPosts_SameKeyOtherRows_IsRefused()
    {
        await using var host = await new MayaHost().StartAsync();
        var (row, other) = (Row("r1", text: "One text."), Row("r1", text: "Another text."));
        row.IdempotencyKey = other.IdempotencyKey = "monday";
        await SubmitAsync(host, row);

        (await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, other))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, row, Row("r2", text: "More.")))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await Should.ThrowAsync<RpcException>(async () => await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Brief, IdempotencyKey = "monday" }, cancellationToken: Token)))
            .StatusCode.ShouldBe(StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task SubmitPosts_CancelledWhileRowsComeIn_Ends()
    {
        await using var host = await new MayaHost().StartAsync();
        using var call = host.Client.SubmitPosts(cancellationToken: Token);
        await call.RequestStream.WriteAsync(Row("r0", text: "Text 0."), Token);
        Campaign? campaign = null;
        while ((campaign = (await host.Client.ListCampaignsAsync(new ListCampaignsRequest(), cancellationToken: Token)).Campaigns.FirstOrDefault()) is null)
            await Task.Delay(20, Token);

        (await host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token)).State.ShouldBe("cancelled");
        await call.RequestStream.CompleteAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Aborted);
        host.Router.Batches.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitPosts_RefusedRows_CountAndAreKeptShort()
    {
        await using var host = await new MayaHost(null, null, ("Maya:MaxPosts", "3")).StartAsync();

        var reply = await SubmitAsync(host, Row(new string('i', 5_000), text: "One."), Row("r2", text: "Two."));
        reply.Problems.ShouldHaveSingleItem().CustomId.Length.ShouldBeLessThan(200);
        await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, Row(""), Row(""), Row(""), Row("")));
    }

    [Fact]
    public void SeenIds_ManyIds_EachIsNewOnce()
    {
        var seen = new SeenIds();

        Enumerable.Range(0, 20_000).ShouldAllBe(i => seen.Add($"row{i}"));
        Enumerable.Range(0, 20_000).ShouldAllBe(i => !seen.Add($"row{i}"));
        (seen.Add(""), seen.Add("")).ShouldBe((true, false));
    }

    [Fact]
    public void RowFates_LongProblemsOfManyRows_AreCountedAndKeptWithinOneMessage()
    {
        var fates = new RowFates();
        for (var i = 0; i < 60_000; i++)
            fates.Add(new PostInput { CustomId = new string('i', 128) }, new string('p', 200));

        fates.Reply.Refused.ShouldBe(60_000);
        fates.Reply.Problems.Count.ShouldBeInRange(10_000, 30_000);
    }

    [Fact]
    public async Task SubmitPosts_ImportedRow_KeepsWhatItWas()
    {
        await using var host = await new MayaHost().StartAsync();
        var row = Row("r1", text: "A text.", state: "rejected");
        (row.Intent, row.ExperimentId, row.Arm, row.Simulated, row.Model) = ("promote", "e1", "b", true, "model-1");

        var reply = await SubmitAsync(host, row);
        var unknown = Row("r2", text: "A text.");
        unknown.Voice = "nobody's";

        (await PostsAsync(host, reply.Campaign.Id)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => (p.State, p.Intent, p.ExperimentId, p.Arm, p.Model).ShouldBe(("rejected", "promote", "e1", "b", "model-1")), p => p.Simulated.ShouldBeTrue(), p => p.AiGenerated.ShouldBeTrue());
        (await SubmitAsync(host, unknown)).Problems.ShouldHaveSingleItem().Problem.ShouldContain("nobody's");
    }

    [Fact]
    public async Task SubmitPosts_ThousandsOfRows_AreAllThere()
    {
        await using var host = await new MayaHost().StartAsync();

        var reply = await SubmitAsync(host, [.. Enumerable.Range(0, 2_300).Select(i => Row($"r{i}", text: $"Text number {i} about lamps."))]);

        (reply.Accepted, reply.Campaign.Ready).ShouldBe((2_300, 2_300));
        (await PostsAsync(host, reply.Campaign.Id)).Select(p => p.CustomId).Distinct().Count().ShouldBe(2_300);
    }

    [Fact]
    public async Task RegeneratePost_ReadyPost_RunsAgainAndKeepsWhatItSaid()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await CampaignAsync(host);
        var post = (await PostsAsync(host, campaign.Id))[0];

        (await host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = post.Id, Instruction = "funnier" }, cancellationToken: Token)).State.ShouldBe("pending");
        var running = await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        (running.State, running.Ready, running.Pending).ShouldBe(("running", 7, 1));
        var twice = await Should.ThrowAsync<RpcException>(async () => await host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = post.Id }, cancellationToken: Token));
        twice.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        var (key, items) = host.Router.Batches.Single(b => b.Key != campaign.Id);
        key.ShouldStartWith($"{post.Id}-v");
        items[0].Request.Task.ShouldSatisfyAllConditions(t => t.ShouldContain("What the reviewer wants: funnier"), t => t.ShouldContain($"<earlier>{post.Text}</earlier>"));
        host.Router.Answer = static _ => new JobResult { Text = "Something quite different about light." };
        await host.PublishAsync(host.Router.Close(items[0], attempt: "2"));

        (await DoneAsync(host, campaign.Id)).Ready.ShouldBe(8);
        (await PostsAsync(host, campaign.Id))[0].Text.ShouldBe("Something quite different about light.");
        var version = (await host.Client.ListVersionsAsync(new ListVersionsRequest { PostId = post.Id }, cancellationToken: Token)).Versions.ShouldHaveSingleItem();
        (version.Text, version.Why, version.State).ShouldBe((post.Text, "regenerate", "ready"));
    }

    [Fact]
    public async Task RegeneratePost_RouterRefuses_ThePostIsAsItWas()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await CampaignAsync(host);
        var post = (await PostsAsync(host, campaign.Id))[0];
        host.Router.Faults.Enqueue((StatusCode.FailedPrecondition, false));

        await Should.ThrowAsync<RpcException>(async () => await host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = post.Id }, cancellationToken: Token));

        (await PostsAsync(host, campaign.Id))[0].ShouldSatisfyAllConditions(p => p.State.ShouldBe("ready"), p => p.Text.ShouldBe(post.Text));
        (await DoneAsync(host, campaign.Id)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("done"), c => c.Ready.ShouldBe(8));
    }

    [Fact]
    public async Task ReviewPost_Edit_KeepsTheEarlierVersionAndTheNote()
    {
        await using var host = await new MayaHost().StartAsync();
        var campaign = await CampaignAsync(host);
        var post = (await PostsAsync(host, campaign.Id))[0];

        await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = post.Id, Action = "edit", Text = "Shorter.", Note = "too long" }, cancellationToken: Token);

        (await PostsAsync(host, campaign.Id))[0].ShouldSatisfyAllConditions(p => p.Text.ShouldBe("Shorter."), p => p.Note.ShouldBe("too long"), p => p.Version.ShouldBe(post.Version + 1));
        (await host.Client.ListVersionsAsync(new ListVersionsRequest { PostId = post.Id }, cancellationToken: Token)).Versions.ShouldHaveSingleItem().Text.ShouldBe(post.Text);
    }

    [Theory]
    [InlineData("flag", 6, "ready", 8)]
    [InlineData("reject", 6, "invalid", 2)]
    public async Task Campaign_NearlyTheSamePosts_AreFlaggedOrRejected(string policy, int duplicates, string state, int ready)
    {
        await using var host = await new MayaHost(null, null, ("Maya:CompareEvery", "01:00:00")).StartAsync();
        var campaign = await CampaignAsync(host, $"{Brief}\nduplicates: {policy}");

        while (await host.Services.GetRequiredService<CampaignComparer>().CompareNextAsync(Token))
        {
        }

        var after = await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        (after.Duplicates, after.Ready).ShouldBe((duplicates, ready));
        (await PostsAsync(host, campaign.Id)).Where(p => p.DuplicateOf.Length > 0).ShouldAllBe(p => p.State == state);
    }

    [Fact]
    public async Task EstimateCampaign_KnownEngine_SaysCostTimeAndAssumptions()
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();
        var request = new SubmitCampaignRequest { Yaml = Brief };

        var estimate = await host.Client.EstimateCampaignAsync(request, cancellationToken: Token);

        (estimate.Posts, estimate.Engine, estimate.PriceKnown, estimate.Simulated).ShouldBe((8, "Cerebras", true, false));
        estimate.CostUsd.ShouldBe(((estimate.InputTokens * 0.35) + (estimate.OutputTokens * 0.75)) / 1e6, 1e-9);
        (estimate.InputTokens > 0, estimate.OutputTokens > 0, estimate.Seconds > 0).ShouldBe((true, true, true));
        estimate.Assumptions.ShouldContain(a => a.Contains("quota is unknown"));
        request.MaxCostUsd = estimate.CostUsd / 2;
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Client.SubmitCampaignAsync(request, cancellationToken: Token));
        (refused.StatusCode, refused.Status.Detail.Contains("max_cost_usd")).ShouldBe((StatusCode.FailedPrecondition, true));
    }

    private static PostInput Row(string id, string brief = "", string text = "", string platform = "x", string state = "") =>
        new() { CustomId = id, Platform = platform, Brief = brief, Text = text, State = state };

    private static async Task<SubmitPostsReply> SubmitAsync(MayaHost host, params PostInput[] rows)
    {
        using var call = host.Client.SubmitPosts(cancellationToken: Token);
        foreach (var row in rows)
            await call.RequestStream.WriteAsync(row, Token);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private static async Task<Campaign> CampaignAsync(MayaHost host, string yaml = Brief)
    {
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = yaml }, cancellationToken: Token);
        foreach (var item in await BatchAsync(host, campaign.Id))
            await host.PublishAsync(host.Router.Close(item));
        return await DoneAsync(host, campaign.Id);
    }

    private static async Task<List<BatchItem>> BatchAsync(MayaHost host, string id)
    {
        while (true)
        {
            lock (host.Router.Batches)
            {
                if (host.Router.Batches.TryGetValue(id, out var items))
                    return items;
            }

            await Task.Delay(20, Token);
        }
    }

    private static async Task<Campaign> DoneAsync(MayaHost host, string id)
    {
        Campaign? last = null;
        await foreach (var now in host.Client.WatchCampaign(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            last = now;
        return last.ShouldNotBeNull();
    }

    private static async Task<List<Post>> PostsAsync(MayaHost host, string id)
    {
        using var call = host.Client.ListPosts(new ListPostsRequest { CampaignId = id }, cancellationToken: Token);
        return await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }
}
