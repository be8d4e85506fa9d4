using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Inference;

/// <summary>Stops a job that runs here as soon as its caller cancels it, without waiting for the next heartbeat.</summary>
internal sealed class CancellationConsumer(JobExecutor executor) : IConsumer<CancellationAsked>
{
    public Task Consume(ConsumeContext<CancellationAsked> context)
    {
        executor.Cancel(context.Message.JobId, context.Message.Fence);
        return Task.CompletedTask;
    }
}
