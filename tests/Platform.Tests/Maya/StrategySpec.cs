using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Storage;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>A campaign is planned before its posts are laid out: asked for once, checked, kept over a crash, and cancelled with the campaign.</summary>
public sealed class StrategySpec
{
    private const string Yaml = "name: a\nbrief: A desk lamp that dims by itself. It learns your hours.\ngoal: Order one\nplatforms: [x, bluesky]\nslots: 2\nvariants: 2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_EngineAnswers_CellsTakeThemesHooksAndCalls()
    {
        await using var host = await new MayaHost().StartAsync();

        var campaign = await SubmitAsync(host, Yaml);

        var strategy = (await GetAsync(host, campaign.Id)).Strategy;
        (strategy.State, strategy.Source, strategy.Model, strategy.Problem, strategy.Attempts).ShouldBe(("made", "engine", "model-1", "", 1));
        strategy.Themes.Select(t => t.Name).ShouldBe(["comfort", "energy"]);
        var items = host.Router.Batches[campaign.Id];
        items.Count.ShouldBe(8);
        items[0].Request.Task.ShouldSatisfyAllConditions(t => t.ShouldContain("Theme of this post: comfort"), t => t.ShouldContain("Eyes get tired first."), t => t.ShouldContain("Try it tonight."));
        items[1].Request.Task.ShouldContain("Evenings need less light.", Case.Sensitive, "the second variant has the next hook");
        items[2].Request.Task.ShouldContain("Theme of this post: energy");
        (await PostsAsync(host, campaign.Id)).Select(p => (p.Theme, p.Hook)).Take(3).ShouldBe([("comfort", "Eyes get tired first."), ("comfort", "Evenings need less light."), ("energy", "Half the power, all the light.")]);
        var asked = host.Router.Singles.ShouldHaveSingleItem().Value;
        (asked.Tier, asked.Lane, asked.Kind, asked.Platform, asked.ResponseSchema.Length > 0).ShouldBe(("quality", "batch", "content", "", true));
        asked.Labels.ContainsKey("custom_id").ShouldBeFalse("it is no post");
    }

    [Fact]
    public async Task Submit_StrategyNone_AsksNobody()
    {
        await using var host = await new MayaHost().StartAsync();

        var campaign = await SubmitAsync(host, Yaml + "\nstrategy: none");

        host.Router.Singles.ShouldBeEmpty();
        (await GetAsync(host, campaign.Id)).Strategy.ShouldBeNull();
        host.Router.Batches[campaign.Id][0].Request.Task.ShouldNotContain("Theme of this post");
    }

    [Fact]
    public async Task Submit_StrategyBrief_TakesTheBriefsOwnWordsAndAsksNobody()
    {
        await using var host = await new MayaHost().StartAsync();

        var campaign = await SubmitAsync(host, Yaml + "\nstrategy: brief");

        var strategy = (await GetAsync(host, campaign.Id)).Strategy;
        (strategy.Source, strategy.Attempts, host.Router.Singles.Count).ShouldBe(("brief", 1, 0));
        strategy.Themes.Select(t => t.Name).ShouldBe(["A desk lamp that dims by", "It learns your hours"]);
        strategy.Themes[0].ShouldSatisfyAllConditions(t => t.Hooks.ShouldBe(["A desk lamp that dims by itself"]), t => t.CallsToAction.ShouldBe(["Order one"]));
    }

    [Fact]
    public async Task Submit_FirstAnswerIsNoStrategy_IsAskedOnceMoreWithTheReason()
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Plan = request => Answer(request.IdempotencyKey.EndsWith("-1", StringComparison.Ordinal) ? "{\"message\":\"\",\"themes\":[]}" : FakeGeneration.Strategy, 0.01);

        var campaign = await SubmitAsync(host, Yaml + "\nbudget_usd: 5");

        var strategy = (await GetAsync(host, campaign.Id)).Strategy;
        (strategy.Source, strategy.Attempts, Math.Round(strategy.CostUsd, 4)).ShouldBe(("engine", 2, 0.02));
        var second = host.Router.Singles[$"strategy-{campaign.Id}-2"];
        second.Task.ShouldContain("message has 0 characters");
        (host.Router.Singles[$"strategy-{campaign.Id}-1"].MaxCostUsd, second.MaxCostUsd).ShouldBe((5, 4.99));
        host.Router.Batches[campaign.Id][0].Terms.MaxCostUsd.ShouldBe(4.98, 0.0001, "what the strategy cost counts against the budget");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"message\":\"m\",\"themes\":[{\"theme\":\"t\",\"hooks\":[],\"calls_to_action\":[]}]}")]
    [InlineData("{\"message\":\"m\",\"themes\":[{\"theme\":\"t\",\"hooks\":[\"All immigrants are vermin\"],\"calls_to_action\":[]}]}")]
    [InlineData("{\"message\":\"m\",\"themes\":[{\"theme\":\"t\",\"hooks\":[\"a\\u0000b\"],\"calls_to_action\":[]}]}")]
    [InlineData("{\"message\":\"m\",\"themes\":[{\"theme\":7,\"hooks\":[\"h\"],\"calls_to_action\":[]}]}")]
    public async Task Submit_NoAnswerCanBeUsed_TheBriefsOwnWordsMustDoAndItIsSaid(string answer)
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Plan = _ => Answer(answer);

        var campaign = await SubmitAsync(host, Yaml);

        var strategy = (await GetAsync(host, campaign.Id)).Strategy;
        (strategy.Source, strategy.Attempts, strategy.Model).ShouldBe(("brief", 2, ""));
        strategy.Problem.ShouldNotBeEmpty();
        host.Router.Batches[campaign.Id].Count.ShouldBe(8);
    }

    [Fact]
    public async Task Submit_ThemesOfTheBrief_StandBeforeThoseOfTheEngine()
    {
        await using var host = await new MayaHost().StartAsync();

        var campaign = await SubmitAsync(host, Yaml + "\nthemes: [Energy, price]");

        (await GetAsync(host, campaign.Id)).Strategy.Themes.Select(t => t.Name).ShouldBe(["energy"], "it names comfort, which the brief does not");
        (await PostsAsync(host, campaign.Id)).Select(p => p.Theme).Distinct().ShouldBe(["energy", "price"]);
        (await PostsAsync(host, campaign.Id)).ShouldAllBe(p => p.Hook == "Half the power, all the light.");
    }

    [Fact]
    public async Task Restart_WhileTheEngineThinks_TheNextProcessFindsTheSameJob()
    {
        var router = new FakeGeneration { Plan = static _ => new Job { State = JobStates.Running } };
        var first = await new MayaHost(router, null, ("Maya:SubmitWait", "00:00:00")) { OwnsHome = false }.StartAsync();
        var campaign = await SubmitAsync(first, Yaml);
        await Patience.UntilAsync(() => router.Singles.Count > 0);
        (await GetAsync(first, campaign.Id)).ShouldSatisfyAllConditions(c => c.Strategy.State.ShouldBe("wanted"), c => (c.State, c.Pending).ShouldBe(("running", 8)));
        await first.DisposeAsync();
        router.Plan = _ => Answer(FakeGeneration.Strategy);

        await using var second = await new MayaHost(router, first.Home) { OwnsHome = true }.StartAsync();
        await second.PublishAsync(FakeGeneration.Message(new Job { Id = "job", Tenant = Caller.DefaultTenant, State = JobStates.Succeeded, Request = router.Singles.Values.Single() }));
        await Patience.UntilAsync(() => router.Batches.ContainsKey(campaign.Id));

        router.Singles.ShouldHaveSingleItem();
        router.Batches[campaign.Id].Count.ShouldBe(8);
    }

    [Fact]
    public async Task Cancel_WhileTheEngineThinks_CancelsItsJobAndLaysOutNothing()
    {
        await using var host = await new MayaHost(null, null, ("Maya:SubmitWait", "00:00:00"), ("Maya:SweepEvery", "01:00:00")).StartAsync();
        host.Router.Plan = static _ => new Job { State = JobStates.Running };
        var campaign = await SubmitAsync(host, Yaml);
        await Patience.UntilAsync(() => host.Router.Singles.Count > 0);
        host.Router.CancelFaults.Enqueue(StatusCode.Unavailable);

        var cancelled = await host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        host.Router.Cancelled.ShouldBeEmpty();
        await host.Services.GetRequiredService<UnfinishedSweep>().SweepAsync(Token);
        host.Router.Plan = _ => Answer(FakeGeneration.Strategy);
        await host.PublishAsync(FakeGeneration.Message(new Job { Id = "job", Tenant = Caller.DefaultTenant, State = JobStates.Succeeded, Request = host.Router.Singles.Values.Single() }));
        await host.Services.GetRequiredService<CampaignSubmitter>().SubmitNextAsync(Token);

        (cancelled.State, cancelled.Cancelled, cancelled.Pending).ShouldBe(("cancelled", 8, 0));
        host.Router.Cancelled.ShouldBe([$"job-strategy-{campaign.Id}-1"]);
        host.Router.Batches.ShouldBeEmpty();
        (await PostsAsync(host, campaign.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Made_Twice_LaysOutThePostsOnce()
    {
        await using var host = await new MayaHost(null, null, ("Maya:SubmitWait", "00:00:00")).StartAsync();
        host.Router.Plan = static _ => new Job { State = JobStates.Running };
        var id = (await SubmitAsync(host, Yaml)).Id;
        await Patience.UntilAsync(() => host.Router.Singles.Count > 0);
        host.Router.Plan = _ => Answer(FakeGeneration.Strategy);
        var (strategist, campaign) = (host.Services.GetRequiredService<CampaignStrategist>(), (await host.Services.GetRequiredService<CampaignStore>().FindAsync(Caller.DefaultTenant, id, Token)).ShouldNotBeNull());

        await Task.WhenAll(strategist.StepAsync(campaign, Token), strategist.StepAsync(campaign, Token), strategist.StepAsync(campaign, Token));

        (await host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya).ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from posts"), Token)).ShouldBe(8);
    }

    [Fact]
    public async Task Estimate_WithStrategy_CountsItsCall()
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();

        var with = await host.Client.EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        var without = await host.Client.EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml + "\nstrategy: none" }, cancellationToken: Token);

        (with.Posts, with.CostUsd > without.CostUsd, with.OutputTokens > without.OutputTokens).ShouldBe((without.Posts, true, true));
        with.Assumptions.ShouldContain(a => a.Contains("strategy: none"));
    }

    private static Job Answer(string text, double cost = 0) => new() { State = JobStates.Succeeded, Result = new JobResult { Text = text, Model = "model-1", CostUsd = cost } };

    private static async Task<Campaign> SubmitAsync(MayaHost host, string yaml) => await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = yaml }, cancellationToken: Token);

    private static async Task<Campaign> GetAsync(MayaHost host, string id) => await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);

    private static async Task<List<Post>> PostsAsync(MayaHost host, string id) =>
        await host.Client.ListPosts(new ListPostsRequest { CampaignId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
}
