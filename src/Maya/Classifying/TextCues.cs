using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>
/// Signs that a few hundred examples cannot teach: words grouped by what they are about, with negation, and the form of a text
/// (a question, a time of day, a large number, its length).
/// </summary>
internal static partial class TextCues
{
    private const int NegationReach = 3;
    private static readonly Dictionary<string, List<string>> Groups = [];
    private static readonly Dictionary<(char, char), List<(string Stem, string Group)>> Stems = [];

    static TextCues()
    {
        foreach (var line in EmbeddedLines.Of("Classifying/cues.txt"))
        {
            var (group, words) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..]);
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.EndsWith('*'))
                    AddStem(word[..^1], group);
                else if (Groups.TryGetValue(word, out var known))
                    known.Add(group);
                else
                    Groups[word] = [group];
            }
        }
    }

    /// <summary>Names of the signs that a text shows.</summary>
    /// <param name="words">Its words, lower case.</param>
    /// <param name="text">The text.</param>
    public static IEnumerable<string> Of(IReadOnlyList<string> words, string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            foreach (var group in GroupsOf(words[i]))
            {
                var name = group is "good" or "bad" && IsNegated(words, i) ? $"un{group}" : group;
                counts[name] = counts.GetValueOrDefault(name) + 1;
                if (i == 0)
                    yield return $"first={name}";
            }
        }

        foreach (var (name, count) in counts)
        {
            yield return name;
            if (count >= 2)
                yield return $"{name}+";
            if (count >= 4)
                yield return $"{name}++";
        }

        yield return Balance(counts);
        foreach (var sign in Form(words.Count, text))
            yield return sign;
    }

    private static string Balance(Dictionary<string, int> counts)
    {
        var tone = counts.GetValueOrDefault("good") + counts.GetValueOrDefault("unbad") - counts.GetValueOrDefault("bad") - counts.GetValueOrDefault("ungood");
        return $"tone={Math.Clamp(tone, -2, 2)}";
    }

    private static IEnumerable<string> Form(int words, string text)
    {
        yield return $"length={(int)Math.Log2(words + 1)}";
        if (text.TrimEnd().EndsWith('?'))
            yield return "ends?";
        if (text.Contains('?'))
            yield return "has?";
        if (text.Contains('!'))
            yield return "has!";
        if (Time().IsMatch(text))
            yield return "time";
        if (Money().IsMatch(text))
            yield return "money";
        if (LargeNumber().IsMatch(text))
            yield return "large";
        if (text.AsSpan().ContainsAnyInRange('0', '9'))
            yield return "digit";
    }

    private static IEnumerable<string> GroupsOf(string word)
    {
        if (Groups.TryGetValue(word, out var groups))
        {
            foreach (var group in groups)
                yield return group;
        }

        if (word.Length < 2 || !Stems.TryGetValue((word[0], word[1]), out var stems))
            yield break;
        foreach (var (stem, group) in stems)
        {
            if (word.StartsWith(stem, StringComparison.Ordinal))
                yield return group;
        }
    }

    private static void AddStem(string stem, string group)
    {
        if (Stems.TryGetValue((stem[0], stem[1]), out var known))
            known.Add((stem, group));
        else
            Stems[(stem[0], stem[1])] = [(stem, group)];
    }

    private static bool IsNegated(IReadOnlyList<string> words, int at)
    {
        for (var i = Math.Max(0, at - NegationReach); i < at; i++)
        {
            if (Groups.TryGetValue(words[i], out var groups) && groups.Contains("negation"))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"\b\d{1,2}(:\d\d)?\s?(am|pm|uhr|h)\b|\b\d{1,2}:\d\d\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"[$€£]\s?\d|\d\s?(%|percent|euro|euros|dollars|usd|eur)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Money();

    [GeneratedRegex(@"\d{1,3}([,.]\d{3})+|\d{4,}|\b(hundred|thousand|million|billion)|\b\d+[km]\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LargeNumber();
}
