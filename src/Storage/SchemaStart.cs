using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Storage;

/// <summary>
/// Brings every schema up to date before anything else starts. A server that does not answer is tried again with a message;
/// after <see cref="Attempts"/> tries the start fails.
/// </summary>
internal sealed partial class SchemaStart(IServiceProvider services, IEnumerable<SchemaOwner> owners, DataDirectory home, TimeProvider time, ILogger<SchemaStart> log)
    : IHostedLifecycleService
{
    internal const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var owner in owners)
        {
            var database = services.GetRequiredKeyedService<Database>(owner.Module);
            if (database is SqliteDatabase)
                home.Take();
            await ApplyAsync(database, owner, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ApplyAsync(Database database, SchemaOwner owner, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.ApplyAsync(SchemaScript.Of(owner.Scripts, database.Dialect), token);
                return;
            }
            catch (StoreUnreachableException e) when (attempt < Attempts)
            {
                LogWaiting(owner.Module, e.Message, attempt, Attempts);
                await Task.Delay(Pause, time, token);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Store of {Module}: {Problem} Trying again ({Attempt} of {Attempts}).")]
    private partial void LogWaiting(string module, string problem, int attempt, int attempts);
}
