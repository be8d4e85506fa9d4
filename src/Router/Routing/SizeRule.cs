using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Router;

/// <summary>Large changes, refactoring and architecture go to the engine with tools; small and medium ones need one call.</summary>
internal sealed partial class SizeRule(IOptions<RouterOptions> options) : IRouteRule
{
    public string Name => RouteRules.Size;

    public RouteVerdict Consider(RouteQuestion question)
    {
        var request = question.Request;
        if (request.Kind == JobKinds.Content)
            return RouteVerdict.Pass("Content is small.");
        var lines = Math.Max(request.ExpectedLines, request.Files.Sum(file => (long)file.Text.AsSpan().Count('\n')));
        if (lines >= options.Value.LargeLines)
            return new RouteVerdict(Approaches.Mcp, $"{lines:N0} lines are a large change (from {options.Value.LargeLines:N0} on).");
        return WholeCodeBase().IsMatch(request.Task)
            ? new RouteVerdict(Approaches.Mcp, $"The task speaks of '{WholeCodeBase().Match(request.Task).Value}', which reaches over files.")
            : RouteVerdict.Pass($"{lines:N0} lines are a small or medium change.");
    }

    [GeneratedRegex(@"\b(refactor(ing)?|restructure|re-?architect|architecture|migrate|across (the|all) (files|modules|projects|code ?base))\b", RegexOptions.IgnoreCase)]
    private static partial Regex WholeCodeBase();
}
