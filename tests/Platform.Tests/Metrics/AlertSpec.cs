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
        var alert = (await folder.Alerts.ListAsync("default", all: false, Token)).Single(a => a.Rule == "budget");
        (alert.Severity, alert.Value).ShouldBe(("critical", 9 * 0.0123));
    }

    [Fact]
    public async Task JudgeAsync_OfAnEngineThatNeverAnswers_OpensAlthoughJobsSucceed()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        foreach (var number in Enumerable.Range(0, 6))
        {
            var job = SampleJobs.Job($"j{number}", JobStates.Succeeded, Approaches.Traditional, 10, SampleJobs.Noon);
            job.Result.FailedEngines.Add("Cerebras");
            await folder.AddAsync(Platform.Metrics.Rollups.JobRow.Of(SampleJobs.Message(job)));
        }

        folder.Time.Now = SampleJobs.Noon.AddSeconds(20);
        await Watch(folder).JudgeAsync(Token);
        var alert = (await folder.Alerts.ListAsync("default", all: false, Token)).Single();
        (alert.Rule, alert.Severity, alert.Value).ShouldBe(("engine.Cerebras", "critical", 1));
        alert.Message.ShouldContain("6 of 6");
    }

    [Theory]
    [InlineData(30, 30, false)]
    [InlineData(30, 5, false)]
    [InlineData(9, 30, false)]
    [InlineData(11, 40, true)]
    public async Task JudgeAsync_OfJobsThatWait_OpensOnlyWhenNoneClosed(int waitingMinutes, int sinceCloseMinutes, bool opens)
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(1, Approaches.Pattern, 10, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(sinceCloseMinutes);
        folder.Queue.Waiting = new() { ["default"] = folder.Time.Now.AddMinutes(-waitingMinutes) };
        if (sinceCloseMinutes == waitingMinutes)
            await folder.AddAsync(SampleJobs.Rows(1, Approaches.Pattern, 11, folder.Time.Now.AddMinutes(-1)));
        await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: false, Token)).Select(a => a.Rule).ShouldBe(opens ? ["queue"] : []);
    }

    [Fact]
    public async Task JudgeAsync_WithRulesOfTheTenant_UsesThem()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(5, Approaches.Instructions, 3_000, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddSeconds(10);
        await folder.Settings.SaveAsync("default", new Dictionary<string, double> { ["InstructionsSeconds"] = 2, ["MinimumJobs"] = 5 }, "key", Token);
        await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: false, Token)).Select(a => a.Rule).Order(StringComparer.Ordinal).ShouldBe(["latency.instructions", "slow_job.instructions"]);

        await folder.Settings.SaveAsync("default", new Dictionary<string, double> { ["InstructionsSeconds"] = 0 }, "key", Token);
        for (var i = 0; i < 3; i++)
            await Watch(folder).JudgeAsync(Token);
        (await folder.Alerts.ListAsync("default", all: false, Token)).ShouldBeEmpty("a rule that is off leaves no alert open");
        (await folder.Settings.OfAsync("other", Token)).InstructionsSeconds.ShouldBe(15, "another tenant keeps its own");
    }

    [Theory]
    [InlineData("ErrorRate", 2, "ErrorRate is 2; use a number from 0.0001 to 1, or 0 to switch it off.")]
    [InlineData("MinimumJobs", 0, "MinimumJobs is 0; use a number from 1 to 1000000.")]
    [InlineData("McpSeconds", double.NaN, "McpSeconds is NaN")]
    [InlineData("Nonsense", 1, "Nonsense is no threshold")]
    public async Task SaveAsync_OfWhatCannotBe_NamesFieldValueAndLimit(string name, double value, string expected)
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var refused = await Should.ThrowAsync<ArgumentException>(() => folder.Settings.SaveAsync("default", new Dictionary<string, double> { [name] = value }, "", Token));
        refused.Message.ShouldContain(expected);
        (await folder.Settings.OwnAsync("default", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TryAsync_OnPastData_FindsWhatWouldHaveOpenedAndWhenItWouldHaveClosed()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(25, Approaches.Mcp, 20_000, SampleJobs.Noon.AddHours(-5)));
        await folder.AddAsync(SampleJobs.Rows(25, Approaches.Mcp, 500, SampleJobs.Noon.AddHours(-1)));
        folder.Time.Now = SampleJobs.Noon;

        var tried = await folder.Rehearsal.TryAsync("default", folder.Options.Value.Alerts, Token);
        var stricter = await folder.Rehearsal.TryAsync("default", folder.Options.Value.Alerts with { McpSeconds = 30, DailyBudgetUsd = 0.5 }, Token);

        tried.Select(a => a.Rule).Order(StringComparer.Ordinal).ShouldBe(["latency.mcp", "slow_job.mcp"]);
        tried.ShouldAllBe(a => a.OpenedMs > SampleJobs.Noon.AddHours(-6).ToUnixTimeMilliseconds() && a.ClosedMs < SampleJobs.Noon.AddHours(-4).ToUnixTimeMilliseconds() && a.ClosedMs > a.OpenedMs);
        tried[0].Worst.Value.ShouldBe(20, 0.2);
        stricter.Select(a => a.Rule).Order(StringComparer.Ordinal).ShouldBe(["budget", "budget_burn"]);
        (await folder.Alerts.ListAsync("default", all: true, Token)).ShouldBeEmpty("trying opens nothing");
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

    private static AlertWatch Watch(FiguresFolder folder) => new(folder.Alerts, folder.Measures, folder.Settings, folder.Queue, folder.Options, folder.Time, NullLogger<AlertWatch>.Instance);
}
