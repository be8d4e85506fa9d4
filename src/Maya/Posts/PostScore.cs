using System.Globalization;

namespace Platform.Maya;

/// <summary>A score with what drove it.</summary>
/// <param name="Value">0 to 100.</param>
/// <param name="Reasons">Drivers, in words.</param>
internal sealed record ScoredText(double Value, IReadOnlyList<string> Reasons)
{
    /// <summary>Lower end of the 80% interval; the value itself when there is no history.</summary>
    public double Low { get; init; } = Value;

    /// <summary>Upper end.</summary>
    public double High { get; init; } = Value;

    /// <summary>Where the score comes from.</summary>
    public string Basis { get; init; } = PostScore.Form;
}

/// <summary>
/// Score of a text before there is any history: a stated default by form only (length band, opening, question, call to action,
/// hashtags, known markers), centred on 50. It predicts nothing about an account.
/// </summary>
internal static class PostScore
{
    private const double Middle = 50;
    private const double LongOpening = 120;
    private const double BusyMarkers = 15;

    /// <summary>Basis of a score that is a stated default.</summary>
    public const string Form = "form";

    /// <summary>Basis of a score that ranks against the account's own posts.</summary>
    public const string History = "history";

    /// <summary>The score of a text: its expected rank among the account's own posts, or the default by form when there is no history.</summary>
    public static ScoredText Of(PlatformRules rules, string text, PostPlan plan)
    {
        if (plan.History is not { } history)
            return Of(rules, text, plan.Intent);
        var rank = history.Rank(PostFeatures.Of(rules, text, plan.Slot, plan.Theme, plan.Format, plan.Intent));
        string[] drivers = [.. rank.Drivers.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Effect:F2} times for {d.Feature}"))];
        var reason = string.Create(CultureInfo.InvariantCulture, $"Expected rank {rank.Score:F0} of 100 among {history.Posts.Count} own posts (80%: {rank.Low:F0} to {rank.High:F0}); an estimate, not a promise.");
        return new(rank.Score, [reason, .. drivers]) { Low = rank.Low, High = rank.High, Basis = History };
    }

    /// <summary>The default score of a text.</summary>
    public static ScoredText Of(PlatformRules rules, string text, string intent)
    {
        var (value, reasons) = (Middle, new List<string> { "Score by form only: this account has no history yet." });
        Add(text.Contains('?'), 6, "asks a question");
        Add(TextSigns.FirstLine(text).Length <= LongOpening, 6, "short opening");
        Add(TextSigns.HasCall(text), 6, "has a call to action");
        Add(TextSigns.HasNumber(text), 4, "has a concrete number");
        Add(InGoodBand(rules, text), 8, "length readers finish");
        var tags = XText.Hashtags(text).Count;
        Add(tags > (rules.MaxHashtags > 0 ? rules.MaxHashtags : 2), -8, "many hashtags");
        Add(Humaniser.MarkerDensity(text) > BusyMarkers, -10, "reads like a machine");
        var read = intent.Length > 0 ? ContentClassifier.Classify(ContentClassifier.Intent, text) : null;
        Add(read is not null && read.Label == intent, 8, $"reads as '{intent}'");
        Add(read is not null && read.Label != intent && read.Confidence > 0.6, -6, $"reads as '{read?.Label}' rather than '{intent}'");
        return new(Math.Clamp(value, 0, 100), reasons);

        void Add(bool holds, double points, string why)
        {
            if (!holds)
                return;
            value += points;
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{points:+0;-0} {why}"));
        }
    }

    /// <summary>Between a quarter and nine tenths of a short limit, or 80 to 1,300 characters where the limit is long.</summary>
    private static bool InGoodBand(PlatformRules rules, string text) =>
        rules.Limit <= 500 ? rules.Count(text) is var length && length >= rules.Limit / 4 && length <= rules.Limit * 9 / 10 : text.Length is >= 80 and <= 1_300;
}
