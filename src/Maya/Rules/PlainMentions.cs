using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Mentions as most platforms write them: '@' and a name that may hold dots and dashes, with a server where there is one.</summary>
internal static partial class PlainMentions
{
    /// <summary>The mentions of a text, in order.</summary>
    public static IReadOnlyList<(int Start, int End)> Find(string text) =>
        text.Contains('@') ? [.. Pattern().Matches(text).Select(m => (m.Index, m.Index + m.Length))] : [];

    [GeneratedRegex(@"(?<![\w@/.])[@\uff20][\p{L}\p{Nd}_]+(?:[.-][\p{L}\p{Nd}_]+)*(?:@[\p{L}\p{Nd}_]+(?:[.-][\p{L}\p{Nd}_]+)*)?", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
