using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Posts that are made once more: together, within their campaign's terms, and not when the campaign is cancelled, whatever broke in between.</summary>
public sealed class PostRepeaterSpec : IAsyncLifetime
{
    private const string Yaml = """
        name: Autumn lamps
        product: A desk lamp that dims by itself
        platforms: [x]
        slots: [2026-12-01T09:00, 2026-12-02T09:00]
        variants: 4
        strategy: none
        """;

    private readonly MayaHost _host = new(null, null, ("Maya:CompareEvery", "01:00:00"), ("Maya:EngineRetry", "00:10:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _host.StartAsync();
        // It sweeps only when a test says so.
        await _host.Services.GetRequiredService<UnfinishedSweep>().StopAsync(Token);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Sweep_LeftOutPosts_GoAsOneBatchUnderWhatIsLeftOfTheTerms()
    {
        var campaign = await LeaveOutAsync($"budget_usd: 1\ndeadline: {DateTimeOffset.UtcNow.AddDays(5):yyyy-MM-ddTHH:mm}");

        await SweepAsync();
        await SweepAsync();

        var again = Again(campaign);
        again.Value.Select(i => i.CustomId).ShouldBe([Post(campaign, 1), Post(campaign, 2), Post(campaign, 3), Post(campaign, 4)]);
        var terms = again.Value[0].Terms.ShouldNotBeNull();
        terms.MaxCostUsd.ShouldBe(0.498, 1e-9, "four of eight posts are open");
        terms.DeadlineMs.ShouldBeGreaterThan(0);
        again.Value.Skip(1).ShouldAllBe(i => i.Terms == null);
    }

    [Fact]
    public async Task Sweep_MoreLeftOutPostsThanOneBatchTakes_AllAreHandedOver()
    {
        var campaign = await SubmitAsync("name: a\nbrief: lamps that dim\nplatforms: [x]\nslots: 25\nvariants: 10\nstrategy: none\nposts_per_call: 10");
        _host.Router.Answer = _ => new JobResult { Text = "no JSON", Model = "m" };
        await CloseAsync(campaign);

        await SweepAsync();

        _host.Router.Batches.Where(b => b.Key != campaign).Sum(b => b.Value.Count).ShouldBe(250);
        _host.Router.Batches.Where(b => b.Key != campaign).SelectMany(b => b.Value).Select(i => i.CustomId).Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public async Task Cancel_LeftOutPostsThatWereHandedOver_CancelsTheirBatchAsWell()
    {
        var campaign = await LeaveOutAsync();
        await SweepAsync();

        await CancelAsync(campaign);

        _host.Router.Cancelled.ShouldBe([$"batch-{campaign}", $"batch-{Again(campaign).Key}"], ignoreOrder: true);
        await CloseAsync(Again(campaign).Key, JobStates.Cancelled, attempt: "2");
        (await StatesAsync(campaign)).Take(4).ShouldBe(Enumerable.Repeat("cancelled", 4));
    }

    [Fact]
    public async Task Cancel_RouterDoesNotAnswerForTheSecondBatch_IsAskedAgain()
    {
        var campaign = await LeaveOutAsync();
        await SweepAsync();
        _host.Router.CancelFaults.Enqueue(StatusCode.Unavailable);

        await CancelAsync(campaign);
        await SweepAsync();
        await SweepAsync();

        _host.Router.Cancelled.ShouldBe([$"batch-{campaign}", $"batch-{Again(campaign).Key}"], ignoreOrder: true);
    }

    [Fact]
    public async Task Cancel_HandOverThatNobodySawTheEndOf_CancelsWhatTheRouterHolds()
    {
        var campaign = await LeaveOutAsync();
        _host.Router.Faults.Enqueue((StatusCode.Unavailable, true));
        await SweepAsync();
        Again(campaign).Value.Count.ShouldBe(4, "the router has them, and nobody knows");

        await CancelAsync(campaign);
        await SweepAsync();

        _host.Router.Cancelled.ShouldContain($"batch-{Again(campaign).Key}");
        (await StatesAsync(campaign)).Take(4).ShouldBe(Enumerable.Repeat("cancelled", 4));
        (await FindAsync(campaign)).Pending.ShouldBe(4, "those of the first batch are closed by their jobs");
    }

    [Fact]
    public async Task Cancel_WhileTheRouterTakesTheBatch_CancelsIt()
    {
        var campaign = await LeaveOutAsync();
        _host.Router.Taking = async key =>
        {
            if (key != campaign)
                await CancelAsync(campaign);
        };

        await SweepAsync();

        _host.Router.Cancelled.ShouldBe([$"batch-{campaign}", $"batch-{Again(campaign).Key}"], ignoreOrder: true);
        (await StatesAsync(campaign)).Take(4).ShouldBe(Enumerable.Repeat("cancelled", 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_APostThatIsMadeAgain_IsWhatItWas(bool seen)
    {
        var campaign = await SubmitAsync(Yaml);
        await CloseAsync(campaign, only: 1);
        if (!seen)
            _host.Router.Faults.Enqueue((StatusCode.Unavailable, true));
        await _host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = Post(campaign, 1), Instruction = "funnier" }, cancellationToken: Token);

        await CancelAsync(campaign);
        await SweepAsync();
        if (seen)
            await CloseAsync(Again(campaign).Key, JobStates.Cancelled, attempt: "2");

        _host.Router.Cancelled.ShouldContain($"batch-{Again(campaign).Key}");
        var post = (await PostsAsync(campaign))[0];
        (post.State, post.Text.Length > 0).ShouldBe(("ready", true));
        (await FindAsync(campaign)).Ready.ShouldBe(1);
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "pending")]
    [InlineData(StatusCode.PermissionDenied, "pending")]
    [InlineData(StatusCode.InvalidArgument, "failed")]
    public async Task Sweep_RouterRefuses_WaitsWhenItMayPassAndSaysWhyWhenNot(StatusCode code, string state)
    {
        var campaign = await LeaveOutAsync();
        _host.Router.Faults.Enqueue((code, false));

        await SweepAsync();

        (await StatesAsync(campaign)).Take(4).ShouldBe(Enumerable.Repeat(state, 4));
        await DueAsync();
        await SweepAsync();
        _host.Router.Batches.Count.ShouldBe(state == "pending" ? 2 : 1);
    }

    [Fact]
    public async Task Close_NoEngineAnswers_PausesAndGoesOnWhenOneDoes()
    {
        var campaign = await SubmitAsync(Yaml);

        await CloseAsync(campaign, JobStates.Failed, only: 3, failure: new Failure { Code = "engine_unavailable", Message = "connection refused", Transient = true });

        (await FindAsync(campaign)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("paused"), c => c.Problem.ShouldContain("connection refused"), c => c.Failed.ShouldBe(0), c => c.Pending.ShouldBe(8));
        await SweepAsync();
        _host.Router.Batches.Count.ShouldBe(1, "not at once");
        await DueAsync();
        await SweepAsync();
        await CloseAsync(Again(campaign).Key, attempt: "2");
        (await FindAsync(campaign)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("running"), c => c.Problem.ShouldBe(""), c => c.Ready.ShouldBe(3));
        await CloseAsync(campaign, skip: 3);
        (await FindAsync(campaign)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("done"), c => c.Ready.ShouldBe(8));
    }

    [Fact]
    public async Task Close_EngineRefusesForGood_FailsWithTheReason()
    {
        var campaign = await SubmitAsync(Yaml);

        await CloseAsync(campaign, JobStates.Failed, failure: new Failure { Code = "engine_unavailable", Message = "the key is wrong" });

        (await FindAsync(campaign)).ShouldSatisfyAllConditions(c => c.State.ShouldBe("done"), c => c.Failed.ShouldBe(8));
    }

    [Fact]
    public async Task Close_AnswersWithoutTheForm_AreSaidAfterThree()
    {
        var campaign = await SubmitAsync(Yaml + "\nposts_per_call: 2");
        _host.Router.Answer = _ => new JobResult { Text = "Post 1: a lamp. Post 2: a lamp.", Model = "m" };

        await CloseAsync(campaign, only: 2);
        (await FindAsync(campaign)).Note.ShouldBe("");
        await CloseAsync(campaign);

        (await FindAsync(campaign)).Note.ShouldContain("posts_per_call: 1");
    }

    private Task SweepAsync() => _host.Services.GetRequiredService<UnfinishedSweep>().SweepAsync(Token);

    private Task DueAsync() => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya).WriteAsync(
        connection => connection.ExecuteAsync("update repeats set after_ms = 0; update posts set again_after_ms = 0"), Token);

    /// <summary>A campaign whose first shared call was answered without its four posts.</summary>
    private async Task<string> LeaveOutAsync(string terms = "")
    {
        var campaign = await SubmitAsync($"{Yaml}\nposts_per_call: 4\n{terms}");
        _host.Router.Answer = _ => new JobResult { Text = "{}", CostUsd = 0.004, Model = "m" };
        await CloseAsync(campaign, only: 1);
        _host.Router.Answer = static request => new JobResult { Text = $"Lamp {request.Labels["custom_id"]} dims by itself.", Model = "m" };
        return campaign;
    }

    private async Task<string> SubmitAsync(string yaml)
    {
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = yaml }, cancellationToken: Token);
        campaign.State.ShouldBe("running");
        return campaign.Id;
    }

    private async Task CancelAsync(string campaign) => await _host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = campaign }, cancellationToken: Token);

    private Task CloseAsync(string key, string state = JobStates.Succeeded, int skip = 0, int only = int.MaxValue, string attempt = "1", Failure? failure = null) =>
        _host.Services.GetRequiredService<PostEffects>().ApplyAsync([.. _host.Router.Batches[key].Skip(skip).Take(only).Select(item =>
        {
            var job = _host.Router.Close(item, state: state, attempt: attempt).Read();
            job.Failure = failure ?? job.Failure;
            return job;
        })], Token);

    private KeyValuePair<string, List<BatchItem>> Again(string campaign) => _host.Router.Batches.Single(b => b.Key != campaign);

    private static string Post(string campaign, int place) => $"{campaign}-{place:D6}";

    private async Task<Campaign> FindAsync(string id) => await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);

    private async Task<IEnumerable<string>> StatesAsync(string campaign) => (await PostsAsync(campaign)).Select(p => p.State);

    private async Task<List<Post>> PostsAsync(string campaign)
    {
        using var call = _host.Client.ListPosts(new ListPostsRequest { CampaignId = campaign }, cancellationToken: Token);
        return await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }
}
