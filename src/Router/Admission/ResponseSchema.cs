using System.Text.Json;

namespace Platform.Router;

/// <summary>
/// Whether a JSON Schema that a caller gives for an answer is one, looked at before the job is accepted: a worker could do nothing with it. Which of
/// its words an engine supports is the engine's to say.
/// </summary>
internal static class ResponseSchema
{
    private const int MaxDepth = 10;
    private const int MaxSchemas = 500;

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly string[] Numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    private static readonly string[] Counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    private static readonly string[] Texts = ["$schema", "$id", "title", "description", "pattern", "format"];
    private static readonly string[] Named = ["properties", "$defs", "definitions", "patternProperties"];
    private static readonly string[] Listed = ["anyOf", "oneOf", "allOf", "prefixItems"];
    private static readonly string[] Single = ["items", "additionalProperties", "not"];

    /// <summary>What is wrong, with the place; null when nothing is.</summary>
    /// <exception cref="InvalidOperationException">A string in it is no text.</exception>
    public static string? Problem(JsonElement schema)
    {
        Read(schema);
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
            return "it must be a JSON Schema whose root has \"type\": \"object\".";
        var left = MaxSchemas;
        return Check(schema, "$", 1, ref left);
    }

    private static string? Check(JsonElement schema, string path, int depth, ref int left)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return Wrong(path, schema, "a schema object");
        if (depth > MaxDepth)
            return $"{path} is deeper than {MaxDepth} levels.";
        if (--left < 0)
            return $"it has more than {MaxSchemas} schemas in it.";
        foreach (var member in schema.EnumerateObject())
        {
            if ((CheckWord(member, $"{path}.{member.Name}") ?? CheckSchemas(member, $"{path}.{member.Name}", depth, ref left)) is { } problem)
                return problem;
        }

        return null;
    }

    /// <summary>A word that has a plain value.</summary>
    private static string? CheckWord(JsonProperty member, string path)
    {
        var value = member.Value;
        return member.Name switch
        {
            "type" => CheckType(value, path),
            "required" => CheckRequired(value, path),
            "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? null : Wrong(path, value, "an array with at least one value"),
            "$ref" => value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith('#') ? null : Wrong(path, value, "a reference inside the schema, such as \"#/$defs/item\""),
            "multipleOf" when value.ValueKind == JsonValueKind.Number && value.GetDouble() <= 0 => $"{path} is {value.GetRawText()} and should be more than 0.",
            var name when Numbers.Contains(name) => value.ValueKind == JsonValueKind.Number ? null : Wrong(path, value, "a number"),
            var name when Counts.Contains(name) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0 ? null : Wrong(path, value, "a whole number, 0 or more"),
            var name when Texts.Contains(name) => value.ValueKind == JsonValueKind.String ? null : Wrong(path, value, "a string"),
            _ => null,
        };
    }

    /// <summary>A word that has schemas inside.</summary>
    private static string? CheckSchemas(JsonProperty member, string path, int depth, ref int left)
    {
        var value = member.Value;
        if (Single.Contains(member.Name))
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Check(value, path, depth + 1, ref left);
        if (Named.Contains(member.Name))
        {
            if (value.ValueKind != JsonValueKind.Object)
                return Wrong(path, value, "an object of schemas by name");
            foreach (var child in value.EnumerateObject())
            {
                if (Check(child.Value, $"{path}.{child.Name}", depth + 1, ref left) is { } problem)
                    return problem;
            }
        }

        if (!Listed.Contains(member.Name))
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            return Wrong(path, value, "an array with at least one schema");
        foreach (var (index, child) in value.EnumerateArray().Index())
        {
            if (Check(child, $"{path}[{index}]", depth + 1, ref left) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? CheckType(JsonElement value, string path)
    {
        var names = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new List<JsonElement> { value };
        return names.Count > 0 && names.TrueForAll(name => name.ValueKind == JsonValueKind.String && Types.Contains(name.GetString())) ? null
            : Wrong(path, value, $"one or more of: {string.Join(", ", Types)}");
    }

    private static string? CheckRequired(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return Wrong(path, value, "an array of names");
        foreach (var (index, name) in value.EnumerateArray().Index())
        {
            if (name.ValueKind != JsonValueKind.String)
                return Wrong($"{path}[{index}]", name, "the name of a property");
        }

        return null;
    }

    /// <summary>Reads every name and string once: half a surrogate pair in an escape is found only then.</summary>
    /// <exception cref="InvalidOperationException">One is no text.</exception>
    private static void Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            _ = value.GetString();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in value.EnumerateArray())
                Read(child);
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _ = member.Name;
                Read(member.Value);
            }
        }
    }

    private static string Wrong(string path, JsonElement value, string good) =>
        $"{RequestRules.Shorten(path)} is {RequestRules.Shorten(value.GetRawText())} and should be {good}.";
}
