using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class RoiLedgerSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // By hand, of 10 jobs: review 36 s * 5 / 10 = 18 s; rework 9 s * 4 / 10 = 3.6 s; reverted 1 / 10 of 360 s = 36 s; saved 360 - 36 = 324 s.
    // None failed. Left 324 - 18 - 3.6 - 36 = 266.4 s = 0.074 h = 7.40 USD a task; less 0.40 for engines = 7.00; 20 tasks = 140.00; less 220 / 22 = 130.00 a day.
    private static readonly LedgerInputs Golden = new()
    {
        Roi = new RoiInputs { BaselineSeconds = 360, ActualSeconds = 36, HourlyRateUsd = 100, TasksPerDay = 20 },
        Jobs = 10,
        Judgement = new Judgement { Judged = 5, Accepted = 3, Edited = 1, Rejected = 1, ChangedLines = 4 },
        EngineCostUsd = 0.4,
        ReviewSeconds = 36,
        LineSeconds = 9,
        RunningCostMonthUsd = 220,
    };

    [Fact]
    public void Ledger_OfGoldenInputs_IsRightToTheCent()
    {
        var ledger = new HonestLedger(Golden);
        ledger.SecondsLeft.ShouldBe(266.4m);
        ledger.NetPerTaskUsd.ShouldBe(7.00m);
        ledger.DailyUsd.ShouldBe(130.00m);
        ledger.AnnualUsd.ShouldBe(33_800.00m);
        ledger.Published.DailyUsd.ShouldBe(180.00m);
        // 10 USD a day of running cost at 7 USD a task.
        Math.Round(ledger.BreakEvenTasks!.Value, 6).ShouldBe(1.428571m);
    }

    [Fact]
    public void Lines_BelowThePublishedOne_AddUpToWhatIsLeft()
    {
        var lines = new HonestLedger(Golden).Lines().ToList();
        lines.Select(l => l.Name).ShouldBe(["Saved by the published formula", "Failed", "Review", "Rework", "Reverted", "Engines", "Running the platform", "Left"]);
        lines.SkipLast(1).Sum(l => l.DailyUsd).ShouldBe(lines[^1].DailyUsd, 1e-9);
        lines.SkipLast(1).Sum(l => l.Seconds).ShouldBe(lines[^1].Seconds, 1e-9);
        lines[1].DailyUsd.ShouldBe(0, 1e-9);
        lines[2].DailyUsd.ShouldBe(-10.00, 1e-9);
        lines[3].DailyUsd.ShouldBe(-2.00, 1e-9);
        lines[4].DailyUsd.ShouldBe(-20.00, 1e-9);
    }

    // By hand, of 10 succeeded and 10 failed jobs that took 72 s each: half of all tasks. What those are said to save, 324 s, is not saved, and 72 s are lost:
    // failed 0.5 * (324 + 72) = 198 s. Left 324 - 198 - 18 - 3.6 - 36 = 68.4 s = 1.90 USD a task; less 0.40 = 1.50; 20 tasks = 30.00; less 10.00 = 20.00 a day.
    [Fact]
    public void Ledger_WithFailedJobs_TakesBackWhatTheyDidNotSaveAndWhatTheyLost()
    {
        var ledger = new HonestLedger(Golden with { FailedJobs = 10, FailedSeconds = 72 });
        ledger.Failed.ShouldBe(198m);
        ledger.SecondsLeft.ShouldBe(68.4m);
        ledger.NetPerTaskUsd.ShouldBe(1.50m);
        ledger.DailyUsd.ShouldBe(20.00m);
        var lines = ledger.Lines().ToList();
        lines.SkipLast(1).Sum(l => l.DailyUsd).ShouldBe(20, 1e-9);
        lines.Single(l => l.Name == "Failed").DailyUsd.ShouldBe(-110, 1e-9);
        lines.Single(l => l.Name == "Failed").How.ShouldBe("10 of 20 jobs failed: the 324 s above are not saved, and 72 s are lost each");
    }

    // All jobs failed: nothing is saved, and 72 s a task are lost. 20 tasks * 72 s = 0.4 h = 40.00 USD; less 10.00 a day of running cost.
    [Fact]
    public void Ledger_OfNothingButFailures_LosesTheirTime() =>
        new HonestLedger(new LedgerInputs { Roi = Golden.Roi, FailedJobs = 3, FailedSeconds = 72, RunningCostMonthUsd = 220 }).DailyUsd.ShouldBe(-50.00m);

    [Theory]
    [InlineData("baseline_seconds")]
    [InlineData("seconds")]
    [InlineData("rate")]
    [InlineData("people")]
    public void WaysTo_WithFailedJobs_WhenMadeTrue_ReachTheTarget(string what)
    {
        const double target = 5_500;
        var inputs = Golden with { FailedJobs = 10, FailedSeconds = 72, People = 4 };
        var way = new HonestLedger(inputs).WaysTo(target).Single(w => w.What == what);
        way.Possible.ShouldBeTrue();
        var roi = what switch
        {
            "baseline_seconds" => inputs.Roi with { BaselineSeconds = way.Needed },
            "seconds" => inputs.Roi with { ActualSeconds = way.Needed },
            "rate" => inputs.Roi with { HourlyRateUsd = way.Needed },
            _ => inputs.Roi with { TasksPerDay = inputs.Roi.TasksPerDay * way.Needed / inputs.People },
        };
        ((double)new HonestLedger(inputs with { Roi = roi }).AnnualUsd).ShouldBe(target, 0.005);
    }

    [Theory]
    [InlineData(1e-6, 1e-6, 1e-6, 1e-6)]
    [InlineData(1e-6, 0, 1e-6, 10_000_000)]
    [InlineData(31_536_000, 1e-6, 100_000, 1e-6)]
    [InlineData(12.000000000001, 12, 1e-6, 1e-6)]
    public void Ledger_OfTheSmallestInputs_OverflowsNothing(double baseline, double actual, double rate, double tasks)
    {
        var ledger = new HonestLedger(new LedgerInputs { Roi = new RoiInputs { BaselineSeconds = baseline, ActualSeconds = actual, HourlyRateUsd = rate, TasksPerDay = tasks }, RunningCostMonthUsd = RoiInputs.MostUsd });
        ledger.WaysTo(RoiInputs.MostUsd).Count().ShouldBe(5);
        ledger.Lines().ShouldAllBe(l => double.IsFinite(l.DailyUsd));
        _ = ledger.BreakEvenTasks;
    }

    [Theory]
    [InlineData(0, 0, 0, 0, "0")]
    [InlineData(10, 46, 100, 50, "-50.00")]
    [InlineData(100, 28, 0, 50, "0")]
    public void Ledger_OfZeroAndNegativeSavings_SaysSoAndNeverBreaksEven(double baseline, double actual, double rate, double tasks, string daily)
    {
        var ledger = new HonestLedger(new LedgerInputs { Roi = new RoiInputs { BaselineSeconds = baseline, ActualSeconds = actual, HourlyRateUsd = rate, TasksPerDay = tasks } });
        ledger.DailyUsd.ShouldBe(decimal.Parse(daily, System.Globalization.CultureInfo.InvariantCulture));
        ledger.BreakEvenTasks.ShouldBeNull();
        ledger.WaysTo(250_000).Single(w => w.What == "tasks_per_day").Possible.ShouldBeFalse();
    }

    [Theory]
    [InlineData("tasks_per_day")]
    [InlineData("rate")]
    [InlineData("baseline_seconds")]
    public void WaysTo_ATarget_WhenMadeTrue_ReachItToTheCent(string what)
    {
        var way = new HonestLedger(Golden).WaysTo(250_000).Single(w => w.What == what);
        way.Possible.ShouldBeTrue();
        var roi = what switch
        {
            "tasks_per_day" => Golden.Roi with { TasksPerDay = way.Needed },
            "rate" => Golden.Roi with { HourlyRateUsd = way.Needed },
            _ => Golden.Roi with { BaselineSeconds = way.Needed },
        };
        ((double)new HonestLedger(Golden with { Roi = roi }).AnnualUsd).ShouldBe(250_000, 0.005);
    }

    [Fact]
    public void WaysTo_ANearTarget_BySpeedAlone_ReachesItAndAFarOneCannot()
    {
        var way = new HonestLedger(Golden).WaysTo(35_000).Single(w => w.What == "seconds");
        ((double)new HonestLedger(Golden with { Roi = Golden.Roi with { ActualSeconds = way.Needed } }).AnnualUsd).ShouldBe(35_000, 0.005);
        new HonestLedger(Golden).WaysTo(250_000).Single(w => w.What == "seconds").Possible.ShouldBeFalse("no time at all is not fast enough");
    }

    [Theory]
    [InlineData("review_seconds is -1")]
    [InlineData("target_usd is Infinity")]
    public void Of_AbsurdInputs_NamesFieldValueAndLimit(string expected)
    {
        var request = new RoiRequest { ReviewSeconds = -1, TargetUsd = double.PositiveInfinity };
        Should.Throw<ArgumentException>(() => RoiReckoning.Of(request, RoiEvidence.None, new RoiOptions())).Message.ShouldContain(expected);
    }

    [Fact]
    public void Of_AZeroThatIsGiven_IsNotTakenForAbsent()
    {
        var roi = RoiReckoning.Of(new RoiRequest { Seconds = 0, TasksPerDay = 0 }, RoiEvidence.None, new RoiOptions());
        (roi.ActualSeconds, roi.ActualSource, roi.TasksPerDay, roi.DailyCostSavings).ShouldBe((0, "given", 0, 0));
    }

    [Fact]
    public async Task ReckonAsync_WithVerdicts_SubtractsThemAndSplitsTeams()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Traditional, 100_000, SampleJobs.Noon));
        await folder.AddAsync(Enumerable.Range(0, 8).Select(i => Row($"job{i}", i < 6 ? "red" : "blue", withheld: i == 7)));
        await folder.Store.AddAsync([], [Verdict("f1", "job0", Verdicts.Rejected, 1), Verdict("f2", "job0", Verdicts.Edited, 2, "+a\n+b\n-c"), Verdict("f3", "job1", Verdicts.Accepted, 1), Verdict("f4", "job6", Verdicts.Rejected, 1)], Token);
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);

        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);
        var red = await folder.Roi.ReckonAsync("default", new RoiRequest { Team = "red" }, Token);

        roi.Judgement.ShouldBe(new Judgement { Judged = 3, Accepted = 1, Edited = 1, Rejected = 1, ChangedLines = 3 }, "the latest verdict of a job counts");
        (roi.BaselineLow, roi.BaselineHigh).ShouldBe((100, 100));
        roi.WaitingSeconds.ShouldBe(2, 1e-9);
        roi.WorkingSeconds.ShouldBe(8, 1e-9);
        roi.Teams.Select(t => (t.Name, t.Jobs)).ShouldBe([("red", 6), ("blue", 2)]);
        (roi.Control.WithJobs, roi.Control.WithheldJobs).ShouldBe((0, 0), "of no job is it known that memory had something");
        roi.HonestDailySavings.ShouldBeLessThan(roi.NetDailySavings);
        red.Jobs.ShouldBe(6);
        (red.BaselineSource, red.Judgement.Judged).ShouldBe(("assumed", 2), "another team's jobs are not this one's baseline");
    }

    [Fact]
    public void MeanInterval_OfASample_HoldsItsMeanAndIsTheSameEachTime()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 400).Select(_ => 100 + random.NextDouble() * 100).ToList();
        var interval = Bootstrap.MeanInterval(values)!.Value;
        interval.ShouldBe(Bootstrap.MeanInterval(values)!.Value);
        // The standard error is 100 / sqrt(12 * 400) = 1.44; the interval is 2 * 1.96 of it.
        (interval.High - interval.Low).ShouldBe(5.66, 0.6);
        values.Average().ShouldBeInRange(interval.Low, interval.High);
        Bootstrap.MeanInterval([1, 2, 3]).ShouldBeNull();
    }

    [Fact]
    public void ShareDifference_OfNewcombesExample_IsHis()
    {
        // Newcombe 1998, table II, first contrast: 56/70 against 48/80, method 10.
        var (difference, low, high) = ShareDifference.Of(56, 70, 48, 80);
        difference.ShouldBe(0.2, 1e-9);
        low.ShouldBe(0.0524, 0.0001);
        high.ShouldBe(0.3339, 0.0001);
    }

    private static JobRow Row(string id, string team, bool withheld)
    {
        var job = SampleJobs.Job(id, JobStates.Succeeded, Approaches.Instructions, 10_000, SampleJobs.Noon);
        job.Request.Labels[RequestLabels.Team] = team;
        (job.Result.QueueMs, job.Result.MemoryWithheld) = (2_000, withheld);
        return JobRow.Of(SampleJobs.Message(job));
    }

    private static FeedbackRow Verdict(string id, string job, string verdict, long at, string diff = "") =>
        FeedbackRow.Of(new FeedbackGiven { FeedbackId = id, JobId = job, Tenant = "default", Verdict = verdict, Diff = diff, AtMs = at });
}
