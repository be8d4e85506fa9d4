using Platform.Contracts;
using Platform.Metrics.Savings;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class RoiFormulaSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // Expected figures were reckoned by hand from: daily = (baseline - actual) / 3600 * rate * tasks; times 5, 22 and 260.
    [Theory]
    [InlineData(3612, 12, 100, 50, "5000.00", "25000.00", "110000.00", "1300000.00")]
    [InlineData(211.2, 12, 100, 50, "276.67", "1383.33", "6086.67", "71933.33")]
    [InlineData(15, 15, 100, 50, "0.00", "0.00", "0.00", "0.00")]
    [InlineData(0, 0, 100, 50, "0.00", "0.00", "0.00", "0.00")]
    [InlineData(10, 46, 100, 50, "-50.00", "-250.00", "-1100.00", "-13000.00")]
    [InlineData(100, 28, 0, 50, "0.00", "0.00", "0.00", "0.00")]
    [InlineData(100, 28, 100, 0, "0.00", "0.00", "0.00", "0.00")]
    [InlineData(0.3, 0.1, 180, 1, "0.01", "0.05", "0.22", "2.60")]
    [InlineData(31536000, 0, 100000, 10000000, "8760000000000000.00", "43800000000000000.00", "192720000000000000.00", "2277600000000000000.00")]
    public void Of_GoldenInputs_IsRightToTheCent(double baseline, double actual, double rate, double tasks, string daily, string weekly, string monthly, string annual)
    {
        var savings = RoiFormula.Of(new RoiInputs { BaselineSeconds = baseline, ActualSeconds = actual, HourlyRateUsd = rate, TasksPerDay = tasks });
        Cents(savings.DailyUsd).ShouldBe(daily);
        Cents(savings.WeeklyUsd).ShouldBe(weekly);
        Cents(savings.MonthlyUsd).ShouldBe(monthly);
        Cents(savings.AnnualUsd).ShouldBe(annual);
        savings.TimeSavedPerTaskSeconds.ShouldBe((decimal)baseline - (decimal)actual);
    }

    [Fact]
    public void Of_Defaults_AreAHundredDollarsAndFiftyTasks()
    {
        var savings = RoiFormula.Of(new RoiInputs { BaselineSeconds = 72, ActualSeconds = 0 });
        savings.DailyUsd.ShouldBe(100m);
        savings.Speedup.ShouldBeNull("nothing is faster than no time");
    }

    [Theory]
    [InlineData(16.4)]
    [InlineData(17.6)]
    public void Of_PublishedSpeedups_ComeOut(double factor) =>
        RoiFormula.Of(new RoiInputs { BaselineSeconds = 12 * factor, ActualSeconds = 12 }).Speedup!.Value.ShouldBe((decimal)factor, 0.0001m);

    [Theory]
    [InlineData(-1, 12, 100, 50, "baseline_seconds is -1")]
    [InlineData(double.NaN, 12, 100, 50, "baseline_seconds is NaN")]
    [InlineData(100, double.PositiveInfinity, 100, 50, "seconds is")]
    [InlineData(100, 1e300, 100, 50, "31536000")]
    [InlineData(100, 12, -0.01, 50, "rate is -0.01")]
    [InlineData(100, 12, 1e6, 50, "100000")]
    [InlineData(100, 12, 100, -5, "tasks_per_day is -5")]
    [InlineData(100, 12, 100, 1e12, "10000000")]
    [InlineData(100, 12, 1e-25, 50, "rate is 1E-25; it must be a number from 0 to 100000, and at least 0.000001 when it is not 0.")]
    [InlineData(100, 1e-25, 100, 50, "seconds is 1E-25")]
    public void Of_AbsurdInputs_NamesFieldValueAndLimit(double baseline, double actual, double rate, double tasks, string expected)
    {
        var inputs = new RoiInputs { BaselineSeconds = baseline, ActualSeconds = actual, HourlyRateUsd = rate, TasksPerDay = tasks };
        inputs.Problems().Count.ShouldBe(1);
        Should.Throw<ArgumentException>(() => RoiFormula.Of(inputs)).Message.ShouldContain(expected);
    }

    [Fact]
    public async Task ReckonAsync_WithoutJobs_StatesTheAssumption()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);
        (roi.BaselineSource, roi.ActualSource, roi.Jobs).ShouldBe(("assumed", "assumed", 0));
        roi.DailyCostSavings.ShouldBe(276.6667, 0.0001);
        roi.Assumptions.ShouldContain(a => a.Contains("assumed"));
    }

    [Fact]
    public async Task ReckonAsync_WithTraditionalJobs_MeasuresTheBaseline()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Traditional, 100_000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(20, Approaches.Instructions, 10_000, SampleJobs.Noon));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);

        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);

        (roi.BaselineSource, roi.ActualSource, roi.Jobs).ShouldBe(("measured", "measured", 20));
        roi.TimeSavedPerTaskSeconds.ShouldBe(90, 1e-9);
        roi.DailyCostSavings.ShouldBe(125, 1e-9);
        roi.EngineCostPerTaskUsd.ShouldBe(0.0123, 1e-9);
        roi.NetDailySavings.ShouldBe(125 - 50 * 0.0123, 1e-9);
    }

    [Fact]
    public async Task ReckonAsync_WithSimulatedJobsOnly_IgnoresThemUnlessAsked()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Traditional, 100_000, SampleJobs.Noon, simulated: true));
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Mcp, 1_000, SampleJobs.Noon, simulated: true));
        folder.Time.Now = SampleJobs.Noon.AddMinutes(1);

        var real = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);
        var simulated = await folder.Roi.ReckonAsync("default", new RoiRequest { Simulated = true }, Token);

        (real.BaselineSource, real.Simulated).ShouldBe(("assumed", false));
        (simulated.BaselineSource, simulated.Simulated, simulated.TimeSavedPerTaskSeconds).ShouldBe(("measured", true, 99));
        simulated.Assumptions.ShouldContain(a => a.Contains("simulated"));
    }

    private static string Cents(decimal usd) => Math.Round(usd, 2, MidpointRounding.AwayFromZero).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
