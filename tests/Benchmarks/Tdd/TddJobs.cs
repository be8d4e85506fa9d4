using System.Text.Json;
using Platform.Benchmarks.Jobs;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Tdd;

/// <summary>One run of the loop: what the engine says first, and what came of it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Kind">How the first answer is broken; null when it is right.</param>
/// <param name="Answers">The engine's answers in order; the last one repeats.</param>
internal sealed record TddCase(TddTask Task, string? Kind, IReadOnlyList<string> Answers)
{
    /// <summary>Stands in the request, so that the script knows which case asks.</summary>
    public string Marker { get; } = $"Case {Guid.NewGuid():N}.";

    /// <summary>How the job ended.</summary>
    public Job? Job { get; set; }

    /// <summary>Time of the job in seconds.</summary>
    public double Seconds { get; set; }

    /// <summary>Ended in success with tests that ran and passed.</summary>
    public bool Succeeded => Job is { State: "succeeded", Result.Tests.Outcome: "passed" };

    /// <summary>The first answer was found to be wrong.</summary>
    public bool Caught => Attempts is [{ Outcome: not "passed" }, ..];

    /// <summary>Attempts by anyone.</summary>
    public IReadOnlyList<Attempt> Attempts => [.. (Job?.Result ?? Job?.Failure?.Partial ?? new JobResult()).Attempts];
}

/// <summary>Runs cases through a whole system in this process, with a scripted Simulator as the engine.</summary>
internal static class TddJobs
{
    private const int AtATime = 2;

    /// <summary>Runs all to their ends.</summary>
    public static async Task RunAsync(IReadOnlyList<TddCase> cases)
    {
        var script = JsonSerializer.Serialize(new { rules = cases.Select(c => new { name = c.Marker, @in = "prompt", when_contains = new[] { c.Marker }, answers = c.Answers }) });
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0, Script = SimulatorScript.Parse(script) });
        var settings = EngineSettings.Simulated(simulator.Address);
        (settings["Runner:Concurrency"], settings["Runner:TimeoutSeconds"]) = ($"{AtATime}", "20");
        await using var system = await BenchmarkSystem.StartAsync(false, settings, CancellationToken.None);
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (one, token) => await RunAsync(system.Jobs, one, token));
    }

    private static async Task RunAsync(Generation.GenerationClient jobs, TddCase one, CancellationToken token)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var request = new GenerateRequest { Task = $"{one.Task.Instructions}\n\n{one.Marker}", Language = "csharp", Approach = "instructions", MaxAttempts = 5, DeadlineMs = 200_000 };
        request.Files.AddRange(one.Task.Given);
        request.Tests.AddRange(one.Task.Tests);
        using var call = jobs.Generate(request, cancellationToken: token);
        var id = "";
        while (await call.ResponseStream.MoveNext(token))
            id = call.ResponseStream.Current.JobId;
        one.Job = await jobs.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: token);
        one.Seconds = clock.Elapsed.TotalSeconds;
    }
}
