using System.Globalization;

namespace Platform.Maya;

/// <summary>A text made to fit.</summary>
/// <param name="Parts">One text, or the parts of a thread; each valid by itself. Empty when nothing can be done.</param>
/// <param name="Steps">What was changed, in words.</param>
/// <param name="Problem">Why nothing fits, or null.</param>
public sealed record FitResult(IReadOnlyList<string> Parts, IReadOnlyList<string> Steps, string? Problem)
{
    /// <summary>All of it in one, without the marks of a thread.</summary>
    public string Text { get; init; } = Parts.Count == 1 ? Parts[0] : "";

    /// <summary>Whether every part is valid.</summary>
    public bool IsFitted => Problem is null;
}

/// <summary>Shortens a text or splits it into a thread, at paragraph and sentence ends and never through a link, mention, emoji or word.</summary>
public static class TextFit
{
    /// <summary>Most parts of a thread unless somebody says otherwise.</summary>
    public const int UsualParts = 10;

    /// <summary>Most parts that a thread may be asked to have.</summary>
    public const int MostParts = 25;

    /// <summary>Fits a text to a platform.</summary>
    /// <param name="platform">Name or alias.</param>
    /// <param name="text">Any text.</param>
    /// <param name="thread">Whether to split into a thread, which loses no word, instead of shortening.</param>
    /// <param name="limit">Limit of the account or server when it differs; null for the usual.</param>
    /// <exception cref="ArgumentException">There is no such platform.</exception>
    public static FitResult Fit(string platform, string text, bool thread = false, int? limit = null) => Fit(ContentRules.Of(platform), text, thread, limit);

    /// <summary>Fits a text to given rules.</summary>
    public static FitResult Fit(PlatformRules rules, string text, bool thread = false, int? limit = null)
    {
        var steps = new List<string>();
        var clean = TextRepair.Repair(rules, text, dropLinks: !thread, steps);
        if (string.IsNullOrWhiteSpace(clean))
            return new([], steps, "The text is empty.");
        if (ContentRules.Check(rules, clean, limit).IsValid)
            return new([clean], steps, null);
        if (!thread)
            return Checked(rules, limit, steps, TextShortener.Shorten(rules, clean, limit, steps) is { } shorter ? [shorter] : []);
        return rules.Thread
            ? Checked(rules, limit, steps, ThreadSplitter.Split(rules, clean, limit))
            : new([], steps, $"{rules.Title} has no threads; shorten the text instead.");
    }

    /// <summary>Fits a text as a thread of at most so many parts where the platform knows threads, and shortens it elsewhere. Marks that it has already are taken out first.</summary>
    /// <param name="rules">Rules of the platform.</param>
    /// <param name="text">Any text.</param>
    /// <param name="most">Most parts, from 2.</param>
    public static FitResult FitThread(PlatformRules rules, string text, int most)
    {
        if (!rules.Thread)
        {
            var single = Fit(rules, text);
            return single with { Steps = [.. single.Steps, $"{rules.Title} has no threads; it is one text."] };
        }

        var steps = new List<string>();
        var clean = TextRepair.Repair(rules, ThreadMarks.Remove(text), dropLinks: false, steps);
        if (string.IsNullOrWhiteSpace(clean) || ContentRules.Check(rules, clean).IsValid)
            return Fit(rules, clean);
        var (parts, kept) = ThreadSplitter.Split(rules, clean, null, most);
        if (kept.Length < clean.Length)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"Ended after {parts.Count} parts; a thread here may have {most}."));
        return Checked(rules, null, steps, parts) with { Text = kept };
    }

    /// <summary>Adapts one text to many platforms by rule: each platform's tone and usual number of hashtags, then its limits. What a rule cannot do is left alone.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="platforms">Names or aliases.</param>
    /// <param name="thread">Whether to split into a thread instead of shortening.</param>
    /// <exception cref="ArgumentException">A platform is unknown.</exception>
    public static IReadOnlyDictionary<string, FitResult> Adapt(string text, IEnumerable<string> platforms, bool thread = false) =>
        platforms.Select(ContentRules.Of).DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => Adapt(r, text, thread), StringComparer.Ordinal);

    private static FitResult Adapt(PlatformRules rules, string text, bool thread)
    {
        var (adapted, steps) = PlatformRegister.Apply(rules, text);
        var fit = Fit(rules, adapted, thread);
        return fit with { Steps = [.. steps, .. fit.Steps] };
    }

    private static FitResult Checked(PlatformRules rules, int? limit, List<string> steps, IReadOnlyList<string> parts)
    {
        var problem = parts.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing of the text fits into {limit ?? rules.Limit} {rules.Unit} without cutting a link or mention.")
            : parts.Select(p => ContentRules.Check(rules, p, limit)).FirstOrDefault(v => !v.IsValid)?.Problems[0];
        return problem is null ? new(parts, steps, null) : new([], steps, problem);
    }
}
