using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Platform.Host;

namespace Platform.Cli.Commands;

/// <summary><c>platform up</c>: runs the host until it is told to stop.</summary>
internal static class UpCommand
{
    private static readonly Option<string> Modules = new("--modules") { Description = "'all', or names with commas.", DefaultValueFactory = static _ => "all" };

    private static readonly Option<string[]> Settings = new("--set")
    {
        Description = "A setting, as Key=Value; may be given several times.",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<bool> Unsandboxed = new("--allow-unsandboxed") { Description = "Where no sandbox works, run generated code with process limits only. It can then read what this user can read." };

    public static Command Create() =>
        CommandRun.Bind(new Command("up", "Runs the host: console, REST and gRPC, until Ctrl+C.") { Modules, Settings, Unsandboxed }, RunAsync);

    private static Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        string[] args = ["--modules", run.Get(Modules)!, .. run.Get(Unsandboxed) ? ["--allow-unsandboxed"] : Array.Empty<string>(), .. run.Get(Settings)!.Select(setting => $"--{setting}")];
        return HostCommand.RunAsync(args, Console.Out, Console.Error, token);
    }
}
