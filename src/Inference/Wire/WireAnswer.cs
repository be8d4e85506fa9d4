using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Inference;

/// <summary>An answer or a chunk of one, as the OpenAI family writes it. Unknown members are passed over; absent ones are null.</summary>
internal sealed class WireAnswer
{
    public string? Id { get; set; }

    public string? Model { get; set; }

    public List<WireChoice>? Choices { get; set; }

    /// <summary>Kept raw: it is stored as it came.</summary>
    public JsonElement Usage { get; set; }

    public WireTimes? TimeInfo { get; set; }

    public JsonElement Error { get; set; }

    public int? StatusCode { get; set; }
}

/// <summary>One choice; whole answers use <see cref="Message"/>, chunks <see cref="Delta"/>.</summary>
internal sealed class WireChoice
{
    public int Index { get; set; }

    public WireMessage? Message { get; set; }

    public WireMessage? Delta { get; set; }

    public string? FinishReason { get; set; }
}

/// <summary>Text, reasoning and tool calls.</summary>
internal sealed class WireMessage
{
    public string? Content { get; set; }

    public string? Reasoning { get; set; }

    /// <summary>What llama.cpp and older vLLM call the reasoning.</summary>
    public string? ReasoningContent { get; set; }

    public List<WireToolCall>? ToolCalls { get; set; }

    [JsonIgnore]
    public string? Thought => string.IsNullOrEmpty(Reasoning) ? ReasoningContent : Reasoning;
}

/// <summary>A tool call, whole or a fragment.</summary>
internal sealed class WireToolCall
{
    public int? Index { get; set; }

    public string? Id { get; set; }

    public WireFunction? Function { get; set; }
}

/// <summary>Name and arguments of a tool call.</summary>
internal sealed class WireFunction
{
    public string? Name { get; set; }

    public string? Arguments { get; set; }
}

/// <summary>Where Cerebras spent its time, in seconds.</summary>
internal sealed class WireTimes
{
    public double? QueueTime { get; set; }

    public double? PromptTime { get; set; }

    public double? CompletionTime { get; set; }

    public double? TotalTime { get; set; }
}

/// <summary>Readers made at build time: no reflection on the path of every token.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WireAnswer))]
internal sealed partial class WireJson : JsonSerializerContext;
