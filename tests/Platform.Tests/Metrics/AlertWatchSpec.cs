using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>Whom the watch looks at, and what single alerts say.</summary>
public sealed class AlertWatchSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task JudgeAsync_OfATenantNoneOfWhoseJobsEverClosed_OpensTheQueueAlert()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        folder.Queue.Waiting = new() { ["idle-workers"] = SampleJobs.Noon.AddMinutes(-30), ["fresh"] = SampleJobs.Noon.AddMinutes(-1) };
        await JudgeAsync(folder);
        var alert = (await folder.Alerts.ListAsync("idle-workers", all: false, Token)).Single();
        (alert.Rule, alert.Value).ShouldBe(("queue", 30));
        (await folder.Alerts.ListAsync("fresh", all: false, Token)).ShouldBeEmpty();

        folder.Queue.Waiting = [];
        for (var i = 0; i < 3; i++)
            await JudgeAsync(folder);
        (await folder.Alerts.ListAsync("idle-workers", all: false, Token)).ShouldBeEmpty("none waits any more");
    }

    [Fact]
    public async Task JudgeAsync_WhenTheLedgerCannotBeAsked_KeepsNoQueueAlertAlive()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(1, Approaches.Pattern, 10, SampleJobs.Noon));
        folder.Queue.Waiting = null;
        folder.Time.Now = SampleJobs.Noon.AddMinutes(40);
        await JudgeAsync(folder);
        (await folder.Alerts.ListAsync("default", all: false, Token)).ShouldBeEmpty("nothing is known of the queue");
    }

    [Fact]
    public async Task JudgeAsync_WhenOneTenantCannotBeJudged_JudgesTheOthers()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        foreach (var tenant in new[] { "a-broken", "b-sound" })
        {
            var rows = Enumerable.Range(0, 30).Select(i => Platform.Metrics.Rollups.JobRow.Of(SampleJobs.Message(SampleJobs.Job($"{tenant}{i}", JobStates.Failed, Approaches.Mcp, 10, SampleJobs.Noon), tenant)));
            await folder.AddAsync(rows);
        }

        await folder.Database.WriteAsync(c => c.ExecuteAsync("update rollups set total = @bytes where tenant = 'a-broken'", new { bytes = new byte[] { 9, 9, 9 } }), Token);
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await JudgeAsync(folder);
        (await folder.Alerts.ListAsync("b-sound", all: false, Token)).Select(a => a.Rule).ShouldContain("errors");
    }

    [Fact]
    public async Task JudgeAsync_OfASingleSlowJob_NamesIt()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(5, Approaches.Mcp, 100, SampleJobs.Noon));
        var slow = SampleJobs.Job("the-slow-one", JobStates.Succeeded, Approaches.Mcp, 99_000, SampleJobs.Noon);
        await folder.AddAsync(Platform.Metrics.Rollups.JobRow.Of(SampleJobs.Message(slow)));
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await JudgeAsync(folder);
        var alert = (await folder.Alerts.ListAsync("default", all: false, Token)).Single();
        (alert.Rule, alert.JobId).ShouldBe(("slow_job.mcp", "the-slow-one"));
        alert.Message.ShouldContain("the-slow-one");
        alert.ToAlert().JobId.ShouldBe("the-slow-one");
    }

    [Theory]
    [InlineData(1, 9, false)]
    [InlineData(6, 0.9, false)]
    [InlineData(6, 2.6, true)]
    [InlineData(20, 2.6, false)]
    public void BudgetBurn_ProjectsTheDayFromItsHours(double hours, double usd, bool opens) =>
        (new BudgetBurnRule(10, afterHours: 3).Measure(new AlertFigures { TodayHours = hours, TodayUsd = usd })?.Exceeds ?? false).ShouldBe(opens);

    [Fact]
    public async Task JudgeAsync_SpendingTooFast_WarnsBeforeTheBudgetIsGone()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        folder.Options.Value.Alerts.DailyBudgetUsd = 0.2;
        await folder.AddAsync(SampleJobs.Rows(9, Approaches.Pattern, 50, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);
        await JudgeAsync(folder);
        var alert = (await folder.Alerts.ListAsync("default", all: false, Token)).Single();
        (alert.Rule, alert.Severity).ShouldBe(("budget_burn", "warning"));
        alert.Value.ShouldBe(9 * 0.0123 * 24 / (12 + 1 / 60.0), 1e-9);
    }

    [Fact]
    public async Task WaitingAsync_AsksTheLedger_AndKnowsNothingWhenItIsAway()
    {
        await using var host = await MetricsHost.StartAsync();
        var queue = host.Get<IQueueAge>();
        (await queue.WaitingAsync(Token)).ShouldBeNull();
        host.Ledger.Waiting = [new() { Tenant = "red", OldestMs = 7 }];
        (await queue.WaitingAsync(Token)).ShouldBe(new Dictionary<string, DateTimeOffset> { ["red"] = DateTimeOffset.FromUnixTimeMilliseconds(7) });
    }

    private static async Task JudgeAsync(FiguresFolder folder)
    {
        using var watch = new AlertWatch(folder.Alerts, folder.Measures, folder.Settings, folder.Queue, folder.Options, folder.Time, NullLogger<AlertWatch>.Instance);
        await watch.JudgeAsync(Token);
    }
}
