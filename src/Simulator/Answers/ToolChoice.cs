using System.Text.Json;
using Platform.Simulator.Http;

namespace Platform.Simulator.Answers;

/// <summary>Decides whether a made-up answer calls a tool, and which.</summary>
internal static class ToolChoice
{
    /// <summary>
    /// The forced tool; any tool when one is required; otherwise, and only before the first result is back, a tool that the task
    /// names or whose required path the task mentions.
    /// </summary>
    public static ToolSpec? Pick(ChatRequest request, PromptFacts facts)
    {
        if (request.Tools.Count == 0 || request.ToolUse == ToolUse.None)
            return null;
        if (request.ForcedTool is { } forced)
            return request.Tools.FirstOrDefault(tool => tool.Name == forced);
        if (request.ToolUse == ToolUse.Required)
            return request.Tools[0];
        if (request.Turns.Any(turn => turn.Role == "tool"))
            return null;
        return request.Tools.FirstOrDefault(tool => request.LastUser.Contains(tool.Name, StringComparison.OrdinalIgnoreCase))
            ?? (facts.Paths.Count == 0 ? null : request.Tools.FirstOrDefault(TakesPath));
    }

    private static bool TakesPath(ToolSpec tool) =>
        tool.Parameters.ValueKind == JsonValueKind.Object
        && tool.Parameters.TryGetProperty("required", out var required)
        && required.ValueKind == JsonValueKind.Array
        && required.GetArrayLength() == 1
        && required[0].ValueKind == JsonValueKind.String
        && SchemaSample.IsPath(required[0].GetString()!);
}
