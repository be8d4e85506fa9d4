using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Host;

/// <summary>The host was started with words or settings it cannot use. Exit code 2.</summary>
public sealed class HostUsageException(string message) : Exception(message);

/// <summary>The server executable as a command: <c>--modules</c>, <c>--list-modules</c>, <c>--check-config</c>, <c>--allow-unsandboxed</c>, and <c>--Key=Value</c> for any setting.</summary>
public static class HostCommand
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int Unreachable = 3;

    /// <summary>Runs until it is told to stop, by a signal or the token.</summary>
    /// <returns>0 after a clean stop, 1 when the start failed, 2 for wrong usage or settings, 3 when a server could not be reached.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken token = default) =>
        RunAsync(() => HostArguments.Parse(args), output, errors, token);

    /// <summary>The same with arguments that a caller completes, such as a test with a clock of its own.</summary>
    internal static async Task<int> RunAsync(Func<HostArguments> read, TextWriter output, TextWriter errors, CancellationToken token)
    {
        try
        {
            var arguments = read();
            if (arguments.ListModules)
                return await ListAsync(output);
            await using var app = PlatformHost.Build(arguments);
            if (arguments.CheckConfig)
                return await CheckAsync(app, output);
            await app.StartAsync(token);
            await errors.WriteLineAsync(PlatformHost.Describe(app));
            await app.WaitForShutdownAsync(token);
            return 0;
        }
        catch (Exception e) when (Code(e) is { } code)
        {
            await errors.WriteLineAsync($"platform: {Text(e)}");
            return code;
        }
    }

    /// <summary>The exit code of a failed start, or null for a defect that should show its stack.</summary>
    public static int? Code(Exception e) => e switch
    {
        HostUsageException or SettingException or OptionsValidationException or StoreRefusedException => WrongUsage,
        StoreUnreachableException or BusUnreachableException => Unreachable,
        StoreCorruptException or DataDirectoryInUseException or DoorTakenException or IOException { InnerException: AddressInUseException } => Failed,
        AggregateException { InnerExceptions: [var only] } => Code(only),
        _ => null,
    };

    /// <summary>The message of a failed start, without wrappers.</summary>
    public static string Text(Exception e) => e is AggregateException { InnerExceptions: [var only] } ? Text(only) : e.Message;

    private static async Task<int> ListAsync(TextWriter output)
    {
        foreach (var module in Modules.All)
            await output.WriteLineAsync($"{module.Name,-10} {module.Purpose}");
        return 0;
    }

    private static async Task<int> CheckAsync(WebApplication app, TextWriter output)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        await output.WriteLineAsync("The configuration is valid.");
        return 0;
    }
}
