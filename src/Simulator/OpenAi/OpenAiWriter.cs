using System.Text.Json;
using Platform.Simulator.Answers;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.OpenAi;

/// <summary>
/// Writes answers as OpenAI does, and so unlike Cerebras where clients differ: nulls are written, tool calls come in fragments,
/// usage comes in a chunk without choices and only when asked for.
/// </summary>
internal static class OpenAiWriter
{
    public static void Answer(Utf8JsonWriter json, Exchange exchange)
    {
        var answer = exchange.Answer;
        Head(json, exchange, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (answer.Text.Length > 0 || answer.ToolCalls.Count == 0)
            json.WriteString("content", answer.Text);
        else
            json.WriteNull("content");
        if (answer.Reasoning.Length > 0)
            json.WriteString("reasoning_content", answer.Reasoning);
        if (answer.ToolCalls.Count > 0)
            ToolCalls(json, exchange);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", answer.Finish);
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json, exchange.Usage);
        json.WriteEndObject();
    }

    public static IEnumerable<StreamFrame> Stream(SseBuffer buffer, Exchange exchange)
    {
        var answer = exchange.Answer;
        yield return Chunk(buffer, exchange, FramePhase.Opening, 0, null, static json =>
        {
            json.WriteString("role", "assistant");
            json.WriteString("content", "");
        });
        foreach (var (text, tokens) in TokenCount.Pieces(answer.Reasoning, exchange.Pace.TokensPerEvent))
            yield return Chunk(buffer, exchange, FramePhase.Token, tokens, null, json => json.WriteString("reasoning_content", text.Span));
        foreach (var (text, tokens) in TokenCount.Pieces(answer.Text, exchange.Pace.TokensPerEvent))
            yield return Chunk(buffer, exchange, FramePhase.Token, tokens, null, json => json.WriteString("content", text.Span));
        for (var index = 0; index < answer.ToolCalls.Count; index++)
        {
            var at = index;
            yield return Chunk(buffer, exchange, FramePhase.Token, 0, null, json => Fragment(json, exchange, at, null));
            foreach (var (text, tokens) in TokenCount.Pieces(answer.ToolCalls[index].Arguments, exchange.Pace.TokensPerEvent))
                yield return Chunk(buffer, exchange, FramePhase.Token, tokens, null, json => Fragment(json, exchange, at, text));
        }

        yield return Chunk(buffer, exchange, FramePhase.Closing, 0, answer.Finish, static _ => { });
        if (exchange.Request.IncludeUsage)
            yield return UsageChunk(buffer, exchange);
        yield return new(buffer.Raw("data: [DONE]\n\n"u8), FramePhase.Closing, 0);
    }

    private static StreamFrame Chunk(SseBuffer buffer, Exchange exchange, FramePhase phase, int tokens, string? finish, Action<Utf8JsonWriter> writeDelta)
    {
        var json = buffer.Open();
        Head(json, exchange, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        writeDelta(json);
        json.WriteEndObject();
        json.WriteString("finish_reason", finish);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        return new(buffer.Close(), phase, tokens);
    }

    private static StreamFrame UsageChunk(SseBuffer buffer, Exchange exchange)
    {
        var json = buffer.Open();
        Head(json, exchange, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        Usage(json, exchange.Usage);
        json.WriteEndObject();
        return new(buffer.Close(), FramePhase.Closing, 0);
    }

    private static void Head(Utf8JsonWriter json, Exchange exchange, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", exchange.ChatId);
        json.WriteString("object", kind);
        json.WriteNumber("created", exchange.Created.ToUnixTimeSeconds());
        json.WriteString("model", exchange.Model);
        json.WriteString("system_fingerprint", exchange.Fingerprint);
    }

    private static void ToolCalls(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteStartArray("tool_calls");
        for (var index = 0; index < exchange.Answer.ToolCalls.Count; index++)
        {
            var call = exchange.Answer.ToolCalls[index];
            json.WriteStartObject();
            json.WriteString("id", CallId(exchange, index));
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A tool call in pieces: first id and name, then the arguments bit by bit.</summary>
    private static void Fragment(Utf8JsonWriter json, Exchange exchange, int index, ReadOnlyMemory<char>? arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (arguments is null)
        {
            json.WriteString("id", CallId(exchange, index));
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (arguments is null)
            json.WriteString("name", exchange.Answer.ToolCalls[index].Name);
        json.WriteString("arguments", (arguments ?? default).Span);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string CallId(Exchange exchange, int index) => "call_" + exchange.Hex(24, 2 + index);

    private static void Usage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.Prompt);
        json.WriteNumber("completion_tokens", usage.Completion);
        json.WriteNumber("total_tokens", usage.Total);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.Cached);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
