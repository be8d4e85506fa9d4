using Platform.V1;

namespace Platform.Cli.Demo;

/// <summary>What a demo did.</summary>
internal sealed class DemoReport
{
    /// <summary>Code jobs, in the order they ran.</summary>
    public List<(string Task, Job Job)> Jobs { get; } = [];

    /// <summary>What indexing gave.</summary>
    public IndexReply Index { get; set; } = new();

    /// <summary>Patterns learned from the jobs.</summary>
    public long Learned { get; set; }

    /// <summary>The campaign when it was done.</summary>
    public Campaign Campaign { get; set; } = new();

    /// <summary>Wall-clock time of the campaign, in seconds.</summary>
    public double CampaignSeconds { get; set; }

    /// <summary>Posts of the campaign that are ready.</summary>
    public IReadOnlyList<Post> Posts { get; set; } = [];

    /// <summary>What simulated readers taught, and what was changed by it; null without simulation.</summary>
    public DemoOptimisation? Optimisation { get; set; }

    /// <summary>Posts per platform and slot.</summary>
    public IEnumerable<(string Platform, string Slot, int Posts)> Matrix =>
        Posts.GroupBy(post => (post.Platform, post.Slot)).Select(cell => (cell.Key.Platform, cell.Key.Slot, cell.Count()))
            .OrderBy(cell => cell.Platform, StringComparer.Ordinal).ThenBy(cell => cell.Slot, StringComparer.Ordinal);

    /// <summary>Return on investment.</summary>
    public Roi Roi { get; set; } = new();

    /// <summary>Address of the console.</summary>
    public Uri? Console { get; set; }

    /// <summary>True when any job was answered by the Simulator.</summary>
    public bool Simulated => Campaign.Simulated || Jobs.Any(each => each.Job.Simulated);

    /// <summary>True when every step came out as the demo promises.</summary>
    public bool Succeeded => Jobs.Count > 0 && Jobs.All(each => each.Job.State == Contracts.JobStates.Succeeded) && Campaign.Total > 0 && Campaign.Ready == Campaign.Total;

    /// <summary>The <c>--json</c> document (docs/schemas/demo.json).</summary>
    public object Document() => new
    {
        Simulated,
        jobs = Jobs.Select(each => JobOf(each.Task, each.Job)),
        patterns_learned = Learned,
        indexed = new { Index.Files, Index.Patterns, seconds = Math.Round(Index.Seconds, 2) },
        campaign = new { posts = Campaign.Ready, seconds = Math.Round(CampaignSeconds, 2), failed = Campaign.Failed, matrix = Matrix.Select(cell => new { cell.Platform, cell.Slot, cell.Posts }) },
        optimisation = Optimisation?.Document(),
        roi = RoiOf(Roi),
        console = Console?.ToString(),
    };

    private static object JobOf(string task, Job job)
    {
        var result = job.Result ?? new JobResult();
        return new
        {
            job.Id,
            task,
            result.Approach,
            result.Engine,
            job.State,
            ms = Math.Round(result.TotalMs, 1),
            first_token_ms = Math.Round(result.FirstTokenMs, 1),
            patterns_used = result.Patterns.Count,
            tests_passed = result.Tests?.Outcome == "passed",
            attempts = result.Attempts.Count,
            engine_calls = result.EngineCalls,
        };
    }

    /// <summary>Return on investment as JSON; also what <c>roi</c> prints.</summary>
    public static object RoiOf(Roi roi) => new
    {
        roi.TimeSavedPerTaskSeconds,
        roi.DailyCostSavings,
        roi.WeeklyCostSavings,
        roi.MonthlyCostSavings,
        roi.AnnualCostSavings,
        roi.Speedup,
        roi.BaselineSeconds,
        roi.BaselineSource,
        roi.ActualSeconds,
        roi.ActualSource,
        roi.Rate,
        roi.TasksPerDay,
        roi.People,
        roi.TasksPerPerson,
        roi.Jobs,
        roi.FailedJobs,
        roi.FailedSeconds,
        baseline_jobs = roi.BaselineJobs,
        baseline_covered = roi.BaselineCovered,
        roi.EngineCostPerTaskUsd,
        roi.NetDailySavings,
        roi.Simulated,
        roi.Assumptions,
        roi.WaitingSeconds,
        roi.WorkingSeconds,
        baseline_interval = roi.BaselineHigh > 0 ? new[] { roi.BaselineLow, roi.BaselineHigh } : null,
        roi.HonestDailySavings,
        roi.HonestAnnualSavings,
        break_even_tasks_per_day = roi.HasBreakEvenTasksPerDay ? roi.BreakEvenTasksPerDay : (double?)null,
        ledger = roi.Ledger.Select(line => new { line.Name, line.Seconds, line.DailyUsd, line.How }),
        survival = roi.Survival.Select(age => new { age.AgeMs, age.Accepted, age.Survived }),
        roi.TargetUsd,
        ways = roi.Ways.Select(way => new { way.What, way.Now, way.Needed, way.Possible }),
    };
}
