using System.Globalization;
using Google.Protobuf;
using Platform.V1;

namespace Platform.Metrics.Rollups;

/// <summary>What is kept of something that happened to a published post.</summary>
/// <param name="Event">Tenant and id of the event; counts once.</param>
/// <param name="Tenant">Tenant.</param>
/// <param name="PostId">The post.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Count">How often.</param>
/// <param name="AtMs">When, in milliseconds since 1970 UTC.</param>
internal sealed record EngagementRow(string Event, string Tenant, string PostId, string Kind, long Count, long AtMs)
{
    /// <summary>Kinds that are counted.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["impression", "like", "share", "comment", "click", "conversion", "unfollow"];

    private const int LongestId = 128;
    private const long MostAtOnce = 1_000_000_000_000;

    /// <summary>Takes from an event what is measured.</summary>
    /// <exception cref="ArgumentException">A field is wrong; the message names it with value and limit.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes hold no event.</exception>
    public static EngagementRow Of(string tenant, byte[] bytes, DateTimeOffset latest)
    {
        var seen = Engagement.Parser.ParseFrom(bytes);
        Require(seen.EventId.Length is > 0 and <= LongestId, "event_id", seen.EventId.Length, $"1 to {LongestId} characters");
        Require(seen.PostId.Length is > 0 and <= LongestId, "post_id", seen.PostId.Length, $"1 to {LongestId} characters");
        Require(Kinds.Contains(seen.Kind), "kind", seen.Kind.Length > 40 ? seen.Kind[..40] : seen.Kind, string.Join(", ", Kinds));
        Require(seen.Count is > 0 and <= MostAtOnce, "count", seen.Count, string.Create(CultureInfo.InvariantCulture, $"1 to {MostAtOnce:#,0}"));
        Require(seen.AtMs > 0 && seen.AtMs <= latest.ToUnixTimeMilliseconds(), "at_ms", seen.AtMs, "after 1970 and at most a day ahead of this clock");
        return new EngagementRow(Clean($"{tenant}/{seen.EventId}"), tenant, Clean(seen.PostId), seen.Kind, seen.Count, seen.AtMs);
    }

    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static void Require(bool holds, string field, object value, string allowed)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{field} of an engagement event is '{value}'; use {allowed}."));
    }
}
