using System.Globalization;

namespace Platform.Cli.Demo;

/// <summary>The demo's campaign brief.</summary>
internal static class DemoCampaign
{
    private const int PostsPerSlot = 20;

    /// <summary>The YAML brief for so many posts: 5 platforms, 4 variants, and as many slots as it takes.</summary>
    public static string Brief(int posts)
    {
        var slots = (posts + PostsPerSlot - 1) / PostsPerSlot;
        return DemoTask.Text("campaign.yaml")
            .Replace("SLOTS", slots.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("POSTS", posts.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
