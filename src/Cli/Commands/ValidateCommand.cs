using System.CommandLine;
using Platform.Patterns;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform validate</c>: syntax, meaning and security of files, without a host.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Files or folders.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() =>
        CommandRun.Bind(new Command("validate", "Checks files: syntax and meaning by their own compilers, and security. Exit code 1 when one is invalid.") { Paths }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var report = await new CodeValidator(new ValidationOptions()).ValidateAsync(await SourceFiles.ReadAsync(run.Get(Paths)!, token), token);
        if (run.Json)
            CommandRun.Print(Document(report));
        else
            Show(run, report);
        return report.Ok ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static object Document(ValidationReport report) => new
    {
        files = report.Files.Select(file => new
        {
            file.Path,
            file.Language,
            syntax = Lower(file.Syntax),
            file.Reason,
            diagnostics = file.Diagnostics.Select(found => new { found.Code, found.Line, found.Column, found.Message, severity = Lower(found.Severity) }),
            security = file.Security.Select(found => new { found.Rule, severity = Lower(found.Severity), found.Line, found.Message, found.Cwe, found.Advice }),
        }),
    };

    private static void Show(CommandRun run, ValidationReport report)
    {
        foreach (var file in report.Files)
        {
            run.Answer.MarkupLineInterpolated($"[bold]{file.Path}[/] {file.Language}: {Lower(file.Syntax)}{(file.Reason is null ? "" : $" ({file.Reason})")}");
            foreach (var found in file.Diagnostics)
                run.Answer.MarkupLineInterpolated($"  {found.Line}:{found.Column} {Lower(found.Severity)} {found.Code} {found.Message}");
            foreach (var found in file.Security)
                run.Answer.MarkupLineInterpolated($"  {found.Line} {Lower(found.Severity)} {found.Rule} {found.Cwe} {found.Message} {found.Advice}");
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
