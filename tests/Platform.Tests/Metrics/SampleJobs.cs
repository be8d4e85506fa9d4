using Google.Protobuf;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics.Rollups;
using Platform.V1;

namespace Platform.Tests.Metrics;

/// <summary>Closed jobs with many different figures, the same for the same number.</summary>
internal static class SampleJobs
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The job with this number, closed within six hours before <see cref="Noon"/>.</summary>
    public static JobClosed Closed(int number, string tenant = "default", bool simulated = false)
    {
        var random = new Random(number);
        var job = Job($"job-{number:D6}", random.Next(10) switch { 0 => JobStates.Failed, 1 => JobStates.Cancelled, _ => JobStates.Succeeded },
            Approaches.All[random.Next(Approaches.All.Count)], random.NextDouble() * 20_000, Noon.AddSeconds(-random.Next(6 * 3600)));
        job.Simulated = simulated;
        job.Request.Kind = random.Next(3) == 0 ? JobKinds.Content : JobKinds.Code;
        return Message(job, tenant);
    }

    public static Job Job(string id, string state, string approach, double totalMs, DateTimeOffset closed)
    {
        var result = new JobResult
        {
            Text = "text",
            Code = "int Answer() => 42;",
            Approach = approach,
            Engine = $"engine-{approach}",
            Model = "model-1",
            TotalMs = totalMs,
            FirstTokenMs = totalMs / 10,
            QueueMs = 3,
            EngineCalls = 2,
            Retries = 1,
            CostUsd = 0.0123,
            Usage = new TokenUsage { InputUncached = 100, Output = 50, Reasoning = 10 },
            Tests = new TestReport { Outcome = state == JobStates.Succeeded ? "passed" : "failed", Passed = 3 },
        };
        result.Attempts.Add(new Attempt { Number = 1, Outcome = "passed", Source = "engine", Code = "int Answer() => 42;" });
        var job = new Job
        {
            Id = id,
            State = state,
            Request = new GenerateRequest { Task = $"Task of {id}", Kind = JobKinds.Code, Language = "csharp" },
            Route = new RouteDecision { Approach = approach },
            CreatedMs = closed.ToUnixTimeMilliseconds() - (long)totalMs - 3,
            StartedMs = closed.ToUnixTimeMilliseconds() - (long)totalMs,
            ClosedMs = closed.ToUnixTimeMilliseconds(),
        };
        if (state == JobStates.Succeeded)
            job.Result = result;
        else
            job.Failure = new Failure { Code = state == JobStates.Cancelled ? "cancelled" : "tests_failed", Message = "It did not work.", Partial = result };
        return job;
    }

    public static JobClosed Message(Job job, string tenant = "default")
    {
        job.Tenant = tenant;
        return new JobClosed { JobId = job.Id, Tenant = tenant, Job = job.ToByteArray() };
    }

    /// <summary>As many succeeded code jobs of an approach, a second apart, the last at an instant.</summary>
    public static IReadOnlyList<JobRow> Rows(int count, string approach, double totalMs, DateTimeOffset last, bool simulated = false, string state = JobStates.Succeeded) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            var at = last.AddSeconds(-i);
            var job = Job($"{approach}-{state}-{totalMs}-{at.ToUnixTimeMilliseconds()}-{simulated}", state, approach, totalMs, at);
            job.Simulated = simulated;
            return JobRow.Of(Message(job));
        })];
}
