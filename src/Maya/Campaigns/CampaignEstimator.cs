using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Reckons what posts take before anything is sent: the router says which engine would be asked and how long the prompt is, the engine's entry says the
/// price and the quota. Each platform is reckoned by itself, for each may go to another engine. What is not known is said, not guessed.
/// </summary>
internal sealed class CampaignEstimator(PostBackgrounds backgrounds, IPeers peers, EngineCatalog engines, IOptions<MayaOptions> options)
{
    /// <summary>The estimate of a brief.</summary>
    public async Task<CampaignEstimate> EstimateAsync(string tenant, CampaignBrief brief, CancellationToken token)
    {
        var posts = CampaignPlanner.Count(brief);
        var background = await backgrounds.GetAsync(tenant, brief.Brand, brief.Profile, brief.Learn ? brief.Platforms : [], token);
        var sample = new CampaignRow { Tenant = tenant, Id = "estimate" };
        // Which arms an experiment hands out is not known before; those of prompts have a call each.
        var perCall = brief.Experiment.Length > 0 ? 1 : brief.PostsPerCall;
        var kinds = brief.Platforms.Select(platform =>
        {
            var call = default(SharedCall);
            foreach (var post in CampaignPlanner.Posts(brief with { Platforms = [platform], MaxPosts = 0, Experiment = "", PostsPerCall = perCall }, sample, background, []).Take(perCall))
            {
                var request = GenerateRequest.Parser.ParseFrom(post.Request);
                if (call is null)
                    call = new SharedCall(post.Id, post.Ordinal, request);
                else if (!call.IsFull)
                    call.Add(post.Ordinal, request);
            }

            return (call!.ToRequest(), posts / (double)brief.Platforms.Count / call.Posts);
        });
        var planned = brief.Strategy == StrategyWords.Engine ? [(StrategyPrompt.Write(brief, sample.Id, background), 1.0)] : Array.Empty<(GenerateRequest, double)>();
        var estimate = await EstimateAsync(tenant, kinds.Concat(planned), token);
        if (planned.Length > 0)
            estimate.Assumptions.Add("One more call plans themes, hooks and calls to action ('strategy: none' leaves it out).");
        if (perCall > 1)
            estimate.Assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"Up to {brief.PostsPerCall} posts of a platform share a call, fewer where they are long (posts_per_call)."));
        else if (brief.PostsPerCall > 1)
            estimate.Assumptions.Add("A call for each post: posts of an experiment of prompts never share one; those of an experiment of models may, and then cost less.");
        (estimate.Posts, estimate.BudgetUsd) = (posts, brief.BudgetUsd);
        return estimate;
    }

    /// <summary>The estimate of requests, each with how often it comes.</summary>
    public async Task<CampaignEstimate> EstimateAsync(string tenant, IEnumerable<(GenerateRequest Request, double Times)> kinds, CancellationToken token)
    {
        var estimate = new CampaignEstimate { PriceKnown = true, Simulated = true };
        var (names, models, seconds) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, double>(StringComparer.Ordinal));
        var assumptions = new HashSet<string>(StringComparer.Ordinal) { "A post is as long as its platform allows, and at most 1,200 characters; four characters are a token." };
        foreach (var (request, times) in kinds)
        {
            var route = await RouteAsync(tenant, request, token);
            var engine = engines.Find(route.Engine);
            names.Add(route.Engine.Length > 0 ? route.Engine : "an unknown engine");
            models.Add(route.Model);
            var cost = PostCost.Of(request, route.PromptTokens);
            estimate.InputTokens += (long)(times * cost.PromptTokens);
            estimate.OutputTokens += (long)(times * cost.OutputTokens);
            estimate.Simulated &= engine?.Simulated ?? false;
            estimate.PriceKnown &= engine is not null;
            if (engine is null)
                assumptions.Add($"The price of '{route.Engine}' is not known to this module: its entry under Engines is missing here.");
            else
                Price(estimate, engine.Model(route.Tier), cost, times, assumptions);
            seconds[route.Engine] = seconds.GetValueOrDefault(route.Engine) + (times * 60 / PerMinute(engine, assumptions));
        }

        (estimate.Engine, estimate.Model) = (string.Join(", ", names), string.Join(", ", models));
        estimate.Seconds = seconds.Values.DefaultIfEmpty(0).Max();
        (estimate.Simulated, estimate.PriceKnown) = (estimate.Simulated && names.Count > 0, estimate.PriceKnown && names.Count > 0);
        estimate.Assumptions.AddRange(assumptions);
        return estimate;
    }

    /// <summary>Refuses posts that would cost more than is allowed, or whose price nobody knows.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION with the estimate in words.</exception>
    public static void RefuseAbove(CampaignEstimate estimate, double maxUsd)
    {
        if (estimate.Simulated || (estimate.PriceKnown && Math.Max(estimate.CostUsd, estimate.LeastCapUsd) <= maxUsd))
            return;
        var found = !estimate.PriceKnown ? "has no known price"
            : estimate.CostUsd > maxUsd ? string.Create(CultureInfo.InvariantCulture, $"is estimated at {estimate.CostUsd:F4} USD")
            : string.Create(CultureInfo.InvariantCulture, $"needs {estimate.LeastCapUsd:F4} USD for its dearest post alone, whose longest answer must be payable before it is asked for,");
        throw new RpcException(new Status(StatusCode.FailedPrecondition, string.Create(CultureInfo.InvariantCulture,
            $"The campaign of {estimate.Posts} posts on {estimate.Engine} {found}; max_cost_usd is {maxUsd:F4}. Raise it, or make the campaign smaller.")));
    }

    private static void Price(CampaignEstimate estimate, EngineModel model, PostCost cost, double times, HashSet<string> assumptions)
    {
        estimate.CostUsd += times * cost.Usd(model.Price);
        estimate.LeastCapUsd = Math.Max(estimate.LeastCapUsd, cost.MostUsd(model));
        assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"Prices of {model.Id} as of {model.Price.AsOf:yyyy-MM-dd}: {model.Price.Input} and {model.Price.Output} USD a million tokens in and out."));
    }

    private int PerMinute(EngineEntry? engine, HashSet<string> assumptions)
    {
        if (engine is { RequestsPerMinute: > 0 })
            return engine.RequestsPerMinute;
        assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"The engine's quota is unknown; {options.Value.AssumedPostsPerMinute} posts a minute are assumed (Maya:AssumedPostsPerMinute)."));
        return options.Value.AssumedPostsPerMinute;
    }

    private async Task<RouteDecision> RouteAsync(string tenant, GenerateRequest request, CancellationToken token) =>
        await new Generation.GenerationClient(peers.For(ModuleNames.Router)).RouteAsync(request, Caller.ForTenant(tenant), cancellationToken: token);
}
