using Platform.Contracts;

namespace Platform.Router;

/// <summary>A prompt that does not fit the fast engine's context goes to the large one.</summary>
internal sealed class ContextRule : IRouteRule
{
    /// <summary>Share of the context that a prompt may fill; the rest is for examples and the answer.</summary>
    private const double PromptShare = 0.6;

    public string Name => RouteRules.Context;

    public RouteVerdict Consider(RouteQuestion question)
    {
        var chain = question.Catalog.Chain(Approaches.Instructions, question.Tenant, question.Request.Kind);
        if (chain.Count == 0)
            return RouteVerdict.Pass("No engine is configured for instructions.");
        var model = chain[0].Model(question.Request.Tier);
        var room = (long)(model.ContextTokens * PromptShare);
        return question.PromptTokens > room
            ? new RouteVerdict(Approaches.Traditional, $"About {question.PromptTokens:N0} tokens do not fit {model.Id}, which has room for {room:N0}.")
            : RouteVerdict.Pass($"About {question.PromptTokens:N0} tokens fit {model.Id}.");
    }
}
