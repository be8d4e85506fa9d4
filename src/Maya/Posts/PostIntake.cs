using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Takes rows of posts as one campaign, a few hundred at a time: a finished text is checked and kept, a brief becomes a job. The campaign is sealed after the
/// last row; one whose stream broke is removed, so that half a batch never runs.
/// </summary>
internal sealed class PostIntake(CampaignStore campaigns, CampaignSubmitter submitter, PostBackgrounds backgrounds, ProfileDesk profiles, CampaignEstimator estimator, EngineModeration moderation, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int Chunk = 500;
    private const int MaxKey = 128;
    private const int MaxName = 200;
    private const double MaxBudget = 1_000_000;
    private static readonly TimeSpan Sign = TimeSpan.FromMinutes(1);

    /// <summary>A batch whose last row is this old is given up; one that is alive says so every minute.</summary>
    public static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Takes rows in.</summary>
    /// <exception cref="ArgumentException">The first row names something that is not there, or there are too many rows.</exception>
    /// <exception cref="RpcException">ALREADY_EXISTS when the key belongs to other rows; ABORTED when its batch is still coming in, or was cancelled meanwhile.</exception>
    public async Task<SubmitPostsReply> SubmitAsync(string tenant, IAsyncEnumerable<PostInput> rows, CancellationToken token)
    {
        await using var stream = rows.GetAsyncEnumerator(token);
        if (!await stream.MoveNextAsync())
            throw new ArgumentException("The batch has no rows.");
        var first = stream.Current;
        using var hash = new RowHash();
        var (campaign, fresh) = await BeginAsync(tenant, first, token);
        if (!fresh)
            return await AgainAsync(campaign, stream, hash);
        try
        {
            var background = await backgrounds.GetAsync(tenant, first.VoiceName, first.AudienceName, ContentRules.All.Select(r => r.Name), token);
            if (background.Audience is { SubjectId.Length: > 0 })
                throw new RpcException(new Status(StatusCode.FailedPrecondition, $"The audience profile '{first.AudienceName}' is about a person; write for it in a campaign or a single post, whose texts are kept under that person's key."));
            var reader = new PostInputReader(campaign, first, background, name => profiles.FindVoiceAsync(tenant, name, token));
            var fates = new RowFates();
            var (posts, told) = (new List<PostRow>(Chunk), time.GetUtcNow());
            do
            {
                hash.Add(stream.Current);
                if (await reader.ReadAsync(stream.Current, fates.Accepted + 1) is var (post, problem) && post is not null)
                    posts.Add(post);
                fates.Add(stream.Current, problem);
                if (fates.Rows > options.Value.MaxPosts)
                    throw new ArgumentException($"The batch has more than {options.Value.MaxPosts:N0} rows.");
                if (posts.Count == Chunk || time.GetUtcNow() - told >= Sign)
                    told = await StoreAsync(campaign, posts, token);
            }
            while (await stream.MoveNextAsync());
            await StoreAsync(campaign, posts, token);
            campaign.BriefHash = hash.Value;
            return await SealAsync(campaign, fates.Reply, token);
        }
        catch
        {
            await campaigns.DropAsync(campaign, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What rows would take; nothing is stored.</summary>
    public async Task<CampaignEstimate> EstimateAsync(string tenant, IAsyncEnumerable<PostInput> rows, CancellationToken token)
    {
        var kinds = new Dictionary<string, (GenerateRequest Sample, long Times, long Characters)>(StringComparer.Ordinal);
        var (posts, background, first) = (0L, (PostBackground?)null, (PostInput?)null);
        await foreach (var row in rows.WithCancellation(token))
        {
            if (++posts > options.Value.MaxPosts)
                throw new ArgumentException($"The batch has more than {options.Value.MaxPosts:N0} rows.");
            first ??= row;
            background ??= await backgrounds.GetAsync(tenant, row.VoiceName, row.AudienceName, ContentRules.All.Select(r => r.Name), token);
            // A row that will be refused costs nothing.
            if (row.Text.Length > 0 || ContentRules.Find(row.Platform) is not { } rules)
                continue;
            var (sample, times, characters) = kinds.GetValueOrDefault(rules.Name);
            // The longest stands for all of its platform: an estimate that is too low is worth nothing.
            if (sample is null || row.Brief.Length > characters)
                (sample, characters) = (PostPrompt.Write(new PostWish { Platform = rules.Name, Brief = SafeText.Cut(row.Brief, PostInputReader.MaxBrief), Theme = row.Theme, Tier = first.Tier, ThreadParts = Math.Clamp(row.ThreadParts, 0, TextFit.MostParts), Background = background }, Lanes.Batch, "estimate", ""), row.Brief.Length);
            kinds[rules.Name] = (sample, times + 1, characters);
        }

        var estimate = await estimator.EstimateAsync(tenant, kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Value.Sample, (double)k.Value.Times)), token);
        estimate.Posts = kinds.Sum(k => k.Value.Times);
        if (kinds.Count > 0)
            estimate.Assumptions.Add("Every row of a platform is reckoned with that platform's longest brief.");
        return estimate;
    }

    private async Task<(CampaignRow Campaign, bool Fresh)> BeginAsync(string tenant, PostInput first, CancellationToken token)
    {
        if (first.IdempotencyKey.Length > MaxKey || first.Campaign.Length > MaxName)
            throw new ArgumentException($"idempotency_key and campaign may have {MaxKey} and {MaxName} characters.");
        if (first.Tier is not ("" or "quality" or "fast"))
            throw new ArgumentException($"tier is '{SafeText.Cut(first.Tier, 40)}'; use quality or fast.");
        if (!double.IsFinite(first.MaxCostUsd) || first.MaxCostUsd is < 0 or > MaxBudget)
            throw new ArgumentException($"max_cost_usd is {first.MaxCostUsd}; it must be 0 to {MaxBudget:N0}.");
        var now = time.GetUtcNow();
        var campaign = new CampaignRow
        {
            Tenant = tenant,
            Id = JobId.New(now),
            Name = first.Campaign.Length > 0 ? first.Campaign : "batch",
            IdempotencyKey = first.IdempotencyKey,
            State = CampaignStates.Receiving,
            BudgetUsd = first.MaxCostUsd,
            TouchedMs = now.ToUnixTimeMilliseconds(),
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
        var stored = await campaigns.ReceiveAsync(campaign, token);
        if (stored.Id != campaign.Id && stored.State == CampaignStates.Receiving)
        {
            if (!await campaigns.DropAsync(stored, token, (now - Abandoned).ToUnixTimeMilliseconds()))
                throw new RpcException(new Status(StatusCode.Aborted, $"The batch of idempotency_key '{first.IdempotencyKey}' is still being received as {stored.Id}; try again later."));
            stored = await campaigns.ReceiveAsync(campaign, token);
        }

        return (stored.Id == campaign.Id ? campaign : stored, stored.Id == campaign.Id);
    }

    /// <summary>The same rows again give the campaign there is; only reading all of them tells that they are the same.</summary>
    private async Task<SubmitPostsReply> AgainAsync(CampaignRow campaign, IAsyncEnumerator<PostInput> stream, RowHash hash)
    {
        var rows = 0L;
        do
        {
            hash.Add(stream.Current);
            if (++rows > options.Value.MaxPosts)
                throw new ArgumentException($"The batch has more than {options.Value.MaxPosts:N0} rows.");
        }
        while (await stream.MoveNextAsync());
        return campaign.BriefHash == hash.Value
            ? new SubmitPostsReply { Campaign = campaign.ToCampaign(), Accepted = campaign.Total, Refused = rows - campaign.Total }
            : throw new RpcException(new Status(StatusCode.AlreadyExists, $"idempotency_key '{campaign.IdempotencyKey}' belongs to campaign {campaign.Id}, which was made from something else than these rows."));
    }

    private async Task<DateTimeOffset> StoreAsync(CampaignRow campaign, List<PostRow> posts, CancellationToken token)
    {
        await moderation.HoldAsync(posts, token);
        var now = time.GetUtcNow();
        if (!await campaigns.AddPostsAsync(campaign, posts, now.ToUnixTimeMilliseconds(), token))
            throw Gone(campaign);
        campaign.Failed += posts.LongCount(p => p.State == PostStates.Blocked);
        campaign.Ready += posts.LongCount(p => p.State is not (PostStates.Pending or PostStates.Blocked));
        posts.Clear();
        return now;
    }

    private async Task<SubmitPostsReply> SealAsync(CampaignRow campaign, SubmitPostsReply reply, CancellationToken token)
    {
        if (reply.Accepted == 0)
        {
            await campaigns.DropAsync(campaign, token);
            return reply;
        }

        var done = campaign.Ready + campaign.Failed == reply.Accepted;
        campaign.Total = reply.Accepted;
        (campaign.State, campaign.Submitted, campaign.DoneMs) = done ? (CampaignStates.Done, 1, time.GetUtcNow().ToUnixTimeMilliseconds()) : (CampaignStates.Running, 0, 0);
        if (!await campaigns.SealAsync(campaign, token))
            throw Gone(campaign);
        submitter.Wake();
        reply.Campaign = campaign.ToCampaign();
        return reply;
    }

    private static RpcException Gone(CampaignRow campaign) =>
        new(new Status(StatusCode.Aborted, $"Campaign {campaign.Id} was cancelled while its rows came in; nothing of it is written."));
}
