using System.Text.Json;

namespace Platform.Simulator.Cerebras;

/// <summary>The subset of JSON Schema that strict mode takes; answers the first violation in the service's words.</summary>
internal sealed class StrictSchema
{
    private const int MaxCharacters = 5_000;
    private const int MaxDepth = 10;
    private const int MaxProperties = 500;
    private const int MaxEnumValues = 500;

    private static readonly HashSet<string> Known = new(
        ("type properties required additionalProperties items prefixItems enum const anyOf $ref $defs definitions minimum maximum "
        + "exclusiveMinimum exclusiveMaximum multipleOf title description default").Split(' '), StringComparer.Ordinal);

    private int properties;
    private int enumValues;

    /// <summary>The first problem, or null when the schema is accepted.</summary>
    public static string? Check(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "schema: Input should be a valid dictionary";
        if (schema.GetRawText().Length > MaxCharacters)
            return $"JSON schema is too long: {schema.GetRawText().Length} characters, the limit is {MaxCharacters}";
        if (!schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
            return "The root of a JSON schema must be of type 'object'";
        var extra = schema.EnumerateObject().Select(property => property.Name).Where(name => name is "allOf" or "oneOf" or "anyOf" or "not").ToList();
        return extra.Count > 0
            ? $"Extra top level keys found in JSON schema: {{{Quote(extra)}}}."
            : new StrictSchema().CheckNode(schema, 1);
    }

    private string? CheckNode(JsonElement node, int depth)
    {
        if (node.ValueKind != JsonValueKind.Object)
            return null;
        if (depth > MaxDepth)
            return $"JSON schema is nested too deeply; the limit is {MaxDepth}";
        if (Unsupported(node) is { } problem)
            return problem;
        if (IsObject(node) && (!node.TryGetProperty("additionalProperties", out var more) || more.ValueKind != JsonValueKind.False))
            return "Object fields require at least one of: 'additionalProperties' set to false";
        if (node.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.True)
            return "Unsupported JSON schema fields: {'items'}";
        enumValues += node.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array ? values.GetArrayLength() : 0;
        return enumValues > MaxEnumValues ? $"JSON schema has too many enum values; the limit is {MaxEnumValues}" : CheckChildren(node, depth);
    }

    private string? CheckChildren(JsonElement node, int depth)
    {
        foreach (var name in (string[])["properties", "$defs", "definitions"])
        {
            if (!node.TryGetProperty(name, out var children) || children.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var child in children.EnumerateObject())
            {
                if (++properties > MaxProperties)
                    return $"JSON schema has too many properties; the limit is {MaxProperties}";
                if (CheckNode(child.Value, depth + 1) is { } problem)
                    return problem;
            }
        }

        if (node.TryGetProperty("items", out var items) && CheckNode(items, depth + 1) is { } inItems)
            return inItems;
        foreach (var name in (string[])["anyOf", "prefixItems"])
        {
            if (!node.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
                continue;
            if (list.EnumerateArray().Select(item => CheckNode(item, depth + 1)).FirstOrDefault(found => found is not null) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? Unsupported(JsonElement node)
    {
        var unknown = node.EnumerateObject().Select(property => property.Name).Where(name => !Known.Contains(name)).ToList();
        if (unknown.Count == 0)
            return null;
        return node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() is "string" or "number" or "integer"
            ? $"Invalid fields for schema with types ['{type.GetString()}']: {{{Quote(unknown)}}}"
            : $"Unsupported JSON schema fields: {{{Quote(unknown)}}}";
    }

    private static bool IsObject(JsonElement node) => node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object");

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
