using System.Text.Json;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// What Cerebras' public list of models says against the configuration. Limits change with the plan and over months; a context that is configured too
/// large costs a refused call, one too small sends work to a dearer engine.
/// </summary>
internal static class PublicCatalogue
{
    /// <summary>Where the configuration differs, in words; models that are not listed are no difference, they may be private.</summary>
    /// <exception cref="JsonException">It is no list of models.</exception>
    public static IReadOnlyList<string> Differences(EngineEntry entry, string list)
    {
        using var json = JsonDocument.Parse(list);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw new JsonException("There is no list under 'data'.");
        var listed = data.EnumerateArray().Where(static model => model.ValueKind == JsonValueKind.Object && Text(model, "id").Length > 0)
            .DistinctBy(static model => Text(model, "id")).ToDictionary(static model => Text(model, "id"), StringComparer.Ordinal);
        return [.. new[] { entry.Quality, entry.Fast }.DistinctBy(static model => model.Id)
            .SelectMany(model => listed.TryGetValue(model.Id, out var known) ? Differences(model, known) : [])];
    }

    private static IEnumerable<string> Differences(EngineModel model, JsonElement known)
    {
        if (known.TryGetProperty("deprecated", out var deprecated) && deprecated.ValueKind == JsonValueKind.True)
            yield return $"{model.Id} is deprecated; choose another under Models.";
        if (Limit(known, "max_context_length") is { } context && context < model.ContextTokens)
            yield return $"{model.Id} holds {context:N0} tokens and ContextTokens is {model.ContextTokens:N0}.";
        if (Limit(known, "max_completion_tokens") is { } output && output < model.MaxOutputTokens)
            yield return $"{model.Id} answers with at most {output:N0} tokens and MaxOutputTokens is {model.MaxOutputTokens:N0}.";
    }

    private static long? Limit(JsonElement model, string name) =>
        model.TryGetProperty("limits", out var limits) && limits.ValueKind == JsonValueKind.Object && limits.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var limit) && limit > 0
            ? limit
            : null;

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
