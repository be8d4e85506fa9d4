using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>A scene of a video.</summary>
/// <param name="Start">Second at which it begins.</param>
/// <param name="Seconds">How long it takes.</param>
/// <param name="Spoken">What is said.</param>
/// <param name="OnScreen">What is written on the screen.</param>
/// <param name="Cue">What is seen.</param>
public sealed record VideoScene(double Start, double Seconds, string Spoken, string OnScreen, string Cue);

/// <summary>Makes a video script of a post: scenes with spoken words, words on the screen and visual cues that follow from the text alone. English.</summary>
public static partial class VideoScript
{
    private const double LeastSeconds = 2;
    private const double WordsASecond = 2.5;
    private const int OnScreenWords = 7;
    private const int MostScenes = 60;

    /// <summary>The scenes of a text.</summary>
    /// <exception cref="ArgumentException">The text is longer than 65,536 characters, or nothing of it can be spoken.</exception>
    public static IReadOnlyList<VideoScene> Of(string text)
    {
        var spoken = SpokenVersion.Of(text);
        if (spoken.Sentences.Count == 0)
            throw new ArgumentException("text has nothing that can be spoken; give words.");
        var scenes = new List<VideoScene>();
        var start = 0.0;
        foreach (var (index, sentence) in spoken.Sentences.Take(MostScenes).Index())
        {
            var seconds = Math.Round(Math.Max(LeastSeconds, (SpokenVersion.CountWords(sentence) / WordsASecond) + 0.5), 1);
            scenes.Add(new(Math.Round(start, 1), seconds, sentence, OnScreen(sentence), Cue(sentence, index, spoken.Sentences.Count)));
            start += seconds;
        }

        if (spoken.Dropped.Count > 0)
            scenes.Add(new(Math.Round(start, 1), LeastSeconds, "", spoken.Dropped[0], "End card with the link and the logo."));
        return scenes;
    }

    private static string OnScreen(string sentence)
    {
        var words = sentence.TrimEnd('.', '!').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= OnScreenWords ? string.Join(' ', words) : $"{string.Join(' ', words.Take(OnScreenWords))}…";
    }

    private static string Cue(string sentence, int index, int count) => sentence switch
    {
        _ when index == 0 && sentence.EndsWith('?') => "Presenter close to the camera, asks straight into it.",
        _ when index == 0 => $"Opening shot that shows the subject at once: {Subject(sentence)}.",
        _ when sentence.EndsWith('?') => "Cut to the presenter, who asks and waits a beat.",
        _ when Figures().IsMatch(sentence) => "The figure grows large on the screen.",
        _ when TextSigns.HasCall(sentence) && index == count - 1 => "Presenter points down to the link; button appears.",
        _ when index == count - 1 => "Slow pull back, logo fades in.",
        _ => $"Close-up: {Subject(sentence)}.",
    };

    /// <summary>The longest words of a sentence, in order: what a camera could be pointed at.</summary>
    private static string Subject(string sentence)
    {
        var words = Word().Matches(sentence).Select(m => m.Value).ToList();
        var kept = words.OrderByDescending(w => w.Length).Take(3).ToHashSet(StringComparer.Ordinal);
        return string.Join(' ', words.Where(kept.Contains).Distinct()).ToLowerInvariant();
    }

    [GeneratedRegex(@"\b(percent|dollars|euros|pounds|hundred|thousand|million|billion|point|times)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Figures();

    [GeneratedRegex(@"\p{L}{4,}", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
