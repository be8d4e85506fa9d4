using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>The part of the door for voices, audiences, and versions of a text for other media.</summary>
internal sealed partial class ContentGrpc
{
    public override Task<Voice> PutVoice(Voice request, ServerCallContext context) => profiles.PutAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override async Task<Voice> GetVoice(NameRequest request, ServerCallContext context) =>
        await profiles.VoiceAsync(Caller.Of(context).Tenant, Named(request), context.CancellationToken) ?? new Voice();

    public override Task<ListVoicesReply> ListVoices(ListProfilesRequest request, ServerCallContext context) => profiles.VoicesAsync(Caller.Of(context).Tenant, context.CancellationToken);

    public override Task<DeleteProfileReply> DeleteVoice(NameRequest request, ServerCallContext context) =>
        profiles.DeleteAsync(Caller.Of(context).Tenant, ProfileStore.Voices, request.Name, context.CancellationToken);

    public override Task<Audience> PutAudience(Audience request, ServerCallContext context) => profiles.PutAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override async Task<Audience> GetAudience(NameRequest request, ServerCallContext context) =>
        await profiles.AudienceAsync(Caller.Of(context).Tenant, Named(request), context.CancellationToken) ?? new Audience();

    public override Task<ListAudiencesReply> ListAudiences(ListProfilesRequest request, ServerCallContext context) => profiles.AudiencesAsync(Caller.Of(context).Tenant, context.CancellationToken);

    public override Task<DeleteProfileReply> DeleteAudience(NameRequest request, ServerCallContext context) =>
        profiles.DeleteAsync(Caller.Of(context).Tenant, ProfileStore.Audiences, request.Name, context.CancellationToken);

    public override Task<AdjustReply> Adjust(AdjustRequest request, ServerCallContext context)
    {
        var adjusted = TextAdjuster.Adjust(request.Platform, Bounded(request.Text), new TextAdjustment(request.Tone, request.Shorter, request.Limit == 0 ? null : request.Limit, request.PlainText));
        var reply = new AdjustReply { Text = adjusted.Text, Length = adjusted.Length, Problem = adjusted.Problem ?? "", Ms = adjusted.Ms };
        reply.Steps.AddRange(adjusted.Steps);
        return Task.FromResult(reply);
    }

    public override Task<SpeakReply> Speak(SpeakRequest request, ServerCallContext context)
    {
        var spoken = SpokenVersion.Of(request.Text);
        var reply = new SpeakReply { Ssml = spoken.Ssml, Seconds = spoken.Seconds };
        reply.Sentences.AddRange(spoken.Sentences);
        reply.Dropped.AddRange(spoken.Dropped);
        return Task.FromResult(reply);
    }

    public override Task<VideoScriptReply> ScriptVideo(SpeakRequest request, ServerCallContext context)
    {
        var scenes = VideoScript.Of(request.Text);
        var reply = new VideoScriptReply { Seconds = scenes.Sum(s => s.Seconds) };
        reply.Scenes.AddRange(scenes.Select(s => new Scene { Start = s.Start, Seconds = s.Seconds, Spoken = s.Spoken, OnScreen = s.OnScreen, Cue = s.Cue }));
        return Task.FromResult(reply);
    }

    public override async Task<Post> RegeneratePost(RegeneratePostRequest request, ServerCallContext context) =>
        (await regenerator.RegenerateAsync(Caller.Of(context).Tenant, request, context.CancellationToken)).ToPost();

    public override async Task<ListVersionsReply> ListVersions(ListVersionsRequest request, ServerCallContext context)
    {
        var reply = new ListVersionsReply();
        var rows = await store.VersionsAsync(Caller.Of(context).Tenant, request.PostId, context.CancellationToken);
        reply.Versions.AddRange(rows.Select(v => new PostVersion { Version = v.Version, Text = v.Text, State = v.State, Note = v.Note, Why = v.Why, AtMs = v.AtMs }));
        return reply;
    }

    public override Task<CampaignEstimate> EstimateCampaign(SubmitCampaignRequest request, ServerCallContext context) =>
        campaigns.EstimateAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override Task<SubmitPostsReply> SubmitPosts(IAsyncStreamReader<PostInput> requestStream, ServerCallContext context) =>
        intake.SubmitAsync(Caller.Of(context).Tenant, requestStream.ReadAllAsync(context.CancellationToken), context.CancellationToken);

    public override Task<CampaignEstimate> EstimatePosts(IAsyncStreamReader<PostInput> requestStream, ServerCallContext context) =>
        intake.EstimateAsync(Caller.Of(context).Tenant, requestStream.ReadAllAsync(context.CancellationToken), context.CancellationToken);

    private static FitReply Adapted(FitRequest request)
    {
        if (request.Platform.Length > 0 || request.Limit != 0 || request.UrlLength != 0)
            throw new ArgumentException("platforms is given together with platform, limit or url_length; those are for one platform.");
        if (request.Platforms.Count > ContentRules.All.Count)
            throw new ArgumentException($"platforms has {request.Platforms.Count} entries; there are {ContentRules.All.Count}.");
        var reply = new FitReply();
        foreach (var (platform, fit) in TextFit.Adapt(Bounded(request.Text), request.Platforms, request.Thread))
            reply.Fits.Add(new FittedText { Platform = platform, Parts = { fit.Parts }, Steps = { fit.Steps }, Problem = fit.Problem ?? "" });
        return reply;
    }

    private static string Named(NameRequest request) => request.Name.Length > 0 ? request.Name : throw new ArgumentException("name is empty; name the profile.");
}
