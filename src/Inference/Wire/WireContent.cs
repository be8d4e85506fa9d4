using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.Inference;

/// <summary>Turns wire answers into the abstractions' types.</summary>
internal static class WireContent
{
    /// <summary>Property of a response that holds the raw usage object.</summary>
    public const string RawUsage = "raw_usage";

    /// <summary>Property of a response that holds where Cerebras spent its time.</summary>
    public const string Times = "time_info";

    public static List<AIContent> Contents(WireMessage? message) => Contents(message?.Thought, message?.Content);

    public static List<AIContent> Contents(string? thought, string? text)
    {
        var contents = new List<AIContent>(1);
        if (!string.IsNullOrEmpty(thought))
            contents.Add(new TextReasoningContent(thought));
        if (!string.IsNullOrEmpty(text))
            contents.Add(new TextContent(text));
        return contents;
    }

    public static UsageDetails? Usage(JsonElement raw)
    {
        if (raw.ValueKind != JsonValueKind.Object)
            return null;
        var usage = raw.Deserialize(WireJson.Default.WireUsage)!;
        return new UsageDetails
        {
            InputTokenCount = usage.PromptTokens ?? 0,
            OutputTokenCount = usage.CompletionTokens ?? 0,
            TotalTokenCount = (usage.PromptTokens ?? 0) + (usage.CompletionTokens ?? 0),
            CachedInputTokenCount = usage.PromptTokensDetails?.CachedTokens ?? 0,
            ReasoningTokenCount = usage.CompletionTokensDetails?.ReasoningTokens ?? 0,
        };
    }

    public static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null or "" => null,
        "function_call" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason),
    };
}
