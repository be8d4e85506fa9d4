using Grpc.Core;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Demo;

/// <summary>Follows a campaign with a progress bar on standard error.</summary>
internal static class CampaignProgress
{
    /// <summary>Waits until the campaign is done and gives its last counts.</summary>
    public static async Task<Campaign> FollowAsync(CommandRun run, Content.ContentClient client, Campaign campaign, CancellationToken token)
    {
        await run.Messages.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("posts", maxValue: Math.Max(1, campaign.Total));
            using var call = client.WatchCampaign(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: token);
            await foreach (var now in call.ResponseStream.ReadAllAsync(token))
            {
                campaign = now;
                bar.Value = now.Total - now.Pending;
            }
        });
        return campaign;
    }
}
