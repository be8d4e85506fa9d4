using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary>Shows a unified diff on a terminal: colours by what a line is; plain text where there are none.</summary>
internal static class DiffView
{
    /// <summary>Writes the diff; nothing for an empty one.</summary>
    public static void Write(IAnsiConsole console, string diff)
    {
        foreach (var line in diff.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            console.MarkupLine($"[{Colour(line)}]{Markup.Escape(line)}[/]");
    }

    private static string Colour(string line) => line switch
    {
        _ when line.StartsWith("+++", StringComparison.Ordinal) || line.StartsWith("---", StringComparison.Ordinal) => "bold",
        _ when line.StartsWith("@@", StringComparison.Ordinal) => "cyan",
        ['+', ..] => "green",
        ['-', ..] => "red",
        _ => "default",
    };
}
