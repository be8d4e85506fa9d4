using System.Globalization;
using Platform.V1;

namespace Platform.Metrics.Pages;

/// <summary>Posts of one campaign and platform that are due at the same time and stand in the same state.</summary>
/// <param name="At">When they are due, on the viewer's clock.</param>
/// <param name="Platform">Platform.</param>
/// <param name="State">State.</param>
/// <param name="Campaign">Their campaign.</param>
/// <param name="Posts">The posts.</param>
public sealed record CalendarEntry(DateTimeOffset At, string Platform, string State, Campaign Campaign, IReadOnlyList<Post> Posts)
{
    /// <summary>Day on the viewer's clock.</summary>
    public DateOnly Day => DateOnly.FromDateTime(At.DateTime);

    /// <summary>Time of day.</summary>
    public string Time => At.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The posts where they can be read, reviewed and edited.</summary>
    public string Address =>
        $"/campaigns/{Uri.EscapeDataString(Campaign.Id)}?slot={Uri.EscapeDataString(Posts[0].Slot)}&platform={Uri.EscapeDataString(Platform)}#posts";

    /// <summary>Class that colours it.</summary>
    public string Colour => IsLost(State) ? "lost" : State switch
    {
        "approved" => "approved",
        "ready" or "rejected" => "made",
        _ => "",
    };

    /// <summary>Whether nothing will come of a post unless somebody does something.</summary>
    public static bool IsLost(string state) => state is "failed" or "invalid" or "blocked" or "cancelled";

    /// <summary>Puts the posts of campaigns on the viewer's clock, in order of time; posts without a time are left out.</summary>
    public static IReadOnlyList<CalendarEntry> Of(IEnumerable<(Campaign Campaign, Post Post)> posts, TimeZoneInfo zone) =>
    [
        .. posts.Select(p => (p.Campaign, p.Post, At: When(p.Post.Slot)))
            .Where(p => p.At is not null)
            .GroupBy(p => (p.At, p.Post.Platform, p.Post.State, p.Campaign.Id))
            .Select(g => new CalendarEntry(TimeZoneInfo.ConvertTime(g.Key.At!.Value, zone), g.Key.Platform, g.Key.State, g.First().Campaign, [.. g.Select(p => p.Post)]))
            .OrderBy(e => e.At).ThenBy(e => e.Platform, StringComparer.Ordinal).ThenBy(e => e.State, StringComparer.Ordinal),
    ];

    /// <summary>Reads when a post is due; null when it has no time.</summary>
    public static DateTimeOffset? When(string slot) =>
        DateTimeOffset.TryParse(slot, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is > 1 and < 9999 ? at : null;
}
