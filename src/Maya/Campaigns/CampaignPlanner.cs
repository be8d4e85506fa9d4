using System.Globalization;
using Google.Protobuf;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Lays out the matrix of a campaign: slot by slot, platform by platform, variant by variant.</summary>
internal static class CampaignPlanner
{
    private const int Letters = 26;

    /// <summary>How many posts the brief asks for, after its own cut.</summary>
    public static long Count(CampaignBrief brief)
    {
        var cells = (long)brief.Slots.Count * brief.Platforms.Count * brief.Variants;
        return brief.MaxPosts > 0 ? Math.Min(brief.MaxPosts, cells) : cells;
    }

    /// <summary>The posts, in order, one at a time: a large campaign never stands in memory as a whole.</summary>
    public static IEnumerable<PostRow> Posts(CampaignBrief brief, CampaignRow campaign, PostBackground background, IReadOnlyList<ArmChoice> arms, CampaignStrategy? strategy = null, string subjectId = "")
    {
        var cells = new StrategyCells(brief, strategy);
        var ordinal = 0L;
        var most = Count(brief);
        for (var slot = 0; slot < brief.Slots.Count; slot++)
        {
            foreach (var platform in brief.Platforms)
            {
                for (var variant = 0; variant < brief.Variants; variant++)
                {
                    if (ordinal == most)
                        yield break;
                    yield return Post(brief, campaign, brief.SlotsOf(platform)[slot], platform, (char)('a' + (variant % Letters)), ++ordinal, background, arms, cells, subjectId);
                }
            }
        }
    }

    /// <summary>Id of the post at a place of a campaign.</summary>
    public static string PostId(string campaignId, long ordinal) => string.Create(CultureInfo.InvariantCulture, $"{campaignId}-{ordinal:D6}");

    private static PostRow Post(CampaignBrief brief, CampaignRow campaign, Slot slot, string platform, char variant, long ordinal, PostBackground background, IReadOnlyList<ArmChoice> arms, StrategyCells cells, string subjectId)
    {
        var id = PostId(campaign.Id, ordinal);
        var cell = cells.Of(ordinal);
        var arm = arms.Count == 0 ? null : arms[(int)(ordinal - 1)];
        var request = PostPrompt.Write(new PostWish
        {
            Platform = platform,
            Brief = brief.Brief,
            Voice = brief.Voice,
            Audience = brief.Audience,
            Theme = cell.Theme,
            Hook = cell.Hook,
            CallToAction = cell.CallToAction,
            Intent = brief.Intent,
            Goal = brief.Goal,
            Language = brief.Language,
            Tier = brief.Tier,
            ThreadParts = brief.ThreadParts,
            Share = brief.PostsPerCall,
            Background = background,
            Slot = slot.Text,
            Variant = variant.ToString(),
            // The batch as a whole is held to the budget. A share of it a post would be less than an engine reserves before it is asked.
        }.With(arm), Lanes.Batch, id, campaign.Id, brief.BudgetUsd);
        request.SubjectId = subjectId;
        return new PostRow
        {
            Tenant = campaign.Tenant,
            Id = id,
            SubjectId = campaign.SubjectId,
            CampaignId = campaign.Id,
            Ordinal = ordinal,
            Platform = platform,
            Slot = slot.Text,
            SlotMs = slot.At.ToUnixTimeMilliseconds(),
            Variant = variant.ToString(),
            Theme = cell.Theme,
            Hook = cell.Hook,
            CallToAction = cell.CallToAction,
            ThreadParts = brief.ThreadParts,
            Intent = brief.Intent,
            Voice = brief.Brand,
            ExperimentId = arm?.ExperimentId ?? "",
            Arm = arm?.Arm ?? "",
            Request = request.ToByteArray(),
            PromptVersion = PostPrompt.Version,
            CreatedMs = campaign.CreatedMs,
        };
    }
}
