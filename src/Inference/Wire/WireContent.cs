using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.Inference;

/// <summary>Turns wire answers into the abstractions' types.</summary>
internal static class WireContent
{
    /// <summary>Property of a response that holds the raw usage object.</summary>
    public const string RawUsage = "raw_usage";

    /// <summary>Property of an update that brings a part of a tool call: nothing to show yet, but a sign of life.</summary>
    public const string ToolPart = "tool_part";

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

    /// <summary>Tokens as the engine counted them; the prompt count includes cached ones. A count that is no number counts as none: it must not cost a good answer.</summary>
    public static UsageDetails? Usage(JsonElement raw)
    {
        if (raw.ValueKind != JsonValueKind.Object)
            return null;
        var (input, output) = (Count(raw, "prompt_tokens"), Count(raw, "completion_tokens"));
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = Detail(raw, "prompt_tokens_details", "cached_tokens"),
            ReasoningTokenCount = Detail(raw, "completion_tokens_details", "reasoning_tokens"),
        };
    }

    private static long Detail(JsonElement usage, string group, string name) =>
        usage.TryGetProperty(group, out var details) && details.ValueKind == JsonValueKind.Object ? Count(details, name) : 0;

    private static long Count(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value))
            return 0;
        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var given) => given,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var given) => given,
            _ => 0,
        };
        return number is > 0 and < 1e12 ? (long)number : 0;
    }

    public static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null or "" => null,
        "function_call" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason),
    };
}
