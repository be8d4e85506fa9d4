using System.Collections.Frozen;
using System.Globalization;

namespace Platform.Contracts.Engines;

/// <summary>
/// Members of a chat completion request that an operator may set for a model (<c>Engines:NAME:Request:FIELD</c>, or <c>Engines:NAME:Fast:Request:FIELD</c> for one tier).
/// Servers refuse members that they do not know, so only these may be named.
/// </summary>
public static class EngineRequestFields
{
    private const int MaxText = 1_024;

    private static readonly FrozenDictionary<string, Func<string, object?>> Readers = new Dictionary<string, Func<string, object?>>(StringComparer.Ordinal)
    {
        ["reasoning_effort"] = OneOf("none", "minimal", "low", "medium", "high"),
        ["reasoning_format"] = OneOf("parsed", "raw", "hidden", "none"),
        ["service_tier"] = OneOf("auto", "default", "flex", "priority"),
        ["clear_thinking"] = Flag,
        ["parallel_tool_calls"] = Flag,
        ["prompt_cache_key"] = Text,
        ["user"] = Text,
        ["seed"] = static text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        ["min_completion_tokens"] = static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        ["top_p"] = Between(0, 1),
        ["frequency_penalty"] = Between(-2, 2),
        ["presence_penalty"] = Between(-2, 2),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Fields that may be set.</summary>
    public static IEnumerable<string> Names => Readers.Keys.Order(StringComparer.Ordinal);

    /// <summary>The value as JSON has it; null when the field is unknown or the value is none of it.</summary>
    public static object? Read(string field, string value) => Readers.TryGetValue(field, out var read) ? read(value) : null;

    private static Func<string, object?> OneOf(params string[] words) => text => words.Contains(text, StringComparer.Ordinal) ? text : null;

    private static Func<string, object?> Between(decimal least, decimal most) => text =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static object? Flag(string text) => bool.TryParse(text, out var flag) ? flag : null;

    private static object? Text(string text) => text.Length is > 0 and <= MaxText ? text : null;
}
