using System.Globalization;
using System.Text.Json;
using Platform.Simulator.Http;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.Simulator.Scripts;

/// <summary>One node of a script with its line, read by key.</summary>
internal sealed class ScriptNode
{
    private readonly YamlNode node;

    private ScriptNode(YamlNode node) => this.node = node;

    public string? Scalar => (node as YamlScalarNode)?.Value;

    public static ScriptNode Parse(string text)
    {
        try
        {
            if (text.AsSpan().TrimStart() is ['{' or '[', ..])
            {
                using var json = JsonDocument.Parse(text);
                return new(FromJson(json.RootElement));
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return new(stream.Documents.Count == 1 ? stream.Documents[0].RootNode : throw new SimulatorScriptException("script: one document is expected; a good start is 'rules:'"));
        }
        catch (YamlException problem)
        {
            throw new SimulatorScriptException($"script line {problem.Start.Line}: {problem.Message}");
        }
        catch (JsonException problem)
        {
            throw new SimulatorScriptException($"script line {problem.LineNumber + 1}: {problem.Message}");
        }
    }

    public SimulatorScriptException Problem(string text) => new(node.Start.Line > 0 ? $"script line {node.Start.Line}: {text}" : $"script: {text}");

    public void Allow(params string[] keys)
    {
        if (node is not YamlMappingNode map)
            throw Problem($"a mapping with the keys {string.Join(", ", keys)} is expected");
        foreach (var key in map.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !keys.Contains(name))
                throw new ScriptNode(key).Problem($"unknown key '{key}'; known are {string.Join(", ", keys)}");
        }
    }

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var other => throw new ScriptNode(other).Problem($"{key}: a text is expected"),
    };

    /// <summary>A text or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string key) => Find(key) is YamlScalarNode { Value: { } single }
        ? [single]
        : [.. List(key).Select(item => item.Scalar ?? throw item.Problem($"{key}: a text is expected"))];

    public IReadOnlyList<ScriptNode> List(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(item => new ScriptNode(item))],
        var other => throw new ScriptNode(other).Problem($"{key}: a list is expected"),
    };

    /// <summary>A JSON object as text: written as a mapping, or as JSON in a string.</summary>
    public string Json(string key) => Find(key) switch
    {
        null => "{}",
        YamlScalarNode { Value: { } text } => IsJsonObject(text) ? text : throw Problem($"{key}: a mapping or a JSON object is expected"),
        var other => JsonText.Text(json => WriteJson(json, other)),
    };

    private YamlNode? Find(string key)
    {
        if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(key), out var value))
            return null;
        return value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } ? null : value;
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static YamlNode FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new YamlMappingNode(json.EnumerateObject().SelectMany(property => (YamlNode[])[new YamlScalarNode(property.Name), FromJson(property.Value)])),
        JsonValueKind.Array => new YamlSequenceNode(json.EnumerateArray().Select(FromJson)),
        JsonValueKind.String => new YamlScalarNode(json.GetString()) { Style = ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(json.GetRawText()) { Style = ScalarStyle.Plain },
    };

    private static void WriteJson(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Children)
                {
                    json.WritePropertyName(key.ToString());
                    WriteJson(json, value);
                }

                json.WriteEndObject();
                break;
            case YamlSequenceNode list:
                json.WriteStartArray();
                foreach (var item in list.Children)
                    WriteJson(json, item);
                json.WriteEndArray();
                break;
            default:
                WriteScalar(json, (YamlScalarNode)node);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            json.WriteStringValue(text);
        else if (text is "true" or "false")
            json.WriteBooleanValue(text == "true");
        else if (text is "" or "~" or "null")
            json.WriteNullValue();
        else if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(text);
    }
}
