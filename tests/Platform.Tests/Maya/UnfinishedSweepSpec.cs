using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>What a crash or a router that does not answer leaves half done is finished later.</summary>
public sealed class UnfinishedSweepSpec : IAsyncLifetime
{
    private const string Yaml = "name: a\nbrief: lamps that dim\nplatforms: [x]";
    private readonly MayaHost _host = new(null, null, ("Maya:SweepEvery", "01:00:00"), ("Maya:SubmitRetry", "01:00:00"), ("Maya:CompareEvery", "01:00:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Cancel_RouterDoesNotAnswer_IsAskedAgain()
    {
        var campaign = await SubmitAsync();
        _host.Router.CancelFaults.Enqueue(StatusCode.Unavailable);

        (await CancelAsync(campaign.Id)).State.ShouldBe("cancelled");
        _host.Router.Cancelled.ShouldBeEmpty();
        await SweepAsync();
        await SweepAsync();

        _host.Router.Cancelled.ShouldBe([$"batch-{campaign.Id}"]);
    }

    [Fact]
    public async Task Cancel_SubmissionWhoseEndNobodySaw_CancelsTheBatchThatTheRouterHolds()
    {
        _host.Router.Faults.Enqueue((StatusCode.Unavailable, true));
        var campaign = await SubmitAsync();
        (campaign.State, _host.Router.Batches.Count).ShouldBe(("paused", 1));

        await CancelAsync(campaign.Id);
        await SweepAsync();

        _host.Router.Cancelled.ShouldBe([$"batch-{campaign.Id}"]);
        _host.Router.Batches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Regenerate_LineBreaks_IsHandedOverLaterAsTheSameJob()
    {
        var campaign = await SubmitAsync();
        await CloseAsync(campaign.Id);
        var post = $"{campaign.Id}-000001";
        _host.Router.Faults.Enqueue((StatusCode.Unavailable, false));

        (await _host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = post, Instruction = "funnier" }, cancellationToken: Token)).State.ShouldBe("pending");
        _host.Router.Batches.Count.ShouldBe(1);
        await DueAsync();
        await SweepAsync();
        await SweepAsync();

        var (key, items) = _host.Router.Batches.Single(b => b.Key != campaign.Id);
        items.ShouldHaveSingleItem().Request.Task.ShouldContain("funnier");
        await CloseAsync(key, "2");
        (await FindAsync(post)).ShouldSatisfyAllConditions(p => p.State.ShouldBe("ready"), p => p.AgainVersion.ShouldBe(0), p => p.Instruction.ShouldBe(""));
        (await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token)).State.ShouldBe("done");
    }

    [Fact]
    public async Task CreatePost_RouterRefuses_IsFailedWithTheReasonAndCompletedByALateJob()
    {
        _host.Router.GenerateFault = StatusCode.FailedPrecondition;

        await Should.ThrowAsync<RpcException>(async () => await _host.Client.CreatePost(new CreatePostRequest { Brief = "A lamp", Platform = "x" }, cancellationToken: Token).ResponseStream.MoveNext(Token));

        var row = await SingleAsync();
        (row.State, row.Reasons.Contains("no engine is configured")).ShouldBe(("failed", true));
        await _host.Services.GetRequiredService<PostEffects>().ApplyAsync([_host.Router.Close(new BatchItem { CustomId = row.Id, Request = GenerateRequest.Parser.ParseFrom(row.Request) }).Read()], Token);
        (await SingleAsync()).State.ShouldBe("ready");
    }

    [Fact]
    public async Task Sweep_SinglePostThatNobodyFinished_IsFailed()
    {
        await _host.Services.GetRequiredService<PostStore>().InsertAsync(new PostRow { Tenant = Caller.DefaultTenant, Id = "p1", Platform = "x", Variant = "a", CreatedMs = 1 }, Token);

        await SweepAsync();

        (await FindAsync("p1")).ShouldSatisfyAllConditions(p => p.State.ShouldBe("failed"), p => p.Reasons.ShouldContain("process"));
    }

    [Fact]
    public async Task Sweep_BatchWhoseRowsStoppedComing_IsRemovedAndALiveOneStays()
    {
        var campaigns = _host.Services.GetRequiredService<CampaignStore>();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await campaigns.ReceiveAsync(new CampaignRow { Tenant = Caller.DefaultTenant, Id = "old", State = "receiving", CreatedMs = 1, TouchedMs = 1 }, Token);
        await campaigns.ReceiveAsync(new CampaignRow { Tenant = Caller.DefaultTenant, Id = "live", State = "receiving", CreatedMs = 1, TouchedMs = now }, Token);

        await SweepAsync();

        (await campaigns.ListAsync(Caller.DefaultTenant, Token)).ShouldHaveSingleItem().Id.ShouldBe("live");
    }

    private Database Database => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya);

    private Task SweepAsync() => _host.Services.GetRequiredService<UnfinishedSweep>().SweepAsync(Token);

    private Task DueAsync() => Database.WriteAsync(connection => connection.ExecuteAsync("update repeats set after_ms = 0"), Token);

    private async Task<Campaign> SubmitAsync() => await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);

    private async Task<Campaign> CancelAsync(string id) => await _host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);

    private Task CloseAsync(string key, string attempt = "1") =>
        _host.Services.GetRequiredService<PostEffects>().ApplyAsync([.. _host.Router.Batches[key].Select(i => _host.Router.Close(i, attempt: attempt).Read())], Token);

    private async Task<PostRow> FindAsync(string id) => (await _host.Services.GetRequiredService<PostStore>().FindAsync(Caller.DefaultTenant, id, Token)).ShouldNotBeNull();

    private async Task<PostRow> SingleAsync() => await FindAsync(await Database.ReadAsync(connection => connection.QuerySingleAsync<string>("select id from posts"), Token));
}
