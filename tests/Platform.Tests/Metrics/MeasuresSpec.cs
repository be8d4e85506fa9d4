using Google.Protobuf;
using Grpc.Core;
using MassTransit;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics.Measures;
using Platform.Metrics.Recording;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>Quality of code, what memory did, people's verdicts and engagement: what events say, and no more.</summary>
public sealed class MeasuresSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Summarize_OfCheckedAndFixedJobs_CountsCompilesFixesAndPatterns()
    {
        await using var host = await MetricsHost.StartAsync();
        var jobs = new[]
        {
            Job("at-once", JobStates.Succeeded, ["passed"], "ok", patterns: 2),
            Job("fixed", JobStates.Succeeded, ["tests_failed", "invalid", "passed"], "ok"),
            Job("broken", JobStates.Failed, ["invalid"], "error", patterns: 1),
            Job("unseen", JobStates.Failed, ["unchecked"], "unchecked"),
        };
        foreach (var job in jobs)
            await host.Get<EventRecorder>().RecordAsync(JobRow.Of(SampleJobs.Message(job)), Token);

        var total = (await host.Grpc.SummarizeAsync(new SummaryRequest(), cancellationToken: Token)).Total;

        (total.Checked, total.Compiled).ShouldBe((3, 2));
        (total.PassedFirst, total.PassedAfterFix, total.FixAttempts).ShouldBe((1, 1, 2));
        (total.WithPatterns, total.WithPatternsSucceeded, total.PatternsUsed).ShouldBe((2, 1, 3));
        total.TokensPerSecond.ShouldBe(1000.0 * 4 * 50 / (4 * 997), 0.001);
    }

    [Theory]
    [InlineData(JobStates.Failed, 1, null, 1)]
    [InlineData(JobStates.Failed, 0, null, 0)]
    [InlineData(JobStates.Cancelled, 1, null, 0)]
    [InlineData(JobStates.Succeeded, 1, "unchecked", 0)]
    [InlineData(JobStates.Failed, 2, "failed", 1)]
    public void JobRow_OfAJobWithTests_CountsAlsoWhenItsAnswerNeverGotToThem(string state, int attempts, string? outcome, long counted)
    {
        var job = SampleJobs.Job("j", state, Approaches.Mcp, 10, SampleJobs.Noon);
        job.Request.Tests.Add(new SourceFile { Path = "t.cs", Text = "x" });
        var result = job.Result ?? job.Failure.Partial;
        result.Tests = outcome is null ? null : new TestReport { Outcome = outcome };
        result.Attempts.Clear();
        result.Attempts.Add(Enumerable.Range(1, attempts).Select(number => new Attempt { Number = number, Outcome = "invalid" }));
        var row = JobRow.Of(SampleJobs.Message(job));
        (row[Counter.WithTests], row[Counter.PassedFirst], row[Counter.PassedAfterFix]).ShouldBe((counted, 0, 0));
    }

    [Fact]
    public async Task Summarize_OfAnAnswerThatWasTakenBack_CountsItAsRejected()
    {
        await using var host = await MetricsHost.StartAsync();
        var job = SampleJobs.Rows(1, Approaches.Mcp, 10, DateTimeOffset.UtcNow)[0];
        await host.Get<FiguresStore>().AddAsync([job], [new("f", job.JobId, "default", Verdicts.Reverted, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1000, 0, 0)], Token);
        var judged = (await host.Grpc.SummarizeAsync(new SummaryRequest(), cancellationToken: Token)).Judgement;
        (judged.Judged, judged.Accepted, judged.Edited, judged.Rejected).ShouldBe((1, 0, 0, 1));
    }

    [Fact]
    public async Task Summarize_OfFailuresAndVerdicts_TellsClassesAndTheLastVerdictOfEachJob()
    {
        await using var host = await MetricsHost.StartAsync();
        var now = DateTimeOffset.UtcNow;
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(3, Approaches.Mcp, 10, now, state: JobStates.Failed), [], Token);
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(2, Approaches.Mcp, 10, now), [], Token);
        var judged = SampleJobs.Rows(2, Approaches.Mcp, 10, now);
        FeedbackRow Said(string id, int job, string verdict, long at, long lines = 0) => new(id, judged[job].JobId, "default", verdict, now.ToUnixTimeMilliseconds() - 1000 + at, lines, 0);
        await host.Get<FiguresStore>().AddAsync([], [Said("f1", 0, Verdicts.Rejected, 1), Said("f2", 0, Verdicts.Accepted, 2), Said("f3", 1, Verdicts.Edited, 3, lines: 7), Said("f3", 1, Verdicts.Edited, 3, lines: 7)], Token);

        var summary = await host.Grpc.SummarizeAsync(new SummaryRequest(), cancellationToken: Token);

        summary.Failures.Select(f => (f.Code, f.Jobs)).ShouldBe([("tests_failed", 3L)]);
        (summary.Judgement.Judged, summary.Judgement.Accepted, summary.Judgement.Edited, summary.Judgement.Rejected, summary.Judgement.ChangedLines).ShouldBe((2, 1, 1, 0, 7));
        summary.Approaches.Single().Failures.Select(f => (f.Code, f.Jobs)).ShouldBe([("tests_failed", 3L)]);
        summary.Languages.Single().Failures.Single().Jobs.ShouldBe(3);
        summary.Engines.Single().Failures.Single().Jobs.ShouldBe(3);
        (await host.Grpc.SummarizeAsync(new SummaryRequest { Kind = JobKinds.Content }, cancellationToken: Token)).Total.Failures.ShouldBeEmpty();
        summary.Models.Single().Name.ShouldBe("model-1");
        summary.Languages.Single().Name.ShouldBe("csharp");
    }

    [Fact]
    public async Task Engagement_OverTheBusTwice_CountsOnceAndLeavesWrongEventsOut()
    {
        await using var host = await MetricsHost.StartAsync();
        var seen = new EngagementSeen
        {
            Tenant = "default",
            Events =
            [
                Event("e1", "p1", "impression", 1000), Event("e2", "p1", "like", 30), Event("e3", "p2", "conversion", 5), Event("e4", "p2", "applause", 9), Event("e5", "p2", "click", -1), [0xFF, 0xFF],
            ],
        };
        await host.Get<IBus>().Publish(seen, Token);
        await host.Get<IBus>().Publish(seen, Token);
        var reach = new Outreach();
        while (reach.Conversions == 0 || reach.Interactions == 0)
            reach = (await host.Grpc.SummarizeAsync(new SummaryRequest(), cancellationToken: Token)).Outreach;

        (reach.Posts, reach.Impressions, reach.Interactions, reach.Conversions, reach.Unfollows).ShouldBe((2, 1000, 30, 5, 0));
        (await host.Grpc.SummarizeAsync(new SummaryRequest(), Caller.ForTenant("other"), cancellationToken: Token)).Outreach.ShouldBe(new Outreach());
        (await host.Grpc.SummarizeAsync(new SummaryRequest { Simulated = true }, cancellationToken: Token)).Outreach.ShouldBe(new Outreach(), "such events say nothing of simulators");
    }

    [Fact]
    public async Task MemoryUse_OfJobsWithAndWithoutPatterns_TellsProjectsDaysAndPatterns()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var rows = new[]
        {
            Row("a", JobStates.Succeeded, "shop", 0, "p1", "p2"), Row("b", JobStates.Failed, "shop", 0, "p1"), Row("c", JobStates.Succeeded, "shop", -1), Row("d", JobStates.Cancelled, "shop", 0, "p2"), Row("e", JobStates.Failed, "", 0),
        };
        await folder.AddAsync(rows);
        await folder.AddAsync(rows);
        var memory = new MemoryUse(folder.Database);
        var scope = new FiguresScope("default", SampleJobs.Noon.AddDays(-3).ToUnixTimeMilliseconds(), SampleJobs.Noon.AddDays(1).ToUnixTimeMilliseconds());

        (await memory.ByProjectAsync(scope, "", Token)).Select(s => (s.Project, s.With, s.WithSucceeded, s.Without, s.WithoutSucceeded, s.PatternsUsed)).ShouldBe([("shop", 2, 1, 1, 1, 3), ("", 0, 0, 1, 0, 0)]);
        (await memory.ByDayAsync(scope, "", Token)).Select(s => (s.With, s.Without)).ShouldBe([(0, 1), (2, 1)]);
        (await memory.TopAsync(scope, "", Token)).Select(p => (p.PatternId, p.Succeeded, p.Failed)).ShouldBe([("p1", 1, 1), ("p2", 1, 0)]);
        (await memory.FailingAsync(scope, "", Token)).Select(p => p.PatternId).ShouldBe(["p1"]);
        (await memory.ByProjectAsync(scope, "shop", Token)).Single().Project.ShouldBe("shop");
        (await memory.ByDayAsync(scope, "shop", Token)).Sum(s => s.With + s.Without).ShouldBe(3);
        (await memory.TopAsync(scope, "elsewhere", Token)).ShouldBeEmpty();
        (await memory.FailingAsync(scope, "elsewhere", Token)).ShouldBeEmpty();
        (await memory.TopAsync(scope with { Simulated = true }, "", Token)).ShouldBeEmpty();
    }

    private static Job Job(string id, string state, string[] attempts, string syntax, int patterns = 0)
    {
        var job = SampleJobs.Job(id, state, Approaches.Mcp, 1000, DateTimeOffset.UtcNow);
        var result = job.Result ?? job.Failure.Partial;
        result.Attempts.Clear();
        result.Attempts.Add(attempts.Select((outcome, i) => new Attempt { Number = i + 1, Outcome = outcome }));
        result.Validation = new ValidationReport { Files = { new FileReport { Path = "a.cs", Syntax = syntax } } };
        result.Patterns.Add(Enumerable.Range(0, patterns).Select(i => new PatternRef { Id = $"p{i}" }));
        return job;
    }

    private static JobRow Row(string id, string state, string project, int days, params string[] patterns)
    {
        var job = SampleJobs.Job(id, state, Approaches.Mcp, 1000, SampleJobs.Noon.AddDays(days));
        job.Request.Project = project;
        (job.Result ?? job.Failure.Partial).Patterns.Add(patterns.Select(p => new PatternRef { Id = p, Project = project, Path = $"{p}.cs" }));
        return JobRow.Of(SampleJobs.Message(job));
    }

    private static byte[] Event(string id, string post, string kind, long count) =>
        new Engagement { EventId = id, PostId = post, Kind = kind, Count = count, AtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }.ToByteArray();
}
