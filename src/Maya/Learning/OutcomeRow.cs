using System.Text.Json;

namespace Platform.Maya;

/// <summary>A row of the outcomes table: a published post with its totals.</summary>
internal sealed class OutcomeRow
{
    public string Tenant { get; set; } = "";

    public string PostId { get; set; } = "";

    public string CampaignId { get; set; } = "";

    public string Platform { get; set; } = "";

    public string Text { get; set; } = "";

    public string Theme { get; set; } = "";

    public string Format { get; set; } = "";

    public string Intent { get; set; } = "";

    public long PublishedMs { get; set; }

    public string Features { get; set; } = "";

    public long Simulated { get; set; }

    public long Impressions { get; set; }

    public long Likes { get; set; }

    public long Shares { get; set; }

    public long Comments { get; set; }

    public long Clicks { get; set; }

    public long Conversions { get; set; }

    public long Unfollows { get; set; }

    public long ChangedMs { get; set; }

    /// <summary>The row as the model reads it. A reader may interact more than once, but no rate exceeds 1.</summary>
    public Outcome ToOutcome() =>
        new(PostId, Impressions, Math.Min(Impressions, Likes + Shares + Comments + Clicks + Conversions), JsonSerializer.Deserialize<string[]>(Features) ?? []);
}

/// <summary>A published post as the model reads it.</summary>
/// <param name="PostId">Id.</param>
/// <param name="Impressions">Impressions.</param>
/// <param name="Interactions">Interactions, at most the impressions.</param>
/// <param name="Features">Features as "kind=value".</param>
internal sealed record Outcome(string PostId, long Impressions, long Interactions, IReadOnlyList<string> Features);
