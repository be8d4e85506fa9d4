using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// Writes request bodies for the OpenAI family. Cerebras refuses unknown members, so only what was asked for is written.
/// </summary>
internal static class WireRequest
{
    /// <summary>Options that have no name in <see cref="ChatOptions"/>, taken from its additional properties.</summary>
    private static readonly string[] Extras = ["reasoning_effort", "seed", "top_p", "frequency_penalty", "presence_penalty", "user", "prompt_cache_key", "service_tier", "reasoning_format", "prediction", "clear_thinking", "logit_bias", "min_completion_tokens", "model_parameters"];

    /// <summary>The body, UTF-8.</summary>
    /// <exception cref="EngineException">The response schema is outside what Cerebras accepts.</exception>
    public static ReadOnlyMemory<byte> Write(EngineEntry entry, IEnumerable<ChatMessage> messages, ChatOptions options, bool stream)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("model", options.ModelId ?? entry.Quality.Id);
        WriteMessages(json, entry, messages, options.Instructions);
        WriteSampling(json, entry, options);
        WriteTools(json, entry, options);
        WriteFormat(json, entry, options.ResponseFormat);
        if (stream)
        {
            json.WriteBoolean("stream", true);
            if (entry.Kind == EngineKind.OpenAi && !entry.Has(EngineQuirks.NoStreamOptions))
            {
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteMessages(Utf8JsonWriter json, EngineEntry entry, IEnumerable<ChatMessage> messages, string? instructions)
    {
        json.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(instructions))
            WriteText(json, "system", instructions);
        foreach (var message in messages)
        {
            var results = message.Contents.OfType<FunctionResultContent>().ToList();
            results.ForEach(result => WriteResult(json, result));
            if (results.Count == 0)
                WriteMessage(json, entry, message);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, EngineEntry entry, ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        if (message.Text.Length > 0 || calls.Count == 0)
            json.WriteString("content", Clean(message.Text));
        // Only Cerebras takes the reasoning of earlier turns back, and refuses it under any other name.
        var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
        if (entry.Kind == EngineKind.Cerebras && message.Role == ChatRole.Assistant && reasoning.Length > 0)
            json.WriteString("reasoning", Clean(reasoning));
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            calls.ForEach(call => WriteCall(json, call));
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.CallId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString("content", Clean(result.Result as string ?? JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions)));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", Clean(text));
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, EngineEntry entry, ChatOptions options)
    {
        if (options.MaxOutputTokens is { } most)
            json.WriteNumber(entry.Has(EngineQuirks.MaxTokensField) ? "max_tokens" : "max_completion_tokens", most);
        // Through decimal, or 0.1f becomes 0.10000000149.
        if (options.Temperature is { } temperature && !entry.Has(EngineQuirks.NoTemperature))
            json.WriteNumber("temperature", (decimal)temperature);
        if (options.TopP is { } topP)
            json.WriteNumber("top_p", (decimal)topP);
        if (options.FrequencyPenalty is { } frequency)
            json.WriteNumber("frequency_penalty", (decimal)frequency);
        if (options.PresencePenalty is { } presence)
            json.WriteNumber("presence_penalty", (decimal)presence);
        if (options.Seed is { } seed)
            json.WriteNumber("seed", seed);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop");
            foreach (var stop in stops.Take(4))
                json.WriteStringValue(Clean(stop));
            json.WriteEndArray();
        }

        if (options.Reasoning?.Effort is { } effort)
            json.WriteString("reasoning_effort", effort == ReasoningEffort.ExtraHigh ? "high" : effort.ToString().ToLowerInvariant());
        foreach (var name in Extras)
        {
            if (options.AdditionalProperties?.TryGetValue(name, out var value) == true && value is not null)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions);
            }
        }
    }

    private static void WriteTools(Utf8JsonWriter json, EngineEntry entry, ChatOptions options)
    {
        var tools = options.Tools?.OfType<AIFunctionDeclaration>().ToList() ?? [];
        if (tools.Count == 0)
            return;
        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("parameters");
            tool.JsonSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (options.ToolMode is { } mode && !entry.Has(EngineQuirks.NoToolChoice))
            WriteToolMode(json, mode);
        if (options.AllowMultipleToolCalls is { } several || (options.AdditionalProperties?.TryGetValue("parallel_tool_calls", out several) == true))
            json.WriteBoolean("parallel_tool_calls", several);
    }

    private static void WriteToolMode(Utf8JsonWriter json, ChatToolMode mode)
    {
        if (mode is not RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            json.WriteString("tool_choice", mode switch { RequiredChatToolMode => "required", NoneChatToolMode => "none", _ => "auto" });
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, EngineEntry entry, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson wanted)
            return;
        json.WriteStartObject("response_format");
        if (wanted.Schema is { } schema)
        {
            if (entry.Kind == EngineKind.Cerebras && StrictSchema.Problem(schema) is { } problem)
                throw new EngineException(FailureKind.BadRequest, $"{entry.Name} does not take this answer schema: {problem}");
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", wanted.SchemaName ?? "answer");
            json.WriteBoolean("strict", true);
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type", "json_object");
        }

        json.WriteEndObject();
    }

    /// <summary>Half a surrogate pair, left by a cut in the middle of a character, makes servers refuse the whole body.</summary>
    private static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                return Replace(text);
        }

        return text;
    }

    private static string Replace(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.ToString());
        return clean.ToString();
    }
}
