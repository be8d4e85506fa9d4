using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Publishes the news of content.</summary>
internal sealed class NewsService([FromKeyedServices(ModuleNames.Maya)] Database database, ContentNews news, IBus bus, BusTraits traits, IOptions<MayaOptions> options, TimeProvider time, ILogger<NewsService> log, Receipts? receipts = null)
    : OutboxService(new Outbox(database, Resend, traits.IsDurable, time, receipts), news.Pulse, options.Value.SweepEvery, log)
{
    private static readonly TimeSpan Resend = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override Task PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token) => Task.WhenAll(rows.Select(row => row.Kind switch
    {
        ContentNews.Posts => bus.Publish(Read<PostsChanged>(row), sent => sent.MessageId = row.MessageId, token),
        _ => bus.Publish(Read<EngagementSeen>(row), sent => sent.MessageId = row.MessageId, token),
    }));

    private static T Read<T>(OutboxRow row)
        where T : class => JsonSerializer.Deserialize<T>(row.Subject) ?? throw new InvalidOperationException($"Outbox row {row.Id} holds no message.");
}
