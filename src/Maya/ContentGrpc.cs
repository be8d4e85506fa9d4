using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>The public door of the content module: translates, calls, translates back.</summary>
internal sealed partial class ContentGrpc(CampaignDesk campaigns, PostDesk posts, PostReviews reviews, PostStore store, LearningDesk learning, ExperimentDesk experiments, ProfileDesk profiles,
    PostRegenerator regenerator, PostIntake intake, UnsureClassifier classifier) : Content.ContentBase
{
    private const int Page = 200;
    private const int MaxText = 262_144;

    public override async Task CreatePost(CreatePostRequest request, IServerStreamWriter<PostEvent> responseStream, ServerCallContext context)
    {
        await foreach (var what in posts.CreateAsync(Caller.Of(context).Tenant, request, context.CancellationToken))
            await responseStream.WriteAsync(what, context.CancellationToken);
    }

    public override async Task<ContentCheck> CheckContent(CheckContentRequest request, ServerCallContext context)
    {
        var verdict = Verdict(ContentRules.Of(request.Platform).ForAccount(request.Limit, request.UrlLength), Bounded(request.Text), request.ThreadParts);
        var voice = VoiceCheck.Find(await profiles.VoiceAsync(Caller.Of(context).Tenant, request.VoiceName, context.CancellationToken), request.Text);
        var reply = new ContentCheck { Platform = verdict.Platform, Valid = verdict.IsValid && voice.Blocking.Count == 0, Length = verdict.Length, Limit = verdict.Limit, Unit = verdict.Unit };
        reply.Problems.AddRange(verdict.Problems.Concat(voice.Blocking).Concat(voice.Remarks));
        return reply;
    }

    public override async Task<Classification> Classify(ClassifyRequest request, ServerCallContext context)
    {
        var (found, source, note, model) = await classifier.ClassifyAsync(Caller.Of(context).Tenant, request.Kind, Bounded(request.Text), context.CancellationToken);
        var reply = new Classification { Label = found.Label, Confidence = found.Confidence, Ms = found.Ms, Source = source, Note = note, Model = model };
        foreach (var (label, score) in found.Scores)
            reply.Scores[label] = score;
        return reply;
    }

    public override Task<FitReply> Fit(FitRequest request, ServerCallContext context)
    {
        if (request.Platforms.Count > 0)
            return Task.FromResult(Adapted(request));
        var fit = TextFit.Fit(ContentRules.Of(request.Platform).ForAccount(request.Limit, request.UrlLength), Bounded(request.Text), request.Thread);
        if (!fit.IsFitted)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, fit.Problem!));
        var reply = new FitReply();
        reply.Parts.AddRange(fit.Parts);
        return Task.FromResult(reply);
    }

    public override async Task<Campaign> SubmitCampaign(SubmitCampaignRequest request, ServerCallContext context) =>
        (await campaigns.SubmitAsync(Caller.Of(context).Tenant, request, context.CancellationToken)).ToCampaign();

    public override async Task<Campaign> GetCampaign(GetCampaignRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        var campaign = (await campaigns.GetAsync(tenant, request.CampaignId, context.CancellationToken)).ToCampaign();
        (campaign.Approved, campaign.Rejected) = await store.ReviewedAsync(tenant, campaign.Id, context.CancellationToken);
        campaign.Strategy = await campaigns.StrategyAsync(tenant, request.CampaignId, context.CancellationToken);
        return campaign;
    }

    public override async Task WatchCampaign(GetCampaignRequest request, IServerStreamWriter<Campaign> responseStream, ServerCallContext context)
    {
        await foreach (var row in campaigns.WatchAsync(Caller.Of(context).Tenant, request.CampaignId, context.CancellationToken))
            await responseStream.WriteAsync(row.ToCampaign(), context.CancellationToken);
    }

    public override async Task<ListCampaignsReply> ListCampaigns(ListCampaignsRequest request, ServerCallContext context)
    {
        var reply = new ListCampaignsReply();
        reply.Campaigns.AddRange((await campaigns.ListAsync(Caller.Of(context).Tenant, context.CancellationToken)).Select(row => row.ToCampaign()));
        return reply;
    }

    public override async Task ListPosts(ListPostsRequest request, IServerStreamWriter<Post> responseStream, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        if (request.State.Length > 0 && !PostStates.All.Contains(request.State))
            throw new ArgumentException($"state is '{request.State}'; use one of {string.Join(", ", PostStates.All)}.");
        await campaigns.GetAsync(tenant, request.CampaignId, context.CancellationToken);
        var after = 0L;
        while (await store.PageAsync(tenant, request.CampaignId, request.State, after, Page, context.CancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
                await responseStream.WriteAsync(row.ToPost(), context.CancellationToken);
            after = page[^1].Ordinal;
        }
    }

    public override async Task<Campaign> CancelCampaign(GetCampaignRequest request, ServerCallContext context) =>
        (await campaigns.CancelAsync(Caller.Of(context).Tenant, request.CampaignId, context.CancellationToken)).ToCampaign();

    public override async Task<Post> ReviewPost(ReviewPostRequest request, ServerCallContext context) =>
        (await reviews.ReviewAsync(Caller.Of(context), request, context.CancellationToken)).ToPost();

    /// <summary>A text that may become a thread is judged by its parts.</summary>
    private static ContentVerdict Verdict(PlatformRules rules, string text, int threadParts)
    {
        FinishedText.CheckParts(threadParts);
        var verdict = ContentRules.Check(rules, text);
        if (verdict.IsValid || threadParts == 0 || !rules.Thread)
            return verdict;
        try
        {
            FinishedText.Check(rules, text, [], threadParts);
            return verdict with { IsValid = true, Problems = [] };
        }
        catch (ArgumentException e)
        {
            return verdict with { Problems = [e.Message] };
        }
    }

    private static string Bounded(string text) => text.Length <= MaxText
        ? text
        : throw new ArgumentException($"text has {text.Length:N0} characters; the limit is {MaxText:N0}.");
}
