using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Takes briefs in, answers how campaigns stand, cancels them.</summary>
internal sealed class CampaignDesk(CampaignStore campaigns, CampaignSubmitter submitter, StrategyStore strategies, CampaignSealing sealing, CampaignBriefs briefs, PostBackgrounds backgrounds, ExperimentDesk experiments, CampaignEstimator estimator, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int MaxKey = 128;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Stores a campaign and has it submitted; waits a little, so that a refusal is seen at once.</summary>
    /// <exception cref="BriefException">The brief is wrong.</exception>
    /// <exception cref="RpcException">ALREADY_EXISTS when the key belongs to another brief.</exception>
    /// <exception cref="RpcException">FAILED_PRECONDITION when its estimate costs more than the caller allows.</exception>
    public async Task<CampaignRow> SubmitAsync(string tenant, SubmitCampaignRequest request, CancellationToken token)
    {
        var (yaml, key, now) = (request.Yaml, request.IdempotencyKey, time.GetUtcNow());
        if (key.Length > MaxKey)
            throw new BriefException($"idempotency_key has {key.Length} characters; the limit is {MaxKey}.");
        // Before anything is read, counted or asked: the same call again changes nothing.
        if (await campaigns.FindByKeyAsync(tenant, key, token) is { } earlier)
            return await SettledAsync(Same(earlier, key, yaml), token);
        var brief = await briefs.ReadAsync(tenant, yaml, now, token);
        var total = CampaignPlanner.Count(brief);
        if (request.MaxCostUsd > 0)
        {
            CampaignEstimator.RefuseAbove(await estimator.EstimateAsync(tenant, brief, token), request.MaxCostUsd);
            brief = brief with { BudgetUsd = brief.BudgetUsd > 0 ? Math.Min(brief.BudgetUsd, request.MaxCostUsd) : request.MaxCostUsd };
        }

        var background = await backgrounds.GetAsync(tenant, brief.Brand, brief.Profile, brief.Learn ? brief.Platforms : [], token);
        var subject = CampaignSealing.SubjectOf(request.SubjectId, background.Audience);
        var person = await sealing.UseAsync(tenant, subject, token);
        var campaign = new CampaignRow
        {
            Tenant = tenant,
            Id = JobId.New(now),
            Name = brief.Name,
            Brief = yaml,
            SubjectId = person?.Pseudonym ?? "",
            // The hash of a short text about a person would tell what it said.
            BriefHash = person is null ? Hash(yaml) : "",
            IdempotencyKey = key,
            Total = total,
            OnDuplicate = brief.OnDuplicate,
            SlotSource = brief.SlotSource,
            BudgetUsd = brief.BudgetUsd,
            DeadlineMs = brief.Deadline?.ToUnixTimeMilliseconds() ?? 0,
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
        var strategy = Strategy(brief, campaign, background, subject);
        campaign.Planning = strategy is { State: StrategyWords.Wanted } ? 1 : 0;
        if (campaign.Planning != 0 && brief.Experiment.Length > 0)
            await experiments.GetAsync(tenant, brief.Experiment, token);
        var arms = campaign.Planning != 0 ? [] : await experiments.AllocateForPostsAsync(tenant, brief.Experiment, brief.Tier, total, token);
        var posts = campaign.Planning != 0 ? [] : CampaignPlanner.Posts(brief, campaign, background, arms, strategy?.ToStrategy(), subject);
        var stored = await campaigns.InsertAsync(campaign, posts, token, strategy);
        if (stored.Id != campaign.Id)
            await experiments.ReleaseAsync(tenant, arms, token);
        Same(stored, key, yaml);
        submitter.Wake();
        return await SettledAsync(stored, token);
    }

    /// <summary>The strategy that an engine is to plan, the one that the brief itself gives, or none.</summary>
    private static StrategyRow? Strategy(CampaignBrief brief, CampaignRow campaign, PostBackground background, string subject)
    {
        if (brief.Strategy == StrategyWords.None)
            return null;
        var row = new StrategyRow { Tenant = campaign.Tenant, CampaignId = campaign.Id, CreatedMs = campaign.CreatedMs };
        if (brief.Strategy == StrategyWords.Brief)
            row.Made(PlainStrategy.Of(brief), campaign.CreatedMs);
        else
            row.Request = StrategyPrompt.Write(brief, campaign.Id, background, subject).ToByteArray();
        return row;
    }

    /// <summary>The strategy of a campaign, or null when it has none.</summary>
    public async Task<CampaignStrategy?> StrategyAsync(string tenant, string id, CancellationToken token) => (await strategies.FindAsync(tenant, id, token))?.ToStrategy();

    private static CampaignRow Same(CampaignRow stored, string key, string yaml) => (stored.SubjectId.Length > 0 ? stored.Brief == yaml : stored.BriefHash == Hash(yaml)) ? stored
        : throw new RpcException(new Status(StatusCode.AlreadyExists, $"idempotency_key '{key}' belongs to campaign {stored.Id} with another brief."));

    /// <summary>What a campaign would take.</summary>
    /// <exception cref="BriefException">The brief is wrong.</exception>
    public async Task<CampaignEstimate> EstimateAsync(string tenant, SubmitCampaignRequest request, CancellationToken token) =>
        await estimator.EstimateAsync(tenant, await briefs.ReadAsync(tenant, request.Yaml, time.GetUtcNow(), token), token);

    /// <summary>One campaign.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such campaign.</exception>
    public async Task<CampaignRow> GetAsync(string tenant, string id, CancellationToken token) => await campaigns.FindAsync(tenant, id, token)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"Campaign '{SafeText.Cut(id, MaxKey)}' is not known to this tenant."));

    /// <summary>Campaigns of a tenant, newest first.</summary>
    public Task<List<CampaignRow>> ListAsync(string tenant, CancellationToken token) => campaigns.ListAsync(tenant, token);

    /// <summary>The campaign now and whenever its counts change, until nothing is open.</summary>
    public async IAsyncEnumerable<CampaignRow> WatchAsync(string tenant, string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        Campaign? last = null;
        while (true)
        {
            var row = await GetAsync(tenant, id, token);
            var now = row.ToCampaign();
            if (!now.Equals(last))
                yield return row;
            if (now.State is CampaignStates.Done || now is { State: CampaignStates.Cancelled, Pending: 0 })
                yield break;
            last = now;
            await Task.Delay(Look, time, token);
        }
    }

    /// <summary>Cancels what is not made yet; what is being made is cancelled by the router and counted when its job closes.</summary>
    public async Task<CampaignRow> CancelAsync(string tenant, string id, CancellationToken token)
    {
        await GetAsync(tenant, id, token);
        var changed = await campaigns.CancelAsync(tenant, id, time.GetUtcNow().ToUnixTimeMilliseconds(), token);
        var after = await GetAsync(tenant, id, token);
        if (!changed || (after.BatchId.Length == 0 && (after.Planning == 0 || after.CancelWanted == 0)))
            return after;
        try
        {
            await submitter.CancelAsync(after, token);
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            // The wish is stored: the router is asked again until it answers.
        }

        return after;
    }

    private async Task<CampaignRow> SettledAsync(CampaignRow campaign, CancellationToken token)
    {
        var until = time.GetUtcNow() + options.Value.SubmitWait;
        while (true)
        {
            var row = await GetAsync(campaign.Tenant, campaign.Id, token);
            if (row.Submitted != 0 || row.State != CampaignStates.Running || time.GetUtcNow() >= until)
                return row;
            await Task.Delay(Look / 10, time, token);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
