using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// What closed jobs mean for posts. Many jobs share one transaction, which also records their ids: a message that comes
/// again finds its id and changes nothing.
/// </summary>
internal sealed partial class PostEffects([FromKeyedServices(ModuleNames.Maya)] Database database, PostStore posts, CampaignStore campaigns, OutcomeModels models, ProfileDesk profiles, EngineModeration moderation, ContentNews news, RepeatStore repeats, IOptions<MayaOptions> options, TimeProvider time, ILogger<PostEffects> log)
{
    private const int MostDoublings = 5;
    private const int LongestProblem = 300;

    /// <summary>Applies closed jobs; returns the posts that changed.</summary>
    public async Task<IReadOnlyList<PostRow>> ApplyAsync(IReadOnlyList<Job> jobs, CancellationToken token)
    {
        var labelled = jobs.Where(j => j.Request.Labels.ContainsKey(JobLabels.CustomId)).DistinctBy(j => j.Id).ToList();
        if (labelled.Count == 0)
            return [];
        // Callers label rows of their own batches too. Only what is a post is worked on, and by the post's platform: a request may
        // name any, and one that cannot be finished would take the others of this batch with it.
        var closed = labelled.SelectMany(ClosedPost.Of).ToList();
        var plans = await PlansAsync(closed, token);
        var ours = closed.Where(c => plans.ContainsKey(c.Key)).ToList();
        if (ours.Count == 0)
            return [];
        // The texts are worked on before the transaction begins, so that the one writer of SQLite is held for milliseconds only.
        var finished = await moderation.HoldAsync(ours.ToDictionary(c => c, c => Finish(c, plans[c.Key])), token);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var written = await database.WriteAsync(async connection =>
        {
            var rows = (await posts.FindAsync(connection, ours.Select(c => c.Id).Distinct())).ToDictionary(p => (p.Tenant, p.Id));
            var known = ours.Where(c => rows.ContainsKey(c.Key)).ToList();
            var fresh = await RecordAsync(connection, known.Select(c => c.Job.Id).Distinct(), now);
            var filled = new List<(PostRow Row, ClosedPost Closed, string Before, PostFigures Told)>();
            var tallies = new Dictionary<(string Tenant, string Campaign), CampaignTally>();
            foreach (var post in known.Where(c => fresh.Contains(c.Job.Id)))
            {
                var row = rows[post.Key];
                if (row.State is not (PostStates.Pending or PostStates.Failed or PostStates.Cancelled))
                    continue;
                var (paid, before) = (row.CostUsd, row.State);
                if ((post.IsLeftOut || post.IsUnanswered) && await PostStore.AskAgainAsync(connection, row, post.PaidUsd, now, post.IsLeftOut ? now : now + RetryMs(row)))
                {
                    Tally(tallies, row, post, before, before);
                    continue;
                }

                // A post that is made anew said something, and says that still when nobody wants another text any more.
                if (finished[post].State == PostStates.Cancelled && row.Text.Length > 0 && await PostStore.BackAsync(connection, row) is { } back)
                {
                    if (row.CampaignId.Length > 0)
                        Tally(tallies, row, post, before, back);
                    continue;
                }

                Fill(row, post, finished[post], now);
                filled.Add((row, post, before, row.ToFigures(row.Version + 1, paid + row.CostUsd, now)));
            }

            var changed = await posts.CloseAsync(connection, filled.ConvertAll(f => f.Row), token);
            // A post that somebody reviewed in between stays as it was reviewed; only what its job cost is counted.
            foreach (var (row, post, before, _) in filled.Where(f => f.Row.CampaignId.Length > 0))
                Tally(tallies, row, post, before, changed.Contains(row) ? finished[post].State : before);
            foreach (var call in known.Where(c => fresh.Contains(c.Job.Id) && c.IsShared).GroupBy(c => c.Job.Id))
                tallies.GetValueOrDefault((call.First().Job.Tenant, rows[call.First().Key].CampaignId))?.CountShared(call.Any(c => !c.IsLeftOut));
            await campaigns.AddAsync(connection, tallies, now);
            await ContentNews.AddAsync(connection, [.. filled.Where(f => changed.Contains(f.Row)).Select(f => f.Told)]);
            LogApplied(changed.Count, jobs.Count);
            return changed.ToList();
        }, token);
        news.Pulse.Beat();
        if (ours.Any(c => c.IsLeftOut))
            repeats.Pulse.Beat();
        return written;
    }

    /// <summary>How long a post that no engine answered waits; each time twice as long, up to a limit.</summary>
    private long RetryMs(PostRow row) => (long)options.Value.EngineRetry.TotalMilliseconds << (int)Math.Min(row.Version - 1, MostDoublings);

    private async Task<Dictionary<(string Tenant, string Id), PostPlan>> PlansAsync(List<ClosedPost> closed, CancellationToken token)
    {
        var rows = await database.ReadAsync(connection => posts.FindAsync(connection, closed.Select(c => c.Id).Distinct()), token);
        var simulated = closed.ToLookup(c => c.Key, c => c.Job.Simulated);
        var plans = new Dictionary<(string, string), PostPlan>();
        var voices = new Dictionary<(string, string), Voice?>();
        foreach (var row in rows)
        {
            if (!voices.TryGetValue((row.Tenant, row.Voice), out var voice))
                voices[(row.Tenant, row.Voice)] = voice = await profiles.FindVoiceAsync(row.Tenant, row.Voice, token);
            plans[(row.Tenant, row.Id)] = row.ToPlan((await models.GetAsync(row.Tenant, row.Platform, simulated[(row.Tenant, row.Id)].FirstOrDefault(), token)).Model, voice);
        }

        return plans;
    }

    private static FinishedPost Finish(ClosedPost closed, PostPlan plan)
    {
        if (closed.Text is { } text)
            return PostPipeline.Run(plan, text);
        var job = closed.Job;
        var state = job.State == JobStates.Cancelled ? PostStates.Cancelled : PostStates.Failed;
        var why = job.Failure is { } failure ? $"{failure.Code}: {failure.Message}"
            : closed.IsLeftOut ? string.Create(CultureInfo.InvariantCulture, $"The answer for {closed.Posts} posts has no text for this one.") : "The job closed without a result.";
        return new() { State = state, Text = "", Parts = [], Reasons = [why] };
    }

    private async Task<HashSet<string>> RecordAsync(System.Data.Common.DbConnection connection, IEnumerable<string> ids, long now)
    {
        var list = ids.ToList();
        var before = await connection.QueryAsync<string>($"select job_id from applied_jobs where {database.Dialect.AnyOf("job_id", "@ids")}", new { ids = database.Dialect.List(list) });
        var fresh = list.Except(before).ToHashSet(StringComparer.Ordinal);
        // The insert decides: another replica may have written the same id since the look.
        foreach (var id in fresh.ToList())
        {
            if (await connection.ExecuteAsync("insert into applied_jobs (job_id, at_ms) values (@id, @now) on conflict do nothing", new { id, now }) == 0)
                fresh.Remove(id);
        }

        return fresh;
    }

    /// <summary>A post that failed before and is replayed moves from one count to the other.</summary>
    private static void Tally(Dictionary<(string, string), CampaignTally> tallies, PostRow row, ClosedPost closed, string before, string after)
    {
        if (!tallies.TryGetValue((row.Tenant, row.CampaignId), out var tally))
            tallies[(row.Tenant, row.CampaignId)] = tally = new CampaignTally();
        tally.Count(before, -1);
        tally.Count(after, 1);
        tally.CostUsd += closed.PaidUsd;
        tally.Simulated |= closed.Job.Simulated;
        tally.IsAnswered |= closed.Job.State == JobStates.Succeeded;
        if (closed.IsUnanswered)
            tally.Unanswered = SafeText.Cut($"No engine answers: {closed.Job.Failure.Message}", LongestProblem);
    }

    private static void Fill(PostRow row, ClosedPost closed, FinishedPost post, long now)
    {
        var job = closed.Job;
        (row.State, row.Text, row.Parts, row.Reasons) = (post.State, post.Text, PostRow.Pack(post.Parts), PostRow.Pack(post.Reasons));
        row.SetScore(post.Score);
        row.PromptVersion = closed.IsShared ? PostPrompt.SharedVersion(row.PromptVersion) : row.PromptVersion;
        (row.Length, row.MarkersBefore, row.MarkersAfter) = (post.Length, post.MarkersBefore, post.MarkersAfter);
        row.AiGenerated = post.Text.Length > 0 ? 1 : row.AiGenerated;
        (row.JobId, row.Engine, row.Model) = (job.Id, job.Result?.Engine ?? "", job.Result?.Model ?? "");
        (row.Simulated, row.CostUsd, row.ClosedMs) = (job.Simulated ? 1 : 0, job.Result is null ? 0 : closed.PaidUsd, now);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stored {Posts} posts of {Jobs} closed jobs.")]
    private partial void LogApplied(int posts, int jobs);
}
