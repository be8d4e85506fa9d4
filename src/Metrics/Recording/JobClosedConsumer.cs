using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts.Messages;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Recording;

/// <summary>Counts closed jobs, once each.</summary>
internal sealed partial class JobClosedConsumer(EventRecorder recorder, IOptions<MetricsOptions> options, TimeProvider time, ILogger<JobClosedConsumer> log)
    : IConsumer<JobClosed>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<JobClosed> context)
    {
        var job = JobRow.Of(context.Message);
        var now = time.GetUtcNow();
        if (job.ClosedMs <= 0 || job.ClosedMs > (now + ClockSkew).ToUnixTimeMilliseconds())
            throw new InvalidDataException($"Job {job.JobId} says it closed at {job.ClosedMs} ms; it must be after 1970 and at most a day ahead of this clock.");
        if (job.ClosedMs < (now - options.Value.Keep.Events).ToUnixTimeMilliseconds())
            LogTooOld(job.JobId);
        else
            await recorder.RecordAsync(job, context.CancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} closed before the time that Metrics:Keep:Events keeps; it is not counted.")]
    private partial void LogTooOld(string jobId);
}

/// <summary>Counts feedback, once each.</summary>
internal sealed class FeedbackConsumer(EventRecorder recorder) : IConsumer<FeedbackGiven>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<FeedbackGiven> context) =>
        recorder.RecordAsync(FeedbackRow.Of(context.Message), context.CancellationToken);
}

/// <summary>Many at a time, so that they share transactions; each waits until it is stored.</summary>
internal sealed class JobClosedEndpoint : ConsumerDefinition<JobClosedConsumer>
{
    public JobClosedEndpoint()
    {
        const int atOnce = 512;
        EndpointName = "metrics-job-closed";
        Endpoint(e => { e.PrefetchCount = atOnce; e.ConcurrentMessageLimit = atOnce; });
    }
}

/// <summary>Feedback is rare: people give it.</summary>
internal sealed class FeedbackEndpoint : ConsumerDefinition<FeedbackConsumer>
{
    public FeedbackEndpoint()
    {
        const int atOnce = 64;
        EndpointName = "metrics-feedback";
        Endpoint(e => { e.PrefetchCount = atOnce; e.ConcurrentMessageLimit = atOnce; });
    }
}
