using System.CommandLine;

namespace Platform.Cli.Commands;

/// <summary>Names that scripts may rely on and whose modules do not serve them yet: they say so with exit code 2.</summary>
internal static class NotYetCommands
{
    private static readonly string[] Names = ["watch"];

    public static IEnumerable<Command> Create() => Names.Select(name =>
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        return CommandRun.Bind(new Command(name, "Not available yet.") { TreatUnmatchedTokensAsErrors = false, Hidden = true, Arguments = { words } },
            (_, _) => throw new CommandException(ExitCodes.WrongUsage, $"'{name}' is not available yet."));
    });
}
