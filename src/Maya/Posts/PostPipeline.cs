using System.Globalization;

namespace Platform.Maya;

/// <summary>A text made ready for a platform, with everything that was found on the way.</summary>
internal sealed record FinishedPost
{
    public required string State { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<string> Parts { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    public ScoredText Score { get; init; } = new(0, []);

    public int Length { get; init; }

    public double MarkersBefore { get; init; }

    public double MarkersAfter { get; init; }
}

/// <summary>What is known of a post before its text is there.</summary>
internal sealed record PostPlan
{
    /// <summary>Canonical name of the platform.</summary>
    public required string Platform { get; init; }

    /// <summary>Intent asked for; empty when none.</summary>
    public string Intent { get; init; } = "";

    /// <summary>Theme; may be empty.</summary>
    public string Theme { get; init; } = "";

    /// <summary>When it goes out, or null.</summary>
    public DateTimeOffset? Slot { get; init; }

    /// <summary>Most parts as a thread; 0 when it is to be one text.</summary>
    public int ThreadParts { get; init; }

    /// <summary>Format when it is known; empty lets the text decide.</summary>
    public string Format { get; init; } = "";

    /// <summary>Brand voice that the text is held to, or null.</summary>
    public V1.Voice? Voice { get; init; }

    /// <summary>Model of the account's own posts on the platform, or null.</summary>
    public OutcomeModel? History { get; init; }
}

/// <summary>What happens to every generated text: humanise, check and fit, safety, score. No input or output, so it is fast and testable.</summary>
internal static class PostPipeline
{
    /// <summary>A finding this sure keeps a post from being published.</summary>
    internal const double BlockAt = 0.7;

    /// <summary>Runs the pipeline.</summary>
    /// <param name="plan">What the post is to be.</param>
    /// <param name="raw">What the engine wrote.</param>
    public static FinishedPost Run(PostPlan plan, string raw)
    {
        var rules = ContentRules.Of(plan.Platform);
        var human = Humaniser.Humanise(Unwrap(raw));
        var reasons = new List<string>();
        if (human.Changes > 0)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"Humanised {human.Changes} places: {human.MarkersBefore:F0} to {human.MarkersAfter:F0} markers per 1,000 words."));
        var fit = plan.ThreadParts > 1 ? TextFit.FitThread(rules, human.Text, plan.ThreadParts) : TextFit.Fit(rules, human.Text);
        reasons.AddRange(fit.Steps);
        if (!fit.IsFitted)
            return Unusable(PostStates.Invalid, human, [.. reasons, fit.Problem!]);
        var (text, parts) = (fit.Text, fit.Parts.Count > 1 ? fit.Parts : []);
        var voice = VoiceCheck.Find(plan.Voice, text);
        string[] blocking = [.. SafetyFilter.Find(text).Where(f => f.Confidence >= BlockAt).Select(f => $"Blocked: the safety filter found {f.Label.Replace('_', ' ')}."), .. voice.Blocking];
        if (blocking.Length > 0)
            return Unusable(PostStates.Blocked, human with { Text = text }, [.. reasons, .. blocking]);
        reasons.AddRange(voice.Remarks);
        var score = PostScore.Of(rules, text, plan with { Format = parts.Count > 0 ? PostFeatures.Thread : "" });
        return new FinishedPost
        {
            State = PostStates.Ready,
            Text = text,
            Parts = parts,
            Score = score,
            Reasons = [.. reasons, .. score.Reasons],
            Length = rules.Count(text),
            MarkersBefore = human.MarkersBefore,
            MarkersAfter = human.MarkersAfter,
        };
    }

    private static FinishedPost Unusable(string state, HumanisedText human, IReadOnlyList<string> reasons) =>
        new() { State = state, Text = human.Text, Parts = [], Reasons = reasons, MarkersBefore = human.MarkersBefore, MarkersAfter = human.MarkersAfter };

    /// <summary>Engines like to put a post into quotation marks or a code fence although they are told not to.</summary>
    private static string Unwrap(string raw)
    {
        var text = raw.Trim();
        if (text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("```", StringComparison.Ordinal) && text.Length > 6)
            text = text[(text.IndexOf('\n') is var line and > 0 ? line + 1 : 3)..^3].Trim();
        return text.Length > 2 && text[0] is '"' or '“' && text[^1] is '"' or '”' && !text.AsSpan(1, text.Length - 2).ContainsAny('"', '“', '”') ? text[1..^1].Trim() : text;
    }
}
