using System.Text.Json;
using Platform.Simulator.Answers;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Anthropic;

/// <summary>Writes messages and named stream events.</summary>
internal static class AnthropicWriter
{
    public static void Answer(Utf8JsonWriter json, Exchange exchange)
    {
        var answer = exchange.Answer;
        json.WriteStartObject();
        Head(json, exchange);
        json.WriteStartArray("content");
        if (answer.Reasoning.Length > 0)
            Block(json, "thinking", "thinking", answer.Reasoning, exchange.Hex(32, 1));
        if (answer.Text.Length > 0)
            Block(json, "text", "text", answer.Text);
        for (var index = 0; index < answer.ToolCalls.Count; index++)
            ToolBlock(json, exchange, index, answer.ToolCalls[index].Arguments);
        json.WriteEndArray();
        Stop(json, answer);
        Usage(json, exchange.Usage, exchange.Usage.Completion);
        json.WriteEndObject();
    }

    public static IEnumerable<StreamFrame> Stream(SseBuffer buffer, Exchange exchange)
    {
        var answer = exchange.Answer;
        yield return Start(buffer, exchange);
        yield return Event(buffer, "ping", FramePhase.Opening, 0, static _ => { });
        var index = 0;
        if (answer.Reasoning.Length > 0)
        {
            foreach (var frame in TextBlock(buffer, exchange, index, answer.Reasoning, "thinking", "thinking"))
                yield return frame;
            yield return Delta(buffer, index, "signature_delta", "signature", exchange.Hex(32, 1).AsMemory(), 0);
            yield return BlockStop(buffer, index++);
        }

        if (answer.Text.Length > 0)
        {
            foreach (var frame in TextBlock(buffer, exchange, index, answer.Text, "text", "text"))
                yield return frame;
            yield return BlockStop(buffer, index++);
        }

        for (var call = 0; call < answer.ToolCalls.Count; call++)
        {
            foreach (var frame in ToolUse(buffer, exchange, index, call))
                yield return frame;
            yield return BlockStop(buffer, index++);
        }

        yield return Event(buffer, "message_delta", FramePhase.Closing, 0, json =>
        {
            json.WriteStartObject("delta");
            Stop(json, answer);
            json.WriteEndObject();
            json.WriteStartObject("usage");
            json.WriteNumber("output_tokens", exchange.Usage.Completion);
            json.WriteEndObject();
        });
        yield return Event(buffer, "message_stop", FramePhase.Closing, 0, static _ => { });
    }

    private static StreamFrame Start(SseBuffer buffer, Exchange exchange) => Event(buffer, "message_start", FramePhase.Opening, 0, json =>
    {
        json.WriteStartObject("message");
        Head(json, exchange);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        Usage(json, exchange.Usage, 1);
        json.WriteEndObject();
    });

    private static IEnumerable<StreamFrame> TextBlock(SseBuffer buffer, Exchange exchange, int index, string text, string type, string field)
    {
        yield return BlockStart(buffer, index, json => Block(json, type, field, "", type == "thinking" ? "" : null));
        foreach (var (piece, tokens) in TokenCount.Pieces(text, exchange.Pace.TokensPerEvent))
            yield return Delta(buffer, index, type + "_delta", field, piece, tokens);
    }

    private static IEnumerable<StreamFrame> ToolUse(SseBuffer buffer, Exchange exchange, int index, int call)
    {
        yield return BlockStart(buffer, index, json => ToolBlock(json, exchange, call, "{}"));
        yield return Delta(buffer, index, "input_json_delta", "partial_json", default, 0);
        foreach (var (piece, tokens) in TokenCount.Pieces(exchange.Answer.ToolCalls[call].Arguments, exchange.Pace.TokensPerEvent))
            yield return Delta(buffer, index, "input_json_delta", "partial_json", piece, tokens);
    }

    private static StreamFrame BlockStart(SseBuffer buffer, int index, Action<Utf8JsonWriter> writeBlock) =>
        Event(buffer, "content_block_start", FramePhase.Opening, 0, json =>
        {
            json.WriteNumber("index", index);
            json.WritePropertyName("content_block");
            writeBlock(json);
        });

    private static StreamFrame BlockStop(SseBuffer buffer, int index) =>
        Event(buffer, "content_block_stop", FramePhase.Token, 0, json => json.WriteNumber("index", index));

    private static StreamFrame Delta(SseBuffer buffer, int index, string type, string field, ReadOnlyMemory<char> text, int tokens) =>
        Event(buffer, "content_block_delta", FramePhase.Token, tokens, json =>
        {
            json.WriteNumber("index", index);
            json.WriteStartObject("delta");
            json.WriteString("type", type);
            json.WriteString(field, text.Span);
            json.WriteEndObject();
        });

    private static StreamFrame Event(SseBuffer buffer, string name, FramePhase phase, int tokens, Action<Utf8JsonWriter> write)
    {
        var json = buffer.Open(name);
        json.WriteStartObject();
        json.WriteString("type", name);
        write(json);
        json.WriteEndObject();
        return new(buffer.Close(), phase, tokens);
    }

    private static void Head(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteString("id", "msg_" + exchange.Hex(24, 0));
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", exchange.Model);
    }

    private static void Block(Utf8JsonWriter json, string type, string field, string text, string? signature = null)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString(field, text);
        if (signature is not null)
            json.WriteString("signature", signature);
        json.WriteEndObject();
    }

    private static void ToolBlock(Utf8JsonWriter json, Exchange exchange, int call, string input)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", "toolu_" + exchange.Hex(24, 2 + call));
        json.WriteString("name", exchange.Answer.ToolCalls[call].Name);
        json.WritePropertyName("input");
        json.WriteRawValue(input);
        json.WriteEndObject();
    }

    private static void Stop(Utf8JsonWriter json, Answer answer)
    {
        json.WriteString("stop_reason", answer.Finish switch
        {
            Finish.Length => "max_tokens",
            Finish.ToolCalls => "tool_use",
            Finish.ContentFilter => "refusal",
            Finish.Stop => answer.StoppedBy is null ? "end_turn" : "stop_sequence",
            var other => other,
        });
        json.WriteString("stop_sequence", answer.StoppedBy);
    }

    private static void Usage(Utf8JsonWriter json, Usage usage, int output)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.Prompt - usage.Cached);
        json.WriteNumber("cache_creation_input_tokens", 0);
        json.WriteNumber("cache_read_input_tokens", usage.Cached);
        json.WriteNumber("output_tokens", output);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }
}
