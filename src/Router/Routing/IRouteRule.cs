using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Router;

/// <summary>What a rule looks at.</summary>
/// <param name="Tenant">Tenant of the request.</param>
/// <param name="Request">Checked request.</param>
/// <param name="PromptTokens">Estimated tokens of the prompt: four characters of a request to a token.</param>
/// <param name="Memory">What the memory knows; null when it was not asked or did not answer.</param>
/// <param name="Catalog">Engines and chains.</param>
internal sealed record RouteQuestion(string Tenant, GenerateRequest Request, long PromptTokens, RecallReply? Memory, EngineCatalog Catalog)
{
    /// <summary>Why the memory was not asked, in words; empty when it was.</summary>
    public string MemorySilence { get; init; } = "";
}

/// <summary>What a rule says.</summary>
/// <param name="Approach">The approach it decides for; null when it leaves the decision to the next rule.</param>
/// <param name="Reason">Why, in words; shown to the caller.</param>
internal sealed record RouteVerdict(string? Approach, string Reason)
{
    /// <summary>Pattern to replay.</summary>
    public string PatternId { get; init; } = "";

    public static RouteVerdict Pass(string reason) => new(null, reason);
}

/// <summary>One rule of the routing matrix. The first that decides wins.</summary>
internal interface IRouteRule
{
    /// <summary>Name shown with its reason.</summary>
    string Name { get; }

    /// <summary>Decides, or passes with a reason.</summary>
    RouteVerdict Consider(RouteQuestion question);
}

/// <summary>Names of the rules, in the order in which they are tried.</summary>
internal static class RouteRules
{
    public const string Forced = "forced";
    public const string Replay = "replay";
    public const string Complexity = "complexity";
    public const string Context = "context";
    public const string Workspace = "workspace";
    public const string Size = "size";
    public const string Default = "default";
}
