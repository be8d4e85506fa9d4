using MassTransit;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Router;

/// <summary>Receives what workers say about the jobs that this replica watches.</summary>
internal sealed class ProgressConsumer(JobFeed feed) : IConsumer<GenerationProgress>
{
    public Task Consume(ConsumeContext<GenerationProgress> context)
    {
        feed.Add(context.Message.JobId, JobEvents.Parser.ParseFrom(context.Message.Events).Events);
        return Task.CompletedTask;
    }
}

/// <summary>Receives the last word on a job that another replica's ledger closed.</summary>
internal sealed class EndConsumer(JobFeed feed) : IConsumer<JobEnded>
{
    public Task Consume(ConsumeContext<JobEnded> context)
    {
        feed.Close(context.Message.JobId, JobEvents.Parser.ParseFrom(context.Message.Ending).Events);
        return Task.CompletedTask;
    }
}

/// <summary>The ledger of one replica tells another that a job it watches is closed.</summary>
public sealed record JobEnded
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The stages that are stored and the last event, as a <see cref="JobEvents"/> message.</summary>
    public required byte[] Ending { get; init; }
}
