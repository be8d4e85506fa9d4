using System.Text.Json;

namespace Platform.Router;

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">"user", "assistant", "system" or "developer".</param>
/// <param name="Text">What was said.</param>
internal sealed record ChatMessage(string Role, string Text)
{
    /// <summary>Whether it is a standing instruction.</summary>
    public bool IsInstruction => Role is "system" or "developer";
}

/// <summary>Reads the messages of a chat request.</summary>
internal static class ChatMessages
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant"];

    /// <exception cref="ChatException">A message is wrong; the error names it.</exception>
    public static IReadOnlyList<ChatMessage> Read(JsonElement body, int most)
    {
        if (!body.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw ChatException.Invalid("messages", "messages must be an array with at least one message.");
        if (list.GetArrayLength() > most)
            throw ChatException.Invalid("messages", $"messages has {list.GetArrayLength()} entries; the limit is {most}.");
        return [.. list.EnumerateArray().Select((message, at) => Read(message, $"messages[{at}]"))];
    }

    private static ChatMessage Read(JsonElement message, string place)
    {
        var role = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
        if (!Roles.Contains(role))
            throw ChatException.Invalid($"{place}.role", $"{place}.role is '{RequestRules.Shorten(role)}'; use one of {string.Join(", ", Roles)}.");
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
            return role == "assistant" ? new ChatMessage(role, "") : throw ChatException.Invalid($"{place}.content", $"{place}.content is missing.");
        return new ChatMessage(role, content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select((part, at) => Part(part, $"{place}.content[{at}]"))),
            _ => throw ChatException.Invalid($"{place}.content", $"{place}.content must be a string or an array of parts."),
        });
    }

    private static string Part(JsonElement part, string place) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueEquals("text") && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw ChatException.Invalid(place, $"{place} must be a part of type 'text'; images, sound and files are not taken here.");
}
