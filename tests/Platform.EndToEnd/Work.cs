using Grpc.Core;
using Platform.Contracts;
using Platform.V1;
using Shouldly;

namespace Platform.EndToEnd;

/// <summary>Work for a system, and the questions every test asks afterwards: is it all there, and is it there once.</summary>
internal static class Work
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>So many small code jobs as one batch; each task is a text of its own.</summary>
    public static async Task<string> SubmitAsync(SystemUnderTest system, int count, CancellationToken token)
    {
        using var call = system.Jobs.SubmitBatch(cancellationToken: token);
        for (var i = 0; i < count; i++)
        {
            var request = new GenerateRequest { Task = $"Write a C# static class Number{i} with a method that returns {i} as an int.", Language = "csharp" };
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = $"row{i}", Request = request }, token);
        }

        await call.RequestStream.CompleteAsync();
        return (await call).Id;
    }

    /// <summary>Waits until so many jobs of the batch run at once.</summary>
    public static Task<Batch> WaitForRunningAsync(SystemUnderTest system, string batch, int running, CancellationToken token) =>
        WaitAsync(system, batch, state => state.Running >= running, token);

    /// <summary>Waits until every job is closed.</summary>
    public static Task<Batch> WaitForEndAsync(SystemUnderTest system, string batch, CancellationToken token) =>
        WaitAsync(system, batch, state => state.Queued + state.Running == 0, token);

    /// <summary>None lost, none doubled: every job succeeded, and metrics and memory counted each once.</summary>
    public static async Task ShouldBeWholeAsync(SystemUnderTest system, Batch batch, CancellationToken token)
    {
        batch.Succeeded.ShouldBe(batch.Total, system.Logs());
        await EventuallyAsync(async () => await CountedAsync(system, token) >= batch.Total && (await StatsAsync(system, token)).SimulatedJobs >= batch.Total, token);
        // Whatever came twice has had its chance by now: the outbox is empty and the queues are drained.
        await Task.Delay(TimeSpan.FromSeconds(4), token);
        (await CountedAsync(system, token)).ShouldBe(batch.Total, "metrics counted a job twice or not at all");
        var stats = await StatsAsync(system, token);
        stats.SimulatedJobs.ShouldBe(batch.Total, "the memory counted a job twice or not at all");
        stats.Learned.ShouldBeInRange(1, batch.Total, "each job teaches one pattern at most; near duplicates share one");
    }

    /// <summary>Repeats a question until the answer is yes.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, CancellationToken token)
    {
        while (!await holds())
            await Task.Delay(LookEvery, token);
    }

    private static async Task<PatternStats> StatsAsync(SystemUnderTest system, CancellationToken token) =>
        await system.Patterns.GetStatsAsync(new GetStatsRequest(), cancellationToken: token);

    private static async Task<long> CountedAsync(SystemUnderTest system, CancellationToken token) =>
        (await system.Metrics.SummarizeAsync(new SummaryRequest { Simulated = true }, cancellationToken: token)).Total?.Jobs ?? 0;

    private static async Task<Batch> WaitAsync(SystemUnderTest system, string id, Func<Batch, bool> enough, CancellationToken token)
    {
        while (true)
        {
            try
            {
                var batch = await system.Jobs.GetBatchAsync(new GetBatchRequest { BatchId = id }, cancellationToken: token);
                if (enough(batch))
                    return batch;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && !token.IsCancellationRequested)
            {
                // The router is down on purpose.
            }

            await Task.Delay(LookEvery, token);
        }
    }
}
