using Platform.Cli;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Caps that are true, and that let posts through.</summary>
public sealed class CampaignCostSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string>> Platforms() => ContentRules.All.Select(rules => new TheoryDataRow<string>(rules.Name));

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task DefaultCap_OfOnePost_CoversWhatTheEngineLayerReserves(string platform)
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();
        var request = new SubmitCampaignRequest { Yaml = $"name: a\nbrief: lamps\nplatforms: [{platform}]" };
        var estimate = await host.Client.EstimateCampaignAsync(request, cancellationToken: Token);
        request.MaxCostUsd = CampaignAgreement.CapOf(estimate, 0);

        var campaign = await host.Client.SubmitCampaignAsync(request, cancellationToken: Token);

        var post = host.Router.Batches[campaign.Id].ShouldHaveSingleItem().Request;
        // Written down a second time, as the engine layer asks: 3.6 characters of a prompt are a token, and the longest answer is paid for in full.
        var reserved = ((((post.System.Length + post.Task.Length) / 3.6) + 100) * 0.35 / 1e6) + (post.MaxOutputTokens * 0.75 / 1e6);
        post.MaxCostUsd.ShouldBeGreaterThanOrEqualTo(reserved);
        (campaign.BudgetUsd, host.Router.Batches[campaign.Id][0].Terms.MaxCostUsd).ShouldBe((request.MaxCostUsd, request.MaxCostUsd));
    }

    [Fact]
    public async Task Submit_BudgetAboveTheCap_TheSmallerOneHolds()
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();

        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = "name: a\nbrief: b\nplatforms: [x]\nbudget_usd: 50", MaxCostUsd = 3 }, cancellationToken: Token);

        campaign.BudgetUsd.ShouldBe(3);
    }

    [Fact]
    public async Task Submit_DeadlineInTheBrief_BecomesTheTermsOfTheBatch()
    {
        await using var host = await new MayaHost().StartAsync();
        var deadline = DateTimeOffset.UtcNow.AddDays(2);

        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = $"name: a\nbrief: b\nplatforms: [x]\ndeadline: {deadline:yyyy-MM-dd'T'HH:mm'Z'}" }, cancellationToken: Token);

        host.Router.Batches[campaign.Id][0].Terms.DeadlineMs.ShouldBe(campaign.DeadlineMs - campaign.CreatedMs);
    }

    [Fact]
    public async Task Submit_SameKeyAgain_CountsNoArmTwice()
    {
        await using var host = await new MayaHost().StartAsync();
        var experiment = await host.Client.CreateExperimentAsync(new CreateExperimentRequest
        {
            Name = "openings",
            Kind = "prompt",
            Arms = { new ArmInput { Name = "a", Content = "Open with a fact." }, new ArmInput { Name = "b", Content = "Open with a question." } },
        }, cancellationToken: Token);
        var request = new SubmitCampaignRequest { Yaml = $"name: a\nbrief: b\nplatforms: [x, bluesky]\nexperiment: {experiment.Id}", IdempotencyKey = "k" };

        await host.Client.SubmitCampaignAsync(request, cancellationToken: Token);
        await host.Client.SubmitCampaignAsync(request, cancellationToken: Token);

        (await host.Client.GetExperimentAsync(new GetExperimentRequest { ExperimentId = experiment.Id }, cancellationToken: Token)).Arms.Sum(a => a.Assigned).ShouldBe(2);
    }

    [Fact]
    public async Task Estimate_EngineThatNobodyKnows_IsNeitherFreeNorSimulated()
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();
        host.Router.RouteTo = static request => request.Platform == "x" ? "Mystery" : "Cerebras";

        var estimate = await host.Client.EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = "name: a\nbrief: b\nplatforms: [x, bluesky]" }, cancellationToken: Token);

        (estimate.Simulated, estimate.PriceKnown, estimate.Engine).ShouldBe((false, false, "Mystery, Cerebras"));
        CampaignAgreement.CapOf(new CampaignEstimate { PriceKnown = true, CostUsd = 1, LeastCapUsd = 4 }, 0).ShouldBe(8);
        CampaignAgreement.CapOf(new CampaignEstimate { PriceKnown = true, CostUsd = 1, BudgetUsd = 2 }, 0).ShouldBe(0, "the brief's own budget is its cap");
    }

    [Fact]
    public async Task EstimatePosts_Rows_AreReckonedWithoutBeingStored()
    {
        await using var host = await new MayaHost(null, null, ("Engines:Cerebras:ApiKey", "k")).StartAsync();
        using var call = host.Client.EstimatePosts(cancellationToken: Token);
        foreach (var row in new[] { new PostInput { CustomId = "1", Platform = "x", Brief = "a" }, new PostInput { CustomId = "2", Platform = "linkedin", Brief = "b" }, new PostInput { CustomId = "3", Platform = "x", Text = "done" } })
            await call.RequestStream.WriteAsync(row, Token);
        await call.RequestStream.CompleteAsync();

        var estimate = await call.ResponseAsync;

        (estimate.Posts, estimate.PriceKnown, estimate.CostUsd > 0).ShouldBe((2, true, true));
        (await host.Client.ListCampaignsAsync(new ListCampaignsRequest(), cancellationToken: Token)).Campaigns.ShouldBeEmpty();
    }
}
