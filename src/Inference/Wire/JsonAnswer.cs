using System.Globalization;
using System.Text.Json;

namespace Platform.Inference;

/// <summary>
/// Whether an answer is the JSON that its schema asks for. Engines promise it and break it, so it is looked at here: the keywords that
/// strict schemas may use are checked, others say nothing.
/// </summary>
internal static class JsonAnswer
{
    private const int MaxDepth = 64;
    private const double Tolerance = 1e-9;

    /// <summary>What is wrong with a text, with the path in the document; null when it fits.</summary>
    public static string? Problem(string text, JsonElement schema)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Check(document.RootElement, schema, schema, "$", 0);
        }
        catch (InvalidOperationException failure)
        {
            return $"the schema itself is malformed: {failure.Message}";
        }
        catch (JsonException failure)
        {
            return $"the answer is no JSON: {failure.Message}";
        }
    }

    private static string? Check(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.ValueKind == JsonValueKind.False)
            return $"{path} is not allowed.";
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            return null;
        if (schema.TryGetProperty("$ref", out var reference))
            return Resolve(root, reference) is { } target ? Check(value, target, root, path, depth + 1) : null;
        if (schema.TryGetProperty("anyOf", out var choices) && choices.EnumerateArray().All(choice => Check(value, choice, root, path, depth + 1) is not null))
            return $"{path} fits none of its choices.";
        return CheckType(value, schema, path) ?? CheckValue(value, schema, path) ?? value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(value, schema, root, path, depth),
            JsonValueKind.Array => CheckArray(value, schema, root, path, depth),
            _ => null,
        };
    }

    private static string? CheckType(JsonElement value, JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out var type))
            return null;
        var names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()];
        return names.Any(name => Is(value, name)) ? null : $"{path} is {Name(value)} and should be {string.Join(" or ", names)}.";
    }

    private static string? CheckValue(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(value, only))
            return $"{path} should be {only.GetRawText()}.";
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(value, one)))
            return $"{path} should be one of {allowed.GetRawText()}.";
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        var number = value.GetDouble();
        var wrong = (Limit(schema, "minimum") is { } least && number < least) || (Limit(schema, "maximum") is { } most && number > most)
            || (Limit(schema, "exclusiveMinimum") is { } above && number <= above) || (Limit(schema, "exclusiveMaximum") is { } below && number >= below)
            || (Limit(schema, "multipleOf") is > 0 and { } step && Math.Abs(Math.IEEERemainder(number, step)) > Tolerance);
        return wrong ? string.Create(CultureInfo.InvariantCulture, $"{path} is {number}, which its limits do not allow.") : null;
    }

    private static string? CheckObject(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.TryGetProperty("required", out var required) && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
            return $"{path}.{missing.GetString()} is missing.";
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        foreach (var member in value.EnumerateObject())
        {
            var inside = properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var own) ? own
                : schema.TryGetProperty("additionalProperties", out var more) ? more : default;
            if (Check(member.Value, inside, root, $"{path}.{member.Name}", depth + 1) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? CheckArray(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        var first = schema.TryGetProperty("prefixItems", out var prefix) ? prefix.EnumerateArray().ToList() : [];
        var items = schema.TryGetProperty("items", out var rest) ? rest : default;
        return value.EnumerateArray().Select((item, index) => Check(item, index < first.Count ? first[index] : items, root, $"{path}[{index}]", depth + 1)).FirstOrDefault(problem => problem is not null);
    }

    private static JsonElement? Resolve(JsonElement root, JsonElement reference)
    {
        var at = root;
        foreach (var part in (reference.GetString() ?? "").Split('/').Skip(1))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                return null;
        }

        return at;
    }

    private static double? Limit(JsonElement schema, string name) => schema.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number ? limit.GetDouble() : null;

    private static bool Is(JsonElement value, string? type) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => Name(value) == type,
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };
}
