using System.CommandLine;
using Platform.Patterns;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform validate</c>: syntax, meaning and security of files, without a host.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Files or folders.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<BlockSeverity> Block = new("--block")
    {
        Description = "From which severity on a security finding fails the command: low, medium, high or none.",
        DefaultValueFactory = static _ => BlockSeverity.High,
    };

    public static Command Create() =>
        CommandRun.Bind(new Command("validate", "Checks files: syntax and meaning by their own compilers, and security. Exit code 1 when one is invalid or a finding blocks.") { Paths, Block }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var report = await new ValidationPipeline(new ValidationOptions()).RunAsync(await SourceFiles.ReadAsync(run.Get(Paths)!, token), token);
        return Tell(run, report, run.Get(Block));
    }

    /// <summary>Shows a report; gives the exit code that it means.</summary>
    public static int Tell(CommandRun run, ValidationReport report, BlockSeverity threshold)
    {
        if (run.Json)
            CommandRun.Print(Document(report, threshold));
        else
            Show(run, report, threshold);
        return report.Ok && !report.Files.SelectMany(file => file.Security).Any(found => threshold.Blocks(found)) ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static object Document(ValidationReport report, BlockSeverity threshold) => new
    {
        files = report.Files.Select(file => new
        {
            file.Path,
            file.Language,
            syntax = Lower(file.Syntax),
            file.Reason,
            diagnostics = file.Diagnostics.Select(found => new { found.Code, found.Line, found.Column, found.Message, severity = Lower(found.Severity) }),
            security = file.Security.Select(found => new { found.Rule, severity = Lower(found.Severity), found.Line, found.Message, found.Cwe, found.Advice, blocks = threshold.Blocks(found) }),
            file.SecurityUnchecked,
        }),
    };

    private static void Show(CommandRun run, ValidationReport report, BlockSeverity threshold)
    {
        foreach (var file in report.Files)
        {
            run.Answer.MarkupLineInterpolated($"[bold]{file.Path}[/] {file.Language}: {Lower(file.Syntax)}{(file.Reason is null ? "" : $" ({file.Reason})")}");
            foreach (var found in file.Diagnostics)
                run.Answer.MarkupLineInterpolated($"  {found.Line}:{found.Column} {Lower(found.Severity)} {found.Code} {found.Message}");
            foreach (var found in file.Security)
                run.Answer.MarkupLineInterpolated($"  {found.Line} {Lower(found.Severity)}{(threshold.Blocks(found) ? ", blocks" : "")} {found.Rule} {found.Cwe} {found.Message} {found.Advice}");
            if (file.SecurityUnchecked is not null)
                run.Answer.MarkupLineInterpolated($"  security unchecked: {file.SecurityUnchecked}");
        }
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>Reads source files that a user names.</summary>
internal static class SourceFiles
{
    /// <summary>Every file named, and every source file of the folders named; ignore files are respected.</summary>
    /// <exception cref="CommandException">A path does not exist, or a file is no text.</exception>
    public static async Task<IReadOnlyList<SourceFile>> ReadAsync(IReadOnlyList<string> paths, CancellationToken token)
    {
        var files = new List<SourceFile>();
        foreach (var path in paths)
        {
            if (File.Exists(path))
                files.Add(SourceFile.FromPath(Path.GetRelativePath(Environment.CurrentDirectory, path).Replace('\\', '/'), await InputFile.ReadTextAsync(path, token)));
            else if (!Directory.Exists(path))
                throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
            else
                foreach (var found in FolderWalker.Walk(path).Where(found => found.Skipped is null))
                    files.Add(SourceFile.FromPath(found.Path, await InputFile.ReadTextAsync(found.FullPath, token)));
        }

        return files;
    }
}
