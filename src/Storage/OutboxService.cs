using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Storage;

/// <summary>Publishes what a module has committed: at once when its pulse beats, and in any case after a while.</summary>
/// <param name="outbox">The module's outbox.</param>
/// <param name="pulse">Beats when a row was committed.</param>
/// <param name="sweep">Longest pause.</param>
/// <param name="log">Where failures are said.</param>
public abstract partial class OutboxService(Outbox outbox, Pulse pulse, TimeSpan sweep, ILogger log) : BackgroundService, IHostedLifecycleService
{
    /// <summary>Hands rows to the bus; throws when it does not take one of them.</summary>
    protected abstract Task PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken token);

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The bus has stopped: what its receivers took in until then need not be sent by the next start.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await outbox.RemoveTakenAsync(cancellationToken);
        }
        catch (Exception e)
        {
            LogFailed(log, e);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await outbox.RelayAsync(PublishAsync, stoppingToken) > 0)
                {
                    // Until nothing is due.
                }

                await pulse.WaitAsync(sweep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e);
                await Task.Delay(sweep, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Publishing from the outbox failed; the rows stay and are tried again.")]
    private static partial void LogFailed(ILogger log, Exception e);
}
