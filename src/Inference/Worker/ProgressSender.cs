using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Sends what a job says to the replicas that watch it: the beginning of a draft at once, everything else at most once every 10 ms.
/// A replica that is gone costs a log line, never a job: the report carries the whole.
/// </summary>
internal sealed partial class ProgressSender(IBus bus, TimeProvider time, ILogger<ProgressSender> log)
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(3);

    /// <summary>Sends until the token is cancelled, then what is left.</summary>
    public async Task RunAsync(JobProgress progress, Lease lease, string jobId, long fence, CancellationToken token)
    {
        try
        {
            while (!token.IsCancellationRequested)
            {
                await progress.WhenLiveAsync().WaitAsync(token);
                var sentAt = time.GetTimestamp();
                await SendAsync(progress.TakeLive(), lease, jobId, fence);
                var pause = Gap - time.GetElapsedTime(sentAt);
                if (pause > TimeSpan.Zero)
                    await PauseAsync(progress, pause, token);
            }
        }
        catch (OperationCanceledException)
        {
            // The job is over; what is left follows.
        }

        if (lease.Reason != StopReason.LeaseLost)
            await SendAsync(progress.TakeLive(), lease, jobId, fence);
    }

    private async Task PauseAsync(JobProgress progress, TimeSpan pause, CancellationToken token)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny(Task.Delay(pause, time, early.Token), progress.WhenUrgentAsync());
        await early.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    private async Task SendAsync(IReadOnlyList<JobEvent> events, Lease lease, string jobId, long fence)
    {
        if (events.Count == 0)
            return;
        var batch = new JobEvents();
        batch.Events.AddRange(events);
        var message = new GenerationProgress { JobId = jobId, Fence = fence, Events = batch.ToByteArray() };
        foreach (var watcher in lease.Watchers)
            await SendAsync(watcher, message);
    }

    private async Task SendAsync(string watcher, GenerationProgress message)
    {
        using var limit = new CancellationTokenSource(SendLimit);
        try
        {
            var endpoint = await bus.GetSendEndpoint(new Uri(watcher));
            await endpoint.Send(message, limit.Token);
        }
        catch (Exception failure)
        {
            LogNotSent(message.JobId, watcher, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId}: progress could not be sent to {Watcher}: {Reason}")]
    private partial void LogNotSent(string jobId, string watcher, string reason);
}
