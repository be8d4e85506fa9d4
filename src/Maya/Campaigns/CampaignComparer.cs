using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts.Messages;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>
/// Compares the posts of finished campaigns with each other, platform by platform: no two near-identical posts should go out. It looks for work by itself, so
/// that a crash loses nothing; comparing twice gives the same.
/// </summary>
internal sealed partial class CampaignComparer(CampaignStore campaigns, PostStore posts, ContentNews news, IOptions<MayaOptions> options, TimeProvider time, ILogger<CampaignComparer> log) : BackgroundService
{
    private const int Page = 500;

    /// <summary>Compares one finished campaign; false when there is none.</summary>
    public async Task<bool> CompareNextAsync(CancellationToken token)
    {
        if (await campaigns.NextToCompareAsync(token) is not { } campaign)
            return false;
        var found = new List<NearDuplicate>();
        var seen = new Dictionary<string, TextLikeness>(StringComparer.Ordinal);
        var after = 0L;
        while (await posts.PageAsync(campaign.Tenant, campaign.Id, "", after, Page, token) is { Count: > 0 } page)
        {
            foreach (var post in page.Where(p => p.State is PostStates.Ready or PostStates.Approved))
            {
                if (!seen.TryGetValue(post.Platform, out var likeness))
                    seen[post.Platform] = likeness = new TextLikeness();
                if (likeness.Add(post.Id, post.Text) is { } near)
                    found.Add(new NearDuplicate(Rejected(post), near.Id, PostRow.Pack([string.Create(CultureInfo.InvariantCulture, $"Nearly repeats post {near.Id} ({near.Overlap:P0} overlap).")])));
            }

            after = page[^1].Ordinal;
        }

        if (await campaigns.ComparedAsync(campaign, found, token))
        {
            news.Pulse.Beat();
            LogCompared(campaign.Id, found.Count);
        }

        return true;
    }

    private PostFigures Rejected(PostRow post) => post.ToFigures(post.Version + 1, post.CostUsd, time.GetUtcNow().ToUnixTimeMilliseconds()) with { State = PostStates.Invalid };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await CompareNextAsync(stoppingToken))
                    continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnreachableException e)
            {
                LogStore(e);
            }

            await Task.Delay(options.Value.CompareEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {CampaignId}: compared; {Duplicates} posts nearly repeat another.")]
    private partial void LogCompared(string campaignId, int duplicates);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not answer; finished campaigns are compared later.")]
    private partial void LogStore(Exception e);
}
