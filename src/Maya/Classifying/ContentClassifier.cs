using System.Diagnostics;

namespace Platform.Maya;

/// <summary>What a classifier says of a text.</summary>
/// <param name="Label">Best label.</param>
/// <param name="Confidence">Its probability, 0 to 1, as calibrated on examples that were not trained on.</param>
/// <param name="Scores">Probability of every label.</param>
/// <param name="Ms">Time taken, in milliseconds.</param>
public sealed record ContentClass(string Label, double Confidence, IReadOnlyDictionary<string, double> Scores, double Ms);

/// <summary>Decides intent, sentiment, emotion and safety of a text locally, in well under a millisecond; usable without a host.</summary>
public static class ContentClassifier
{
    /// <summary>What a post wants: announce, promote, educate, ask, react, event, story, apology, hiring, milestone, support, thanks.</summary>
    public const string Intent = "intent";

    /// <summary>Positive, negative or neutral.</summary>
    public const string Sentiment = "sentiment";

    /// <summary>Joy, anger, sadness, fear, surprise or none.</summary>
    public const string Emotion = "emotion";

    /// <summary>Safe, or what is wrong with it.</summary>
    public const string Safety = "safety";

    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<string> Kinds = [Intent, Sentiment, Emotion, Safety];

    private static readonly Lazy<LinearTextModel> IntentModel = new(() => Load(Intent));
    private static readonly Lazy<LinearTextModel> SentimentModel = new(() => Load(Sentiment));
    private static readonly Lazy<LinearTextModel> EmotionModel = new(() => Load(Emotion));

    /// <summary>Labels of intents.</summary>
    public static IReadOnlyList<string> Intents => IntentModel.Value.Labels;

    /// <summary>Classifies a text.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="text">Any text; of a long one the first 4,096 UTF-16 units count.</param>
    /// <exception cref="ArgumentException">The kind is unknown.</exception>
    public static ContentClass Classify(string kind, string text)
    {
        var start = Stopwatch.GetTimestamp();
        var scores = kind switch
        {
            Intent => Predict(IntentModel.Value, text),
            Sentiment => Predict(SentimentModel.Value, text),
            Emotion => Predict(EmotionModel.Value, text),
            Safety => SafetyScores(text),
            _ => throw new ArgumentException($"kind is '{(kind.Length > 40 ? kind[..40] : kind)}'; use one of {string.Join(", ", Kinds)}."),
        };
        var best = scores.MaxBy(s => s.Value);
        return new(best.Key, best.Value, scores, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static Dictionary<string, double> Predict(LinearTextModel model, string text)
    {
        var chances = model.Predict(text);
        return model.Labels.Select((label, i) => (label, chance: chances[i])).ToDictionary(x => x.label, x => x.chance, StringComparer.Ordinal);
    }

    private static Dictionary<string, double> SafetyScores(string text)
    {
        var findings = SafetyFilter.Find(text);
        var scores = SafetyFilter.Labels.ToDictionary(label => label, _ => 0.0, StringComparer.Ordinal);
        foreach (var finding in findings)
            scores[finding.Label] = Math.Max(scores[finding.Label], finding.Confidence);
        scores[SafetyFilter.Safe] = 1 - scores.Values.Max();
        return scores;
    }

    private static LinearTextModel Load(string kind)
    {
        using var stream = EmbeddedLines.Open($"Classifying/{kind}.bin");
        return LinearTextModel.Read(stream);
    }
}
