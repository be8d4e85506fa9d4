using Platform.Contracts;

namespace Platform.Router;

/// <summary>Everything else: one call of the fast engine.</summary>
internal sealed class DefaultRule : IRouteRule
{
    public string Name => RouteRules.Default;

    public RouteVerdict Consider(RouteQuestion question) => new(Approaches.Instructions, "One call of the fast engine is enough.");
}
