using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Removes what is older than its class is kept, and writes down that it did: how much, of what, and up to when.</summary>
internal sealed partial class RetentionJob(IEnumerable<IRetainedData> classes, RetentionStore store, AuditLog audit, IOptions<PrivacyOptions> options, TimeProvider time, ILogger<RetentionJob> log)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>Looks at every class of this process once.</summary>
    public async Task SweepAsync(CancellationToken token)
    {
        foreach (var data in classes)
        {
            if (options.Value.DaysOf(data.Class) is not { } days || !await store.TakeAsync(data.Class, TimeSpan.FromMinutes(options.Value.RetentionMinutes), token))
                continue;
            try
            {
                await RunAsync(data, (time.GetUtcNow() - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds(), token);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                // One class that cannot be cleaned must not keep the others; it is due again soon.
                LogClassFailed(e, data.Class);
                await store.GiveBackAsync(data.Class, LookEvery, token);
            }
        }
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

            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(IRetainedData data, long beforeMs, CancellationToken token)
    {
        var removed = await data.RemoveAsync(beforeMs, token);
        await store.AddAsync(new RetentionRun { Module = data.Module, Class = data.Class, BeforeMs = beforeMs, Removed = removed }, token);
        if (removed > 0)
            await audit.AppendAsync(new AuditEntry("", "", AuditActions.Retained, data.Class, $"removed={removed}"), token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retention could not look at its classes; trying again in a minute.")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old data of class {Class} could not be removed; trying again in a minute.")]
    private partial void LogClassFailed(Exception e, string @class);
}
