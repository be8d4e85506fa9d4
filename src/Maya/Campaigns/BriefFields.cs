using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Platform.Maya;

/// <summary>Fields of one YAML mapping, read by type with errors that name field, line, value and limit.</summary>
internal sealed class BriefFields(YamlMappingNode node)
{
    private const int ShownLength = 60;

    /// <summary>Refuses fields that are not in a list.</summary>
    public void AllowOnly(IReadOnlyList<string> names)
    {
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !names.Contains(name))
                throw new BriefException($"The field '{Shown(key.ToString())}' (line {key.Start.Line}) is unknown; fields are {string.Join(", ", names)}.");
        }
    }

    /// <summary>The node of a field, or null.</summary>
    public YamlNode? Find(string field) => node.Children.TryGetValue(new YamlScalarNode(field), out var value) ? value : null;

    /// <summary>A text of limited length; empty when the field is missing.</summary>
    public string Text(string field, int limit, bool required = false)
    {
        var text = Find(field) is { } value ? Scalar(field, value).Trim() : "";
        if (required && text.Length == 0)
            throw new BriefException($"{field} is missing; the brief needs it.");
        return Bounded(field, text, limit);
    }

    /// <summary>A list of texts; one text counts as a list of one.</summary>
    public List<string> List(string field, int most, int limit)
    {
        var value = Find(field);
        if (value is null)
            return [];
        if (value is not YamlSequenceNode list)
            return [Bounded(field, Scalar(field, value).Trim(), limit)];
        if (list.Children.Count > most)
            throw new BriefException($"{field} (line {value.Start.Line}) has {list.Children.Count} entries; the limit is {most}.");
        return [.. list.Children.Select(item => Bounded(field, Scalar(field, item).Trim(), limit)).Where(text => text.Length > 0)];
    }

    /// <summary>A number within limits.</summary>
    public double Number(string field, double fallback, double least, double most)
    {
        if (Find(field) is not { } value)
            return fallback;
        var text = Scalar(field, value);
        var whole = most == Math.Floor(most) && field != "budget_usd";
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) || number < least || number > most || (whole && number != Math.Floor(number)))
            throw Wrong(field, text, string.Create(CultureInfo.InvariantCulture, $"it must be a {(whole ? "whole " : "")}number from {least} to {most}"));
        return number;
    }

    /// <summary>One word of a list.</summary>
    public string OneOf(string field, IReadOnlyList<string> allowed, string fallback)
    {
        var text = Text(field, ShownLength);
        if (text.Length == 0)
            return fallback;
        return allowed.FirstOrDefault(a => a.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw Wrong(field, text, $"use one of {string.Join(", ", allowed)}");
    }

    /// <summary>An error about the value of a field.</summary>
    public BriefException Wrong(string field, string value, string advice) =>
        new($"{field}{(Find(field) is { } at ? $" (line {at.Start.Line})" : "")} is '{Shown(value)}'; {advice}.");

    /// <summary>The text of a scalar node.</summary>
    public static string Scalar(string field, YamlNode value) => value is YamlScalarNode scalar
        ? scalar.Value ?? ""
        : throw new BriefException($"{field} (line {value.Start.Line}) must be a single value, not a {(value is YamlSequenceNode ? "list" : "group of fields")}.");

    private static string Bounded(string field, string text, int limit)
    {
        if (text.Length > limit)
            throw new BriefException($"{field} has {text.Length:N0} characters; the limit is {limit:N0}.");
        if (text.Contains('\0') || text.Contains('\ufffd') || SafeText.FirstLoneSurrogate(text) >= 0)
            throw new BriefException($"{field} holds a character that is not valid text (NUL, U+FFFD or half of a surrogate pair).");
        return text;
    }

    private static string Shown(string value) => value.Length <= ShownLength ? value : value[..ShownLength] + "…";
}
