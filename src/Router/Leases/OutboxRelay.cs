using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Router;

/// <summary>
/// Publishes what the ledger has committed, and removes a row only after the broker has confirmed it. It may publish twice
/// after a crash; receivers record ids. On a bus that does not outlive the process a row stays for a while after it was published, and
/// a new start publishes it again, since its receivers may not have come to it.
/// </summary>
internal sealed partial class OutboxRelay(OutboxStore outbox, JobStore jobs, FeedbackStore feedback, JobSealing sealing, IBus bus, BusTraits traits, Pulses pulses,
    IOptions<RouterOptions> options, ILogger<OutboxRelay> log) : BackgroundService
{
    private const int MostPerRound = 200;
    private static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepOnForgetfulBus = TimeSpan.FromMinutes(10);
    private bool _started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RelayAsync(stoppingToken) > 0)
                {
                    // Until nothing is due.
                }

                await pulses.Outbox.WaitAsync(TimeSpan.FromMilliseconds(options.Value.SweepMs), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogRelayFailed(e);
                await Task.Delay(options.Value.SweepMs, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One round; gives the number of rows that were published.</summary>
    internal async Task<int> RelayAsync(CancellationToken token)
    {
        if (!_started && !traits.IsDurable)
            await outbox.RepublishAsync(token);
        _started = true;
        var taken = await outbox.TakeAsync(MostPerRound, token);
        if (taken.Count == 0)
            return 0;
        var rows = taken.Where(row => row.PublishedMs == 0).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(PublishLimit);
        try
        {
            await Task.WhenAll(PublishJobsAsync(rows, limit.Token), PublishFeedbackAsync(rows, limit.Token));
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            await outbox.MakeDueAsync(rows.Select(row => row.Id), token);
            throw;
        }

        if (traits.IsDurable)
            await outbox.RemoveAsync(taken.Select(row => row.Id), token);
        else
            await ForgetOrKeepAsync(taken, rows, token);
        return taken.Count;
    }

    private async Task ForgetOrKeepAsync(IReadOnlyList<OutboxRow> taken, List<OutboxRow> published, CancellationToken token)
    {
        if (taken.Count > published.Count)
            await outbox.RemoveAsync(taken.Except(published).Select(row => row.Id), token);
        if (published.Count > 0)
            await outbox.KeepAsync(published.Select(row => row.Id), KeepOnForgetfulBus, token);
    }

    private async Task PublishJobsAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token)
    {
        var ids = rows.Where(row => row.Kind == OutboxKinds.JobClosed).Select(row => row.Subject).ToList();
        if (ids.Count == 0)
            return;
        var closed = await jobs.FindManyAsync(ids, token);
        await Task.WhenAll(closed.Where(job => job.IsClosed).Select(job => PublishAsync(job, token)));
    }

    private async Task PublishAsync(JobRow job, CancellationToken token)
    {
        using var activity = RouterTelemetry.Resume("publish closed job", job.Trace, job.BatchId is not null);
        if (await sealing.CloseAsync(job, token) is { } message)
            await bus.Publish(message, token);
    }

    private async Task PublishFeedbackAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token)
    {
        foreach (var row in rows.Where(row => row.Kind == OutboxKinds.Feedback))
        {
            if (await feedback.FindAsync(row.Subject, token) is { } given)
                await bus.Publish(given, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Publishing from the outbox failed; the rows stay and are tried again.")]
    private partial void LogRelayFailed(Exception e);
}
