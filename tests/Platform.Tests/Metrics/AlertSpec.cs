using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class AlertSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Approaches.Instructions, 14_800, false)]
    [InlineData(Approaches.Instructions, 15_400, true)]
    [InlineData(Approaches.Mcp, 11_800, false)]
    [InlineData(Approaches.Mcp, 12_400, true)]
    public async Task JudgeAsync_OfTwentyJobs_OpensAboveTheThreshold(string approach, double totalMs, bool opens)
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(20, approach, totalMs, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await Watch(folder).JudgeAsync(Token);
        var rules = (await folder.Alerts.ListAsync("default", all: false, Token)).Select(a => a.Rule).Order(StringComparer.Ordinal);
        rules.ShouldBe(opens ? [$"latency.{approach}", $"slow_job.{approach}"] : []);
    }

    [Fact]
    public async Task JudgeAsync_OfNineteenJobs_IsTooLittleForAPercentile()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(19, Approaches.Mcp, 60_000, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: false, Token)).Single().Severity.ShouldBe("info");
    }

    [Fact]
    public async Task JudgeAsync_OfSimulatedJobs_NeverOpens()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(50, Approaches.Mcp, 60_000, SampleJobs.Noon, simulated: true));
        await folder.AddAsync(SampleJobs.Rows(50, Approaches.Mcp, 100, SampleJobs.Noon, simulated: true, state: JobStates.Failed));
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: true, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task JudgeAsync_AgainAndAgain_KeepsOneAlertAndClosesItWhenCalm()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(40, Approaches.Instructions, 900, SampleJobs.Noon, state: JobStates.Failed));
        var watch = Watch(folder);
        for (var i = 1; i <= 4; i++)
        {
            folder.Time.Now = SampleJobs.Noon.AddSeconds(15 * i);
            await watch.JudgeAsync(Token);
        }

        (await folder.Alerts.ListAsync("default", all: true, Token)).Single().Rule.ShouldBe("errors");
        for (var i = 0; i < 3; i++)
        {
            (await folder.Alerts.ListAsync("default", all: false, Token)).Count.ShouldBe(1, "it closes only after three calm judgements");
            folder.Time.Now = SampleJobs.Noon.AddMinutes(10 + i);
            await watch.JudgeAsync(Token);
        }

        (await folder.Alerts.ListAsync("default", all: true, Token)).Single().ClosedMs.ShouldBe(folder.Time.Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task JudgeAsync_SlowerThanLastWeek_OpensADriftAlert()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(30, Approaches.Pattern, 50, SampleJobs.Noon.AddDays(-7)));
        await folder.AddAsync(SampleJobs.Rows(30, Approaches.Pattern, 90, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);
        await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: false, Token)).Single().Rule.ShouldBe("drift.pattern");
    }

    [Fact]
    public async Task JudgeAsync_OverBudget_OpensCritical()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        folder.Options.Value.Alerts.DailyBudgetUsd = 0.1;
        await folder.AddAsync(SampleJobs.Rows(9, Approaches.Pattern, 50, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);
        await Watch(folder).JudgeAsync(Token);
        var alert = (await folder.Alerts.ListAsync("default", all: false, Token)).Single();
        (alert.Rule, alert.Severity, alert.Value).ShouldBe(("budget", "critical", 9 * 0.0123));
    }

    [Theory]
    [InlineData(13, "Keep")]
    [InlineData(12.1, "Keep")]
    [InlineData(11.9, "Calm")]
    public void Judge_OfAnOpenAlert_HoldsUntilWellBelow(double value, string expected) =>
        AlertJudge.Judge(new AlertRow(), new Measurement(value, 15, ""), new Platform.Metrics.AlertOptions()).ToString().ShouldBe(expected);

    [Fact]
    public async Task AcknowledgeAsync_ByAnotherTenant_FindsNothing()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.Alerts.OpenAsync("default", new BudgetRule(1), new Measurement(2, 1, "over"), Token);
        var id = (await folder.Alerts.ListAsync("default", all: false, Token)).Single().Id;
        (await folder.Alerts.AcknowledgeAsync("other", id, "key", Token)).ShouldBeNull();
        (await folder.Alerts.AcknowledgeAsync("default", id, "key", Token))!.AcknowledgedMs.ShouldBeGreaterThan(0);
    }

    private static AlertWatch Watch(FiguresFolder folder) => new(folder.Alerts, folder.Query, folder.Options, folder.Time, NullLogger<AlertWatch>.Instance);
}
