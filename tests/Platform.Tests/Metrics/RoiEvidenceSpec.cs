using Platform.Contracts;
using Platform.Metrics;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>Which jobs stand behind which figure of the return on investment.</summary>
public abstract class RoiEvidenceSpec(bool onServer)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly long Noon = SampleJobs.Noon.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Control_ComparesOnlyJobsForWhichMemoryHadSomething_ReplaysAmongThem()
    {
        await using var folder = await FolderAsync();
        var jobs = new List<Job>();
        void Add(int count, string approach, string state, bool withheld, int? found)
        {
            for (var i = 0; i < count; i++)
            {
                var job = SampleJobs.Job($"c{jobs.Count}", state, approach, 10_000, SampleJobs.Noon);
                var result = job.Result ?? job.Failure.Partial;
                result.MemoryWithheld = withheld;
                if (found is { } some)
                    result.MemoryFound = some;
                jobs.Add(job);
            }
        }

        Add(3, Approaches.Instructions, JobStates.Succeeded, withheld: false, found: 2);
        Add(2, Approaches.Pattern, JobStates.Succeeded, withheld: false, found: 1);
        Add(1, Approaches.Mcp, JobStates.Failed, withheld: false, found: 1);
        Add(40, Approaches.Mcp, JobStates.Failed, withheld: false, found: 0);
        Add(40, Approaches.Mcp, JobStates.Failed, withheld: false, found: null);
        Add(1, Approaches.Mcp, JobStates.Succeeded, withheld: true, found: 3);
        Add(1, Approaches.Mcp, JobStates.Failed, withheld: true, found: 3);
        Add(9, Approaches.Mcp, JobStates.Succeeded, withheld: true, found: 0);
        await folder.AddAsync(jobs.Select(j => JobRow.Of(SampleJobs.Message(j))));

        var control = (await folder.Roi.ReckonAsync("default", new RoiRequest(), Token)).Control;

        (control.WithJobs, control.WithSucceeded, control.WithheldJobs, control.WithheldSucceeded).ShouldBe((6, 5, 2, 1));
        control.Lift.ShouldBe(5 / 6.0 - 1 / 2.0, 1e-9);
    }

    [Fact]
    public async Task FailedJobs_CostTheirTime()
    {
        await using var folder = await FolderAsync();
        await folder.AddAsync(SampleJobs.Rows(3, Approaches.Mcp, 10_000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(1, Approaches.Mcp, 50_000, SampleJobs.Noon, state: JobStates.Failed));
        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest { BaselineSeconds = 100, ReviewSeconds = 0, LineSeconds = 0 }, Token);
        (roi.Jobs, roi.FailedJobs, roi.FailedSeconds).ShouldBe((3, 1, 50));
        // A quarter of the tasks: 0.25 * (90 + 50) s.
        roi.Ledger.Single(l => l.Name == "Failed").Seconds.ShouldBe(-35, 1e-9);
        roi.Days.Sum(d => d.Hours).ShouldBe((3 * 90 - 50) / 3600.0, 1e-9);
    }

    [Fact]
    public async Task Baseline_LeavesOutWhatFellBackAndWhatTheFastEngineAnswered()
    {
        await using var folder = await FolderAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Instructions, 10_000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(6, Approaches.Traditional, 100_000, SampleJobs.Noon));
        await folder.AddAsync(Jobs(20, "fast", j => j.Result.Engine = $"engine-{Approaches.Instructions}"));
        await folder.AddAsync(Jobs(20, "fell", j => j.Result.Fallbacks.Add("Claude did not answer")));

        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);

        (roi.BaselineSource, roi.BaselineSeconds, roi.BaselineJobs, roi.BaselineCovered).ShouldBe(("measured", 100, 6, 1));
    }

    [Fact]
    public async Task Baseline_OfTheFastEngineAlone_IsNoBaseline()
    {
        await using var folder = await FolderAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Mcp, 10_000, SampleJobs.Noon));
        await folder.AddAsync(Jobs(20, "fast", j => j.Result.Engine = $"engine-{Approaches.Mcp}"));
        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);
        (roi.BaselineSource, roi.BaselineJobs).ShouldBe(("assumed", 0));
        roi.Assumptions.ShouldContain(a => a.Contains("engine of its own"));
    }

    [Fact]
    public async Task Baseline_WeighsLanguagesAsThePlatformsJobsDo_MeanAndIntervalAlike()
    {
        await using var folder = await FolderAsync();
        // The platform: three C# jobs for each Python job. The traditional engine did mostly Python, which took it much longer, and Rust.
        await folder.AddAsync(Jobs(30, "c", j => (j.Result.Approach, j.Result.Engine) = (Approaches.Mcp, "fast")));
        await folder.AddAsync(Jobs(10, "p", j => (j.Result.Approach, j.Result.Engine, j.Request.Language) = (Approaches.Mcp, "fast", "python")));
        await folder.AddAsync(Jobs(10, "tc", j => j.Result.TotalMs = 100_000));
        await folder.AddAsync(Jobs(90, "tp", j => (j.Result.TotalMs, j.Request.Language) = (300_000, "python")));
        await folder.AddAsync(Jobs(7, "tr", j => (j.Result.TotalMs, j.Request.Language) = (900_000, "rust")));

        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);

        roi.BaselineSeconds.ShouldBe(0.75 * 100 + 0.25 * 300, 1e-9);
        (roi.BaselineLow, roi.BaselineHigh).ShouldBe((150, 150));
        (roi.BaselineJobs, roi.BaselineCovered, roi.BaselineUnlike).ShouldBe((100, 1, 7));
    }

    [Fact]
    public async Task Baseline_OfOtherTasksOnly_IsNotTakenForThese()
    {
        await using var folder = await FolderAsync();
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Mcp, 10_000, SampleJobs.Noon));
        await folder.AddAsync(Jobs(10, "rust", j => j.Request.Language = "rust"));
        var roi = await folder.Roi.ReckonAsync("default", new RoiRequest(), Token);
        (roi.BaselineSource, roi.BaselineUnlike).ShouldBe(("assumed", 10));
        roi.Assumptions.ShouldContain(a => a.Contains("10 jobs of the traditional approach were of other languages"));
    }

    [Fact]
    public async Task Survival_OfAcceptedAnswers_IsToldByAge()
    {
        await using var folder = await FolderAsync();
        await folder.AddAsync(SampleJobs.Rows(5, Approaches.Mcp, 10_000, SampleJobs.Noon.AddDays(-8)));
        var ids = SampleJobs.Rows(5, Approaches.Mcp, 10_000, SampleJobs.Noon.AddDays(-8)).Select(r => r.JobId).ToList();
        const long hour = 3_600_000;
        FeedbackRow Said(int job, string verdict, double hoursAgo) => new($"{job}{verdict}{hoursAgo}", ids[job], "default", verdict, Noon - (long)(hoursAgo * hour), 1, 0);
        await folder.Store.AddAsync([],
        [
            Said(0, Verdicts.Accepted, 8 * 24),
            Said(1, Verdicts.Accepted, 8 * 24), Said(1, Verdicts.Edited, 8 * 24 - 2),
            Said(2, Verdicts.Accepted, 8 * 24), Said(2, Verdicts.Reverted, 23), Said(2, Verdicts.Accepted, 1),
            Said(3, Verdicts.Accepted, 2),
            Said(4, Verdicts.Rejected, 2),
        ], Token);

        var survival = (await folder.Roi.ReckonAsync("default", new RoiRequest(), Token)).Survival;

        survival.Select(s => (s.AgeMs / hour, s.Accepted, s.Survived)).ShouldBe([(1, 4, 4), (24, 3, 2), (7 * 24, 3, 2)]);
    }

    [Fact]
    public void TeamSize_MultipliesTheTasksOfEach()
    {
        var roi = RoiReckoning.Of(new RoiRequest { BaselineSeconds = 72, Seconds = 0, People = 7, TasksPerDay = 10 }, RoiEvidence.None, new RoiOptions());
        (roi.People, roi.TasksPerPerson, roi.TasksPerDay).ShouldBe((7, 10, 70));
        roi.DailyCostSavings.ShouldBe(140, 1e-9);
        RoiReckoning.Of(new RoiRequest(), RoiEvidence.None, new RoiOptions()).People.ShouldBe(1);
        Should.Throw<ArgumentException>(() => RoiReckoning.Of(new RoiRequest { People = -1 }, RoiEvidence.None, new RoiOptions())).Message.ShouldContain("people is -1");
        Should.Throw<ArgumentException>(() => RoiReckoning.Of(new RoiRequest { People = 1e6, TasksPerDay = 1e6 }, RoiEvidence.None, new RoiOptions())).Message.ShouldContain("tasks_per_day is 1000000000000;");
    }

    [Fact]
    public async Task Report_TracesEveryFigureToItsInputs()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(10, Approaches.Traditional, 100_000, DateTimeOffset.UtcNow), [], Token);
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(4, Approaches.Mcp, 10_000, DateTimeOffset.UtcNow), [], Token);
        foreach (var path in new[] { "/roi", "/roi/report" })
        {
            var page = System.Net.WebUtility.HtmlDecode(await host.PageAsync(path));
            page.ShouldContain("90 s ÷ 3,600 × $100 × 50 tasks");
            page.ShouldContain("mean of 10 succeeded jobs of the traditional approach");
            page.ShouldContain("/jobs?kind=code&state=succeeded&approach=traditional");
            var marks = System.Text.RegularExpressions.Regex.Matches(page, "href=\"#([^\"]+)\"").Select(m => m.Groups[1].Value).Distinct().ToList();
            marks.Count.ShouldBeGreaterThan(8);
            marks.ShouldAllBe(mark => page.Contains($"id=\"{mark}\"", StringComparison.Ordinal), "every trace leads somewhere");
        }
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(long.MaxValue)]
    public async Task FromMs_ThatCannotBe_IsRefused(long from)
    {
        await using var folder = await FolderAsync();
        (await Should.ThrowAsync<ArgumentException>(() => folder.Roi.ReckonAsync("default", new RoiRequest { FromMs = from }, Token))).Message.ShouldContain($"from_ms is {from}");
    }

    private async Task<FiguresFolder> FolderAsync()
    {
        var folder = await FiguresFolder.CreateAsync(onServer);
        folder.Time.Now = SampleJobs.Noon.AddMilliseconds(1);
        return folder;
    }

    /// <summary>Succeeded traditional jobs with something changed.</summary>
    private static IEnumerable<JobRow> Jobs(int count, string name, Action<Job> change) => Enumerable.Range(0, count).Select(i =>
    {
        var job = SampleJobs.Job($"{name}{i}", JobStates.Succeeded, Approaches.Traditional, 20_000, SampleJobs.Noon);
        change(job);
        return JobRow.Of(SampleJobs.Message(job));
    });
}

/// <summary>The evidence, in SQLite.</summary>
public sealed class RoiEvidenceOnSqliteSpec() : RoiEvidenceSpec(onServer: false);

/// <summary>The evidence, in PostgreSQL.</summary>
public sealed class RoiEvidenceOnServerSpec() : RoiEvidenceSpec(onServer: true);
