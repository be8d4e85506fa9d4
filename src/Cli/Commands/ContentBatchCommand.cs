using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grpc.Core;
using Platform.Cli.Demo;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content batch</c>: JSON lines in, JSON lines out, one status a row and an error file; no row is held longer than it takes.</summary>
internal static class ContentBatchCommand
{
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Argument<string> Rows = new("file") { Description = "JSON lines {custom_id, platform, brief | text, slot, theme, ...}; '-' reads standard input." };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File of the posts, one JSON line each.", Required = true };
    private static readonly Option<FileInfo> Errors = new("--errors") { Description = "File of the rows without a post, one JSON line each.", Required = true };
    private static readonly Option<string> Voice = new("--voice") { Description = "Name of a stored brand voice.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Key = new("--idempotency-key") { Description = "Same key gives the same batch.", DefaultValueFactory = static _ => "" };

    private static readonly Option<double> MaxUsd = new("--max-usd") { Description = "Most that the batch may cost, in US dollars. Default: twice its estimate." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask before real engines are paid." };

    public static Command Create() =>
        CommandRun.Bind(new Command("batch", "Writes or checks up to 100,000 posts from a file. Exit code 1 when a row has no post.") { Rows, Out, Errors, Voice, Key, MaxUsd, Yes }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        await using var errors = new StreamWriter(run.Get(Errors)!.FullName);
        var failed = 0L;
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var client = new Content.ContentClient(session.Invoker);
        using var file = await BatchFile.OpenAsync(run.Get(Rows)!, token);
        var estimate = await SendAsync(run, client.EstimatePosts(cancellationToken: token), file.Path, 0, token);
        var cap = estimate is null ? 0 : CampaignAgreement.Ask(run, estimate, run.Get(MaxUsd), run.Get(Yes));
        var reply = estimate is null ? new SubmitPostsReply() : await SendAsync(run, client.SubmitPosts(cancellationToken: token), file.Path, cap, token) ?? new SubmitPostsReply();
        await foreach (var (row, problem) in PostRows.UnreadableAsync(file.Path, token))
            Fail(row, "", "refused", problem);
        foreach (var problem in reply.Problems)
            Fail(problem.Row, problem.CustomId, "refused", problem.Problem);
        failed += reply.Refused - reply.Problems.Count;
        var ok = 0L;
        await using (var posts = new StreamWriter(run.Get(Out)!.FullName))
        {
            if (reply.Campaign is { } campaign)
            {
                await CampaignProgress.FollowAsync(run, client, campaign, token);
                using var call = client.ListPosts(new ListPostsRequest { CampaignId = campaign.Id }, cancellationToken: token);
                await foreach (var post in call.ResponseStream.ReadAllAsync(token))
                {
                    if (post.State is "ready" or "approved")
                    {
                        ok++;
                        await posts.WriteLineAsync(JsonSerializer.Serialize(new { post.CustomId, status = post.State, post.Platform, post.Slot, post.Variant, post.Text, post.Parts, post.Length, post.Score, post.Simulated, post.Model, post.Id }, Shape).AsMemory(), token);
                    }
                    else
                    {
                        Fail(0, post.CustomId, post.State, string.Join(' ', post.Reasons));
                    }
                }
            }
        }

        var summary = new { campaign = reply.Campaign?.Id ?? "", rows = ok + failed, ok, failed, seconds = Math.Round(clock.Elapsed.TotalSeconds, 2), @out = run.Get(Out)!.FullName, errors = run.Get(Errors)!.FullName };
        if (run.Json)
            CommandRun.Print(summary);
        else
            run.Answer.MarkupLineInterpolated($"{ok} posts, {failed} rows without one, in {summary.seconds} s");
        return failed == 0 ? ExitCodes.Success : ExitCodes.Failed;

        void Fail(long row, string id, string status, string error)
        {
            failed++;
            errors.WriteLine(JsonSerializer.Serialize(new { custom_id = id, row, status, error }, Shape));
        }
    }

    /// <summary>Streams the rows into a call; no answer when there are none.</summary>
    private static async Task<TReply?> SendAsync<TReply>(CommandRun run, AsyncClientStreamingCall<PostInput, TReply> call, string path, double cap, CancellationToken token)
        where TReply : class
    {
        using var streaming = call;
        var first = true;
        await foreach (var row in PostRows.OfLinesAsync(path, token))
        {
            if (first)
            {
                (row.VoiceName, row.IdempotencyKey) = (run.Get(Voice) is { Length: > 0 } voice ? voice : row.VoiceName, run.Get(Key) is { Length: > 0 } key ? key : row.IdempotencyKey);
                row.MaxCostUsd = cap > 0 ? cap : row.MaxCostUsd;
            }

            first = false;
            await EngagementUpload.SendAsync(call, row, token);
        }

        if (first)
            return null;
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }
}
