using System.Text.Json;

namespace Platform.Inference;

/// <summary>One event of a stream: a piece of text or reasoning and nothing else, as nearly all are, or anything else, read in full.</summary>
/// <param name="Id">Id of the answer.</param>
/// <param name="Model">Model that answers.</param>
/// <param name="Text">Piece of text; null when there is none.</param>
/// <param name="Thought">Piece of reasoning; null when there is none.</param>
/// <param name="Whole">The event in full when it is more than that.</param>
/// <param name="Done">It is the closing mark.</param>
internal readonly record struct TokenChunk(string? Id, string? Model, string? Text, string? Thought, WireAnswer? Whole = null, bool Done = false);

/// <summary>
/// Reads the events of one stream. An event that carries a token and nothing else is read without building what it will not need, and id and model,
/// which every event repeats, are made once; the rest goes to the reader that knows every member.
/// </summary>
internal sealed class TokenChunkReader
{
    private string? id;
    private string? model;

    /// <summary>One event.</summary>
    /// <exception cref="JsonException">It is no JSON object of this kind.</exception>
    public TokenChunk Read(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("[DONE]"u8))
            return new TokenChunk(null, null, null, null, Done: true);
        if (eventType != "error" && TryRead(data, out var chunk))
            return chunk;
        return new TokenChunk(null, null, null, null, JsonSerializer.Deserialize(data, WireJson.Default.WireAnswer) ?? throw new JsonException("null"));
    }

    private bool TryRead(ReadOnlySpan<byte> data, out TokenChunk chunk)
    {
        chunk = default;
        var reader = new Utf8JsonReader(data);
        var delta = default(Delta);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueTextEquals("choices"u8) ? TryChoices(ref reader, ref delta)
                : reader.ValueTextEquals("id"u8) ? TryText(ref reader, ref id)
                : reader.ValueTextEquals("model"u8) ? TryText(ref reader, ref model)
                : IsFact(ref reader) ? TryPass(ref reader)
                : reader.Read() && reader.TokenType == JsonTokenType.Null;
            if (!known)
                return false;
        }

        // What follows the object would be an error; reading on finds it.
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            return false;
        chunk = new TokenChunk(id, model, delta.Text, string.IsNullOrEmpty(delta.Reasoning) ? delta.ReasoningContent : delta.Reasoning);
        return true;
    }

    /// <summary>Members that say nothing of the answer.</summary>
    private static bool IsFact(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("created"u8) || reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("system_fingerprint"u8) || reader.ValueTextEquals("service_tier"u8);

    /// <summary>Exactly one choice: no finish, no tool.</summary>
    private static bool TryChoices(ref Utf8JsonReader reader, ref Delta delta)
    {
        if (!Next(ref reader, JsonTokenType.StartArray) || !Next(ref reader, JsonTokenType.StartObject))
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueTextEquals("delta"u8) ? TryDelta(ref reader, ref delta)
                : reader.ValueTextEquals("index"u8) ? TryPass(ref reader)
                : reader.Read() && reader.TokenType == JsonTokenType.Null;
            if (!known)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && Next(ref reader, JsonTokenType.EndArray);
    }

    private static bool TryDelta(ref Utf8JsonReader reader, ref Delta delta)
    {
        if (!Next(ref reader, JsonTokenType.StartObject))
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueTextEquals("content"u8) ? TryPiece(ref reader, out delta.Text)
                : reader.ValueTextEquals("reasoning"u8) ? TryPiece(ref reader, out delta.Reasoning)
                : reader.ValueTextEquals("reasoning_content"u8) ? TryPiece(ref reader, out delta.ReasoningContent)
                : reader.ValueTextEquals("role"u8) ? TryPass(ref reader)
                : reader.Read() && reader.TokenType == JsonTokenType.Null;
            if (!known)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool Next(ref Utf8JsonReader reader, JsonTokenType type) => reader.Read() && reader.TokenType == type;

    private static bool TryPiece(ref Utf8JsonReader reader, out string? piece)
    {
        piece = null;
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            return false;
        piece = reader.GetString();
        return true;
    }

    /// <summary>A text that every event repeats.</summary>
    private static bool TryText(ref Utf8JsonReader reader, ref string? known)
    {
        if (!Next(ref reader, JsonTokenType.String))
            return false;
        if (known is null || !reader.ValueTextEquals(known))
            known = reader.GetString();
        return true;
    }

    /// <summary>A plain value that nobody asks for.</summary>
    private static bool TryPass(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);

    private struct Delta
    {
        public string? Text;
        public string? Reasoning;
        public string? ReasoningContent;
    }
}
