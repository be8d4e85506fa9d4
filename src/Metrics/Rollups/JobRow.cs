using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Metrics.Rollups;

/// <summary>
/// What is kept of one closed job: figures and names, never its texts. Everything comes from outside, so names are cut to
/// <see cref="LongestName"/> characters and impossible numbers become 0.
/// </summary>
internal sealed class JobRow
{
    /// <summary>Most characters of a name.</summary>
    public const int LongestName = 64;

    private const int MostEngines = 16;
    private const int MostPatterns = 32;
    private const int LongestPath = 260;
    private const double NanoPerUnit = 1e9;
    private const double MostCostUsd = 1e6;

    public string JobId { get; set; } = "";

    /// <summary>Pseudonym of the person the job was about; empty when it was about nobody.</summary>
    public string Subject { get; set; } = "";

    public long ClosedMs { get; set; }

    public RollupGroup Group { get; set; } = new();

    public string Project { get; set; } = "";

    public string Lane { get; set; } = "";

    /// <summary>The caller's label "team".</summary>
    public string Team { get; set; } = "";

    /// <summary>1 when memory was withheld from the job, to measure what it brings.</summary>
    public long Withheld { get; set; }

    /// <summary>What memory had for the job, withheld or not; -1 when that is not known.</summary>
    public long Found { get; set; } = -1;

    /// <summary>Engines that were asked, and whether each answered.</summary>
    public IReadOnlyList<(string Engine, bool Answered)> Engines { get; set; } = [];

    /// <summary>Patterns that stood in its prompts or were replayed.</summary>
    public IReadOnlyList<(string Id, string Project, string Path)> Patterns { get; set; } = [];

    public string State { get; set; } = "";

    /// <summary>Class of the failure; empty when there was none.</summary>
    public string FailureCode { get; set; } = "";

    public double TotalMs { get; set; }

    public double FirstTokenMs { get; set; }

    public double QueueMs { get; set; }

    /// <summary>What is counted, by <see cref="Counter"/>.</summary>
    public long[] Counts { get; } = new long[Counters.Count];

    public long this[Counter counter]
    {
        get => Counts[(int)counter];
        set => Counts[(int)counter] = value;
    }

    public bool Succeeded => this[Counter.Succeeded] > 0;

    /// <summary>Takes from a closed job what is measured.</summary>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">The message does not hold a job.</exception>
    public static JobRow Of(JobClosed closed)
    {
        var job = closed.Read();
        var result = job.Result ?? job.Failure?.Partial ?? new JobResult();
        var row = new JobRow
        {
            JobId = Name(closed.JobId),
            Subject = Name(closed.SubjectId),
            ClosedMs = job.ClosedMs,
            Group = GroupOf(closed.Tenant, job, result),
            Project = Name(job.Request?.Project),
            Lane = Name(job.Request?.Lane),
            Team = Name(job.Request?.Labels.GetValueOrDefault(RequestLabels.Team)),
            Withheld = result.MemoryWithheld ? 1 : 0,
            Found = result.HasMemoryFound ? Math.Max(0, result.MemoryFound) : -1,
            Engines = EnginesOf(job.State, result),
            Patterns = [.. result.Patterns.Where(p => p.Id.Length > 0).DistinctBy(p => p.Id).Take(MostPatterns).Select(p => (Name(p.Id), Name(p.Project), Name(p.Path, LongestPath)))],
            State = Name(job.State),
            FailureCode = Name(job.Failure?.Code),
            TotalMs = Duration(result.TotalMs > 0 ? result.TotalMs : job.ClosedMs - job.CreatedMs),
            FirstTokenMs = Duration(result.FirstTokenMs),
            QueueMs = Duration(result.QueueMs > 0 || job.StartedMs == 0 ? result.QueueMs : job.StartedMs - job.CreatedMs),
        };
        row.Count(job.State, result);
        row.CountTests(job.Request, result);
        row.CountWork(result);
        return row;
    }

    private static RollupGroup GroupOf(string tenant, Job job, JobResult result) => new()
    {
        Tenant = tenant,
        Simulated = job.Simulated || result.Simulated ? 1 : 0,
        Kind = Name(job.Request?.Kind),
        Approach = Name(result.Approach.Length > 0 ? result.Approach : job.Route?.Approach),
        Engine = Name(result.Engine.Length > 0 ? result.Engine : job.Route?.Engine),
        Model = Name(result.Model.Length > 0 ? result.Model : job.Route?.Model),
        Language = Name(job.Request?.Language),
        Platform = Name(job.Request?.Platform),
    };

    private static IReadOnlyList<(string Engine, bool Answered)> EnginesOf(string state, JobResult result)
    {
        var failed = result.FailedEngines.Take(MostEngines).Select(e => (Name(e), false));
        var answered = state == JobStates.Succeeded && result.EngineCalls > 0 && result.Engine.Length > 0 ? [(Name(result.Engine), true)] : Array.Empty<(string, bool)>();
        return [.. failed, .. answered];
    }

    private void Count(string state, JobResult result)
    {
        this[Counter.Jobs] = 1;
        this[Counter.Succeeded] = state == JobStates.Succeeded ? 1 : 0;
        this[Counter.Failed] = state == JobStates.Failed ? 1 : 0;
        this[Counter.Cancelled] = state == JobStates.Cancelled ? 1 : 0;
        this[Counter.WithPatterns] = result.Patterns.Count > 0 ? 1 : 0;
        this[Counter.Fallbacks] = result.Fallbacks.Count > 0 ? 1 : 0;
        this[Counter.EngineCalls] = Math.Max(0, result.EngineCalls);
        this[Counter.Retries] = Math.Max(0, result.Retries);
        this[Counter.Hedges] = Math.Max(0, result.Hedges);
        this[Counter.SharedAnswers] = Math.Max(0, result.SharedAnswers);
        this[Counter.CostNano] = (long)Math.Round(Math.Clamp(double.IsNaN(result.CostUsd) ? 0 : result.CostUsd, 0, MostCostUsd) * NanoPerUnit);
        if (result.Usage is not { } usage)
            return;
        this[Counter.InputUncached] = Math.Max(0, usage.InputUncached);
        this[Counter.InputCached] = Math.Max(0, usage.InputCached);
        this[Counter.CacheWritten] = Math.Max(0, usage.CacheWritten);
        this[Counter.Output] = Math.Max(0, usage.Output);
        this[Counter.Reasoning] = Math.Max(0, usage.Reasoning);
    }

    /// <summary>
    /// A job that was to pass tests counts with them as soon as something was tried, although its answer never got as far as running any. Left out are
    /// tests that nothing could run, and jobs that were cancelled: they neither passed nor failed.
    /// </summary>
    private void CountTests(GenerateRequest? request, JobResult result)
    {
        const string notRun = "unchecked", passed = "passed";
        var hasTests = result.Tests is not null || request?.Tests.Count > 0 || result.GeneratedTests.Count > 0;
        if (!hasTests || result.Tests?.Outcome is notRun or "" || this[Counter.Cancelled] > 0 || result.Attempts.Count == 0)
            return;
        this[Counter.WithTests] = 1;
        this[Counter.PassedFirst] = result.Tests?.Outcome == passed && result.Attempts.Count == 1 ? 1 : 0;
        this[Counter.PassedAfterFix] = result.Tests?.Outcome == passed && result.Attempts.Count > 1 ? 1 : 0;
    }

    private void CountWork(JobResult result)
    {
        const string notChecked = "unchecked", ok = "ok";
        this[Counter.WithPatternsSucceeded] = this[Counter.WithPatterns] * this[Counter.Succeeded];
        this[Counter.PatternsUsed] = result.Patterns.Count;
        this[Counter.FixAttempts] = Math.Max(0, result.Attempts.Count - 1);
        this[Counter.WorkMs] = this[Counter.Output] > 0 ? (long)Math.Max(0, TotalMs - QueueMs) : 0;
        var looked = result.Validation?.Files.Where(f => f.Syntax.Length > 0 && f.Syntax != notChecked).ToList() ?? [];
        this[Counter.Checked] = looked.Count > 0 ? 1 : 0;
        this[Counter.Compiled] = looked.Count > 0 && looked.TrueForAll(f => f.Syntax == ok) ? 1 : 0;
    }

    private static double Duration(double ms) => double.IsNaN(ms) ? 0 : Math.Clamp(ms, 0, LogHistogram.Largest);

    private static string Name(string? text, int most = LongestName)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var clean = text.Replace("\0", "", StringComparison.Ordinal);
        return clean.Length <= most ? clean : clean[..most];
    }
}
