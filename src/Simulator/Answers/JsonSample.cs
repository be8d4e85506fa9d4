using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Simulator.Http;

namespace Platform.Simulator.Answers;

/// <summary>JSON for prompts that ask for it in words only: shaped like the example that the prompt shows, if there is one.</summary>
internal static partial class JsonSample
{
    public static string Array(PromptFacts facts, ref Dice dice)
    {
        var names = Names(facts);
        var rolls = dice;
        dice.Next();
        return JsonText.Text(json =>
        {
            json.WriteStartArray();
            for (var index = 0; index < facts.Count; index++)
            {
                if (names.Count == 0)
                    json.WriteStringValue(PostText.Write(facts, ref rolls));
                else
                    WriteObject(json, names, index, facts, ref rolls);
            }

            json.WriteEndArray();
        });
    }

    public static string Object(PromptFacts facts, ref Dice dice)
    {
        var names = Names(facts);
        var rolls = dice;
        dice.Next();
        return JsonText.Text(json =>
        {
            if (names.Count > 0)
            {
                WriteObject(json, names, 0, facts, ref rolls);
                return;
            }

            json.WriteStartObject();
            json.WriteBoolean("simulated", true);
            json.WriteString("answer", FieldText.Write("answer", facts, ref rolls));
            json.WriteEndObject();
        });
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<string> names, int index, PromptFacts facts, ref Dice dice)
    {
        json.WriteStartObject();
        foreach (var name in names)
        {
            if (name is "index" or "id" or "number" or "slot" or "variant")
                json.WriteNumber(name, index + 1);
            else if (name.Contains("score", StringComparison.Ordinal) || name is "confidence")
                json.WriteNumber(name, Math.Round(0.5 + (dice.Unit() / 2), 2));
            else
                json.WriteString(name, FieldText.Write(name, facts, ref dice));
        }

        json.WriteEndObject();
    }

    /// <summary>The keys of the example object that the task shows.</summary>
    private static List<string> Names(PromptFacts facts)
    {
        var example = Example().Match(facts.Task);
        return example.Success ? [.. Key().Matches(example.Value).Select(match => match.Groups[1].Value).Distinct().Take(20)] : [];
    }

    [GeneratedRegex(@"\{\s*""[A-Za-z_][^{}]*\}")]
    private static partial Regex Example();

    [GeneratedRegex(@"""([A-Za-z_][A-Za-z0-9_]*)""\s*:")]
    private static partial Regex Key();
}
