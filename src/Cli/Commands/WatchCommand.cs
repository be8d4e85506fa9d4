using System.CommandLine;
using Platform.Storage;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform watch</c>: keeps the memory of a code base up to date while files change.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly Argument<string> Folder = new("path") { Description = "Folder. Default: the current one.", DefaultValueFactory = static _ => "." };
    private static readonly Option<string?> Project = new("--project") { Description = "Project. Default: the folder's name." };

    public static Command Create() =>
        CommandRun.Bind(new Command("watch", "Indexes a folder and again whenever its files change, until stopped. With --json one line for each time.") { Folder, Project }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var folder = run.Get(Folder)!;
        if (!Directory.Exists(folder))
            throw new CommandException(ExitCodes.WrongUsage, $"'{folder}' is not a folder.");
        var start = new IndexStart { Project = run.Get(Project) ?? new DirectoryInfo(folder).Name };
        using var changes = new Changes(folder);
        try
        {
            await IndexAsync(run, folder, start, token);
            while (true)
            {
                await changes.WaitAsync(token);
                await IndexAsync(run, folder, start, token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Stopping it is how it ends.
            return ExitCodes.Success;
        }
    }

    /// <summary>One pass: files that did not change cost a look at their hash. The data directory is held for the pass only.</summary>
    private static async Task IndexAsync(CommandRun run, string folder, IndexStart start, CancellationToken token)
    {
        await using var memory = await OpenAsync(run, token);
        var reply = await memory.IndexAsync([folder], start, null, token);
        if (run.Json)
            CommandRun.Print(new { reply.Project, reply.Files, reply.Patterns, reply.Changed, skipped = reply.Skipped.Values.Sum(), seconds = Math.Round(reply.Seconds, 3) });
        else
            run.Say($"{reply.Project}: {reply.Files:N0} files, {reply.Patterns:N0} patterns, {reply.Changed:N0} changed, {reply.Seconds:F1} s");
    }

    /// <summary>Another command that writes is waited for: a watch goes on until it is stopped.</summary>
    private static async Task<Memory> OpenAsync(CommandRun run, CancellationToken token)
    {
        for (var waited = false; ; waited = true)
        {
            try
            {
                return await Memory.OpenAsync(run, token);
            }
            catch (DataDirectoryInUseException e)
            {
                if (!waited)
                    run.Say($"{e.Message} Waiting for it.");
                await Task.Delay(Busy, token);
            }
        }
    }

    /// <summary>Hears of changes and waits until they pause, so that a checkout of a thousand files is one pass.</summary>
    private sealed class Changes : IDisposable
    {
        private readonly FileSystemWatcher _watcher;
        private readonly SemaphoreSlim _heard = new(0);

        public Changes(string folder)
        {
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, InternalBufferSize = 64 * 1024 };
            _watcher.Changed += (_, change) => Hear(change.FullPath);
            _watcher.Created += (_, change) => Hear(change.FullPath);
            _watcher.Deleted += (_, change) => Hear(change.FullPath);
            _watcher.Renamed += (_, change) => Hear(change.FullPath);
            // Too many at once to be told one by one: something changed, and that is enough.
            _watcher.Error += (_, _) => _heard.Release();
            _watcher.EnableRaisingEvents = true;
        }

        public async Task WaitAsync(CancellationToken token)
        {
            await _heard.WaitAsync(token);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(Longest);
            try
            {
                while (await _heard.WaitAsync(Quiet, limit.Token))
                {
                    // Not quiet yet.
                }
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                // It never pauses: index what there is.
            }
        }

        public void Dispose()
        {
            _watcher.Dispose();
            _heard.Dispose();
        }

        /// <summary>What the platform and git write themselves is no change of the code base.</summary>
        private void Hear(string path)
        {
            if (!path.Contains($"{Path.DirectorySeparatorChar}.git{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains($"{Path.DirectorySeparatorChar}.platform", StringComparison.Ordinal))
                _heard.Release();
        }
    }
}
