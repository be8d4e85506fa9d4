using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Makes single posts while somebody waits, and takes reviews.</summary>
internal sealed class PostDesk(PostStore posts, CampaignStore campaigns, PostEffects effects, OutcomeModels models, PostBackgrounds backgrounds, ProfileDesk profiles, ExperimentDesk experiments, SubjectVault vault, EngineModeration moderation, AuditLog audit, IPeers peers, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int MaxNote = 4_000;

    /// <summary>
    /// Writes one post and tells its making. The row is stored before the job, so that the post is completed by the closed job
    /// even when the caller leaves in the middle.
    /// </summary>
    public async IAsyncEnumerable<PostEvent> CreateAsync(string tenant, CreatePostRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var row = await RowAsync(tenant, request, token);
        var generate = GenerateRequest.Parser.ParseFrom(row.Request);
        row.SubjectId = generate.SubjectId.Length == 0 ? "" : (await vault.UseAsync(tenant, generate.SubjectId, token)).Pseudonym;
        await posts.InsertAsync(row, token);
        var client = new Generation.GenerationClient(peers.For(ModuleNames.Router));
        using var call = client.Generate(generate, Caller.ForTenant(tenant), cancellationToken: token);
        var accepted = false;
        while (await NextAsync(call.ResponseStream, row, accepted, token) is { } what)
        {
            accepted = true;
            switch (what.WhatCase)
            {
                case JobEvent.WhatOneofCase.Token when !what.Token.Reasoning:
                    yield return new PostEvent { Token = what.Token.Text };
                    break;
                case JobEvent.WhatOneofCase.Completed:
                    yield return await FinishAsync(tenant, row, new Job { Id = what.JobId, State = JobStates.Succeeded, Result = what.Completed, Simulated = what.Completed.Simulated }, token);
                    yield break;
                case JobEvent.WhatOneofCase.Failed:
                    yield return await FinishAsync(tenant, row, new Job { Id = what.JobId, State = JobStates.Failed, Failure = what.Failed }, token);
                    yield break;
                case JobEvent.WhatOneofCase.Cancelled:
                    yield return await FinishAsync(tenant, row, new Job { Id = what.JobId, State = JobStates.Cancelled, Failure = what.Cancelled }, token);
                    yield break;
            }
        }
    }

    /// <summary>The next event, or null at the end. A call that breaks before the router said anything leaves no job that would close the post, so it is marked as failed.</summary>
    private async Task<JobEvent?> NextAsync(IAsyncStreamReader<JobEvent> events, PostRow row, bool accepted, CancellationToken token)
    {
        try
        {
            if (await events.MoveNext(token))
                return events.Current;
            if (!accepted)
                throw new RpcException(new Status(StatusCode.Unavailable, "the router ended the call without an answer"));
            return null;
        }
        catch (Exception e) when (!accepted)
        {
            var why = e is RpcException refused ? $"{refused.StatusCode}: {refused.Status.Detail}" : "the caller left before the router had taken the job";
            await posts.FailAsync(row, $"Not made: {why}.", time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Approves, rejects or edits a post; an edit is checked as any other text, and nothing is approved that is blocked or invalid now.</summary>
    /// <exception cref="RpcException">NOT_FOUND; FAILED_PRECONDITION when the post is not there yet or must not go out; ABORTED when somebody else changed it meanwhile.</exception>
    public async Task<PostRow> ReviewAsync(Caller caller, ReviewPostRequest request, CancellationToken token)
    {
        var tenant = caller.Tenant;
        if (request.Note.Length > MaxNote)
            throw new ArgumentException($"note has {request.Note.Length:N0} characters; the limit is {MaxNote:N0}.");
        var row = await posts.FindAsync(tenant, request.PostId, token)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Post '{request.PostId}' is not known to this tenant."));
        var (before, old) = (0L, (row.Text, row.State, row.Note));
        if (row.State == PostStates.Pending)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} is being made; review it when it is there."));
        if (row.State is PostStates.Failed or PostStates.Cancelled && request.Action != "edit")
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} is {row.State}; there is no text to review."));
        switch (request.Action)
        {
            case "approve" when row.State is PostStates.Ready or PostStates.Approved or PostStates.Rejected:
                if (Against(row, await profiles.FindVoiceAsync(tenant, row.Voice, token)) is { } why)
                    throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} cannot be approved; edit it first. {why}"));
                row.State = PostStates.Approved;
                break;
            case "approve":
                throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} is {row.State} and cannot be approved; edit it first."));
            case "reject":
                row.State = PostStates.Rejected;
                break;
            case "edit":
                before = row.Version;
                Edit(row, request.Text, (await models.GetAsync(tenant, row.Platform, row.Simulated != 0, token)).Model, await profiles.FindVoiceAsync(tenant, row.Voice, token));
                await moderation.HoldAsync([row], token);
                break;
            default:
                throw new ArgumentException($"action is '{request.Action}'; use approve, reject or edit.");
        }

        row.Note = request.Note.Length > 0 ? request.Note : row.Note;
        await audit.AppendAsync(new AuditEntry(tenant, caller.KeyId, AuditActions.PostReviewed, row.Id, $"action={request.Action} state={row.State}"), token);
        var version = before == 0 ? null : new VersionRow { Tenant = tenant, PostId = row.Id, Version = before, Text = old.Text, State = old.State, Note = old.Note, Why = "edit", AtMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (!await posts.ReviewAsync(row, version, old.State, campaigns, time.GetUtcNow().ToUnixTimeMilliseconds(), token))
            throw new RpcException(new Status(StatusCode.Aborted, $"Post {row.Id} was changed by somebody else since version {row.Version}; look at it again."));
        row.Version++;
        return row;
    }

    /// <summary>Why a text must not go out as it is, by today's rules, filters and voice; null when it may.</summary>
    private static string? Against(PostRow row, Voice? voice)
    {
        var rules = ContentRules.Of(row.Platform);
        var texts = row.AllParts is { Length: > 0 } parts ? parts : [row.Text];
        return texts.SelectMany(text => ContentRules.Check(rules, text).Problems).Concat(texts.Append(row.Text).Distinct().SelectMany(text => Blocking(voice, text))).FirstOrDefault();
    }

    private static IEnumerable<string> Blocking(Voice? voice, string text) =>
        SafetyFilter.Find(text).Select(f => $"Blocked: the safety filter found {f.Label.Replace('_', ' ')}.").Concat(VoiceCheck.Find(voice, text).Blocking);

    private static void Edit(PostRow row, string text, OutcomeModel? history, Voice? voice)
    {
        var rules = ContentRules.Of(row.Platform);
        var parts = FinishedText.Check(rules, text, [], (int)row.ThreadParts);
        string[] blocking = [.. Blocking(voice, text)];
        row.Parts = PostRow.Pack(parts);
        var score = PostScore.Of(rules, text, row.ToPlan(history, voice));
        row.State = blocking.Length > 0 ? PostStates.Blocked : PostStates.Ready;
        (row.Text, row.Length, row.DuplicateOf) = (text, rules.Count(text), "");
        row.SetScore(score);
        row.Reasons = PostRow.Pack([.. blocking, .. score.Reasons, "Edited by a reviewer."]);
    }

    private async Task<PostEvent> FinishAsync(string tenant, PostRow row, Job job, CancellationToken token)
    {
        job.Tenant = tenant;
        job.Request = GenerateRequest.Parser.ParseFrom(row.Request);
        await effects.ApplyAsync([job], token);
        var stored = await posts.FindAsync(tenant, row.Id, token) ?? row;
        return job.State == JobStates.Succeeded
            ? new PostEvent { Post = stored.ToPost() }
            : new PostEvent { Problem = $"{job.Failure?.Code}: {job.Failure?.Message}" };
    }

    private async Task<PostRow> RowAsync(string tenant, CreatePostRequest request, CancellationToken token)
    {
        var rules = ContentRules.Of(request.Platform);
        Check("brief", request.Brief, options.Value.MaxBriefBytes);
        Check("voice", request.Voice, options.Value.MaxBriefBytes);
        Check("audience", request.Audience, options.Value.MaxBriefBytes);
        if (string.IsNullOrWhiteSpace(request.Brief))
            throw new ArgumentException("brief is empty; say what the post is about.");
        Check("theme", request.Theme, MaxNote);
        FinishedText.CheckParts(request.ThreadParts);
        if (request.Images.Count > 0)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "images are given, and no engine of this version takes any; describe the picture in the brief instead."));
        if (request.Tier is not ("" or "quality" or "fast"))
            throw new ArgumentException($"tier is '{request.Tier}'; use quality or fast.");
        var now = time.GetUtcNow();
        var id = JobId.New(now);
        var wanted = ContentClassifier.Classify(ContentClassifier.Intent, request.Brief);
        var intent = wanted.Confidence >= 0.5 ? wanted.Label : "";
        var slot = EngagementReader.Slot("slot", request.Slot);
        var background = await backgrounds.GetAsync(tenant, request.VoiceName, request.AudienceName, [rules.Name], token);
        var arm = (await experiments.AllocateForPostsAsync(tenant, request.ExperimentId, request.Tier, 1, token)).FirstOrDefault();
        var wish = new PostWish { Platform = rules.Name, Brief = request.Brief, Voice = request.Voice, Audience = request.Audience, Theme = request.Theme, Intent = intent, Tier = request.Tier, Slot = request.Slot, ThreadParts = request.ThreadParts, Background = background };
        var generate = PostPrompt.Write(wish.With(arm), Lanes.Interactive, id, "");
        generate.SubjectId = CampaignSealing.SubjectOf(request.SubjectId, background.Audience);
        if (intent.Length > 0)
            generate.Labels[JobLabels.Intent] = intent;
        return new PostRow
        {
            Tenant = tenant,
            Id = id,
            Platform = rules.Name,
            Slot = slot is { } at ? new Slot(at).Text : "",
            SlotMs = slot?.ToUnixTimeMilliseconds() ?? 0,
            Variant = "a",
            Theme = request.Theme,
            ThreadParts = request.ThreadParts,
            Intent = intent,
            Voice = request.VoiceName,
            ExperimentId = arm?.ExperimentId ?? "",
            Arm = arm?.Arm ?? "",
            Request = generate.ToByteArray(),
            PromptVersion = PostPrompt.Version,
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
    }

    private static void Check(string field, string text, int limit)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > limit)
            throw new ArgumentException($"{field} has {bytes:N0} bytes; the limit is {limit:N0}.");
    }
}
