namespace Platform.Router;

/// <summary>The caller may force an approach.</summary>
internal sealed class ForcedRule : IRouteRule
{
    public string Name => RouteRules.Forced;

    public RouteVerdict Consider(RouteQuestion question) => question.Request.Approach.Length == 0
        ? RouteVerdict.Pass("The caller left the approach open.")
        : new RouteVerdict(question.Request.Approach, $"The caller asked for {question.Request.Approach}.")
        {
            PatternId = question.Memory?.Exact?.PatternId ?? question.Memory?.Close?.PatternId ?? "",
        };
}
