using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Validation;

namespace Platform.Runner;

/// <summary>Looks for a sandbox when the host has started and says what it found: an operator should learn here, not from unchecked jobs, that nothing can run.</summary>
internal sealed partial class SandboxAtStart(TestRunner runner, IHostApplicationLifetime lifetime, ILogger<SandboxAtStart> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            Say(await runner.SandboxAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Say(SandboxStatus status)
    {
        switch (status.Kind)
        {
            case SandboxKind.None:
                LogNone(status.Reason ?? "");
                break;
            case SandboxKind.ProcessLimits:
                LogLimitsOnly(status.Reason ?? "");
                break;
            default:
                LogSandbox(status.Kind);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Generated code is not run on this machine, its tests stay unchecked. {Reason}")]
    private partial void LogNone(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "GENERATED CODE RUNS WITHOUT A SANDBOX. {Reason}")]
    private partial void LogLimitsOnly(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Generated code runs in a sandbox of the kind {Kind}.")]
    private partial void LogSandbox(SandboxKind kind);
}
