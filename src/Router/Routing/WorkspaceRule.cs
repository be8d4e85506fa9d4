using Platform.Contracts;

namespace Platform.Router;

/// <summary>What must read a workspace needs tools.</summary>
internal sealed class WorkspaceRule : IRouteRule
{
    public string Name => RouteRules.Workspace;

    public RouteVerdict Consider(RouteQuestion question) => question.Request.WorkspaceId.Length + question.Request.WorkspacePath.Length > 0
        ? new RouteVerdict(Approaches.Mcp, "The task reads a workspace, which needs tools.")
        : RouteVerdict.Pass("There is no workspace to read.");
}
