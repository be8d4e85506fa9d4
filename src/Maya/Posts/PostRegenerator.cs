using Grpc.Core;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Has one post made again: what it said stays as a version, and the closed job fills the row as it did the first time. The wish is stored before the router is
/// asked, so that a crash in between leaves work for the next sweep and no post that waits for ever.
/// </summary>
internal sealed class PostRegenerator(PostStore posts, PostRepeater repeater, CampaignStore campaigns, TimeProvider time)
{
    private const int MaxInstruction = 2_000;
    private const int MaxShown = 40;

    /// <summary>How long the caller's own attempt may take before a sweep tries as well; both ask under the same key.</summary>
    private static readonly TimeSpan Own = TimeSpan.FromMinutes(1);

    /// <summary>Makes a post again. When the router does not answer, the post stays pending and is handed over later.</summary>
    /// <exception cref="RpcException">NOT_FOUND, FAILED_PRECONDITION when it is being made or was imported, ABORTED when somebody else changed it meanwhile; and what the router refuses with.</exception>
    public async Task<PostRow> RegenerateAsync(string tenant, RegeneratePostRequest request, CancellationToken token)
    {
        if (request.Instruction.Length > MaxInstruction)
            throw new ArgumentException($"instruction has {request.Instruction.Length:N0} characters; the limit is {MaxInstruction:N0}.");
        var row = await posts.FindAsync(tenant, request.PostId, token)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Post '{SafeText.Cut(request.PostId, MaxShown)}' is not known to this tenant."));
        if (row.State == PostStates.Pending || row.Request.Length == 0)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Post {row.Id} {(row.Request.Length == 0 ? "was brought in finished; there is no request to repeat" : "is being made already")}."));
        var (now, tally) = (time.GetUtcNow(), new CampaignTally());
        tally.Count(row.State, -1);
        var left = new VersionRow { Tenant = tenant, PostId = row.Id, Version = row.Version, Text = row.Text, State = row.State, Note = row.Note, Why = "regenerate", AtMs = now.ToUnixTimeMilliseconds() };
        // The version is part of the key: the same call after a broken line or a crash is the same job.
        var repeat = new RepeatRow
        {
            Tenant = tenant,
            Id = $"{row.Id}-v{row.Version}",
            CampaignId = row.CampaignId,
            Posts = row.Id,
            Anew = row.Text.Length > 0 || request.Instruction.Length > 0 ? 1 : 0,
            Attempts = 1,
            AfterMs = (now + Own).ToUnixTimeMilliseconds(),
        };
        (row.PromptVersion, row.Instruction, row.AgainAfterMs, row.AgainBatch) = (PostPrompt.Version, request.Instruction, repeat.AfterMs, repeat.Id);
        if (!await posts.ReopenAsync(row, left, repeat, tally, campaigns, token))
            throw new RpcException(new Status(StatusCode.Aborted, $"Post {row.Id} was changed by somebody else; look at it again."));
        (row.State, row.AgainVersion, row.Version) = (PostStates.Pending, row.Version, row.Version + 1);
        if (await repeater.StepAsync(repeat, patient: false, token) is { } refused)
            throw refused;
        return row;
    }
}
