using System.Globalization;

namespace Platform.Maya;

/// <summary>One change, with the advice behind it.</summary>
internal sealed record AppliedAdvice(string What, string Before, string After, Advice Advice);

/// <summary>A text and slot after what performed was applied.</summary>
internal sealed record OptimisedText(string Text, DateTimeOffset? Slot, IReadOnlyList<AppliedAdvice> Changes, IReadOnlyList<Advice> Hints);

/// <summary>
/// Applies advice to a text where a rule can do it without inventing anything: the slot, hashtags, emoji, length and the first line. What needs a writer is
/// handed back as hints; the prompt of a generated post carries the same.
/// </summary>
internal static class TextOptimiser
{
    private const double MinSentenceShare = 0.2;

    /// <summary>Applies advice.</summary>
    /// <param name="rules">Rules of the platform.</param>
    /// <param name="text">The text.</param>
    /// <param name="slot">Planned slot, or null.</param>
    /// <param name="advice">Advice, strongest first.</param>
    /// <param name="quiet">Hours that no slot may be moved into.</param>
    public static OptimisedText Apply(PlatformRules rules, string text, DateTimeOffset? slot, IReadOnlyList<Advice> advice, QuietHours? quiet)
    {
        var (now, at, changes, hints) = (text, slot, new List<AppliedAdvice>(), new List<Advice>());
        foreach (var each in advice)
        {
            var have = PostFeatures.Of(rules, now, at);
            var (kind, _) = PostFeatures.Split(each.Feature);
            if (have.Contains(each.Feature) == each.Prefers)
                continue;
            if (kind == "hour")
            {
                if (at is { } planned && BestHour(planned, each, advice, quiet) is { } better)
                {
                    changes.Add(new("slot", Time(planned), Time(better), each));
                    at = better;
                }

                continue;
            }

            if (Rewrite(rules, now, each, advice) is { } after && after != now && IsBetter(rules, after, each))
            {
                changes.Add(new(kind, now, after, each));
                now = after;
            }
            else if (each.Prefers)
            {
                hints.Add(each);
            }
        }

        return new(now, at, changes, hints);
    }

    /// <summary>The same day at a better hour; an hour that is advised against gives way to the best that is preferred.</summary>
    private static DateTimeOffset? BestHour(DateTimeOffset planned, Advice advice, IReadOnlyList<Advice> all, QuietHours? quiet)
    {
        if (all.Any(a => a.Prefers && a.Feature == PostFeatures.Hour(planned.Hour)))
            return null;
        var wanted = advice.Prefers ? advice : all.FirstOrDefault(a => a.Prefers && a.Feature.StartsWith("hour=", StringComparison.Ordinal));
        if (wanted is null)
            return null;
        var hour = int.Parse(PostFeatures.Split(wanted.Feature).Value, CultureInfo.InvariantCulture);
        var better = planned.AddHours(hour - planned.Hour);
        return quiet?.Contains(better) == true ? null : better;
    }

    private static string? Rewrite(PlatformRules rules, string text, Advice advice, IReadOnlyList<Advice> all) => PostFeatures.Split(advice.Feature) switch
    {
        ("hashtags", var band) => FewerTags(text, advice.Prefers ? MostTags(band) : band == "3+" ? 2 : 0),
        ("emoji", "no") when advice.Prefers => TextAdjuster.WithoutEmoji(text),
        ("emoji", "yes") when !advice.Prefers => TextAdjuster.WithoutEmoji(text),
        ("length", var band) => Shorter(rules, text, advice.Prefers ? band : BetterBand(band, all)),
        ("opening", "short") when advice.Prefers => BreakAfterFirstSentence(text),
        ("opening", "long") when !advice.Prefers => BreakAfterFirstSentence(text),
        _ => null,
    };

    private static bool IsBetter(PlatformRules rules, string after, Advice advice) =>
        ContentRules.Check(rules, after).IsValid && PostFeatures.Of(rules, after, null).Contains(advice.Feature) == advice.Prefers;

    private static int MostTags(string band) => band switch { "none" => 0, "1-2" => 2, _ => int.MaxValue };

    /// <summary>Tags from the end are taken out; one inside a sentence only loses its sign, for the sentence needs the word.</summary>
    private static string FewerTags(string text, int most)
    {
        var (end, trailing, signs) = (text.Length, true, new HashSet<int>());
        foreach (var tag in XText.Hashtags(text).Skip(most).Reverse())
        {
            trailing &= text.AsSpan(tag.End..end).IsWhiteSpace();
            if (trailing)
                end = text.AsSpan(0, tag.Start).TrimEnd().Length;
            else
                signs.Add(tag.Start);
        }

        return string.Concat(text.Take(end).Where((_, at) => !signs.Contains(at)));
    }

    private static string? BetterBand(string avoided, IReadOnlyList<Advice> all) =>
        all.FirstOrDefault(a => a.Prefers && a.Feature.StartsWith("length=", StringComparison.Ordinal)) is { } better ? PostFeatures.Split(better.Feature).Value
        : avoided == "long" ? "medium" : null;

    /// <summary>Shortens to a band; a text cannot be made longer by rule.</summary>
    private static string? Shorter(PlatformRules rules, string text, string? band)
    {
        var (brief, medium) = PostFeatures.Bands(rules);
        if (band is not ("short" or "medium"))
            return null;
        var limit = band == "short" ? brief : medium;
        return rules.Count(text) <= limit ? null : TextFit.Fit(rules, text, limit: limit) is { IsFitted: true } fit ? fit.Parts[0] : null;
    }

    private static string? BreakAfterFirstSentence(string text)
    {
        var first = TextPieces.Of(text).FirstOrDefault(p => p.Ends >= PieceEnd.Sentence);
        return first.End > 0 && first.End <= PostFeatures.ShortOpening && first.End < text.Length && first.End >= PostFeatures.ShortOpening * MinSentenceShare
            ? $"{text[..first.End]}\n\n{text[first.End..].TrimStart()}"
            : null;
    }

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
