using Platform.V1;

namespace Platform.Maya;

/// <summary>Says a voice and an audience in the words of a prompt.</summary>
internal static class VoicePrompt
{
    private const int MostWords = 40;
    private const int MostExamples = 3;
    private const int Low = 35;
    private const int High = 65;

    private static readonly Dictionary<string, (string Less, string More)> Sliders = new(StringComparer.Ordinal)
    {
        ["formal"] = ("informal", "formal"),
        ["playful"] = ("serious", "playful"),
        ["bold"] = ("reserved", "bold"),
        ["warm"] = ("matter-of-fact", "warm"),
        ["technical"] = ("free of jargon", "technical"),
    };

    /// <summary>The lines of a voice.</summary>
    public static IEnumerable<string> Lines(Voice voice)
    {
        if (voice.Description.Length > 0)
            yield return $"The brand: {voice.Description}";
        var tones = voice.Tones.OrderBy(t => t.Key, StringComparer.Ordinal).Where(t => t.Value is <= Low or >= High)
            .Select(t => $"{(t.Value is <= 15 or >= 85 ? "very " : "")}{(t.Value >= High ? Sliders[t.Key].More : Sliders[t.Key].Less)}").ToList();
        if (tones.Count > 0)
            yield return $"Tone: {string.Join(", ", tones)}.";
        if (voice.DoWords.Count > 0)
            yield return $"Words the brand likes: {string.Join(", ", voice.DoWords.Take(MostWords))}.";
        if (voice.DontWords.Count > 0)
            yield return $"Never use: {string.Join(", ", voice.DontWords.Take(MostWords))}.";
        if (voice.ClaimsAllowed.Count > 0)
            yield return $"Make no claims but these: {string.Join("; ", voice.ClaimsAllowed.Take(MostWords))}.";
        if (voice.ClaimsBanned.Count > 0)
            yield return $"Never claim: {string.Join("; ", voice.ClaimsBanned.Take(MostWords))}.";
        if (voice.Competitors.Count > 0)
            yield return "Name no competitor.";
        foreach (var example in voice.Examples.Take(MostExamples))
            yield return $"Sounds right: <example>{example}</example>";
    }

    /// <summary>The lines of an audience.</summary>
    public static IEnumerable<string> Lines(Audience audience)
    {
        if (audience.Description.Length > 0)
            yield return $"Readers: {audience.Description}";
        if (audience.Interests.Count > 0)
            yield return $"They care about: {string.Join(", ", audience.Interests.Take(MostWords))}.";
        if (audience.Dislikes.Count > 0)
            yield return $"They are put off by: {string.Join(", ", audience.Dislikes.Take(MostWords))}.";
        if (audience.ReadingLevel.Length > 0)
            yield return audience.ReadingLevel switch
            {
                "simple" => "Write for easy reading: short sentences, common words.",
                "expert" => "The readers are experts: be precise, explain no basics.",
                _ => "Write for a general reader.",
            };
    }
}
