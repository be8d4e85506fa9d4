using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Makes single posts while somebody waits.</summary>
internal sealed class PostDesk(PostStore posts, PostEffects effects, PostBackgrounds backgrounds, ExperimentDesk experiments, UnsureClassifier classifier, SubjectVault vault, IPeers peers, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int MaxTheme = 4_000;
    private const double SureIntent = 0.5;

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
        Check("theme", request.Theme, MaxTheme);
        FinishedText.CheckParts(request.ThreadParts);
        if (request.Images.Count > 0)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "images are given, and no engine of this version takes any; describe the picture in the brief instead."));
        if (request.Tier is not ("" or "quality" or "fast"))
            throw new ArgumentException($"tier is '{request.Tier}'; use quality or fast.");
        var now = time.GetUtcNow();
        var id = JobId.New(now);
        var slot = EngagementReader.Slot("slot", request.Slot);
        var background = await backgrounds.GetAsync(tenant, request.VoiceName, request.AudienceName, [rules.Name], token);
        var subject = CampaignSealing.SubjectOf(request.SubjectId, background.Audience);
        // What is about a person goes into its own job only.
        var wanted = subject.Length > 0 ? ContentClassifier.Classify(ContentClassifier.Intent, request.Brief) : (await classifier.ClassifyAsync(tenant, ContentClassifier.Intent, request.Brief, token)).Found;
        var intent = wanted.Confidence >= SureIntent ? wanted.Label : "";
        var arm = (await experiments.AllocateForPostsAsync(tenant, request.ExperimentId, request.Tier, 1, token)).FirstOrDefault();
        var wish = new PostWish { Platform = rules.Name, Brief = request.Brief, Voice = request.Voice, Audience = request.Audience, Theme = request.Theme, Intent = intent, Tier = request.Tier, Slot = request.Slot, ThreadParts = request.ThreadParts, Background = background };
        var generate = PostPrompt.Write(wish.With(arm), Lanes.Interactive, id, "");
        generate.SubjectId = subject;
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
