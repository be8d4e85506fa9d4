using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Inference;

/// <summary>A lane, as a type, so that each gets a consumer and a queue of its own.</summary>
internal interface ILane
{
    /// <summary>One of <see cref="Lanes"/>.</summary>
    static abstract string Name { get; }
}

/// <summary>Somebody waits.</summary>
internal sealed class InteractiveLane : ILane
{
    public static string Name => Lanes.Interactive;
}

/// <summary>Nobody waits.</summary>
internal sealed class BatchLane : ILane
{
    public static string Name => Lanes.Batch;
}

/// <summary>
/// Takes tickets of one lane: waits for a free place, claims the job, starts it, and returns. The message is acknowledged then, so
/// no broker timeout ever meets a long job; should this process die, the lease runs out and the ledger sends the job again. A ticket for which
/// no place comes free is given up before the broker's timeout: the job waits in the ledger, which sends it again.
/// </summary>
internal sealed partial class JobConsumer<TLane>(JobExecutor executor, LedgerClient ledger, TimeProvider time, ILogger<JobConsumer<TLane>> log) : IConsumer<GenerationRequested>
    where TLane : ILane
{
    private static readonly TimeSpan GiveBackPause = TimeSpan.FromSeconds(1);

    public async Task Consume(ConsumeContext<GenerationRequested> context)
    {
        var place = await executor.TakePlaceAsync(TLane.Name, context.CancellationToken);
        if (place is null)
        {
            if (executor.IsDraining)
                await PassOnAsync(context);
            else
                LogGivenUp(context.Message.JobId);
            return;
        }

        var claimedAt = time.GetTimestamp();
        try
        {
            var claim = await ledger.ClaimAsync(context.Message.JobId, context.Message.Tenant, context.CancellationToken);
            if (claim.Granted)
            {
                executor.Start(TLane.Name, claim, claimedAt, place, Activity.Current?.Context ?? default);
                return;
            }

            LogNotGranted(context.Message.JobId, claim.Reason);
        }
        catch
        {
            place.Dispose();
            throw;
        }

        place.Dispose();
    }

    /// <summary>
    /// This process is stopping. The pause leaves the job to other workers' queues for a moment; claiming and giving back makes the
    /// ledger send it again at once instead of after its resend time.
    /// </summary>
    private async Task PassOnAsync(ConsumeContext<GenerationRequested> context)
    {
        await Task.Delay(GiveBackPause, time, context.CancellationToken);
        var claim = await ledger.ClaimAsync(context.Message.JobId, context.Message.Tenant, context.CancellationToken);
        if (claim.Granted)
            await ledger.ReleaseAsync(context.Message.JobId, claim.Fence, claim.SpentUsd, context.Message.Tenant, context.CancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The ticket of job {JobId} found no free place in time and is given up; the ledger sends it again.")]
    private partial void LogGivenUp(string jobId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId} is not for this worker: {Reason}.")]
    private partial void LogNotGranted(string jobId, string reason);
}

/// <summary>Queue and concurrency of a lane. Only Send reaches it: a published ticket would go to both lanes.</summary>
internal sealed class JobConsumerDefinition<TLane> : ConsumerDefinition<JobConsumer<TLane>>
    where TLane : ILane
{
    private const int MostWaiting = 32;

    public JobConsumerDefinition(InferenceOptions options)
    {
        // As many messages as places, but no more than a few: what waits here unclaimed is what another worker could have.
        var places = TLane.Name == Lanes.Interactive ? options.InteractiveJobs : options.BatchJobs;
        EndpointName = Lanes.Queue(TLane.Name);
        Endpoint(endpoint =>
        {
            endpoint.PrefetchCount = Math.Min(places, MostWaiting);
            endpoint.ConcurrentMessageLimit = Math.Min(places, MostWaiting);
            endpoint.ConfigureConsumeTopology = false;
        });
    }
}
