namespace Platform.Maya;

/// <summary>What can happen to a published post.</summary>
internal static class EngagementKinds
{
    public const string Impression = "impression";
    public const string Like = "like";
    public const string Share = "share";
    public const string Comment = "comment";
    public const string Click = "click";
    public const string Conversion = "conversion";
    public const string Unfollow = "unfollow";

    /// <summary>Stands for any of the kinds that count as an interaction.</summary>
    public const string Interaction = "interaction";

    public static readonly IReadOnlyList<string> All = [Impression, Like, Share, Comment, Click, Conversion, Unfollow];

    /// <summary>Kinds that say somebody acted on a post and liked it; an unfollow is a guard, not an interaction.</summary>
    public static bool IsInteraction(string kind) => kind is Like or Share or Comment or Click or Conversion;

    /// <summary>The column of the totals table.</summary>
    public static string Column(string kind) => kind switch
    {
        Impression => "impressions",
        Like => "likes",
        Share => "shares",
        Comment => "comments",
        Click => "clicks",
        Conversion => "conversions",
        Unfollow => "unfollows",
        _ => throw new ArgumentException($"kind is '{(kind.Length > 40 ? kind[..40] : kind)}'; use one of {string.Join(", ", All)}."),
    };
}
