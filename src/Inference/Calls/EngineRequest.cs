using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.V1;

namespace Platform.Inference;

/// <summary>What is asked of whichever engine answers.</summary>
internal sealed record EngineRequest
{
    /// <summary>The conversation, cleaned of secrets.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>"quality" or "fast".</summary>
    public required string Tier { get; init; }

    /// <summary>Engine that is asked first where the job's chain has it; empty for the chain's own order.</summary>
    public string First { get; init; } = "";

    /// <summary>Sampling temperature; dropped for engines that refuse it.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>Most tokens of the answer. The engine reserves them from the quota, so it is chosen per request.</summary>
    public required int MaxOutputTokens { get; init; }

    /// <summary>Tools that may be called.</summary>
    public IList<AITool>? Tools { get; init; }

    /// <summary>Whether tools may be called, or an answer must come now.</summary>
    public ChatToolMode? ToolMode { get; init; }

    /// <summary>JSON Schema that the answer must fit; null for free text.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Whether the answer is streamed.</summary>
    public required bool Stream { get; init; }

    /// <summary>Where its pieces go; null means: to those who watch the job.</summary>
    public ITokenOutlet? Outlet { get; init; }

    /// <summary>Whether watchers see its pieces, so that a failure must take them back.</summary>
    public bool IsHeard => Outlet is not SilentOutlet;
}

/// <summary>A complete answer.</summary>
/// <param name="Text">Its text, without reasoning.</param>
/// <param name="ToolCalls">Calls that it asks for; then it is not the last word.</param>
/// <param name="Message">The message to keep in the conversation.</param>
/// <param name="Engine">Who answered.</param>
/// <param name="Model">Model as the engine names it, or as it was asked for.</param>
/// <param name="FirstTokenMs">From sending the call to the first token, in milliseconds.</param>
/// <param name="Ms">Time of the call, in milliseconds.</param>
internal sealed record EngineAnswer(
    string Text, IReadOnlyList<FunctionCallContent> ToolCalls, ChatMessage Message, Engine Engine, string Model, double FirstTokenMs, double Ms);
