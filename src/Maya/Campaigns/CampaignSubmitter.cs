using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Has campaigns planned and hands them to the router. A campaign is stored first and submitted then, under its id as batch key: after a crash at any
/// point the same rows are submitted again and the router answers with the batch it has.
/// </summary>
internal sealed partial class CampaignSubmitter(CampaignStore campaigns, PostStore posts, CampaignStrategist strategist, PostRepeater repeater, RepeatStore repeats, IPeers peers, IOptions<MayaOptions> options, TimeProvider time, ILogger<CampaignSubmitter> log)
    : BackgroundService
{
    private const int Page = 500;

    /// <summary>Kinds of calls that wait for further posts at once; with more the first is sent as it is.</summary>
    private const int MostOpen = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>A closed job says so by itself; this is for the message that was lost.</summary>
    private static readonly TimeSpan PlanLook = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that a campaign waits.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Takes one waiting campaign a step further: its strategy, or its batch. False when there is none.</summary>
    public async Task<bool> SubmitNextAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (await campaigns.TakeUnsubmittedAsync(now.ToUnixTimeMilliseconds(), (now + Lease).ToUnixTimeMilliseconds(), (now + PlanLook).ToUnixTimeMilliseconds(), token) is not { } campaign)
            return false;
        try
        {
            if (campaign.DeadlineMs > 0 && campaign.DeadlineMs <= now.ToUnixTimeMilliseconds() && campaign.BatchId.Length == 0)
            {
                LogTooLate(campaign.Id);
                await campaigns.CancelAsync(campaign.Tenant, campaign.Id, now.ToUnixTimeMilliseconds(), token);
                return true;
            }

            if (campaign.Planning != 0)
            {
                await strategist.StepAsync(campaign, token);
                return true;
            }

            var batch = await SendAsync(campaign, token);
            await campaigns.SubmittedAsync(campaign, batch.Id, token);
            if (await campaigns.FindAsync(campaign.Tenant, campaign.Id, token) is { State: CampaignStates.Cancelled })
                await CancelAsync(campaign, batch.Id, token);
            LogSubmitted(campaign.Id, campaign.Total, batch.Id);
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            LogRefused(campaign.Id, e.StatusCode, e.Status.Detail);
            await campaigns.PauseAsync(campaign, $"{e.StatusCode}: {e.Status.Detail}", (time.GetUtcNow() + options.Value.SubmitRetry).ToUnixTimeMilliseconds(), token);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SubmitNextAsync(stoppingToken))
                    continue;
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is StoreUnreachableException or DbException)
            {
                LogStore(e);
                await Task.Delay(options.Value.SubmitRetry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(CancellationToken token)
    {
        using var limit = new CancellationTokenSource(options.Value.SubmitRetry < Idle ? options.Value.SubmitRetry : Idle, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, limit.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // Nobody called in the meantime: look whether a pause is over or another replica left something.
        }
    }

    /// <summary>
    /// Has the router cancel what nobody wants any more, until it has answered. Of a submission that nobody saw the end of only the router knows whether it holds
    /// the batch: the same rows under the same key give the batch it has, or one that is cancelled at once.
    /// </summary>
    public async Task CancelWantedAsync(CancellationToken token)
    {
        foreach (var campaign in await campaigns.ToCancelAsync(token))
        {
            try
            {
                await CancelAsync(campaign, token);
            }
            catch (RpcException e) when (!token.IsCancellationRequested)
            {
                LogNotCancelled(campaign.Id, e.StatusCode, e.Status.Detail);
            }
        }
    }

    /// <summary>Cancels what the router may hold of a campaign: its batch, or the job of its strategy.</summary>
    public async Task CancelAsync(CampaignRow campaign, CancellationToken token)
    {
        if (campaign.Planning == 0)
        {
            await CancelAsync(campaign, campaign.BatchId.Length > 0 ? campaign.BatchId : (await SendAsync(campaign, token)).Id, token);
            return;
        }

        await strategist.CancelAsync(campaign, token);
        await campaigns.CancelConfirmedAsync(campaign, token);
    }

    /// <summary>Cancels a batch and notes that the router has answered; a batch that it does not know needs no cancelling.</summary>
    private async Task CancelAsync(CampaignRow campaign, string batchId, CancellationToken token)
    {
        try
        {
            await new Generation.GenerationClient(peers.For(ModuleNames.Router)).CancelBatchAsync(new GetBatchRequest { BatchId = batchId }, Caller.ForTenant(campaign.Tenant), cancellationToken: token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            LogNotCancelled(campaign.Id, e.StatusCode, e.Status.Detail);
        }

        await repeater.CancelAsync(campaign, token);
        await campaigns.CancelConfirmedAsync(campaign, token);
        repeats.Pulse.Beat();
    }

    private async Task<Batch> SendAsync(CampaignRow campaign, CancellationToken token)
    {
        var client = new Generation.GenerationClient(peers.For(ModuleNames.Router));
        using var call = client.SubmitBatch(Caller.ForTenant(campaign.Tenant), cancellationToken: token);
        var terms = campaign.ToTerms();
        await foreach (var (id, request) in CallsAsync(campaign, token))
        {
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = id, BatchKey = campaign.Id, Terms = terms, Request = request }, token);
            terms = null;
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    /// <summary>The calls of a campaign: each a post, or posts of a platform that share one. The same posts always give the same calls.</summary>
    private async IAsyncEnumerable<(string Id, GenerateRequest Request)> CallsAsync(CampaignRow campaign, [EnumeratorCancellation] CancellationToken token)
    {
        var (after, open) = (0L, new Dictionary<string, SharedCall>(StringComparer.Ordinal));
        while (await posts.PageAsync(campaign.Tenant, campaign.Id, "", after, Page, token) is { Count: > 0 } page)
        {
            // What was brought in finished has no request.
            foreach (var post in page.Where(p => p.Request.Length > 0))
            {
                var request = GenerateRequest.Parser.ParseFrom(post.Request);
                var kind = SharedCall.KindOf(request);
                if (open.Count == MostOpen && !open.ContainsKey(kind) && open.Remove(open.Keys.Min(StringComparer.Ordinal)!, out var other))
                    yield return (other.Id, other.ToRequest());
                if (!open.TryGetValue(kind, out var call))
                    open[kind] = call = new SharedCall(post.Id, post.Ordinal, request);
                else
                    call.Add(post.Ordinal, request);
                if (call.IsFull && open.Remove(kind))
                    yield return (call.Id, call.ToRequest());
            }

            after = page[^1].Ordinal;
        }

        foreach (var (_, call) in open.OrderBy(o => o.Key, StringComparer.Ordinal))
            yield return (call.Id, call.ToRequest());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {CampaignId}: {Posts} posts submitted as batch {BatchId}.")]
    private partial void LogSubmitted(string campaignId, long posts, string batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} is cancelled: its deadline passed before the router took it.")]
    private partial void LogTooLate(string campaignId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} is paused: the router answers {Status}, {Detail}")]
    private partial void LogRefused(string campaignId, StatusCode status, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} is cancelled; the router answers {Status}, {Detail}")]
    private partial void LogNotCancelled(string campaignId, StatusCode status, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not answer; campaigns wait.")]
    private partial void LogStore(Exception e);
}
