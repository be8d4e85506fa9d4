using System.Diagnostics;
using Grpc.Core;
using Platform.V1;

namespace Platform.Cli.Demo;

/// <summary>The main job on real input, step by step: index, generate with tests, fix, learn, replay, campaign, figures.</summary>
internal sealed class DemoRun(CommandRun run, IDemoPlace place, bool simulated)
{
    private static readonly TimeSpan LearnLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private readonly Generation.GenerationClient _jobs = new(place.Invoker("router"));
    private readonly V1.Patterns.PatternsClient _patterns = new(place.Invoker("patterns"));
    private readonly Content.ContentClient _content = new(place.Invoker("maya"));
    private readonly V1.Metrics.MetricsClient _metrics = new(place.Invoker("metrics"));

    /// <summary>Runs every step.</summary>
    /// <param name="path">Code base to index.</param>
    /// <param name="posts">Posts of the campaign.</param>
    /// <param name="token">Stops.</param>
    public async Task<DemoReport> RunAsync(string path, int posts, CancellationToken token)
    {
        var report = new DemoReport { Console = place.Console };
        report.Index = await IndexAsync(path, token);
        var before = await LearnedAsync(token);
        await GenerateAsync(report, "slug", "slug", token);
        await GenerateAsync(report, "roman", "roman", token);
        report.Learned = await WaitForLearningAsync(before, 2, token) - before;
        run.Say($"learned {report.Learned} patterns; the first task again:");
        await GenerateAsync(report, "slug", "slug, again", token);
        await CampaignAsync(report, posts, token);
        await OptimiseAsync(report, token);
        report.Roi = await RoiAsync(report, token);
        return report;
    }

    private async Task<IndexReply> IndexAsync(string path, CancellationToken token)
    {
        run.Say($"indexing {path} ...");
        var reply = await IndexUpload.SendAsync(place.Invoker("patterns"), [path], new IndexStart { Project = DemoProject.Name }, null, token);
        run.Say($"indexed {reply.Files:N0} files into {reply.Patterns:N0} patterns in {reply.Seconds:F1} s");
        return reply;
    }

    private async Task GenerateAsync(DemoReport report, string task, string label, CancellationToken token)
    {
        var request = DemoTask.Load(task, DemoProject.Name).Request;
        run.Say($"task '{label}': {request.Task.Split('\n')[0]}");
        var view = new JobView(run);
        var id = "";
        using var call = _jobs.Generate(request, cancellationToken: token);
        await foreach (var e in call.ResponseStream.ReadAllAsync(token))
        {
            id = e.JobId;
            view.Show(e);
        }

        var job = await _jobs.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: token);
        report.Jobs.Add((label, job));
        if (job.Failure is { } failure)
            run.Say($"task '{label}' {job.State}: {failure.Message}");
    }

    private async Task<long> LearnedAsync(CancellationToken token) =>
        (await _patterns.GetStatsAsync(new GetStatsRequest(), cancellationToken: token)).Learned;

    /// <summary>Learning follows the job on the bus; it is waited for, since the next step shows it.</summary>
    private async Task<long> WaitForLearningAsync(long before, int expected, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var learned = await LearnedAsync(token);
            if (learned >= before + expected || clock.Elapsed > LearnLimit)
                return learned;
            await Task.Delay(LookEvery, token);
        }
    }

    private async Task CampaignAsync(DemoReport report, int posts, CancellationToken token)
    {
        run.Say($"campaign of {posts} posts ...");
        var clock = Stopwatch.StartNew();
        var campaign = await _content.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = DemoCampaign.Brief(posts) }, cancellationToken: token);
        report.Campaign = await CampaignProgress.FollowAsync(run, _content, campaign, token);
        report.CampaignSeconds = clock.Elapsed.TotalSeconds;
        run.Say($"{report.Campaign.Ready} posts ready, {report.Campaign.Failed} failed, in {report.CampaignSeconds:F1} s ({report.Campaign.Ready / report.CampaignSeconds * 60:N0} a minute)");
    }

    /// <summary>Real posts have no readers yet, and simulated readers never judge them.</summary>
    private async Task OptimiseAsync(DemoReport report, CancellationToken token)
    {
        using var call = _content.ListPosts(new ListPostsRequest { CampaignId = report.Campaign.Id, State = "ready" }, cancellationToken: token);
        report.Posts = await call.ResponseStream.ReadAllAsync(token).ToListAsync(token);
        if (!simulated)
            return;
        report.Optimisation = await DemoOptimisation.RunAsync(_content, report.Posts, token);
        run.Say($"{report.Optimisation?.Events ?? 0} simulated engagement events gave {report.Optimisation?.Analysis.Recommendations.Count ?? 0} recommendations");
    }

    /// <summary>Figures follow the jobs on the bus too.</summary>
    private async Task<Roi> RoiAsync(DemoReport report, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var roi = await _metrics.GetRoiAsync(new RoiRequest { Simulated = simulated }, cancellationToken: token);
            if (roi.Jobs >= report.Jobs.Count || clock.Elapsed > LearnLimit)
                return roi;
            await Task.Delay(LookEvery, token);
        }
    }
}

/// <summary>Name of the project that the demo indexes into.</summary>
internal static class DemoProject
{
    /// <summary>The name.</summary>
    public const string Name = "demo";
}
