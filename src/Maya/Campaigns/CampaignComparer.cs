using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>
/// Compares the posts of finished campaigns with each other, platform by platform: no two near-identical posts should go out. It looks for work by itself, so
/// that a crash loses nothing; comparing twice gives the same.
/// </summary>
internal sealed partial class CampaignComparer(ComparedPosts posts, ContentNews news, IOptions<MayaOptions> options, TimeProvider time, ILogger<CampaignComparer> log) : BackgroundService
{
    private const int Page = 500;

    /// <summary>No comparison takes this long; one whose process is gone is begun again after it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Compares one finished campaign; false when there is none.</summary>
    public async Task<bool> CompareNextAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (await posts.NextAsync(now.ToUnixTimeMilliseconds(), (now + Lease).ToUnixTimeMilliseconds(), token) is not { } campaign)
            return false;
        var found = new List<NearDuplicate>();
        // One platform at a time, so that one index stands in memory.
        foreach (var (platform, count) in await posts.PlatformsAsync(campaign, token))
            await CompareAsync(campaign, platform, count, found, token);
        if (await posts.WriteAsync(campaign, found, time.GetUtcNow().ToUnixTimeMilliseconds(), token))
            LogCompared(campaign.Id, found.Count);
        news.Pulse.Beat();
        return true;
    }

    private async Task CompareAsync(CampaignRow campaign, string platform, long count, List<NearDuplicate> found, CancellationToken token)
    {
        var likeness = new TextLikeness(count, place => posts.TextAsync(campaign, place, token));
        var after = 0L;
        while (await posts.PageAsync(campaign, platform, after, Page, token) is { Count: > 0 } page)
        {
            foreach (var post in page)
            {
                if (await likeness.AddAsync(post.Ordinal, post.Text) is var (place, overlap))
                    found.Add(new NearDuplicate((int)post.Ordinal, (int)place, (float)overlap));
            }

            after = page[^1].Ordinal;
        }
    }

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
            catch (Exception e)
            {
                // Its lease keeps others from it for a while; the campaigns behind it are compared.
                LogFailed(e);
            }

            await Task.Delay(options.Value.CompareEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {CampaignId}: compared; {Duplicates} posts nearly repeat another.")]
    private partial void LogCompared(string campaignId, int duplicates);

    [LoggerMessage(Level = LogLevel.Error, Message = "A finished campaign could not be compared; it is tried again later.")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not answer; finished campaigns are compared later.")]
    private partial void LogStore(Exception e);
}
