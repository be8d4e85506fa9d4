using System.Globalization;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What one post costs: as a post usually is, and at most. The engine layer asks for the second before each call, so a cap below it would let no post through.</summary>
/// <param name="PromptTokens">Tokens of the prompt, estimated high.</param>
/// <param name="OutputTokens">Tokens of a usual answer.</param>
/// <param name="MaxOutputTokens">Tokens of the longest answer that is allowed.</param>
internal readonly record struct PostCost(long PromptTokens, long OutputTokens, int MaxOutputTokens)
{
    private const double Million = 1_000_000;
    private const int CharactersAToken = 4;
    private const int LongestUsual = 1_200;

    /// <summary>A campaign's strategy, which is for no platform.</summary>
    private const int StrategyCharacters = 2_400;

    /// <summary>Fewer characters than the engine layer takes for a token: the prompt is never reckoned shorter than it is there.</summary>
    private const double CharactersAPromptToken = 3.5;

    /// <summary>What the engine layer puts around the messages of a prompt.</summary>
    private const int FrameTokens = 200;

    /// <summary>The cost of a request.</summary>
    /// <param name="request">The request of a post.</param>
    /// <param name="routedTokens">Prompt tokens as the router estimates them.</param>
    public static PostCost Of(GenerateRequest request, long routedTokens) => new(
        routedTokens,
        (request.Platform.Length == 0 ? StrategyCharacters : Math.Min(LongestUsual, ContentRules.Of(request.Platform).Limit) * Parts(request) * (request.Labels.TryGetValue(JobLabels.Posts, out var posts) ? SharedCall.Ordinals(posts).Count : 1)) / CharactersAToken,
        request.MaxOutputTokens)
    { ReservedTokens = Math.Max(routedTokens, (long)((request.System.Length + request.Task.Length + request.ResponseSchema.Length) / CharactersAPromptToken) + FrameTokens) };

    private static int Parts(GenerateRequest request) => request.Labels.TryGetValue(JobLabels.Thread, out var parts) ? int.Parse(parts, CultureInfo.InvariantCulture) : 1;

    private long ReservedTokens { get; init; }

    /// <summary>Cost in US dollars as a post usually is.</summary>
    public double Usd(ModelPrice price) => ((PromptTokens * (double)price.Input) + (OutputTokens * (double)price.Output)) / Million;

    /// <summary>What must be payable before the engine is asked, in US dollars: the whole prompt at its dearest and the longest answer.</summary>
    public double MostUsd(EngineModel model) =>
        ((ReservedTokens * (double)Math.Max(model.Price.Input, model.Price.CacheWrite)) + (Math.Min(MaxOutputTokens, model.MaxOutputTokens) * (double)model.Price.Output)) / Million;
}
