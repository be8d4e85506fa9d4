using Grpc.Core;
using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Takes what people decide about posts.</summary>
internal sealed class PostReviews(PostStore posts, CampaignStore campaigns, OutcomeModels models, ProfileDesk profiles, EngineModeration moderation, AuditLog audit, TimeProvider time)
{
    private const int MaxNote = 4_000;

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
                var judged = Against(row, await profiles.FindVoiceAsync(tenant, row.Voice, token)) is { } why ? new Moderated(true, why) : await moderation.JudgeAsync(row.Text, token);
                if (judged.Blocked)
                    throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} cannot be approved; edit it first. {judged.Reason}"));
                row.Reasons = judged.Reason.Length > 0 ? PostRow.Pack([.. row.AllReasons.Append(judged.Reason).Distinct()]) : row.Reasons;
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
}
