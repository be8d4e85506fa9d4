using System.Text;
using System.Text.Json;
using Platform.Simulator.Http;

namespace Platform.Simulator.OpenAi;

/// <summary>
/// Reads the body of a chat completion: the shape that Cerebras and every OpenAI-compatible server share. What a server
/// forbids beyond that is checked by its own rules.
/// </summary>
internal static class ChatBody
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    public static ChatRequest? Read(JsonElement body, JsonFields fields)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.Add("body: Input should be a valid dictionary");
            return null;
        }

        var (use, forced) = ReadToolChoice(body, fields);
        var format = JsonFields.TryGet(body, "response_format", out var value) ? value : default;
        var kind = format.ValueKind == JsonValueKind.Object ? fields.Text(format, "type", "response_format.type", required: true) : null;
        var request = new ChatRequest
        {
            Model = fields.Text(body, "model", "model", required: true) ?? "",
            Stream = fields.Flag(body, "stream", "stream"),
            IncludeUsage = JsonFields.TryGet(body, "stream_options", out var options) && fields.Flag(options, "include_usage", "stream_options.include_usage"),
            MaxTokens = Limit(fields.Integer(body, "max_completion_tokens", "max_completion_tokens", -1) ?? fields.Integer(body, "max_tokens", "max_tokens", -1)),
            Turns = ReadTurns(body, fields),
            Tools = ReadTools(body, fields),
            ToolUse = use,
            ForcedTool = forced,
            WantsJson = kind is "json_object" or "json_schema",
            Schema = kind == "json_schema" && JsonFields.TryGet(format, "json_schema", out var named) && JsonFields.TryGet(named, "schema", out var schema) ? schema : null,
            Stops = ReadStops(body, fields),
            Reasoning = ReadReasoning(body),
        };
        fields.Range(body, "temperature", "temperature", 0, 2);
        fields.Range(body, "top_p", "top_p", 0, 1);
        fields.Range(body, "frequency_penalty", "frequency_penalty", -2, 2);
        fields.Range(body, "presence_penalty", "presence_penalty", -2, 2);
        if (fields.Integer(body, "n", "n", 1) > 1)
            fields.Add("n: only 1 choice is simulated");
        return fields.Failed ? null : request;
    }

    /// <summary>The text of a content field: a string, or the text parts of an array.</summary>
    public static string ReadContent(JsonElement owner, string name, string path, JsonFields fields)
    {
        if (!JsonFields.TryGet(owner, name, out var content))
            return "";
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        var text = new StringBuilder();
        foreach (var part in fields.Items(owner, name, path))
        {
            if (fields.Text(part, "type", path + ".type", required: true) == "text")
                text.Append(fields.Text(part, "text", path + ".text", required: true));
            else
                text.Append("[image]");
        }

        return text.ToString();
    }

    private static int? Limit(int? asked) => asked is -1 or 0 ? null : asked;

    private static List<ChatTurn> ReadTurns(JsonElement body, JsonFields fields)
    {
        var turns = new List<ChatTurn>();
        var messages = fields.Items(body, "messages", "messages");
        if (messages.Count == 0)
            fields.Add("messages: Field required");
        for (var index = 0; index < messages.Count; index++)
        {
            var path = $"messages.{index}";
            var role = fields.Text(messages[index], "role", path + ".role", required: true) ?? "";
            if (role.Length > 0 && !Roles.Contains(role))
                fields.Add($"{path}.role: Input should be 'system', 'developer', 'user', 'assistant' or 'tool'");
            if (role == "tool")
                fields.Text(messages[index], "tool_call_id", path + ".tool.tool_call_id", required: true);
            turns.Add(new(role, ReadContent(messages[index], "content", path + ".content", fields) + ReadCalls(messages[index], path, fields)));
        }

        return turns;
    }

    private static string ReadCalls(JsonElement message, string path, JsonFields fields)
    {
        var text = new StringBuilder();
        foreach (var call in fields.Items(message, "tool_calls", path + ".tool_calls"))
        {
            if (JsonFields.TryGet(call, "function", out var function))
                text.Append("\ncalls ").Append(fields.Text(function, "name", path + ".tool_calls.function.name", required: true)).Append(' ').Append(fields.Text(function, "arguments", path + ".tool_calls.function.arguments"));
        }

        return text.ToString();
    }

    private static List<ToolSpec> ReadTools(JsonElement body, JsonFields fields)
    {
        var tools = new List<ToolSpec>();
        var items = fields.Items(body, "tools", "tools");
        for (var index = 0; index < items.Count; index++)
        {
            var path = $"tools.{index}.function";
            if (!JsonFields.TryGet(items[index], "function", out var function))
                fields.Add($"{path}: Field required");
            else if (fields.Text(function, "name", path + ".name", required: true) is { } name)
                tools.Add(new(name, JsonFields.TryGet(function, "parameters", out var parameters) ? parameters : default));
        }

        return tools;
    }

    private static (ToolUse Use, string? Forced) ReadToolChoice(JsonElement body, JsonFields fields)
    {
        if (!JsonFields.TryGet(body, "tool_choice", out var choice))
            return (ToolUse.Auto, null);
        if (choice.ValueKind == JsonValueKind.Object && JsonFields.TryGet(choice, "function", out var function))
            return (ToolUse.Required, fields.Text(function, "name", "tool_choice.function.name", required: true));
        switch (choice.ValueKind == JsonValueKind.String ? choice.GetString() : null)
        {
            case "none":
                return (ToolUse.None, null);
            case "auto":
                return (ToolUse.Auto, null);
            case "required":
                return (ToolUse.Required, null);
            default:
                fields.Add("tool_choice: Input should be 'none', 'auto', 'required' or a function");
                return (ToolUse.Auto, null);
        }
    }

    private static List<string> ReadStops(JsonElement body, JsonFields fields)
    {
        if (JsonFields.TryGet(body, "stop", out var stop) && stop.ValueKind == JsonValueKind.String)
            return [stop.GetString()!];
        var stops = fields.Items(body, "stop", "stop").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToList();
        if (stops.Count > 4)
            fields.Add("stop: List should have at most 4 items after validation");
        return stops;
    }

    private static bool? ReadReasoning(JsonElement body)
    {
        if (JsonFields.TryGet(body, "reasoning_format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals("hidden"))
            return false;
        return JsonFields.TryGet(body, "reasoning_effort", out var effort) && effort.ValueKind == JsonValueKind.String ? !effort.ValueEquals("none") : null;
    }
}
