using System.CommandLine;
using System.Text;
using Platform.Cli.Commands;
using Platform.V1;
using Platform.Validation;
using Spectre.Console;
using SourceFile = Platform.Validation.SourceFile;

namespace Platform.Cli.Hooks;

/// <summary><c>platform hook</c>: git asks it before a commit whether the staged files are sound, and tells it afterwards what was committed.</summary>
internal static class HookCommand
{
    private const BlockSeverity Threshold = BlockSeverity.High;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Option<bool> Force = new("--force") { Description = "Replace a hook of somebody else; it is kept beside ours as .before-platform." };

    public static Command Create() => new("hook", "Checks staged files before every git commit and learns from what was committed.")
    {
        CommandRun.Bind(new Command("install", "Installs the hooks into the repository of the current folder.") { Force }, InstallAsync),
        CommandRun.Bind(new Command("uninstall", "Removes them."), UninstallAsync),
        CommandRun.Bind(new Command("check", "What the pre-commit hook runs: exit code 1 when a staged file has a syntax error or a finding of high severity."), CheckAsync),
        CommandRun.Bind(new Command("learn", "What the post-commit hook runs: brings the memory up to date with the repository."), LearnAsync),
    };

    private static async Task<int> InstallAsync(CommandRun run, CancellationToken token)
    {
        var repository = await GitRepository.FindAsync(token);
        Directory.CreateDirectory(repository.Hooks);
        // All or nothing: look at every hook before one is written.
        foreach (var (name, _, _) in HookScript.All)
        {
            var path = Path.Combine(repository.Hooks, name);
            if (File.Exists(path) && !HookScript.IsOurs(await File.ReadAllTextAsync(path, token)) && !run.Get(Force))
                throw new CommandException(ExitCodes.Failed, $"There is a {name} hook already ({path}). Call 'platform hook check' from it, or replace it with --force.");
        }

        foreach (var (name, word, mayStop) in HookScript.All)
            await WriteAsync(Path.Combine(repository.Hooks, name), HookScript.Of(word, mayStop), token);
        Say(run, repository, installed: true);
        return ExitCodes.Success;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken token)
    {
        if (File.Exists(path) && !HookScript.IsOurs(await File.ReadAllTextAsync(path, token)))
            File.Move(path, path + ".before-platform", overwrite: false);
        await File.WriteAllTextAsync(path, text.ReplaceLineEndings("\n"), token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    private static async Task<int> UninstallAsync(CommandRun run, CancellationToken token)
    {
        var repository = await GitRepository.FindAsync(token);
        foreach (var (name, _, _) in HookScript.All)
        {
            var path = Path.Combine(repository.Hooks, name);
            if (!File.Exists(path) || !HookScript.IsOurs(await File.ReadAllTextAsync(path, token)))
                continue;
            File.Delete(path);
            if (File.Exists(path + ".before-platform"))
                File.Move(path + ".before-platform", path);
        }

        Say(run, repository, installed: false);
        return ExitCodes.Success;
    }

    private static async Task<int> CheckAsync(CommandRun run, CancellationToken token)
    {
        var repository = await GitRepository.FindAsync(token);
        var files = new List<SourceFile>();
        foreach (var path in await repository.StagedAsync(token))
        {
            if (Languages.FromPath(path) is "text" || !SourceFile.IsSafe(path) || await repository.ReadStagedAsync(path, token) is not { } bytes || Text(bytes) is not { } text)
                continue;
            files.Add(SourceFile.FromPath(path, text));
        }

        if (files.Count == 0)
            return ExitCodes.Success;
        // A staged file is a part of something: names from the rest of the project are not its fault.
        var options = new ValidationOptions { SyntaxOnly = true, MaxFiles = Math.Max(1, files.Count) };
        var report = await new ValidationPipeline(options, new SecurityOptions { HonourComments = true }).RunAsync(files, token);
        return ValidateCommand.Tell(run, report, Threshold);
    }

    private static async Task<int> LearnAsync(CommandRun run, CancellationToken token)
    {
        var repository = await GitRepository.FindAsync(token);
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await memory.IndexAsync([repository.Root], new IndexStart { Project = new DirectoryInfo(repository.Root).Name }, null, token);
        run.Say($"{reply.Project}: {reply.Changed} patterns changed");
        return ExitCodes.Success;
    }

    private static string? Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static void Say(CommandRun run, GitRepository repository, bool installed)
    {
        if (run.Json)
            CommandRun.Print(new { repository = repository.Root, folder = repository.Hooks, installed, hooks = HookScript.All.Select(hook => hook.Name) });
        else
            run.Answer.WriteLine($"{(installed ? "Installed" : "Removed")} {string.Join(" and ", HookScript.All.Select(hook => hook.Name))} in {repository.Hooks}");
    }
}
