using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Reckons what a campaign takes before anything is sent: the router says which engine would be asked and how long the prompt is, the engine's entry says the
/// price and the quota. What is not known is said, not guessed.
/// </summary>
internal sealed class CampaignEstimator(PostBackgrounds backgrounds, IPeers peers, IConfiguration configuration, IOptions<MayaOptions> options)
{
    private const int CharactersAToken = 4;
    private const int LongestUsual = 1_200;
    private const double Million = 1_000_000;

    /// <summary>The estimate of a brief.</summary>
    public async Task<CampaignEstimate> EstimateAsync(string tenant, CampaignBrief brief, CancellationToken token)
    {
        var estimate = new CampaignEstimate { Posts = CampaignPlanner.Count(brief) };
        var background = await backgrounds.GetAsync(tenant, brief.Brand, brief.Profile, brief.Learn ? brief.Platforms : [], token);
        var sample = new CampaignRow { Tenant = tenant, Id = "estimate" };
        RouteDecision? route = null;
        foreach (var platform in brief.Platforms)
        {
            var post = CampaignPlanner.Posts(brief with { Platforms = [platform], MaxPosts = 1, Experiment = "" }, sample, background, []).First();
            route = await RouteAsync(tenant, GenerateRequest.Parser.ParseFrom(post.Request), token);
            var share = estimate.Posts / (double)brief.Platforms.Count;
            estimate.InputTokens += (long)(share * route.PromptTokens);
            estimate.OutputTokens += (long)(share * Math.Min(LongestUsual, ContentRules.Of(platform).Limit) / CharactersAToken);
        }

        estimate.Assumptions.Add("A post is as long as its platform allows, and at most 1,200 characters; four characters are a token.");
        (estimate.Engine, estimate.Model) = (route!.Engine, route.Model);
        Price(estimate, EngineCatalog.Read(configuration).Find(route.Engine), route.Tier);
        return estimate;
    }

    /// <summary>Refuses a campaign that would cost more than is allowed, or whose price nobody knows.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION with the estimate in words.</exception>
    public async Task RefuseAboveAsync(string tenant, CampaignBrief brief, double maxUsd, CancellationToken token)
    {
        var estimate = await EstimateAsync(tenant, brief, token);
        if (estimate.Simulated || (estimate.PriceKnown && estimate.CostUsd <= maxUsd))
            return;
        var found = estimate.PriceKnown ? string.Create(CultureInfo.InvariantCulture, $"is estimated at {estimate.CostUsd:F4} USD") : "has no known price";
        throw new RpcException(new Status(StatusCode.FailedPrecondition, string.Create(CultureInfo.InvariantCulture,
            $"The campaign of {estimate.Posts} posts on {estimate.Engine} {found}; max_cost_usd is {maxUsd:F4}. Raise it, or make the campaign smaller.")));
    }

    private void Price(CampaignEstimate estimate, EngineEntry? engine, string tier)
    {
        estimate.Simulated = engine?.Simulated ?? false;
        estimate.PriceKnown = engine is not null;
        var perMinute = options.Value.AssumedPostsPerMinute;
        if (engine is null)
            estimate.Assumptions.Add($"The price of '{estimate.Engine}' is not known to this module: its entry under Engines is missing here.");
        else
        {
            var price = engine.Model(tier).Price;
            estimate.CostUsd = ((estimate.InputTokens * (double)price.Input) + (estimate.OutputTokens * (double)price.Output)) / Million;
            estimate.Assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"Prices of {engine.Model(tier).Id} as of {price.AsOf:yyyy-MM-dd}: {price.Input} and {price.Output} USD a million tokens in and out."));
        }

        if (engine is { RequestsPerMinute: > 0 })
            perMinute = engine.RequestsPerMinute;
        else
            estimate.Assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"The engine's quota is unknown; {perMinute} posts a minute are assumed (Maya:AssumedPostsPerMinute)."));
        estimate.Seconds = estimate.Posts * 60.0 / perMinute;
    }

    private async Task<RouteDecision> RouteAsync(string tenant, GenerateRequest request, CancellationToken token) =>
        await new Generation.GenerationClient(peers.For(ModuleNames.Router)).RouteAsync(request, Caller.ForTenant(tenant), cancellationToken: token);
}
