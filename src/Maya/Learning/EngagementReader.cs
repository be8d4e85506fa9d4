using System.Globalization;
using System.Text.Json;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Checks what callers say happened. The first thing wrong is one error that names field, value and limit.</summary>
internal static class EngagementReader
{
    private const int MaxId = 128;
    private const int MaxTheme = 200;
    private const int MaxText = 65_536;
    private const long MaxCount = 1_000_000_000_000;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A checked event.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static EngagementEvent Event(Engagement given, DateTimeOffset now)
    {
        Id("event_id", given.EventId);
        Id("post_id", given.PostId);
        EngagementKinds.Column(given.Kind);
        if (given.Count is < 1 or > MaxCount)
            throw new ArgumentException($"count of event {given.EventId} is {given.Count}; it must be 1 to {MaxCount:N0}.");
        Time("at_ms", given.AtMs, now);
        return new(given.EventId, given.PostId, given.Kind, given.Count, given.AtMs);
    }

    /// <summary>A checked published post.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static OutcomeRow Post(string tenant, PublishedPost given, DateTimeOffset now)
    {
        Id("id", given.Id);
        var rules = ContentRules.Of(given.Platform);
        if (string.IsNullOrWhiteSpace(given.Text) || given.Text.Length > MaxText)
            throw new ArgumentException($"text of post {given.Id} has {given.Text.Length:N0} characters; it must have 1 to {MaxText:N0}.");
        if (given.Theme.Length > MaxTheme || given.CampaignId.Length > MaxId)
            throw new ArgumentException($"theme or campaign_id of post {given.Id} is too long; the limits are {MaxTheme} and {MaxId} characters.");
        if (given.Format.Length > 0 && !PostFeatures.Formats.Contains(given.Format))
            throw new ArgumentException($"format of post {given.Id} is '{Shown(given.Format)}'; use one of {string.Join(", ", PostFeatures.Formats)}.");
        var at = Slot("published_at", given.PublishedAt) ?? throw new ArgumentException($"published_at of post {given.Id} is missing; use ISO 8601 with offset such as 2026-11-02T09:00:00+01:00.");
        Time("published_at", at.ToUnixTimeMilliseconds(), now);
        foreach (var (name, total) in Totals(given).Where(t => t.Total is < 0 or > MaxCount))
            throw new ArgumentException($"{name} of post {given.Id} is {total}; it must be 0 to {MaxCount:N0}.");
        return new OutcomeRow
        {
            Tenant = tenant,
            PostId = given.Id,
            CampaignId = given.CampaignId,
            Platform = rules.Name,
            Text = given.Text,
            Theme = given.Theme,
            Format = given.Format,
            PublishedMs = at.ToUnixTimeMilliseconds(),
            Features = JsonSerializer.Serialize(PostFeatures.Of(rules, given.Text, at, given.Theme, given.Format)),
            Simulated = given.Simulated ? 1 : 0,
            Impressions = given.Impressions,
            Likes = given.Likes,
            Shares = given.Shares,
            Comments = given.Comments,
            Clicks = given.Clicks,
            Conversions = given.Conversions,
            Unfollows = given.Unfollows,
            ChangedMs = now.ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>A point in time with its offset, or null when empty.</summary>
    /// <exception cref="ArgumentException">It is no such time.</exception>
    public static DateTimeOffset? Slot(string field, string text) => text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && text.Length <= 40 ? at
        : throw new ArgumentException($"{field} is '{Shown(text)}'; use ISO 8601 with offset such as 2026-11-02T09:00:00+01:00.");

    private static (string Name, long Total)[] Totals(PublishedPost p) =>
        [("impressions", p.Impressions), ("likes", p.Likes), ("shares", p.Shares), ("comments", p.Comments), ("clicks", p.Clicks), ("conversions", p.Conversions), ("unfollows", p.Unfollows)];

    private static void Id(string field, string value)
    {
        if (value.Length is 0 or > MaxId || SafeText.FirstLoneSurrogate(value) >= 0 || value.Contains('\0'))
            throw new ArgumentException($"{field} has {value.Length} characters; it must have 1 to {MaxId} of valid text.");
    }

    private static void Time(string field, long ms, DateTimeOffset now)
    {
        if (ms < Earliest.ToUnixTimeMilliseconds() || ms > (now + TimeSpan.FromDays(1)).ToUnixTimeMilliseconds())
            throw new ArgumentException($"{field} is {ms}; it must lie between the year 2000 and tomorrow, in milliseconds since 1970 UTC.");
    }

    private static string Shown(string value) => value.Length > 40 ? value[..40] : value;
}
