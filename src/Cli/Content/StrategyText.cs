using Platform.V1;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>Shows the strategy of a campaign.</summary>
internal static class StrategyText
{
    /// <summary>The strategy as the JSON document has it; null when the campaign has none.</summary>
    public static object? Json(CampaignStrategy? plan) => plan is null ? null : new
    {
        plan.State,
        plan.Source,
        plan.Message,
        themes = plan.Themes.Select(t => new { t.Name, t.Hooks, t.CallsToAction }),
        plan.Problem,
        plan.Attempts,
        plan.Model,
        plan.Simulated,
        plan.CostUsd,
        plan.JobId,
    };

    /// <summary>The strategy in words, a line a theme.</summary>
    public static void Show(CommandRun run, CampaignStrategy plan)
    {
        run.Answer.MarkupLineInterpolated($"strategy ({By(plan)}) {plan.Message}");
        foreach (var theme in plan.Themes)
            run.Answer.MarkupLineInterpolated($"  [bold]{theme.Name}[/]: {string.Join(" | ", theme.Hooks)}{(theme.CallsToAction.Count > 0 ? $" -> {string.Join(" | ", theme.CallsToAction)}" : "")}");
    }

    private static string By(CampaignStrategy plan) => plan.State == "wanted" ? "an engine is asked"
        : plan.Source == "engine" ? $"by {plan.Model}{(plan.Simulated ? ", simulated" : "")}"
        : $"from the brief's own words{(plan.Problem.Length > 0 ? $": {plan.Problem}" : "")}";
}
