using System.Globalization;

namespace Platform.Maya;

/// <summary>A feature that did credibly better or worse than a typical post, with its evidence.</summary>
/// <param name="Platform">Platform.</param>
/// <param name="Feature">Feature as "kind=value".</param>
/// <param name="Prefers">Better, not worse.</param>
/// <param name="Posts">Posts behind it.</param>
/// <param name="Effect">Factor on the rate.</param>
/// <param name="Low">Lower end of its 95% interval.</param>
/// <param name="High">Upper end.</param>
internal sealed record Advice(string Platform, string Feature, bool Prefers, int Posts, double Effect, double Low, double High)
{
    /// <summary>Fewer posts recommend nothing.</summary>
    public const int LeastPosts = 5;

    private const double LeastEffect = 0.05;

    /// <summary>The evidence in words.</summary>
    public string Evidence => string.Create(CultureInfo.InvariantCulture, $"{Posts} posts did {Effect:F2} times a typical post on {Platform} (95%: {Low:F2} to {High:F2})");

    /// <summary>Advice and evidence in words.</summary>
    public string Text => $"{Say()}: {Evidence}.";

    /// <summary>What a platform's model recommends, strongest first.</summary>
    public static List<Advice> Of(string platform, OutcomeModel model)
    {
        var counts = model.Posts.SelectMany(p => p.Features.Distinct()).CountBy(f => f).ToDictionary(StringComparer.Ordinal);
        var found = model.Features.Select(feature => (feature, effect: model.Effect(feature)))
            .Where(f => counts[f.feature] >= LeastPosts && (f.effect.Low > 1 || f.effect.High < 1) && Math.Abs(Math.Log(f.effect.Effect)) >= LeastEffect)
            .Select(f => new Advice(platform, f.feature, f.effect.Effect > 1, counts[f.feature], f.effect.Effect, f.effect.Low, f.effect.High)).ToList();
        // Of a yes-or-no feature the two sides say the same thing; the better side is said.
        return [.. found.Where(a => a.Prefers || !IsSign(a.Feature) || !found.Any(b => b.Prefers && Kind(b) == Kind(a))).OrderByDescending(a => Math.Abs(Math.Log(a.Effect)))];
    }

    private static string Kind(Advice advice) => PostFeatures.Split(advice.Feature).Kind;

    private static bool IsSign(string feature) => PostFeatures.Split(feature).Value is "yes" or "no";

    private string Say()
    {
        var (kind, value) = PostFeatures.Split(Feature);
        return (kind, value, Prefers) switch
        {
            ("hour", _, true) => $"Publish between {value}:00 and {value}:59",
            ("hour", _, false) => $"Do not publish between {value}:00 and {value}:59",
            ("weekday", _, true) => $"Publish on {Capital(value)}s",
            ("weekday", _, false) => $"Do not publish on {Capital(value)}s",
            ("theme", _, true) => $"Write more about '{value}'",
            ("theme", _, false) => $"Write less about '{value}'",
            ("length", _, _) => $"{Prefer} {value} texts",
            ("opening", _, _) => $"{Prefer} a {value} first line",
            ("hashtags", _, _) => $"{Prefer} {(value == "none" ? "no" : value)} hashtags",
            ("sentiment" or "format", _, _) => $"{Prefer} {kind} '{value}'",
            ("call", "yes", true) or ("call", "no", false) => "End with a call to action",
            ("call", _, _) => "Leave out the call to action",
            ("question", "yes", true) or ("question", "no", false) => "Ask a question",
            ("question", _, _) => "Ask no question",
            (_, "yes", true) or (_, "no", false) => $"Use {Article(kind)} {kind}",
            (_, "no", true) or (_, "yes", false) => $"Use no {kind}",
            _ => $"{Prefer} {kind} '{value}'",
        };
    }

    private string Prefer => Prefers ? "Prefer" : "Avoid";

    private static string Article(string kind) => kind[0] is 'e' or 'a' or 'i' ? "an" : "a";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
