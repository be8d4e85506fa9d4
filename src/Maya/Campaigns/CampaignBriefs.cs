using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Platform.Maya;

/// <summary>Reads briefs with what the account's own history knows, and holds them to the largest campaign.</summary>
internal sealed class CampaignBriefs(OutcomeModels models, CampaignSealing sealing, IOptions<MayaOptions> options)
{
    /// <summary>The brief of a document. Hours are learned only for a brief that leaves them open.</summary>
    /// <exception cref="BriefException">The brief is wrong, or asks for too many posts.</exception>
    public async Task<CampaignBrief> ReadAsync(string tenant, string yaml, DateTimeOffset now, CancellationToken token)
    {
        var brief = BriefReader.Read(yaml, now, options.Value.MaxBriefBytes);
        if (brief.SlotSource != CampaignSlots.Given && brief.Learn)
        {
            var hours = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
            foreach (var platform in brief.Platforms)
                hours[platform] = await models.BestHoursAsync(tenant, platform, brief.Zone, token);
            brief = BriefReader.Read(yaml, now, options.Value.MaxBriefBytes, hours);
        }

        var total = CampaignPlanner.Count(brief);
        return total <= options.Value.MaxPosts ? brief
            : throw new BriefException($"The campaign has {total:N0} posts ({brief.Slots.Count} slots x {brief.Platforms.Count} platforms x {brief.Variants} variants); the limit is {options.Value.MaxPosts:N0}.");
    }

    /// <summary>The brief of a campaign, read as of the moment it was accepted.</summary>
    /// <exception cref="RpcException">NOT_FOUND when it was about a person who is erased.</exception>
    public async Task<CampaignBrief> OfAsync(CampaignRow campaign, CancellationToken token) =>
        await ReadAsync(campaign.Tenant, (await sealing.OpenAsync(campaign.Copy(), token) ?? throw new RpcException(new Status(StatusCode.NotFound, $"Campaign '{campaign.Id}' is not known to this tenant."))).Brief, DateTimeOffset.FromUnixTimeMilliseconds(campaign.CreatedMs), token) with { BudgetUsd = campaign.BudgetUsd };
}
