using System.ComponentModel;
using System.Diagnostics;

namespace Platform.Tests.Simulator;

/// <summary>Runs the clients written by others, which lie in tests/node; skips the test that asks where they or Node are not installed.</summary>
internal static class NodeScripts
{
    /// <summary>The folder of the scripts, once a package is installed there.</summary>
    public static string Folder(string package)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Platform.sln")))
            root = root.Parent;
        var folder = Path.Combine(root?.FullName ?? Environment.CurrentDirectory, "tests", "node");
        if (!Directory.Exists(Path.Combine([folder, "node_modules", .. package.Split('/')])))
            Assert.Skip($"the foreign client {package} is not installed; run: npm ci --prefix {folder}");
        return folder;
    }

    /// <summary>Runs a script against an address, away from any proxy.</summary>
    public static Task<(int Exit, string Output)> RunAsync(string folder, string file, string address, CancellationToken token) =>
        RunAsync(folder, file, [address], new Dictionary<string, string>(), token);

    /// <summary>Runs a script with its own arguments and environment.</summary>
    public static async Task<(int Exit, string Output)> RunAsync(string folder, string file, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, CancellationToken token)
    {
        var start = new ProcessStartInfo("node", [file, .. words]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_BASE_URL", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var node = Start(start);
        try
        {
            var error = node.StandardError.ReadToEndAsync(token);
            var output = await node.StandardOutput.ReadToEndAsync(token);
            await node.WaitForExitAsync(token);
            return (node.ExitCode, output + await error);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("node is not installed");
            throw;
        }
    }
}
