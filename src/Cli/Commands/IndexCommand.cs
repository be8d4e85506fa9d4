using System.CommandLine;
using Platform.Patterns;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform index</c> and <c>platform init</c>: read a code base into the memory.</summary>
internal static class IndexCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Folders or files.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Project = new("--project") { Description = "Project. Default: the folder's name." };
    private static readonly Option<FileInfo?> Records = new("--records") { Description = "JSON lines {id,text,code,language} instead of folders." };
    private static readonly Option<bool> Shared = new("--shared") { Description = "Let other projects be shown these patterns." };
    private static readonly Option<string> Licence = new("--licence") { Description = "Licence, kept with every pattern.", DefaultValueFactory = static _ => "" };

    public static Command Create() =>
        CommandRun.Bind(new Command("index", "Reads a code base into the memory; only what changed is read again.") { Paths, Project, Records, Shared, Licence }, RunAsync);

    public static Command CreateInit() =>
        CommandRun.Bind(new Command("init", "Indexes the current folder as a project of its name.") { Project, Shared, Licence }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var paths = run.Words.CommandResult.Command.Name == "init" ? ["."] : run.Get(Paths)!;
        var records = run.Words.CommandResult.Command.Name == "init" ? null : run.Get(Records);
        if (paths.Length == 0 == records is null)
            throw new CommandException(ExitCodes.WrongUsage, "Give folders or files, or --records FILE.jsonl, and not both.");
        var missing = paths.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path));
        if (missing is not null)
            throw new CommandException(ExitCodes.WrongUsage, $"'{missing}' does not exist.");
        var start = new IndexStart { Project = run.Get(Project) ?? NameOf(paths, records), Shared = run.Get(Shared), Licence = run.Get(Licence) };
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await WithBarAsync(run, progress => records is null
            ? memory.IndexAsync(paths, start, progress, token)
            : memory.IndexRecordsAsync(records.FullName, start, progress, token));
        Show(run, reply);
        return ExitCodes.Success;
    }

    private static string NameOf(string[] paths, FileInfo? records) =>
        records is not null ? Path.GetFileNameWithoutExtension(records.Name) : new DirectoryInfo(paths[0]).Name;

    private static async Task<IndexReply> WithBarAsync(CommandRun run, Func<IProgress<IndexProgress>, Task<IndexReply>> work) =>
        await run.Messages.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async bars => await work(new Bar(bars.AddTask("indexing", maxValue: 1))));

    private static void Show(CommandRun run, IndexReply reply)
    {
        var rate = reply.Seconds > 0 ? reply.Patterns / reply.Seconds : 0;
        if (run.Json)
        {
            CommandRun.Print(new
            {
                reply.Project,
                reply.Files,
                reply.Patterns,
                skipped = reply.Skipped.Values.Sum(),
                seconds = Math.Round(reply.Seconds, 3),
                patterns_per_second = Math.Round(rate, 1),
                skipped_by_reason = reply.Skipped,
                reply.Changed,
                reply.Evicted,
            });
            return;
        }

        run.Answer.MarkupLineInterpolated($"[bold]{reply.Project}[/]: {reply.Patterns:N0} patterns, {reply.Files:N0} files read, {reply.Changed:N0} patterns changed, {reply.Seconds:F1} s ({rate:N0} patterns a second)");
        foreach (var (reason, count) in reply.Skipped)
            run.Answer.MarkupLineInterpolated($"  [grey]{count:N0} passed over: {reason}[/]");
        if (reply.Evicted > 0)
            run.Say($"The memory is full: {reply.Evicted:N0} of the least valuable patterns were given up. Raise Patterns:MaxMebibytes, or forget what is not needed, and index again.");
    }

    /// <summary>Patterns a second, or files while a host does not tell how many patterns it wrote.</summary>
    internal static string Rate(IndexProgress now) => now.Patterns > 0 ? $"{now.PatternsPerSecond:N0} patterns/s"
        : now.Elapsed > TimeSpan.Zero ? $"{now.Files / now.Elapsed.TotalSeconds:N0} files/s" : "";

    private sealed class Bar(ProgressTask task) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            task.Description = $"indexing {Rate(value)}";
            task.MaxValue = Math.Max(1, value.TotalFiles);
            task.Value = value.Files;
        }
    }
}
