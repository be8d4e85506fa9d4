using Platform.Contracts;

namespace Platform.Router;

/// <summary>The caller may mark a task as complex.</summary>
internal sealed class ComplexityRule : IRouteRule
{
    public string Name => RouteRules.Complexity;

    public RouteVerdict Consider(RouteQuestion question) => question.Request.Complex
        ? new RouteVerdict(Approaches.Traditional, "The caller marked the task as complex.")
        : RouteVerdict.Pass("The task is not marked as complex.");
}
