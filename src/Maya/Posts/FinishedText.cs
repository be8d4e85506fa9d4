namespace Platform.Maya;

/// <summary>Holds a text that somebody finished to the rules of its platform: as one text, or as a thread where it may be one.</summary>
internal static class FinishedText
{
    /// <summary>The parts of a thread; none when it is one text.</summary>
    /// <param name="rules">Rules of the platform.</param>
    /// <param name="text">The text, without marks.</param>
    /// <param name="parts">Its parts, when somebody has made them already.</param>
    /// <param name="most">Most parts when it may be split; 0 when it may not.</param>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    public static IReadOnlyList<string> Check(PlatformRules rules, string text, IReadOnlyList<string> parts, int most)
    {
        if (parts.Count > 1)
            return Made(rules, parts);
        var verdict = ContentRules.Check(rules, text);
        if (verdict.IsValid)
            return [];
        if (most < 2 || !rules.Thread)
            throw new ArgumentException($"text does not fit {rules.Title}: {verdict.Problems[0]}");
        var split = TextFit.Fit(rules, text, thread: true);
        return split.IsFitted && split.Parts.Count <= most ? split.Parts
            : throw new ArgumentException($"text does not fit {rules.Title} as a thread: {split.Problem ?? $"it has {split.Parts.Count} parts; the limit is {most}."}");
    }

    /// <summary>Refuses a number of parts that cannot be.</summary>
    /// <exception cref="ArgumentException">It is neither 0 nor in range.</exception>
    public static void CheckParts(int most)
    {
        if (most is not 0 and (< 2 or > TextFit.MostParts))
            throw new ArgumentException($"thread_parts is {most}; use 2 to {TextFit.MostParts}, or 0 for one text.");
    }

    private static IReadOnlyList<string> Made(PlatformRules rules, IReadOnlyList<string> parts)
    {
        if (!rules.Thread)
            throw new ArgumentException($"parts are given, and {rules.Title} has no threads.");
        if (parts.Count > TextFit.MostParts)
            throw new ArgumentException($"parts has {parts.Count} entries; the limit is {TextFit.MostParts}.");
        foreach (var (index, part) in parts.Index())
        {
            if (ContentRules.Check(rules, part) is { IsValid: false } verdict)
                throw new ArgumentException($"parts[{index}] does not fit {rules.Title}: {verdict.Problems[0]}");
        }

        return parts;
    }
}
