using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>How a text is to be adjusted.</summary>
/// <param name="Tone">"formal", "casual" or "calm"; empty keeps the tone.</param>
/// <param name="Shorter">Whether to say the same in fewer words.</param>
/// <param name="Limit">Longest text in the platform's own unit; null for the platform's limit.</param>
/// <param name="PlainText">Whether emoji go.</param>
public sealed record TextAdjustment(string Tone = "", bool Shorter = false, int? Limit = null, bool PlainText = false);

/// <summary>An adjusted text.</summary>
/// <param name="Text">The text; the original when nothing could be done.</param>
/// <param name="Steps">What was changed, in words.</param>
/// <param name="Length">Length as the platform counts.</param>
/// <param name="Problem">Why it does not fit, or null.</param>
/// <param name="Ms">Time taken, in milliseconds.</param>
public sealed record AdjustedText(string Text, IReadOnlyList<string> Steps, int Length, string? Problem, double Ms);

/// <summary>
/// Changes tone and length of English text by rule, in a few milliseconds and without an engine. Links, mentions, tags and numbers stay; what rules cannot
/// do well they leave alone.
/// </summary>
public static partial class TextAdjuster
{
    /// <summary>Tones that rules can strike.</summary>
    public static readonly IReadOnlyList<string> Tones = ["formal", "casual", "calm"];

    private const int ShortestLimit = 10;
    private static readonly Dictionary<string, PhraseList> Lists = Tones.Append("brief").ToDictionary(name => name, name => new PhraseList($"Adjusting/{name}.txt"), StringComparer.Ordinal);

    /// <summary>A text in another tone, links, mentions, tags and numbers as they are.</summary>
    internal static string InTone(string text, string tone, List<string> steps) => Apply(text, tone, $"{tone} tone", tone == "calm" ? Quiet : Nothing, steps);

    /// <summary>Adjusts a text.</summary>
    /// <param name="platform">Platform, whose rules the result obeys.</param>
    /// <param name="text">Any text.</param>
    /// <param name="how">What to do.</param>
    /// <exception cref="ArgumentException">Platform or tone is unknown, or the limit is out of range.</exception>
    public static AdjustedText Adjust(string platform, string text, TextAdjustment how)
    {
        var start = Stopwatch.GetTimestamp();
        var rules = ContentRules.Of(platform);
        if (how.Tone.Length > 0 && !Tones.Contains(how.Tone))
            throw new ArgumentException($"tone is '{SafeText.Cut(how.Tone, 40)}'; use one of {string.Join(", ", Tones)}.");
        if (how.Limit is { } limit && (limit < ShortestLimit || limit > rules.Limit))
            throw new ArgumentException($"limit is {limit}; it must be {ShortestLimit} to {rules.Limit} on {rules.Title}.");
        var steps = new List<string>();
        var result = text;
        if (how.Tone.Length > 0)
            result = InTone(result, how.Tone, steps);
        if (how.PlainText)
            result = WithoutEmoji(result, steps);
        if (how.Shorter)
            result = Apply(result, "brief", "fewer words", Nothing, steps);
        var fit = TextFit.Fit(rules, result, limit: how.Limit);
        steps.AddRange(fit.Steps);
        result = fit.IsFitted ? fit.Parts[0] : result;
        return new(result, steps, rules.Count(result), fit.Problem, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The text without emoji and the gaps they leave.</summary>
    internal static string WithoutEmoji(string text)
    {
        var (from, kept) = (0, new StringBuilder(text.Length));
        for (var at = TextSigns.FirstEmoji(text, 0); at >= 0; at = TextSigns.FirstEmoji(text, from))
        {
            kept.Append(text, from, at - from);
            from = at + EmojiSequences.LengthAt(text, at);
        }

        return from == 0 ? text : Gaps().Replace(kept.Append(text, from, text.Length - from).ToString(), " ").Trim();
    }

    private static string WithoutEmoji(string text, List<string> steps)
    {
        var result = WithoutEmoji(text);
        if (result != text)
            steps.Add("Took out emoji.");
        return result;
    }

    private static string Apply(string text, string list, string what, Func<string, (string, int)> signs, List<string> steps)
    {
        var (result, changes) = PhraseRewriter.Rewrite(text, Lists[list], signs);
        if (changes > 0 && result.Length > 0)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"Changed {changes} places for {what}."));
        return result.Length > 0 ? result : text;
    }

    private static (string Text, int Changes) Nothing(string piece) => (piece, 0);

    private static (string Text, int Changes) Quiet(string piece) => (Shouts().Replace(piece, match => match.Value.Contains('?') ? "?" : "."), Shouts().Count(piece));

    [GeneratedRegex(@"[!?]*![!?]*", RegexOptions.CultureInvariant)]
    private static partial Regex Shouts();

    [GeneratedRegex(@"[ \t]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Gaps();
}
