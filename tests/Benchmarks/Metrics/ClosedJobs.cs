using Google.Protobuf;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Benchmarks.Metrics;

/// <summary>Closed jobs of many groups, as the outbox publishes them.</summary>
internal static class ClosedJobs
{
    /// <summary>One that closed now.</summary>
    /// <param name="number">Decides approach, language, state and times.</param>
    /// <param name="answer">Its answer.</param>
    public static JobClosed Of(int number, string answer)
    {
        var approach = Approaches.All[number % 4];
        var closed = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var job = new Job
        {
            Id = JobId.New(DateTimeOffset.UtcNow),
            State = number % 50 == 0 ? JobStates.Failed : JobStates.Succeeded,
            Request = new GenerateRequest { Task = "Write a method.", Kind = number % 3 == 0 ? JobKinds.Content : JobKinds.Code, Language = new[] { "csharp", "python", "javascript", "go" }[number / 4 % 4] },
            Route = new RouteDecision { Approach = approach },
            Result = new JobResult { Text = answer, Approach = approach, Engine = approach == Approaches.Traditional ? "Claude" : "Cerebras", Model = "model", TotalMs = 300 + (number * 7919 % 9000), FirstTokenMs = 30 + (number * 31 % 400), QueueMs = number % 40, EngineCalls = 1, CostUsd = 0.001, Usage = new TokenUsage { InputUncached = 900, Output = 300 } },
            CreatedMs = closed - 500,
            ClosedMs = closed,
        };
        return new JobClosed { JobId = job.Id, Tenant = "default", Job = job.ToByteArray() };
    }
}
