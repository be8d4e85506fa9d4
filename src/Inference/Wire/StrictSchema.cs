using System.Text.Json;

namespace Platform.Inference;

/// <summary>The subset of JSON Schema that strict answers may use (Cerebras, structured outputs, API version 2), checked before anything is sent.</summary>
internal sealed class StrictSchema
{
    private const int MaxCharacters = 5_000;
    private const int MaxDepth = 10;
    private const int MaxProperties = 500;
    private const int MaxEnumValues = 500;
    private const int ManyEnumValues = 250;
    private const int MaxEnumCharacters = 7_500;
    private const string Definitions = "#/$defs/";

    private static readonly HashSet<string> Allowed =
    [
        "type", "properties", "required", "additionalProperties", "items", "prefixItems", "enum", "const", "anyOf", "$ref", "$defs", "title",
        "description", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ];

    private readonly JsonElement root;
    private readonly Stack<string> open = new();
    private int properties;
    private int enumValues;
    private int enumCharacters;

    private StrictSchema(JsonElement root) => this.root = root;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(JsonElement schema)
    {
        if (schema.GetRawText().Length is > MaxCharacters and var length)
            return $"the schema has {length} characters; the limit is {MaxCharacters}.";
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
            return "the root must be of type object.";
        return schema.TryGetProperty("anyOf", out _) ? "the root may not be an anyOf." : new StrictSchema(schema).Check(schema, "$", 1);
    }

    private string? Check(JsonElement schema, string path, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return $"{path} must be a schema object.";
        if (depth > MaxDepth)
            return $"{path} is deeper than {MaxDepth} levels.";
        foreach (var member in schema.EnumerateObject())
        {
            if (!Allowed.Contains(member.Name))
                return $"{path} uses '{member.Name}', which strict schemas do not support.";
        }

        if (IsObject(schema) && !(schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False))
            return $"{path} needs \"additionalProperties\": false.";
        return CheckEnum(schema, path) ?? CheckReference(schema, path) ?? CheckNamed(schema, path, depth) ?? CheckLists(schema, path, depth);
    }

    private static bool IsObject(JsonElement schema) => schema.TryGetProperty("type", out var type) && type.ValueKind switch
    {
        JsonValueKind.String => type.ValueEquals("object"),
        JsonValueKind.Array => type.EnumerateArray().Any(static one => one.ValueKind == JsonValueKind.String && one.ValueEquals("object")),
        _ => false,
    };

    private string? CheckEnum(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("enum", out var values))
            return null;
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)
            return $"{path}.enum must be a list of values.";
        enumValues += values.GetArrayLength();
        enumCharacters += values.EnumerateArray().Sum(static value => value.ValueKind == JsonValueKind.String ? value.GetString()!.Length : 0);
        return enumValues > MaxEnumValues ? $"the schema has more than {MaxEnumValues} enum values."
            : enumValues > ManyEnumValues && enumCharacters > MaxEnumCharacters ? $"the schema has more than {ManyEnumValues} enum values of more than {MaxEnumCharacters:N0} characters together."
            : null;
    }

    /// <summary>A reference must lead to a definition of this schema, and never back to where it stands.</summary>
    private string? CheckReference(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("$ref", out var reference))
            return null;
        var name = reference.ValueKind == JsonValueKind.String && reference.GetString() is { } text && text.StartsWith(Definitions, StringComparison.Ordinal) ? text[Definitions.Length..] : "";
        if (name.Length == 0 || !root.TryGetProperty("$defs", out var definitions) || definitions.ValueKind != JsonValueKind.Object || !definitions.TryGetProperty(name, out var target))
            return $"{path}.$ref must name one of the schema's $defs ({Definitions}NAME).";
        if (open.Contains(name))
            return $"{path}.$ref leads back to '{name}': strict schemas do not support recursion.";
        open.Push(name);
        var problem = Follow(target, path);
        open.Pop();
        return problem;
    }

    /// <summary>Looks for references inside a definition; its own rules are checked where it is defined.</summary>
    private string? Follow(JsonElement schema, string path) => schema.ValueKind switch
    {
        JsonValueKind.Object when schema.TryGetProperty("$ref", out _) => CheckReference(schema, path),
        JsonValueKind.Object => schema.EnumerateObject().Select(member => Follow(member.Value, path)).FirstOrDefault(static problem => problem is not null),
        JsonValueKind.Array => schema.EnumerateArray().Select(item => Follow(item, path)).FirstOrDefault(static problem => problem is not null),
        _ => null,
    };

    private string? CheckNamed(JsonElement schema, string path, int depth)
    {
        foreach (var name in (string[])["properties", "$defs"])
        {
            if (!schema.TryGetProperty(name, out var children))
                continue;
            if (children.ValueKind != JsonValueKind.Object)
                return $"{path}.{name} must be an object.";
            foreach (var child in children.EnumerateObject())
            {
                if (++properties > MaxProperties)
                    return $"the schema has more than {MaxProperties} properties.";
                if (Check(child.Value, $"{path}.{child.Name}", depth + 1) is { } problem)
                    return problem;
            }
        }

        return null;
    }

    private string? CheckLists(JsonElement schema, string path, int depth)
    {
        foreach (var name in (string[])["anyOf", "prefixItems"])
        {
            if (!schema.TryGetProperty(name, out var children))
                continue;
            if (children.ValueKind != JsonValueKind.Array)
                return $"{path}.{name} must be a list of schemas.";
            foreach (var child in children.EnumerateArray())
            {
                if (Check(child, $"{path}.{name}", depth + 1) is { } problem)
                    return problem;
            }
        }

        var closed = schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.False;
        if (schema.TryGetProperty("prefixItems", out _) && !closed)
            return $"{path}.prefixItems needs \"items\": false.";
        return items.ValueKind == JsonValueKind.Undefined || closed ? null : Check(items, $"{path}[]", depth + 1);
    }
}
