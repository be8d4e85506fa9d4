using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Patterns;

/// <summary>Hands closed jobs to the memory.</summary>
internal sealed class JobClosedConsumer(JobLearning learning) : IConsumer<JobClosed>
{
    /// <summary>A job about a person is not learned from: no word and no vector of it may outlive the person's key.</summary>
    public Task Consume(ConsumeContext<JobClosed> context) => context.Message.SubjectId.Length > 0 ? Task.CompletedTask : learning.LearnAsync(context.Message.Tenant, context.Message.Read(), context.CancellationToken);
}

/// <summary>Hands feedback to the memory.</summary>
internal sealed class FeedbackConsumer(FeedbackLearning learning) : IConsumer<FeedbackGiven>
{
    public Task Consume(ConsumeContext<FeedbackGiven> context) => learning.LearnAsync(context.Message, context.CancellationToken);
}
