using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Takes rows of posts as one campaign, a few hundred at a time: a finished text is checked and kept, a brief becomes a job. The campaign is sealed after the
/// last row; one whose stream broke is removed, so that half a batch never runs.
/// </summary>
internal sealed class PostIntake(CampaignStore campaigns, CampaignSubmitter submitter, PostBackgrounds backgrounds, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int Chunk = 500;
    private const int MostProblems = 100_000;
    private const int MaxKey = 128;
    private const int MaxName = 200;
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Takes rows in.</summary>
    /// <exception cref="ArgumentException">The first row names something that is not there, or there are too many rows.</exception>
    public async Task<SubmitPostsReply> SubmitAsync(string tenant, IAsyncEnumerable<PostInput> rows, CancellationToken token)
    {
        var reply = new SubmitPostsReply();
        CampaignRow? campaign = null;
        PostInputReader? reader = null;
        try
        {
            await foreach (var chunk in rows.Chunk(Chunk).WithCancellation(token))
            {
                if (campaign is null)
                {
                    (campaign, var fresh) = await BeginAsync(tenant, chunk[0], token);
                    if (!fresh)
                        return new SubmitPostsReply { Campaign = campaign.ToCampaign(), Accepted = campaign.Total };
                    reader = new PostInputReader(campaign, chunk[0], await backgrounds.GetAsync(tenant, chunk[0].VoiceName, chunk[0].AudienceName, ContentRules.All.Select(r => r.Name), token));
                }

                var posts = Read(reader!, chunk, reply);
                if (reply.Accepted > options.Value.MaxPosts)
                    throw new ArgumentException($"The batch has more than {options.Value.MaxPosts:N0} rows.");
                await campaigns.AddPostsAsync(posts, token);
                campaign.Ready += posts.LongCount(p => p.State is PostStates.Ready or PostStates.Approved);
            }

            if (campaign is null)
                throw new ArgumentException("The batch has no rows.");
            return await SealAsync(campaign, reply, token);
        }
        catch when (campaign is { State: CampaignStates.Receiving })
        {
            await campaigns.DropAsync(campaign, CancellationToken.None);
            throw;
        }
    }

    private async Task<(CampaignRow Campaign, bool Fresh)> BeginAsync(string tenant, PostInput first, CancellationToken token)
    {
        if (first.IdempotencyKey.Length > MaxKey || first.Campaign.Length > MaxName)
            throw new ArgumentException($"idempotency_key and campaign may have {MaxKey} and {MaxName} characters.");
        if (first.Tier is not ("" or "quality" or "fast"))
            throw new ArgumentException($"tier is '{first.Tier[..Math.Min(40, first.Tier.Length)]}'; use quality or fast.");
        var now = time.GetUtcNow();
        var campaign = new CampaignRow
        {
            Tenant = tenant,
            Id = JobId.New(now),
            Name = first.Campaign.Length > 0 ? first.Campaign : "batch",
            BriefHash = "rows",
            IdempotencyKey = first.IdempotencyKey,
            State = CampaignStates.Receiving,
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
        var stored = await campaigns.ReceiveAsync(campaign, token);
        if (stored.Id != campaign.Id && stored.State == CampaignStates.Receiving)
        {
            if (now.ToUnixTimeMilliseconds() - stored.CreatedMs < Abandoned.TotalMilliseconds)
                throw new RpcException(new Status(StatusCode.Aborted, $"The batch of idempotency_key '{first.IdempotencyKey}' is still being received as {stored.Id}; try again later."));
            await campaigns.DropAsync(stored, token);
            stored = await campaigns.ReceiveAsync(campaign, token);
        }

        return (stored.Id == campaign.Id ? campaign : stored, stored.Id == campaign.Id);
    }

    private static List<PostRow> Read(PostInputReader reader, PostInput[] chunk, SubmitPostsReply reply)
    {
        var posts = new List<PostRow>(chunk.Length);
        foreach (var row in chunk)
        {
            if (reader.Read(row, reply.Accepted + 1, out var problem) is { } post)
            {
                posts.Add(post);
                reply.Accepted++;
            }
            else
            {
                reply.Refused++;
                if (reply.Problems.Count < MostProblems)
                    reply.Problems.Add(new RowProblem { Row = reply.Accepted + reply.Refused, CustomId = row.CustomId, Problem = problem });
            }
        }

        return posts;
    }

    private async Task<SubmitPostsReply> SealAsync(CampaignRow campaign, SubmitPostsReply reply, CancellationToken token)
    {
        if (reply.Accepted == 0)
        {
            await campaigns.DropAsync(campaign, token);
            return reply;
        }

        var done = campaign.Ready == reply.Accepted;
        campaign.Total = reply.Accepted;
        (campaign.State, campaign.Submitted, campaign.DoneMs) = done ? (CampaignStates.Done, 1, time.GetUtcNow().ToUnixTimeMilliseconds()) : (CampaignStates.Running, 0, 0);
        await campaigns.SealAsync(campaign, token);
        submitter.Wake();
        reply.Campaign = campaign.ToCampaign();
        return reply;
    }
}
