using System.Text;
using System.Text.Json;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Http;

/// <summary>One message of the conversation, its parts joined to one text.</summary>
internal sealed record ChatTurn(string Role, string Text);

/// <summary>A tool that the model may call; <see cref="Parameters"/> is its JSON schema.</summary>
internal sealed record ToolSpec(string Name, JsonElement Parameters);

/// <summary>How freely the model may call tools.</summary>
internal enum ToolUse
{
    None,
    Auto,
    Required,
}

/// <summary>A request in words that all APIs share.</summary>
internal sealed class ChatRequest
{
    private string? prompt;

    public required string Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>OpenAI-compatible only: usage is asked for in the stream.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Output limit in tokens, reasoning included; null = the model's own.</summary>
    public int? MaxTokens { get; init; }

    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    public ToolUse ToolUse { get; init; } = ToolUse.Auto;

    /// <summary>The one tool that must be called, or null.</summary>
    public string? ForcedTool { get; init; }

    public bool WantsJson { get; init; }

    public JsonElement? Schema { get; init; }

    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Whether reasoning may appear in the answer; null = as the model does by itself.</summary>
    public bool? Reasoning { get; init; }

    /// <summary>Whether the automatic or asked-for prompt cache takes part.</summary>
    public bool Cached { get; init; } = true;

    /// <summary>Tools first, then the messages: what the prefix cache and the token count see.</summary>
    public string Prompt => prompt ??= WritePrompt();

    public string LastUser => Turns.LastOrDefault(turn => turn.Role == "user")?.Text ?? "";

    /// <summary>Whether the last turn hands back the result of a tool call.</summary>
    public bool AfterTool => Turns.Count > 0 && Turns[^1].Role == "tool";

    public int PromptTokens => Math.Max(1, TokenCount.Of(Prompt));

    private string WritePrompt()
    {
        var text = new StringBuilder();
        foreach (var tool in Tools)
            text.Append("tool ").Append(tool.Name).Append(": ").Append(tool.Parameters.ValueKind == JsonValueKind.Undefined ? "{}" : tool.Parameters.GetRawText()).Append('\n');
        foreach (var turn in Turns)
            text.Append(turn.Role).Append(": ").Append(turn.Text).Append('\n');
        return text.ToString();
    }
}
