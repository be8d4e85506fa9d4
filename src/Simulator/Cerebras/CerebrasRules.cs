using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Simulator.Http;

namespace Platform.Simulator.Cerebras;

/// <summary>What Cerebras refuses and others let pass: unknown properties, schemas outside its subset, JSON without the word.</summary>
internal static partial class CerebrasRules
{
    private static readonly HashSet<string> Top = Set(
        "model messages stream stream_options max_completion_tokens max_tokens min_tokens min_completion_tokens temperature top_p "
        + "frequency_penalty presence_penalty logit_bias seed stop n logprobs top_logprobs user tools tool_choice parallel_tool_calls "
        + "response_format reasoning_effort reasoning_format clear_thinking prediction prompt_cache_key service_tier model_parameters");

    private static readonly Dictionary<string, HashSet<string>> Messages = new()
    {
        ["system"] = Set("role content name"),
        ["developer"] = Set("role content name"),
        ["user"] = Set("role content name"),
        ["assistant"] = Set("role content name reasoning tool_calls"),
        ["tool"] = Set("role content name tool_call_id"),
    };

    private static readonly HashSet<string> Tool = Set("type function");
    private static readonly HashSet<string> Function = Set("name description parameters strict");
    private static readonly HashSet<string> Format = Set("type json_schema");
    private static readonly HashSet<string> Schema = Set("name description schema strict");
    private static readonly HashSet<string> StreamOptions = Set("include_usage");

    public static void Check(JsonElement body, bool mixesJson, JsonFields fields)
    {
        Unknown(body, Top, "", fields);
        CheckMessages(body, fields);
        if (JsonFields.TryGet(body, "stream_options", out var options))
            Unknown(options, StreamOptions, "stream_options.", fields);
        CheckTools(body, fields);
        CheckFormat(body, mixesJson, fields);
    }

    private static void CheckMessages(JsonElement body, JsonFields fields)
    {
        var index = 0;
        foreach (var message in fields.Items(body, "messages", "messages"))
        {
            if (JsonFields.TryGet(message, "role", out var role) && role.ValueKind == JsonValueKind.String && Messages.TryGetValue(role.GetString()!, out var known))
                Unknown(message, known, $"messages.{index}.{role.GetString()}.", fields);
            index++;
        }
    }

    private static void CheckTools(JsonElement body, JsonFields fields)
    {
        var index = 0;
        foreach (var tool in fields.Items(body, "tools", "tools"))
        {
            Unknown(tool, Tool, $"tools.{index}.", fields);
            if (JsonFields.TryGet(tool, "function", out var function))
                CheckFunction(function, $"tools.{index}.function.", fields);
            index++;
        }
    }

    private static void CheckFunction(JsonElement function, string path, JsonFields fields)
    {
        Unknown(function, Function, path, fields);
        if (fields.Text(function, "name", path + "name") is { } name && !ToolName().IsMatch(name))
            fields.Add($"{path}name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'", "tools");
        if (fields.Flag(function, "strict", path + "strict") && JsonFields.TryGet(function, "parameters", out var parameters) && StrictSchema.Check(parameters) is { } problem)
            fields.Add(problem, "tools");
    }

    private static void CheckFormat(JsonElement body, bool mixesJson, JsonFields fields)
    {
        if (!JsonFields.TryGet(body, "response_format", out var format))
            return;
        Unknown(format, Format, "response_format.", fields);
        var kind = fields.Text(format, "type", "response_format.type", required: true);
        if (kind is not ("text" or "json_object" or "json_schema"))
            fields.Add("response_format.type: Input should be 'text', 'json_object' or 'json_schema'", "response_format");
        if (!mixesJson && kind is "json_object" or "json_schema" && fields.Items(body, "tools", "tools").Count > 0)
            fields.Add("tools and response_format cannot be used in one request", "response_format");
        if (kind == "json_object")
            CheckJsonObject(body, mixesJson, fields);
        if (kind == "json_schema")
            CheckSchema(format, fields);
    }

    private static void CheckJsonObject(JsonElement body, bool mixesJson, JsonFields fields)
    {
        if (fields.Flag(body, "stream", "stream") && !mixesJson)
            fields.Add("response_format of type 'json_object' is not supported with stream", "response_format");
        if (JsonFields.TryGet(body, "messages", out var messages) && !messages.GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase))
            fields.Add("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages");
    }

    private static void CheckSchema(JsonElement format, JsonFields fields)
    {
        if (!JsonFields.TryGet(format, "json_schema", out var named) || fields.Text(named, "name", "response_format.json_schema.name") is null)
        {
            // The real service misleads here too: it tries the other kinds and reports the first.
            fields.Add("response_format.type: Input should be 'text'", "response_format");
            return;
        }

        Unknown(named, Schema, "response_format.json_schema.", fields);
        if (fields.Flag(named, "strict", "response_format.json_schema.strict") && JsonFields.TryGet(named, "schema", out var schema) && StrictSchema.Check(schema) is { } problem)
            fields.Add(problem, "response_format");
    }

    private static void Unknown(JsonElement owner, HashSet<string> known, string path, JsonFields fields)
    {
        if (owner.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in owner.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                fields.Add($"{path}{property.Name}: property '{path}{property.Name}' is unsupported");
        }
    }

    private static HashSet<string> Set(string names) => new(names.Split(' '), StringComparer.Ordinal);

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
