using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Metrics.Experiments;

/// <summary>Asks content once a minute how the experiments of active tenants stand.</summary>
internal sealed partial class ExperimentWatch(ExperimentTrail trail, IPeers peers, TimeProvider time, ILogger<ExperimentWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Active = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken token)
    {
        var content = new Content.ContentClient(peers.For(ModuleNames.Maya));
        foreach (var tenant in await trail.TenantsAsync((time.GetUtcNow() - Active).ToUnixTimeMilliseconds(), token))
        {
            try
            {
                var options = new CallOptions(Caller.ForTenant(tenant), time.GetUtcNow().UtcDateTime + Patience, token);
                await trail.NoteAsync(tenant, (await content.ListExperimentsAsync(new ListExperimentsRequest(), options)).Experiments, token);
            }
            catch (RpcException) when (!token.IsCancellationRequested)
            {
                // A content module that does not answer, or is not there, is told by its own health check. The next tenant may be luckier.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryLookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryLookAsync(CancellationToken token)
    {
        try
        {
            await LookAsync(token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The course of experiments could not be noted; trying again in a minute.")]
    private partial void LogFailed(Exception e);
}
