using System.Text.Json;
using Platform.Simulator.Answers;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Cerebras;

/// <summary>Writes answers as Cerebras does: absent fields are left out, usage and timings stand in the finish chunk, tool calls come whole.</summary>
internal static class CerebrasWriter
{
    public static void Answer(Utf8JsonWriter json, Exchange exchange)
    {
        var answer = exchange.Answer;
        json.WriteStartObject();
        json.WriteString("id", exchange.ChatId);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteString("finish_reason", answer.Finish);
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        if (answer.Text.Length > 0 || answer.ToolCalls.Count == 0)
            json.WriteString("content", answer.Text);
        if (answer.Reasoning.Length > 0)
            json.WriteString("reasoning", answer.Reasoning);
        json.WriteString("role", "assistant");
        if (answer.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            for (var index = 0; index < answer.ToolCalls.Count; index++)
                ToolCall(json, exchange, index, indexed: false);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        Tail(json, exchange, "chat.completion");
        Totals(json, exchange);
        json.WriteEndObject();
    }

    public static IEnumerable<StreamFrame> Stream(SseBuffer buffer, Exchange exchange)
    {
        var answer = exchange.Answer;
        yield return Chunk(buffer, exchange, FramePhase.Opening, 0, static (json, _) => json.WriteString("role", "assistant"));
        foreach (var (text, tokens) in TokenCount.Pieces(answer.Reasoning, exchange.Pace.TokensPerEvent))
            yield return Chunk(buffer, exchange, FramePhase.Token, tokens, (json, _) => json.WriteString("reasoning", text.Span));
        foreach (var (text, tokens) in TokenCount.Pieces(answer.Text, exchange.Pace.TokensPerEvent))
            yield return Chunk(buffer, exchange, FramePhase.Token, tokens, (json, _) => json.WriteString("content", text.Span));
        for (var index = 0; index < answer.ToolCalls.Count; index++)
        {
            var current = index;
            yield return Chunk(buffer, exchange, FramePhase.Token, answer.ToolCalls[index].Tokens, (json, call) =>
            {
                json.WriteStartArray("tool_calls");
                ToolCall(json, call, current, indexed: true);
                json.WriteEndArray();
            });
        }

        var writer = Begin(buffer, exchange);
        writer.WriteStartObject("delta");
        writer.WriteEndObject();
        writer.WriteString("finish_reason", answer.Finish);
        End(writer, exchange);
        Totals(writer, exchange);
        writer.WriteEndObject();
        yield return new(buffer.Close(), FramePhase.Closing, 0);
        yield return new(buffer.Raw("data: [DONE]\n\n"u8), FramePhase.Closing, 0);
    }

    private static StreamFrame Chunk(SseBuffer buffer, Exchange exchange, FramePhase phase, int tokens, Action<Utf8JsonWriter, Exchange> writeDelta)
    {
        var json = Begin(buffer, exchange);
        json.WriteStartObject("delta");
        writeDelta(json, exchange);
        json.WriteEndObject();
        End(json, exchange);
        json.WriteEndObject();
        return new(buffer.Close(), phase, tokens);
    }

    private static Utf8JsonWriter Begin(SseBuffer buffer, Exchange exchange)
    {
        var json = buffer.Open();
        json.WriteStartObject();
        json.WriteString("id", exchange.ChatId);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        return json;
    }

    private static void End(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        Tail(json, exchange, "chat.completion.chunk");
    }

    private static void Tail(Utf8JsonWriter json, Exchange exchange, string kind)
    {
        json.WriteNumber("created", exchange.Created.ToUnixTimeSeconds());
        json.WriteString("model", exchange.Model);
        json.WriteString("system_fingerprint", exchange.Fingerprint);
        json.WriteString("object", kind);
    }

    private static void ToolCall(Utf8JsonWriter json, Exchange exchange, int index, bool indexed)
    {
        var call = exchange.Answer.ToolCalls[index];
        json.WriteStartObject();
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments);
        json.WriteEndObject();
        json.WriteString("type", "function");
        json.WriteString("id", exchange.Hex(9, 2 + index));
        if (indexed)
            json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    private static void Totals(Utf8JsonWriter json, Exchange exchange)
    {
        var usage = exchange.Usage;
        json.WriteStartObject("usage");
        json.WriteNumber("total_tokens", usage.Total);
        json.WriteNumber("completion_tokens", usage.Completion);
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteNumber("reasoning_tokens", usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("prompt_tokens", usage.Prompt);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.Cached);
        json.WriteEndObject();
        json.WriteEndObject();
        Times(json, exchange);
    }

    /// <summary>Measured, not invented: the wait before the first token is split into queue (a fifth) and prompt.</summary>
    private static void Times(Utf8JsonWriter json, Exchange exchange)
    {
        var total = exchange.Elapsed.TotalSeconds;
        var waited = Math.Min(exchange.Pace.FirstToken.TotalSeconds, total);
        json.WriteStartObject("time_info");
        json.WriteNumber("created", exchange.Created.ToUnixTimeMilliseconds() / 1000.0);
        json.WriteNumber("queue_time", waited / 5);
        json.WriteNumber("prompt_time", waited * 4 / 5);
        json.WriteNumber("completion_time", total - waited);
        json.WriteNumber("total_time", total);
        json.WriteEndObject();
    }
}
