using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Recording;

/// <summary>Counts what happened to published posts, each event once. An event that is wrong is said and left out; the others of its message count.</summary>
internal sealed partial class EngagementConsumer(EventRecorder recorder, TimeProvider time, ILogger<EngagementConsumer> log) : IConsumer<EngagementSeen>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<EngagementSeen> context)
    {
        var rows = context.Message.Events.Take(EngagementSeen.MostEvents).Select(bytes => Read(context.Message.Tenant, bytes)).OfType<EngagementRow>().ToList();
        return rows.Count == 0 ? Task.CompletedTask : recorder.RecordAsync(rows, context.CancellationToken);
    }

    private EngagementRow? Read(string tenant, byte[] bytes)
    {
        try
        {
            return EngagementRow.Of(tenant, bytes, time.GetUtcNow() + ClockSkew);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            LogWrong(e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An engagement event is not counted: {Problem}")]
    private partial void LogWrong(string problem);
}

/// <summary>A queue of its own: content learns from the same events.</summary>
internal sealed class EngagementEndpoint : ConsumerDefinition<EngagementConsumer>
{
    public EngagementEndpoint()
    {
        const int atOnce = 16;
        EndpointName = "metrics-engagement";
        Endpoint(e => { e.PrefetchCount = atOnce; e.ConcurrentMessageLimit = atOnce; });
    }
}
