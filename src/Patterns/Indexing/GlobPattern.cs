using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Platform.Patterns;

/// <summary>A pattern of an ignore file as a regular expression. Whatever stands in a file, the expression is one: what cannot match is left out, as git does.</summary>
internal static class GlobPattern
{
    private const string Nothing = "(?!)";

    private static readonly FrozenDictionary<string, string> Named = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["digit"] = "0-9",
        ["lower"] = "a-z",
        ["upper"] = "A-Z",
        ["space"] = @"\s",
        ["punct"] = @"!-.:-@\[-`{-~",
        ["xdigit"] = "0-9A-Fa-f",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The expression; null for a pattern that git never matches, such as one with a bracket that does not close.</summary>
    /// <param name="pattern">The pattern, without marks at its ends.</param>
    /// <param name="anchored">Whether it is tied to its folder.</param>
    public static string? Of(string pattern, bool anchored)
    {
        var regex = new StringBuilder(anchored ? "^" : "(^|/)");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                var slash = i + 2 < pattern.Length && pattern[i + 2] == '/';
                regex.Append(slash ? "(.*/)?" : ".*");
                i += slash ? 2 : 1;
            }
            else if (pattern[i] == '[')
            {
                if (ClassEnd(pattern, i) is not { } close)
                    return null;
                regex.Append(Class(pattern[(i + 1)..close]));
                i = close;
            }
            else if (pattern[i] == '\\')
            {
                // Git matches nothing with a backslash at the end.
                if (++i == pattern.Length)
                    return null;
                regex.Append(Literal(pattern[i]));
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Literal(c) });
            }
        }

        return regex.Append('$').ToString();
    }

    /// <summary>Where a class ends; a bracket at its beginning is one of its characters.</summary>
    private static int? ClassEnd(string pattern, int open)
    {
        var i = open + 1;
        if (i < pattern.Length && pattern[i] is '!' or '^')
            i++;
        for (var first = i; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (pattern[i] == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':' && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is >= 0 and var end)
                i = end + 1;
            else if (pattern[i] == ']' && i > first)
                return i;
        }

        return null;
    }

    private static string Class(string inside)
    {
        var negated = inside[0] is '!' or '^';
        var set = new StringBuilder();
        for (var i = negated ? 1 : 0; i < inside.Length; i++)
        {
            if (inside[i] == '[' && i + 1 < inside.Length && inside[i + 1] == ':' && inside.IndexOf(":]", i + 2, StringComparison.Ordinal) is >= 0 and var end)
            {
                set.Append(Named.GetValueOrDefault(inside[(i + 2)..end], ""));
                i = end + 1;
                continue;
            }

            var from = Next(inside, ref i);
            if (i + 2 >= inside.Length || inside[i + 1] != '-')
            {
                set.Append(Literal(from));
                continue;
            }

            i += 2;
            var to = Next(inside, ref i);
            if (from <= to)
                set.Append(Literal(from)).Append('-').Append(Literal(to));
        }

        return negated ? $"[^/{set}]" : set.Length == 0 ? Nothing : $"(?!/)[{set}]";
    }

    private static char Next(string text, ref int i) => text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i];

    /// <summary>By its number: no character means anything of its own then, inside a class or outside.</summary>
    private static string Literal(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
}
