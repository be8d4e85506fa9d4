using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>Reads a chat completion request as a job. Fields that change nothing here (top_p, penalties) are accepted and left; those that would be ignored to the caller's harm are refused.</summary>
internal static class ChatRequestReader
{
    private const int MostMessages = 1_000;
    private const string ProjectKey = "project";
    private const string LanguageKey = "language";

    /// <exception cref="ChatException">A field is wrong; the message names it with its value and what is allowed.</exception>
    public static ChatWish Read(JsonElement body, string? idempotencyKey)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw ChatException.Invalid("body", "The body must be a JSON object.");
        var name = Text(body, "model") ?? throw ChatException.Invalid("model", $"model is missing; use one of {Names()}.");
        var model = ChatModel.Find(name) ?? throw new ChatException(404, "invalid_request_error", "model_not_found", $"model '{RequestRules.Shorten(name)}' is unknown; use one of {Names()}.", "model");
        Refuse(body, model);
        var request = new GenerateRequest { Kind = model.Kind, Approach = model.Approach, Tier = model.Tier, IdempotencyKey = idempotencyKey ?? "", Deterministic = body.TryGetProperty("seed", out var seed) && seed.ValueKind == JsonValueKind.Number };
        Converse(request, model, ChatMessages.Read(body, MostMessages));
        request.MaxOutputTokens = Number(body, "max_completion_tokens") ?? Number(body, "max_tokens") ?? 0;
        request.ResponseSchema = Schema(body, model);
        Mark(request, body);
        var usage = body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && Flag(options, "include_usage");
        return new ChatWish(model, request, Flag(body, "stream"), usage);
    }

    private static string Names() => string.Join(", ", ChatModel.All.Select(model => model.Id));

    private static void Refuse(JsonElement body, ChatModel model)
    {
        foreach (var field in new[] { "tools", "functions" })
        {
            if (body.TryGetProperty(field, out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0)
                throw ChatException.Invalid(field, $"{field} are not called for a client; leave them out. The model platform-mcp has tools of its own.");
        }

        if (Number(body, "n") is { } choices and not 1)
            throw ChatException.Invalid("n", $"n is {choices}; one choice is given, use 1.");
        if (body.TryGetProperty("modalities", out var kinds) && kinds.ValueKind == JsonValueKind.Array && kinds.EnumerateArray().Any(kind => kind.ToString() != "text"))
            throw ChatException.Invalid("modalities", "Only text is given; leave modalities out.");
        if (body.TryGetProperty("audio", out var audio) && audio.ValueKind == JsonValueKind.Object)
            throw ChatException.Invalid("audio", $"{model.Id} gives text only; leave audio out.");
    }

    /// <summary>Standing instructions and the turns so far. Content jobs take instructions apart; for code they stand before the task.</summary>
    private static void Converse(GenerateRequest request, ChatModel model, IReadOnlyList<ChatMessage> messages)
    {
        var instructions = string.Join("\n\n", messages.Where(message => message.IsInstruction).Select(message => message.Text));
        var turns = messages.Where(message => !message.IsInstruction).ToList();
        if (turns.Count == 0 || turns[^1].Role != "user" || string.IsNullOrWhiteSpace(turns[^1].Text))
            throw ChatException.Invalid("messages", "messages must end with one of role 'user' that has text.");
        var task = new StringBuilder();
        if (model.IsLive)
            request.System = instructions;
        else if (instructions.Length > 0)
            task.Append("Standing instructions:\n").Append(instructions).Append("\n\n");
        if (turns.Count > 1)
        {
            task.Append("The conversation so far:\n");
            foreach (var turn in turns.SkipLast(1))
                task.Append(CultureInfo.InvariantCulture, $"<{turn.Role}>\n{turn.Text}\n</{turn.Role}>\n");
            task.Append("\nAnswer this:\n");
        }

        request.Task = task.Append(turns[^1].Text).ToString();
    }

    private static string Schema(JsonElement body, ChatModel model)
    {
        if (!body.TryGetProperty("response_format", out var format) || format.ValueKind != JsonValueKind.Object)
            return "";
        switch (Text(format, "type"))
        {
            case "text":
                return "";
            case "json_schema" when model.IsLive && format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out var schema):
                return schema.GetRawText();
            case "json_schema" when !model.IsLive:
                throw ChatException.Invalid("response_format", $"{model.Id} answers with code; a schema needs the model platform-text or platform-text-fast.");
            default:
                throw ChatException.Invalid("response_format", "response_format.type must be 'text', or 'json_schema' with json_schema.schema.");
        }
    }

    /// <summary>"user" and "metadata" become labels; metadata also names the project and the language.</summary>
    private static void Mark(GenerateRequest request, JsonElement body)
    {
        if (Text(body, "user") is { Length: > 0 } user)
            request.Labels["user"] = user;
        if (!body.TryGetProperty("metadata", out var metadata) || metadata.ValueKind == JsonValueKind.Null)
            return;
        if (metadata.ValueKind != JsonValueKind.Object)
            throw ChatException.Invalid("metadata", "metadata must be an object of strings.");
        foreach (var pair in metadata.EnumerateObject())
        {
            var value = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : throw ChatException.Invalid($"metadata.{pair.Name}", $"metadata.{RequestRules.Shorten(pair.Name)} must be a string.");
            if (pair.Name == ProjectKey)
                request.Project = value;
            else if (pair.Name == LanguageKey)
                request.Language = value;
            else
                request.Labels[pair.Name] = value;
        }
    }

    private static string? Text(JsonElement body, string field) => !body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw ChatException.Invalid(field, $"{field} must be a string.");

    private static int? Number(JsonElement body, string field) => !body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number
        : throw ChatException.Invalid(field, $"{field} is {RequestRules.Shorten(value.GetRawText())}; use a whole number from 1.");

    private static bool Flag(JsonElement body, string field) => body.TryGetProperty(field, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw ChatException.Invalid(field, $"{field} must be true or false."),
    };
}
