using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Receives what happened to posts from the bus. An event that is wrong is said and left out; the others of its message count.</summary>
internal sealed partial class EngagementConsumer(LearningDesk desk, TimeProvider time, ILogger<EngagementConsumer> log) : IConsumer<EngagementSeen>
{
    public async Task Consume(ConsumeContext<EngagementSeen> context)
    {
        if (context.Message.Learned)
            return;
        var events = new List<Engagement>();
        foreach (var bytes in context.Message.Events.Take(EngagementSeen.MostEvents))
        {
            if (Read(bytes) is { } read)
                events.Add(read);
        }

        var recorded = await desk.RecordAsync(context.Message.Tenant, events, fromBus: true, context.CancellationToken);
        LogRecorded(recorded.Stored, recorded.Duplicates, recorded.UnknownPosts);
    }

    private Engagement? Read(byte[] bytes)
    {
        try
        {
            var read = Engagement.Parser.ParseFrom(bytes);
            EngagementReader.Event(read, time.GetUtcNow());
            return read;
        }
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or ArgumentException)
        {
            LogWrong(e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Engagement from the bus: {Stored} stored, {Duplicates} known, {Unknown} of unknown posts.")]
    private partial void LogRecorded(long stored, long duplicates, long unknown);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An engagement event from the bus is left out: {Problem}")]
    private partial void LogWrong(string problem);
}

/// <summary>One queue for all replicas.</summary>
internal sealed class EngagementDefinition : ConsumerDefinition<EngagementConsumer>
{
    public EngagementDefinition() => EndpointName = "maya-engagement";
}
