using System.CommandLine;
using Platform.Cli.Commands;

namespace Platform.Cli;

/// <summary>The <c>platform</c> command: one root, one file per family of commands.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs. Wrong words are exit code 2 before anything starts.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"platform: {error.Message}");
            await Console.Error.WriteLineAsync("platform: 'platform --help' lists the commands, 'platform COMMAND --help' their options.");
            return ExitCodes.WrongUsage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Turns requests into verified code and on-brand content, remembers what worked, and proves what it saved.");
        root.Options.Add(GlobalOptions.Json);
        root.Options.Add(GlobalOptions.Server);
        root.Options.Add(GlobalOptions.Key);
        foreach (var command in All())
            root.Subcommands.Add(command);
        return root;
    }

    private static IEnumerable<Command> All() =>
    [
        Demo.DemoCommand.Create(),
        UpCommand.Create(),
        IndexCommand.Create(),
        IndexCommand.CreateInit(),
        QueryCommand.Create(),
        .. MemoryCommands.Create(),
        .. LearningCommands.Create(),
        ExportCommand.Create(),
        GenerateCommand.Create(),
        TddCommand.Create(),
        FeedbackCommand.Create(),
        RouteCommand.Create(),
        ValidateCommand.Create(),
        Hooks.HookCommand.Create(),
        Mcp.McpCommand.Create(),
        FixCommand.Create(),
        ExplainCommand.Create(),
        ContentCommand.Create(),
        CampaignCommand.Create(),
        MetricsCommand.Create(),
        RoiCommand.Create(),
        DoctorCommand.Create(),
        KeysCommand.Create(),
        PrivacyCommand.Create(),
        AuditCommand.Create(),
        SimulatorCommand.Create(),
        Servers.ServersCommand.Create(),
        Testing.TestCommand.Create(),
        Testing.BenchCommand.Create(),
        WatchCommand.Create(),
    ];
}
