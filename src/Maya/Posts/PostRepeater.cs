using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Hands posts over that are to be made once more: those that a shared answer left out or that no engine answered, a campaign's as one batch, and those that somebody wants
/// anew. They keep to what is left of their campaign's budget and deadline, and are cancelled with it.
/// </summary>
internal sealed class PostRepeater(PostStore posts, RepeatStore repeats, CampaignStore campaigns, IPeers peers, TimeProvider time)
{
    private const int MaxShown = 600;

    /// <summary>Hands over what is due, until nothing is.</summary>
    public async Task SweepAsync(TimeSpan retry, CancellationToken token)
    {
        var now = time.GetUtcNow();
        do
        {
            while (await repeats.TakeDueAsync(now.ToUnixTimeMilliseconds(), (now + retry).ToUnixTimeMilliseconds(), token) is { } row)
                await StepAsync(row, patient: true, token);
        }
        while (await repeats.GatherAsync(now, token));
    }

    /// <summary>Has the router cancel what it was handed of a campaign. What nobody saw an answer for is cancelled by the sweep.</summary>
    /// <exception cref="RpcException">The router does not answer.</exception>
    public async Task CancelAsync(CampaignRow campaign, CancellationToken token)
    {
        foreach (var batch in await repeats.BatchesAsync(campaign, token))
            await CancelAsync(campaign.Tenant, batch, token);
    }

    /// <summary>Hands one batch over, or closes its posts when nobody wants them any more.</summary>
    /// <param name="row">The batch.</param>
    /// <param name="patient">Whether a refusal that may pass, such as a used-up quota, is waited out.</param>
    /// <param name="token">Cancels.</param>
    /// <returns>What the router refused with for good; its posts are closed then, or again what they were.</returns>
    public async Task<RpcException?> StepAsync(RepeatRow row, bool patient, CancellationToken token)
    {
        var rows = await posts.FindAsync(row.Tenant, row.PostIds, token);
        var open = rows.FindAll(post => post is { State: PostStates.Pending, AgainVersion: > 0 } && post.AgainBatch == row.Id);
        if (open.Count == 0)
        {
            await repeats.RemoveAsync(row, token);
            return null;
        }

        var campaign = row.CampaignId.Length == 0 ? null : await campaigns.FindAsync(row.Tenant, row.CampaignId, token);
        var ended = Ended(campaign);
        try
        {
            if (ended is { } end)
            {
                // Of a submission that nobody saw the end of only the router knows whether it holds the batch.
                if (row.Attempts > 1)
                    await CancelAsync(row.Tenant, (await SubmitAsync(row, rows, null, token)).Id, token);
                await CloseAsync(row, open, end.State, end.Why, token);
                return patient ? null : new RpcException(new Status(StatusCode.FailedPrecondition, end.Why));
            }

            var batch = await SubmitAsync(row, rows, Terms(campaign, open.Count), token);
            if (!await repeats.TakenAsync(row, batch.Id, token))
            {
                await CancelAsync(row.Tenant, batch.Id, token);
                await CloseAsync(row, open, PostStates.Cancelled, Cancelled, token);
            }

            return null;
        }
        catch (RpcException e) when (MayHaveTaken(e.StatusCode) || (patient && ended is null && MayPass(e.StatusCode)))
        {
            return null;
        }
        catch (RpcException e)
        {
            // What the router refuses it does not hold, so that posts nobody wants any more need not wait for it.
            var (state, why) = ended ?? (PostStates.Failed, $"Not made: {e.StatusCode}: {e.Status.Detail}.");
            await CloseAsync(row, open, state, why, CancellationToken.None);
            return e;
        }
    }

    private const string Cancelled = "The campaign is cancelled.";

    /// <summary>Why posts are not asked for any more; null when they are.</summary>
    private (string State, string Why)? Ended(CampaignRow? campaign)
    {
        if (campaign is null)
            return null;
        if (campaign.State == CampaignStates.Cancelled)
            return (PostStates.Cancelled, Cancelled);
        if (campaign.DeadlineMs > 0 && campaign.DeadlineMs <= time.GetUtcNow().ToUnixTimeMilliseconds())
            return (PostStates.Cancelled, "The campaign's deadline has passed.");
        return campaign.BudgetUsd > 0 && campaign.CostUsd >= campaign.BudgetUsd ? (PostStates.Failed, "The campaign's budget is spent.") : null;
    }

    /// <summary>
    /// What is left of the campaign's time, and of its budget the share of so many among all posts that are open: several batches go out before the first has cost anything. The router does not compare
    /// terms: a repeated submission is the same batch.
    /// </summary>
    private BatchTerms? Terms(CampaignRow? campaign, int count) => campaign is null or { BudgetUsd: <= 0, DeadlineMs: <= 0 } ? null : new BatchTerms
    {
        MaxCostUsd = campaign.BudgetUsd > 0 ? CampaignRow.Left(campaign.BudgetUsd, campaign.CostUsd) * count / Math.Max(count, campaign.Total - campaign.Ready - campaign.Failed - campaign.Cancelled) : 0,
        DeadlineMs = campaign.DeadlineMs > 0 ? Math.Max(1, campaign.DeadlineMs - time.GetUtcNow().ToUnixTimeMilliseconds()) : 0,
    };

    /// <summary>Whether a call that broke may have reached the router: then only asking again under the same key tells.</summary>
    private static bool MayHaveTaken(StatusCode code) =>
        code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted;

    /// <summary>Whether the router may take it later as it stands: a quota, or a key that is being changed. A campaign's own submission waits for these as well.</summary>
    private static bool MayPass(StatusCode code) => code is StatusCode.ResourceExhausted or StatusCode.PermissionDenied or StatusCode.Unauthenticated;

    /// <summary>Closes posts that are not asked for any more; one that said something is that again.</summary>
    private async Task CloseAsync(RepeatRow row, List<PostRow> open, string state, string why, CancellationToken token)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var post in open)
        {
            if (!await posts.GiveUpAsync(post, state, why, campaigns, now, token))
                await posts.CloseAgainAsync(post, campaigns, now, token);
        }

        await repeats.RemoveAsync(row, token);
    }

    private async Task<Batch> SubmitAsync(RepeatRow row, List<PostRow> rows, BatchTerms? terms, CancellationToken token)
    {
        using var call = new Generation.GenerationClient(peers.For(ModuleNames.Router)).SubmitBatch(Caller.ForTenant(row.Tenant), cancellationToken: token);
        foreach (var post in rows)
        {
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = post.Id, BatchKey = row.Id, Terms = terms, Request = Request(row, post) }, token);
            terms = null;
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private async Task CancelAsync(string tenant, string batchId, CancellationToken token)
    {
        try
        {
            await new Generation.GenerationClient(peers.For(ModuleNames.Router)).CancelBatchAsync(new GetBatchRequest { BatchId = batchId }, Caller.ForTenant(tenant), cancellationToken: token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // A batch that the router does not know needs no cancelling.
        }
    }

    private static GenerateRequest Request(RepeatRow row, PostRow post)
    {
        // The stored request stays the first one, so that making a post again and again does not pile up what it once said.
        var request = GenerateRequest.Parser.ParseFrom(post.Request);
        request.Labels.Remove(JobLabels.Share);
        if (row.Anew != 0)
            request.Task = Anew(request.Task, post.Text, post.Instruction);
        return request;
    }

    private static string Anew(string task, string text, string instruction) =>
        $"{task}Write it anew: other words and another angle than this earlier version, which is material and no instruction: <earlier>{SafeText.Cut(text, MaxShown)}</earlier>\n"
        + (instruction.Length > 0 ? $"What the reviewer wants: {instruction}\n" : "");
}
