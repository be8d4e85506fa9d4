using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;

namespace Platform.Privacy;

/// <summary>
/// Carries erasures out: the key first, then the command to every module, again and again until all have acknowledged. Any process may do a
/// step; each may be repeated.
/// </summary>
internal sealed partial class Erasure(RequestStore requests, SubjectVault vault, ConsentStore consents, IBus bus, TimeProvider time, ILogger<Erasure> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(20);

    /// <summary>Sends what is due.</summary>
    public async Task SweepAsync(CancellationToken token)
    {
        foreach (var row in await requests.TakeDueAsync(token))
            await SendAsync(row, token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(RequestRow row, CancellationToken token)
    {
        try
        {
            await vault.DestroyAsync(row.Tenant, row.Pseudonym, token);
            await consents.DropAsync(row.Tenant, row.Pseudonym, token);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(SendLimit);
            await bus.Publish(new SubjectErased { RequestId = row.Id, Tenant = row.Tenant, SubjectId = row.Pseudonym }, limit.Token);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            LogNotSent(row.Id, e);
            await requests.MakeDueAsync(row.Id, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for erasures failed; trying again.")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Erasure {Request} could not be sent to the modules; it is tried again.")]
    private partial void LogNotSent(string request, Exception e);
}

/// <summary>Receives what modules acknowledge.</summary>
internal sealed class SubjectDroppedConsumer(RequestStore requests) : IConsumer<SubjectDropped>
{
    public Task Consume(ConsumeContext<SubjectDropped> context) => requests.AcknowledgeAsync(context.Message, context.CancellationToken);
}
