using System.Text.Json;

namespace Platform.Inference;

/// <summary>The subset of JSON Schema that strict answers may use (Cerebras, structured outputs, API version 2), checked before anything is sent.</summary>
internal static class StrictSchema
{
    private const int MaxCharacters = 5_000;
    private const int MaxDepth = 10;
    private const int MaxProperties = 500;

    private static readonly HashSet<string> Allowed =
    [
        "type", "properties", "required", "additionalProperties", "items", "prefixItems", "enum", "const", "anyOf", "$ref", "$defs", "$schema", "title",
        "description", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ];

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(JsonElement schema)
    {
        if (schema.GetRawText().Length is > MaxCharacters and var length)
            return $"the schema has {length} characters; the limit is {MaxCharacters}.";
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || !type.ValueEquals("object"))
            return "the root must be of type object.";
        var properties = 0;
        return Check(schema, "$", 1, ref properties);
    }

    private static string? Check(JsonElement schema, string path, int depth, ref int properties)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return schema.ValueKind is JsonValueKind.False ? null : $"{path} must be a schema object.";
        if (depth > MaxDepth)
            return $"{path} is deeper than {MaxDepth} levels.";
        foreach (var member in schema.EnumerateObject())
        {
            if (!Allowed.Contains(member.Name))
                return $"{path} uses '{member.Name}', which strict schemas do not support.";
        }

        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")
            && !(schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False))
            return $"{path} needs \"additionalProperties\": false.";
        return CheckChildren(schema, path, depth, ref properties);
    }

    private static string? CheckChildren(JsonElement schema, string path, int depth, ref int properties)
    {
        foreach (var name in (string[])["properties", "$defs"])
        {
            if (!schema.TryGetProperty(name, out var children))
                continue;
            foreach (var child in children.EnumerateObject())
            {
                if (++properties > MaxProperties)
                    return $"the schema has more than {MaxProperties} properties.";
                if (Check(child.Value, $"{path}.{child.Name}", depth + 1, ref properties) is { } problem)
                    return problem;
            }
        }

        foreach (var name in (string[])["anyOf", "prefixItems"])
        {
            if (!schema.TryGetProperty(name, out var children))
                continue;
            foreach (var child in children.EnumerateArray())
            {
                if (Check(child, $"{path}.{name}", depth + 1, ref properties) is { } problem)
                    return problem;
            }
        }

        return schema.TryGetProperty("items", out var items) ? Check(items, $"{path}[]", depth + 1, ref properties) : null;
    }
}
