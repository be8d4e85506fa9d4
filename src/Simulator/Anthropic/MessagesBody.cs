using System.Text.Json;
using Platform.Simulator.Http;

namespace Platform.Simulator.Anthropic;

/// <summary>Reads the body of a Messages call.</summary>
internal static class MessagesBody
{
    private static readonly HashSet<string> Top = new(
        ("model max_tokens messages system temperature top_p top_k stop_sequences stream tools tool_choice thinking output_config output_format "
        + "metadata service_tier cache_control container inference_geo context_management mcp_servers betas").Split(' '), StringComparer.Ordinal);

    public static ChatRequest? Read(JsonElement body, JsonFields fields)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.Add("body: Input should be a valid dictionary");
            return null;
        }

        foreach (var property in body.EnumerateObject().Where(property => !Top.Contains(property.Name)))
            fields.Add($"{property.Name}: Extra inputs are not permitted");
        var (use, forced) = ReadToolChoice(body, fields);
        var limit = fields.Integer(body, "max_tokens", "max_tokens", 1);
        if (limit is null && !fields.Failed)
            fields.Add("max_tokens: Field required");
        var request = new ChatRequest
        {
            Model = fields.Text(body, "model", "model", required: true) ?? "",
            Stream = fields.Flag(body, "stream", "stream"),
            MaxTokens = limit,
            Turns = ReadTurns(body, fields),
            Tools = ReadTools(body, fields),
            ToolUse = use,
            ForcedTool = forced,
            WantsJson = Schema(body) is not null,
            Schema = Schema(body),
            Stops = [.. fields.Items(body, "stop_sequences", "stop_sequences").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            Reasoning = JsonFields.TryGet(body, "thinking", out var thinking) && fields.Text(thinking, "type", "thinking.type") is "enabled" or "adaptive",
            Cached = body.GetRawText().Contains("\"cache_control\"", StringComparison.Ordinal),
        };
        fields.Range(body, "temperature", "temperature", 0, 1);
        fields.Range(body, "top_p", "top_p", 0, 1);
        return fields.Failed ? null : request;
    }

    private static JsonElement? Schema(JsonElement body)
    {
        if (JsonFields.TryGet(body, "output_config", out var config) && JsonFields.TryGet(config, "format", out var format) && JsonFields.TryGet(format, "schema", out var schema))
            return schema;
        return JsonFields.TryGet(body, "output_format", out var older) && JsonFields.TryGet(older, "schema", out var same) ? same : null;
    }

    private static List<ChatTurn> ReadTurns(JsonElement body, JsonFields fields)
    {
        var turns = new List<ChatTurn>();
        if (JsonFields.TryGet(body, "system", out _))
            ReadBlocks(body, "system", "system", "system", turns, fields);
        var messages = fields.Items(body, "messages", "messages");
        if (messages.Count == 0)
            fields.Add(JsonFields.TryGet(body, "messages", out _) ? "messages: at least one message is required" : "messages: Field required");
        for (var index = 0; index < messages.Count; index++)
        {
            var path = $"messages.{index}";
            var role = fields.Text(messages[index], "role", path + ".role", required: true) ?? "";
            if (role is not ("user" or "assistant"))
                fields.Add($"{path}.role: Input should be 'user' or 'assistant'");
            else if (index == 0 && role != "user")
                fields.Add("messages: first message must use the \"user\" role");
            if (!JsonFields.TryGet(messages[index], "content", out _))
                fields.Add($"{path}.content: Field required");
            ReadBlocks(messages[index], "content", path + ".content", role, turns, fields);
        }

        return turns;
    }

    private static void ReadBlocks(JsonElement owner, string name, string path, string role, List<ChatTurn> turns, JsonFields fields)
    {
        if (JsonFields.TryGet(owner, name, out var content) && content.ValueKind == JsonValueKind.String)
        {
            turns.Add(new(role, content.GetString()!));
            return;
        }

        var index = 0;
        foreach (var block in fields.Items(owner, name, path))
        {
            var at = $"{path}.{index++}";
            turns.Add(fields.Text(block, "type", at + ".type", required: true) switch
            {
                "text" => new(role, fields.Text(block, "text", at + ".text", required: true) ?? ""),
                "tool_use" => new(role, $"calls {fields.Text(block, "name", at + ".name", required: true)} {(JsonFields.TryGet(block, "input", out var input) ? input.GetRawText() : "{}")}"),
                "tool_result" => ReadResult(block, at, fields),
                var other => new(role, $"[{other}]"),
            });
        }
    }

    private static ChatTurn ReadResult(JsonElement block, string path, JsonFields fields)
    {
        fields.Text(block, "tool_use_id", path + ".tool_use_id", required: true);
        var inner = new List<ChatTurn>();
        ReadBlocks(block, "content", path + ".content", "tool", inner, fields);
        return new("tool", string.Concat(inner.Select(turn => turn.Text)));
    }

    private static List<ToolSpec> ReadTools(JsonElement body, JsonFields fields)
    {
        var tools = new List<ToolSpec>();
        var index = 0;
        foreach (var tool in fields.Items(body, "tools", "tools"))
        {
            if (fields.Text(tool, "name", $"tools.{index++}.name", required: true) is { } name)
                tools.Add(new(name, JsonFields.TryGet(tool, "input_schema", out var schema) ? schema : default));
        }

        return tools;
    }

    private static (ToolUse Use, string? Forced) ReadToolChoice(JsonElement body, JsonFields fields)
    {
        if (!JsonFields.TryGet(body, "tool_choice", out var choice))
            return (ToolUse.Auto, null);
        switch (fields.Text(choice, "type", "tool_choice.type", required: true))
        {
            case "none":
                return (ToolUse.None, null);
            case "any":
                return (ToolUse.Required, null);
            case "tool":
                return (ToolUse.Required, fields.Text(choice, "name", "tool_choice.name", required: true));
            case "auto":
                return (ToolUse.Auto, null);
            default:
                fields.Add("tool_choice: Input tag must be 'auto', 'any', 'tool' or 'none'");
                return (ToolUse.Auto, null);
        }
    }
}
