using Platform.V1;

namespace Platform.Maya;

/// <summary>Turns outcomes into rows, recommendations and their evidence.</summary>
internal static class EngagementAnalysis
{
    /// <summary>What performed, platform by platform.</summary>
    public static AnalyseReply Of(IReadOnlyList<OutcomeRow> rows, bool simulated)
    {
        var reply = new AnalyseReply { Simulated = simulated };
        foreach (var platform in rows.GroupBy(r => r.Platform).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var learned = OutcomeModels.Learn(platform.Key, [.. platform]);
            reply.Platforms.Add(learned.History);
            if (learned.Model is not { } model)
                continue;
            reply.Rows.AddRange(Rows(platform.Key, model));
            reply.Evidence.AddRange(learned.Advice.Select(Evidence));
        }

        var strongest = reply.Evidence.OrderByDescending(e => Math.Abs(Math.Log(e.Effect))).ToList();
        reply.Evidence.Clear();
        reply.Evidence.AddRange(strongest);
        reply.Recommendations.AddRange(strongest.Select(e => e.Text));
        return reply;
    }

    /// <summary>Advice as callers see it.</summary>
    public static Recommendation Evidence(Advice advice) => new()
    {
        Platform = advice.Platform,
        Feature = advice.Feature,
        Advice = advice.Prefers ? "prefer" : "avoid",
        Text = advice.Text,
        Posts = advice.Posts,
        Effect = advice.Effect,
        EffectLow = advice.Low,
        EffectHigh = advice.High,
    };

    private static IEnumerable<EngagementRow> Rows(string platform, OutcomeModel model)
    {
        var groups = model.Posts.SelectMany(p => p.Features.Distinct().Select(f => (Feature: f, Post: p))).ToLookup(x => x.Feature, x => x.Post, StringComparer.Ordinal);
        foreach (var feature in model.Features.Order(StringComparer.Ordinal))
        {
            var posts = groups[feature].ToList();
            var effect = model.Effect(feature);
            var (impressions, interactions) = (posts.Sum(p => p.Impressions), posts.Sum(p => p.Interactions));
            yield return new EngagementRow
            {
                Platform = platform,
                Feature = feature,
                Dimension = PostFeatures.Dimension(feature),
                Posts = posts.Count,
                Impressions = impressions,
                Interactions = interactions,
                Rate = posts.Average(p => model.Rates.Rate(p.Interactions, p.Impressions)),
                Effect = effect.Effect,
                EffectLow = effect.Low,
                EffectHigh = effect.High,
            };
        }
    }
}
