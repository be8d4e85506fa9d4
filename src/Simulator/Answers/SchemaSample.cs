using System.Text.Json;
using Platform.Simulator.Http;

namespace Platform.Simulator.Answers;

/// <summary>
/// Writes an instance of a JSON schema: keys in schema order, enum values drawn, texts chosen by the name of their field.
/// Covers the strict subset that the engines take; what it does not know becomes null.
/// </summary>
internal sealed class SchemaSample
{
    private const int MaxDepth = 32;

    private readonly JsonElement root;
    private readonly PromptFacts facts;
    private Dice dice;

    private SchemaSample(JsonElement root, PromptFacts facts, Dice dice)
    {
        this.root = root;
        this.facts = facts;
        this.dice = dice;
    }

    public static string Write(JsonElement schema, PromptFacts facts, ref Dice dice)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "{}";
        var sample = new SchemaSample(schema, facts, dice);
        dice.Next();
        return JsonText.Text(json => sample.Node(json, schema, "", 0));
    }

    public static bool IsPath(string name) => name.Contains("path", StringComparison.OrdinalIgnoreCase) || name.Contains("file", StringComparison.OrdinalIgnoreCase);

    private void Node(Utf8JsonWriter json, JsonElement schema, string name, int depth)
    {
        schema = Resolve(schema);
        if (depth > MaxDepth || schema.ValueKind != JsonValueKind.Object)
            json.WriteNullValue();
        else if (schema.TryGetProperty("const", out var constant))
            constant.WriteTo(json);
        else if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
            values[dice.Below(values.GetArrayLength())].WriteTo(json);
        else if (schema.TryGetProperty("anyOf", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
            Node(json, choices[0], name, depth + 1);
        else
            Typed(json, schema, name, depth);
    }

    private void Typed(Utf8JsonWriter json, JsonElement schema, string name, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                Members(json, schema, depth);
                break;
            case "array":
                Items(json, schema, name, depth);
                break;
            case "string":
                json.WriteStringValue(FieldText.Write(name, facts, ref dice));
                break;
            case "integer":
                json.WriteNumberValue((long)Number(schema, dice.Below(10) + 1));
                break;
            case "number":
                json.WriteNumberValue(Math.Round(Number(schema, 0.5 + (dice.Unit() / 2)), 2));
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private void Members(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        json.WriteStartObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                Node(json, property.Value, property.Name, depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private void Items(Utf8JsonWriter json, JsonElement schema, string name, int depth)
    {
        json.WriteStartArray();
        if (schema.TryGetProperty("prefixItems", out var prefix) && prefix.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in prefix.EnumerateArray())
                Node(json, item, name, depth + 1);
        }
        else if (schema.TryGetProperty("items", out var items))
        {
            // Only the outermost list has the asked number of items, or nested lists would multiply it.
            for (var count = depth <= 2 ? facts.Count : 1; count > 0; count--)
                Node(json, items, name, depth + 1);
        }

        json.WriteEndArray();
    }

    private static double Number(JsonElement schema, double wish)
    {
        if (schema.TryGetProperty("minimum", out var least) && least.TryGetDouble(out var low))
            wish = Math.Max(wish, low);
        if (schema.TryGetProperty("exclusiveMinimum", out var above) && above.TryGetDouble(out var floor))
            wish = Math.Max(wish, floor + 1);
        if (schema.TryGetProperty("maximum", out var most) && most.TryGetDouble(out var high))
            wish = Math.Min(wish, high);
        return wish;
    }

    private JsonElement Resolve(JsonElement schema)
    {
        for (var hops = 0; hops < MaxDepth && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference); hops++)
        {
            if (reference.ValueKind != JsonValueKind.String || !reference.GetString()!.StartsWith("#/", StringComparison.Ordinal))
                return default;
            schema = root;
            foreach (var step in reference.GetString()![2..].Split('/'))
            {
                if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty(step, out schema))
                    return default;
            }
        }

        return schema;
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        if (type.ValueKind == JsonValueKind.Array)
            type = type.EnumerateArray().FirstOrDefault(item => item.ValueKind == JsonValueKind.String && !item.ValueEquals("null"));
        return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }
}
