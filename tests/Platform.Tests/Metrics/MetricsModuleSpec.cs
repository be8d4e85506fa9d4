using Grpc.Core;
using MassTransit;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics.Recording;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class MetricsModuleSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_WhileEventsArriveTwice_ShowsEachJobOnce()
    {
        await using var host = await MetricsHost.StartAsync();
        var bus = host.Get<IBus>();
        var events = Enumerable.Range(0, 60).Select(i => SampleJobs.Message(SampleJobs.Job($"job-{i}", JobStates.Succeeded, Approaches.Mcp, 100 + i, DateTimeOffset.UtcNow))).ToList();
        foreach (var closed in events.Concat(events.AsEnumerable().Reverse()))
            await bus.Publish(closed, Token);
        await bus.Publish(new FeedbackGiven { FeedbackId = "f1", JobId = "job-1", Tenant = "default", Verdict = Verdicts.Accepted, Diff = "", AtMs = 1 }, Token);

        using var watch = host.Grpc.Watch(new SummaryRequest(), cancellationToken: Token);
        var summary = new Summary();
        while ((summary.Total?.Jobs ?? 0) < 60 && await watch.ResponseStream.MoveNext(Token))
            summary = watch.ResponseStream.Current;

        summary.Total!.Jobs.ShouldBe(60);
        summary.Approaches.Single().TotalMs.P50.ShouldBe(129, 1.3);
        (await host.Grpc.SummarizeAsync(new SummaryRequest { Kind = JobKinds.Content }, cancellationToken: Token)).Total.Jobs.ShouldBe(0);
    }

    [Fact]
    public async Task Watch_ShowsFailuresVerdictsAndPostsToo()
    {
        await using var host = await MetricsHost.StartAsync();
        var now = DateTimeOffset.UtcNow;
        var jobs = SampleJobs.Rows(2, Approaches.Mcp, 10, now.AddSeconds(-5), state: JobStates.Failed);
        await host.Get<Platform.Metrics.Rollups.FiguresStore>().AddAsync(jobs, [new("f", jobs[0].JobId, "default", Verdicts.Rejected, now.AddSeconds(-4).ToUnixTimeMilliseconds(), 0, 0)],
            [new("e", "default", "p", "click", 3, now.AddSeconds(-4).ToUnixTimeMilliseconds())],
            [new PostFigures { Tenant = "default", PostId = "p", Version = 1, Platform = "x", State = "approved", CreatedMs = now.AddSeconds(-4).ToUnixTimeMilliseconds(), AtMs = now.ToUnixTimeMilliseconds() }], Token);
        using var watch = host.Grpc.Watch(new SummaryRequest(), cancellationToken: Token);
        (await watch.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        var summary = watch.ResponseStream.Current;
        (summary.Failures.Single().Jobs, summary.Judgement.Rejected, summary.Outreach.Interactions, summary.Content.Approved).ShouldBe((2, 1, 3, 1));
    }

    [Fact]
    public async Task Summarize_ForAnotherTenant_SeesNothing()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<EventRecorder>().RecordAsync(Platform.Metrics.Rollups.JobRow.Of(SampleJobs.Message(SampleJobs.Job("j", JobStates.Succeeded, Approaches.Mcp, 10, DateTimeOffset.UtcNow))), Token);
        (await host.Grpc.SummarizeAsync(new SummaryRequest(), cancellationToken: Token)).Total.Jobs.ShouldBe(1);
        (await host.Grpc.SummarizeAsync(new SummaryRequest(), Caller.ForTenant("other"), cancellationToken: Token)).Total.Jobs.ShouldBe(0);
    }

    [Fact]
    public async Task GetSeries_OfSeconds_GivesBucketsInOrder()
    {
        await using var host = await MetricsHost.StartAsync();
        var now = DateTimeOffset.UtcNow;
        foreach (var row in SampleJobs.Rows(50, Approaches.Mcp, 10, now))
            await host.Get<EventRecorder>().RecordAsync(row, Token);
        var series = await host.Grpc.GetSeriesAsync(new SeriesRequest { FromMs = now.AddMinutes(-5).ToUnixTimeMilliseconds(), StepSeconds = 10 }, cancellationToken: Token);
        series.Buckets.Sum(b => b.Figures.Jobs).ShouldBe(50);
        series.Buckets.Select(b => b.AtMs).ShouldBeInOrder();
        series.Buckets.ShouldAllBe(b => b.AtMs % 10_000 == 0);
    }

    [Theory]
    [InlineData(7, 1, 2, "step_seconds is '7'")]
    [InlineData(10, 5, 4, "from_ms is '5'")]
    [InlineData(10, -5, 4, "from_ms is '-5'")]
    [InlineData(10, 1, 1_000_000_000_000, "at most 10000 buckets")]
    public async Task GetSeries_OfWhatCannotBe_NamesFieldAndValue(long step, long from, long to, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Grpc.GetSeriesAsync(new SeriesRequest { FromMs = from, ToMs = to, StepSeconds = step }, cancellationToken: Token));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain(expected);
    }

    [Fact]
    public async Task GetRoi_OfAbsurdInput_IsRefused()
    {
        await using var host = await MetricsHost.StartAsync();
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Grpc.GetRoiAsync(new RoiRequest { TasksPerDay = 1e30 }, cancellationToken: Token));
        refused.Status.Detail.ShouldContain("tasks_per_day is 1E+30");
    }

    [Fact]
    public async Task AcknowledgeAlert_Unknown_IsNotFound()
    {
        await using var host = await MetricsHost.StartAsync();
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Grpc.AcknowledgeAlertAsync(new AcknowledgeAlertRequest { Id = "x" }, cancellationToken: Token));
        refused.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Scrape_WithATenantsKey_IsRefused()
    {
        await using var host = await MetricsHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add(MetricsHost.PlainUser, "1");
        var refused = await host.Http.SendAsync(request, Token);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync(Token)).ShouldContain("Access:ScrapeKeyHash");
    }

    [Fact]
    public async Task Scrape_AfterJobs_HasCountersAndHistograms()
    {
        await using var host = await MetricsHost.StartAsync();
        foreach (var row in SampleJobs.Rows(3, Approaches.Mcp, 700, DateTimeOffset.UtcNow))
            await host.Get<EventRecorder>().RecordAsync(row, Token);
        var text = await host.PageAsync("/metrics");
        text.ShouldContain("# TYPE platform_jobs_total counter\n");
        text.ShouldContain("platform_jobs_total{approach=\"mcp\",engine=\"engine-mcp\",kind=\"code\",simulated=\"false\",state=\"succeeded\"} ");
        text.ShouldContain("platform_job_duration_seconds_bucket{approach=\"mcp\",engine=\"engine-mcp\",kind=\"code\",simulated=\"false\",le=\"1\"} ");
        text.ShouldNotContain("tenant");
    }
}
