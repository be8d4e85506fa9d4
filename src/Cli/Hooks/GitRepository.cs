using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Platform.Cli.Hooks;

/// <summary>The git repository around the current folder, asked through git itself.</summary>
internal sealed class GitRepository
{
    private const string Link = "120000";
    private const string Submodule = "160000";
    private const int MostBytes = 1 << 20;

    private GitRepository(string root, string hooks) => (Root, Hooks) = (root, hooks);

    /// <summary>Its top folder.</summary>
    public string Root { get; }

    /// <summary>The folder that git runs hooks from; <c>core.hooksPath</c> is respected.</summary>
    public string Hooks { get; }

    /// <summary>Finds it.</summary>
    /// <exception cref="CommandException">There is no git, or no repository here.</exception>
    public static async Task<GitRepository> FindAsync(CancellationToken token)
    {
        var root = Encoding.UTF8.GetString(await GitAsync(Environment.CurrentDirectory, token, "rev-parse", "--show-toplevel")).Trim();
        var hooks = Encoding.UTF8.GetString(await GitAsync(root, token, "rev-parse", "--git-path", "hooks")).Trim();
        return new GitRepository(root, Path.GetFullPath(Path.Combine(root, hooks)));
    }

    /// <summary>Paths of files that are added or changed in the index; links and submodules are no files, whatever their names.</summary>
    public async Task<IReadOnlyList<string>> StagedAsync(CancellationToken token)
    {
        // Each entry is ":MODE MODE OBJECT OBJECT STATUS", then the path.
        var parts = Encoding.UTF8.GetString(await GitAsync(Root, token, "diff", "--cached", "--raw", "--no-renames", "-z", "--diff-filter=AM")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Chunk(2).Where(entry => entry.Length == 2 && entry[0].Split(' ') is [_, var mode, ..] && mode is not (Link or Submodule)).Select(entry => entry[1])];
    }

    /// <summary>Bytes of a file as they are staged, which may differ from the working tree; null when they are more than a source file has.</summary>
    public async Task<byte[]?> ReadStagedAsync(string path, CancellationToken token)
    {
        var size = Encoding.ASCII.GetString(await GitAsync(Root, token, "cat-file", "-s", $":{path}")).Trim();
        return int.TryParse(size, out var bytes) && bytes <= MostBytes ? await GitAsync(Root, token, "cat-file", "blob", $":{path}") : null;
    }

    private static async Task<byte[]> GitAsync(string folder, CancellationToken token, params string[] words)
    {
        var start = new ProcessStartInfo("git", words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var git = Start(start);
        using var output = new MemoryStream();
        var error = git.StandardError.ReadToEndAsync(token);
        await git.StandardOutput.BaseStream.CopyToAsync(output, token);
        await git.WaitForExitAsync(token);
        return git.ExitCode == 0 ? output.ToArray() : throw new CommandException(ExitCodes.Failed, $"git {words[0]}: {(await error).Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new CommandException(ExitCodes.Failed, "git is not on the path.");
        }
    }
}
