using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary>
/// The part of JSON Schema 2020-12 that docs/schemas uses: type, properties, required, additionalProperties, items, enum, minimum, maximum.
/// A schema that uses another word is refused, so that none goes unchecked.
/// </summary>
internal static class JsonSchema
{
    private static readonly HashSet<string> Known =
        ["$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items", "enum", "minimum", "maximum"];

    /// <summary>What in a value the schema does not allow; empty when all is well.</summary>
    public static IEnumerable<string> Problems(JsonElement schema, JsonElement value, string at = "$")
    {
        foreach (var word in schema.EnumerateObject().Where(word => !Known.Contains(word.Name)))
            yield return $"{at}: the schema's '{word.Name}' is not checked here";
        if (!Types(schema).Any(type => Fits(type, value)))
            yield return $"{at}: {value.ValueKind} is not {string.Join(" or ", Types(schema))}";
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)))
            yield return $"{at}: {value} is not one of {allowed}";
        if (value.ValueKind == JsonValueKind.Number && !InRange(schema, value.GetDouble()))
            yield return $"{at}: {value} is out of range";
        var inner = value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().Index().SelectMany(each => Problems(items, each.Item, $"{at}[{each.Index}]")),
            _ => [],
        };
        foreach (var problem in inner)
            yield return problem;
    }

    private static IEnumerable<string> OfObject(JsonElement schema, JsonElement value, string at)
    {
        foreach (var name in Words(schema, "required").Where(name => !value.TryGetProperty(name, out _)))
            yield return $"{at}: '{name}' is missing";
        foreach (var field in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(field.Name, out var own))
            {
                foreach (var problem in Problems(own, field.Value, $"{at}.{field.Name}"))
                    yield return problem;
            }
            else if (schema.TryGetProperty("additionalProperties", out var others))
            {
                var found = others.ValueKind == JsonValueKind.False ? [$"{at}: '{field.Name}' is not expected"] : Problems(others, field.Value, $"{at}.{field.Name}");
                foreach (var problem in found)
                    yield return problem;
            }
        }
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        _ => false,
    };

    private static bool InRange(JsonElement schema, double value) =>
        (!schema.TryGetProperty("minimum", out var least) || value >= least.GetDouble())
        && (!schema.TryGetProperty("maximum", out var most) || value <= most.GetDouble());

    private static IEnumerable<string> Types(JsonElement schema) =>
        schema.GetProperty("type") is { ValueKind: JsonValueKind.String } one ? [one.GetString()!] : Words(schema, "type");

    private static IEnumerable<string> Words(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(each => each.GetString()!) : [];
}
