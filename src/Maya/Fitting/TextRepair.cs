using System.Text;

namespace Platform.Maya;

/// <summary>Mends what makes a text invalid besides its length: forbidden characters, too many hashtags, mentions or links.</summary>
internal static class TextRepair
{
    /// <summary>The mended text; says in <paramref name="steps"/> what was done.</summary>
    /// <param name="rules">Rules of the platform.</param>
    /// <param name="text">Any text.</param>
    /// <param name="dropLinks">Whether surplus links may go; a thread spreads them over its parts instead.</param>
    /// <param name="steps">Receives what was done.</param>
    public static string Repair(PlatformRules rules, string text, bool dropLinks, List<string> steps)
    {
        var result = Printable(rules, text, steps).Trim();
        if (rules.MaxHashtags > 0)
            result = Without(result, [.. XText.Hashtags(result).Skip(rules.MaxHashtags).Select(h => (h.Start, h.Start + 1))], "the sign of surplus hashtags", steps);
        if (rules.MaxMentions > 0)
            result = Without(result, [.. PlainMentions.Find(result).Skip(rules.MaxMentions).Select(m => (m.Start, m.Start + 1))], "the sign of surplus mentions", steps);
        if (rules.MaxUniqueLinks > 0 && dropLinks)
            result = Without(result, SurplusLinks(rules, result), "surplus links", steps);
        return result;
    }

    private static string Printable(PlatformRules rules, string text, List<string> steps)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (SafeText.IsPair(text, i))
                clean.Append(text[i++]).Append(text[i]);
            else if (!char.IsSurrogate(text[i]) && !XCharacters.IsInvalid(text[i]))
                clean.Append(Allowed(rules, text[i]));
        }

        var result = clean.ToString();
        if (result != text)
            steps.Add("Took out or replaced characters that cannot be posted.");
        return result;
    }

    /// <summary>Angle brackets have look-alikes; anything else that is forbidden becomes a space.</summary>
    private static char Allowed(PlatformRules rules, char c) => !rules.Forbidden.Contains(c) ? c : c switch { '<' => '‹', '>' => '›', _ => ' ' };

    private static List<(int, int)> SurplusLinks(PlatformRules rules, string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var surplus = new List<(int, int)>();
        foreach (var url in XText.Urls(text))
        {
            if (seen.Contains(url.Value) || seen.Count < rules.MaxUniqueLinks)
                seen.Add(url.Value);
            else
                surplus.Add((url.Start, url.End));
        }

        return surplus;
    }

    private static string Without(string text, IReadOnlyList<(int Start, int End)> spans, string what, List<string> steps)
    {
        if (spans.Count == 0)
            return text;
        var result = new StringBuilder(text);
        foreach (var (start, end) in spans.Reverse())
            result.Remove(start, end - start);
        steps.Add($"Removed {what}: {spans.Count}.");
        return result.ToString();
    }
}
