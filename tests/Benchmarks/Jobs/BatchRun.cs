using System.Diagnostics;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>Submits jobs as one batch and waits for the last.</summary>
internal static class BatchRun
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Jobs a second from the first byte of the batch to its last job closed.</summary>
    /// <exception cref="InvalidOperationException">A job did not succeed.</exception>
    public static async Task<double> PerSecondAsync(BenchmarkSystem system, int count, Func<int, GenerateRequest> request)
    {
        var clock = Stopwatch.StartNew();
        var id = await SubmitAsync(system.Jobs, count, request);
        while (true)
        {
            var batch = await system.Jobs.GetBatchAsync(new GetBatchRequest { BatchId = id });
            if (batch.Queued + batch.Running == 0)
                return batch.Succeeded == count ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{batch.Succeeded} of {count} jobs succeeded.");
            await Task.Delay(LookEvery);
        }
    }

    /// <summary>Submits a batch and gives its id.</summary>
    public static async Task<string> SubmitAsync(Generation.GenerationClient jobs, int count, Func<int, GenerateRequest> request)
    {
        using var call = jobs.SubmitBatch();
        for (var i = 0; i < count; i++)
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = $"row{i}", Request = request(i) });
        await call.RequestStream.CompleteAsync();
        return (await call).Id;
    }

    /// <summary>A post; each is another.</summary>
    public static GenerateRequest Post(int number) => new() { Task = $"Write a post about release {number}.", Kind = JobKinds.Content, Platform = "x" };

    /// <summary>A small code task; each is another.</summary>
    public static GenerateRequest Code(int number) => new() { Task = $"Write a C# static class Number{number} with a method that returns {number} as an int.", Language = "csharp" };
}
