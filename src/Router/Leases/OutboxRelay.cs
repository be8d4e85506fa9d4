using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>Publishes what the ledger has committed: closed jobs and feedback.</summary>
internal sealed class OutboxRelay([FromKeyedServices(ModuleNames.Router)] Database database, JobStore jobs, FeedbackStore feedback, JobSealing sealing, IBus bus, BusTraits traits,
    Pulses pulses, IOptions<RouterOptions> options, TimeProvider time, ILogger<OutboxRelay> log, Receipts? receipts = null)
    : OutboxService(new Outbox(database, options.Value.Resend, traits.IsDurable, time, receipts), pulses.Outbox, TimeSpan.FromMilliseconds(options.Value.SweepMs), log)
{
    /// <inheritdoc />
    protected override Task PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token) => Task.WhenAll(PublishJobsAsync(rows, token), PublishFeedbackAsync(rows, token));

    private async Task PublishJobsAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token)
    {
        var messages = rows.Where(row => row.Kind == OutboxKinds.JobClosed).ToDictionary(row => row.Subject, row => row.MessageId, StringComparer.Ordinal);
        if (messages.Count == 0)
            return;
        var closed = await jobs.FindManyAsync([.. messages.Keys], token);
        await Task.WhenAll(closed.Where(job => job.IsClosed).Select(job => PublishAsync(job, messages[job.Id], token)));
    }

    private async Task PublishAsync(JobRow job, Guid messageId, CancellationToken token)
    {
        using var activity = RouterTelemetry.Resume("publish closed job", job.Trace, job.BatchId is not null);
        if (await sealing.CloseAsync(job, token) is { } message)
            await bus.Publish(message, sent => sent.MessageId = messageId, token);
    }

    private async Task PublishFeedbackAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token)
    {
        foreach (var row in rows.Where(row => row.Kind == OutboxKinds.Feedback))
        {
            if (await feedback.FindAsync(row.Subject, token) is { } given)
                await bus.Publish(given, sent => sent.MessageId = row.MessageId, token);
        }
    }
}
