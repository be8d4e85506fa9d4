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

    private static readonly Option<bool> NoStyle = new("--no-style") { Description = "Say nothing on style and size." };
    private static readonly Option<int> LineLength = Limit("--max-line-length", "Characters of a line beyond which it is remarked on", new StyleLimits().LineLength);
    private static readonly Option<int> FileLines = Limit("--max-file-lines", "Lines of a file beyond which it is remarked on", new StyleLimits().FileLines);
    private static readonly Option<int> FunctionLines = Limit("--max-function-lines", "Lines of a function beyond which it is remarked on", new StyleLimits().FunctionLines);

    private static Option<int> Limit(string name, string says, int usual)
    {
        var option = new Option<int>(name) { Description = $"{says}. Default {usual}.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} is less than 1; give a whole number such as {usual}.");
        });
        return option;
    }

    public static Command Create() =>
        CommandRun.Bind(new Command("validate", "Checks files: syntax and meaning by their own compilers, and security. Exit code 1 when one is invalid or a finding blocks.") { Paths, Block, NoStyle, LineLength, FileLines, FunctionLines }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var paths = run.Get(Paths)!;
        var limits = new StyleLimits { LineLength = run.Get(LineLength), FileLines = run.Get(FileLines), FunctionLines = run.Get(FunctionLines), LastLineEnd = true };
        var options = ProjectSettings.Of(paths) with { MaxFiles = SourceFiles.Options.MaxFiles, Style = run.Get(NoStyle) ? null : limits };
        var report = await new ValidationPipeline(options).RunAsync(await SourceFiles.ReadAsync(run, paths, token), token);
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
            style = file.Style.Select(found => new { found.Code, found.Line, found.Message }),
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
            foreach (var found in file.Style)
                run.Answer.MarkupLineInterpolated($"  [grey]{found.Line} style {found.Code} {found.Message}[/]");
            if (file.SecurityUnchecked is not null)
                run.Answer.MarkupLineInterpolated($"  security unchecked: {file.SecurityUnchecked}");
        }
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>Reads source files that a user names.</summary>
internal static class SourceFiles
{
    private const int MostFiles = 20_000;

    /// <summary>Options for what a user names: a whole repository at once.</summary>
    public static ValidationOptions Options { get; } = new() { MaxFiles = MostFiles };

    /// <summary>Every file named, and every source file of the folders named; ignore files are respected. A file of a folder that cannot be checked is left out and said.</summary>
    /// <exception cref="CommandException">A path does not exist, a named file is no text, or there are too many.</exception>
    public static async Task<IReadOnlyList<SourceFile>> ReadAsync(CommandRun run, IReadOnlyList<string> paths, CancellationToken token)
    {
        var files = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (File.Exists(path) && new FileInfo(path).Length is var bytes && bytes > Options.MaxFileLength)
                throw new CommandException(ExitCodes.WrongUsage, $"'{path}' has {bytes:N0} bytes; the limit is {Options.MaxFileLength:N0}.");
            if (File.Exists(path))
                Add(files, path, Name(path), await InputFile.ReadTextAsync(path, token));
            else if (!Directory.Exists(path))
                throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
            else
                await AddFolderAsync(run, files, path, token);
        }

        return files.Count <= MostFiles ? [.. files.Values] : throw new CommandException(ExitCodes.WrongUsage, $"{files.Count:N0} files were named; the limit is {MostFiles:N0}. Name a part of them.");
    }

    private static async Task AddFolderAsync(CommandRun run, Dictionary<string, SourceFile> files, string folder, CancellationToken token)
    {
        foreach (var found in FolderWalker.Walk(folder).Where(found => found.Skipped is null))
        {
            try
            {
                if (found.Bytes > Options.MaxFileLength)
                    throw new CommandException(ExitCodes.WrongUsage, $"'{found.Path}' has {found.Bytes:N0} bytes; the limit is {Options.MaxFileLength:N0}.");
                Add(files, Path.Combine(folder, found.Path), found.Path, await InputFile.ReadTextAsync(found.FullPath, token));
            }
            catch (CommandException e)
            {
                run.Say($"left out: {e.Message}");
            }
        }
    }

    // Two folders may hold files of one name: the second is told apart by its folder.
    private static void Add(Dictionary<string, SourceFile> files, string path, string name, string text)
    {
        var file = SourceFile.FromPath(name, text);
        if (!SourceFile.IsSafe(name))
            throw new CommandException(ExitCodes.WrongUsage, $"'{name}' is not a path of ordinary characters.");
        if (files.TryAdd(name, file))
            return;
        var full = Path.GetFullPath(path).TrimStart('/').Replace('\\', '/').Replace(":", "", StringComparison.Ordinal);
        files.TryAdd(full, file with { Path = full });
    }

    // Seen from here where it lies below, else by its whole path without the root.
    private static string Name(string path)
    {
        var below = Path.GetRelativePath(Environment.CurrentDirectory, path).Replace('\\', '/');
        return Path.IsPathRooted(below) || below.StartsWith("../", StringComparison.Ordinal) ? Path.GetFullPath(path).Replace('\\', '/').Replace(":", "", StringComparison.Ordinal).TrimStart('/') : below;
    }
}
