namespace Platform.Maya;

/// <summary>Labels that maya puts on its jobs.</summary>
internal static class JobLabels
{
    /// <summary>Id of the post; also the batch's id of the row.</summary>
    public const string CustomId = "custom_id";

    /// <summary>Id of the campaign.</summary>
    public const string Campaign = "campaign";

    /// <summary>Most parts of a thread.</summary>
    public const string Thread = "thread";

    /// <summary>On a stored request: how many posts may share its call.</summary>
    public const string Share = "share";

    /// <summary>On a job that writes several posts: their places in the campaign, comma-separated.</summary>
    public const string Posts = "posts";

    /// <summary>Intent asked for.</summary>
    public const string Intent = "intent";
}
