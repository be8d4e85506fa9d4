using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Host;

namespace Platform.Tests.Host;

/// <summary>The server executable as a command, in this process: what it wrote and how it ended. A host that does start is stopped at once.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error, without the log.</param>
/// <param name="Log">What was logged.</param>
internal sealed record HostRun(int Exit, string Output, string Errors, IReadOnlyCollection<string> Log)
{
    /// <summary>Runs words of a command line.</summary>
    public static Task<HostRun> OfAsync(params string[] args) => RunAsync(args, new Dictionary<string, string?>(), null, null);

    /// <summary>Runs a module with settings.</summary>
    public static Task<HostRun> OfModuleAsync(string module, params (string Key, string Value)[] settings) =>
        RunAsync(["--modules", module], settings.ToDictionary(each => each.Key, each => (string?)each.Value), null, null);

    public static async Task<HostRun> RunAsync(string[] args, IReadOnlyDictionary<string, string?> settings, string? home, TimeProvider? time)
    {
        var folder = home ?? Directory.CreateTempSubdirectory("platform-test-").FullName;
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var log = new LogLines();
        try
        {
            var exit = await HostCommand.RunAsync(() => Complete(HostArguments.Parse(args), settings, folder, log, time), output, errors, TestContext.Current.CancellationToken);
            return new HostRun(exit, output.ToString(), errors.ToString(), log.All);
        }
        finally
        {
            if (home is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static HostArguments Complete(HostArguments arguments, IReadOnlyDictionary<string, string?> settings, string home, LogLines log, TimeProvider? time)
    {
        var all = new Dictionary<string, string?> { ["PLATFORM_HOME"] = home, ["HTTP_PORT"] = "0", ["GRPC_PORT"] = "0" };
        foreach (var (key, value) in settings)
            all[key] = value;
        return arguments with
        {
            Overrides = all,
            Adjust = builder =>
            {
                builder.Logging.ClearProviders().AddProvider(log);
                builder.Services.AddHostedService<StopAtOnce>();
                if (time is not null)
                    builder.Services.AddSingleton(time);
            },
        };
    }

    private sealed class StopAtOnce(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }
    }
}
