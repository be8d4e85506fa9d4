using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Metrics.Recording;

/// <summary>Keeps how posts stand.</summary>
internal sealed class PostsChangedConsumer(EventRecorder recorder) : IConsumer<PostsChanged>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<PostsChanged> context) =>
        context.Message.Posts.Count == 0 ? Task.CompletedTask : recorder.RecordAsync(context.Message.Posts, context.CancellationToken);
}

/// <summary>One queue for all replicas.</summary>
internal sealed class PostsChangedEndpoint : ConsumerDefinition<PostsChangedConsumer>
{
    public PostsChangedEndpoint()
    {
        const int atOnce = 16;
        EndpointName = "metrics-posts";
        Endpoint(e => { e.PrefetchCount = atOnce; e.ConcurrentMessageLimit = atOnce; });
    }
}
