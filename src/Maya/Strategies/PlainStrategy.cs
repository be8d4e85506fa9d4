using Platform.V1;

namespace Platform.Maya;

/// <summary>A strategy that says nothing the brief does not say: its themes are the brief's own, or its sentences; its hooks are those sentences; the call to action is the goal.</summary>
internal static class PlainStrategy
{
    private const int MostThemes = 4;
    private const int ThemeWords = 6;

    /// <summary>The strategy of a brief.</summary>
    public static CampaignStrategy Of(CampaignBrief brief)
    {
        var sentences = Sentences(brief.Brief);
        var strategy = new CampaignStrategy { Source = StrategyWords.Brief, Message = Cut(sentences.Count > 0 ? sentences[0] : brief.Name, StrategyAnswer.MaxMessage) };
        var names = brief.Themes.Count > 0 ? brief.Themes : sentences.Count == 0 ? [brief.Name] : [.. sentences.Take(MostThemes).Select(Theme).Distinct(StringComparer.OrdinalIgnoreCase)];
        foreach (var (index, name) in names.Index())
        {
            var theme = new StrategyTheme { Name = Cut(name, StrategyAnswer.MaxTheme) };
            theme.Hooks.AddRange(Hooks(brief, sentences, index));
            if (brief.Goal.Length > 0)
                theme.CallsToAction.Add(Cut(brief.Goal, StrategyAnswer.MaxCall));
            strategy.Themes.Add(theme);
        }

        return strategy;
    }

    /// <summary>A theme that is a sentence has that sentence; themes of the author share all sentences, each beginning with another.</summary>
    private static IEnumerable<string> Hooks(CampaignBrief brief, List<string> sentences, int index) => (brief.Themes.Count == 0 ? sentences.Skip(index).Take(1) : sentences.Skip(index % Math.Max(1, sentences.Count)).Concat(sentences).Distinct().Take(MostThemes))
        .Select(sentence => Cut(sentence, StrategyAnswer.MaxHook));

    private static List<string> Sentences(string text) =>
        [.. text.Split(['\n', '.', '!', '?'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(sentence => sentence.Any(char.IsLetter)).Take(MostThemes * 2)];

    private static string Theme(string sentence) => string.Join(' ', sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(ThemeWords)).TrimEnd(',', ';', ':');

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = text.LastIndexOf(' ', length);
        return end > length / 2 ? text[..end] : SafeText.Cut(text, length);
    }
}
