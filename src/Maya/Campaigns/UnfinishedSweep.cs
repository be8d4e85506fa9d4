using System.Data.Common;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>
/// Finishes what a process that is gone, or a router that did not answer, left half done: batches to cancel, posts to be made again, single posts that no job will
/// close, and campaigns whose rows stopped coming. It looks at start-up and from time to time; each step may be repeated.
/// </summary>
internal sealed partial class UnfinishedSweep(CampaignStore campaigns, PostStore posts, CampaignSubmitter submitter, PostRepeater repeater, RepeatStore repeats, IOptions<MayaOptions> options, TimeProvider time, ILogger<UnfinishedSweep> log)
    : BackgroundService
{
    /// <summary>No single post takes this long; one whose job closes after all is completed all the same.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>Does what is due.</summary>
    public async Task SweepAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        await submitter.CancelWantedAsync(token);
        await repeater.SweepAsync(options.Value.SubmitRetry, token);
        foreach (var post in await posts.OrphansAsync((now - Orphaned).ToUnixTimeMilliseconds(), token))
            await posts.FailAsync(post, "Not made: the process that asked for it is gone, and no job has closed since.", now.ToUnixTimeMilliseconds(), token);
        var before = (now - PostIntake.Abandoned).ToUnixTimeMilliseconds();
        foreach (var campaign in await campaigns.AbandonedAsync(before, token))
        {
            if (await campaigns.DropAsync(campaign, token, before))
                LogDropped(campaign.Id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is StoreUnreachableException or DbException or RpcException)
            {
                LogLater(e);
            }

            await repeats.Pulse.WaitAsync(options.Value.SweepEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} is removed: its rows stopped coming.")]
    private partial void LogDropped(string campaignId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was left half done is looked at later.")]
    private partial void LogLater(Exception e);
}
