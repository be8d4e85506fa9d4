using System.Diagnostics;
using Platform.Patterns;
using Platform.Storage;

namespace Platform.Tests.Patterns;

/// <summary>A code base that changes from run to run, and a real process that indexes it and may be killed without warning.</summary>
internal sealed class KilledIndexing : IDisposable
{
    public const int Files = 120;
    public const int MembersOfFile = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("crash-test-").FullName;

    public string Home => Path.Combine(_folder, "home");

    public string Code => Path.Combine(_folder, "code");

    /// <summary>Another home, in which nothing is killed.</summary>
    public string Elsewhere => Path.Combine(_folder, "elsewhere");

    public SqliteDatabase OpenDatabase() => new(Path.Combine(Home, "patterns.db")) { Module = "patterns", Erases = true };

    public Task<PatternLibrary> OpenAsync(SqliteDatabase database) => PatternLibrary.OpenAsync(database, Path.Combine(Home, "patterns"));

    public void WriteCode(int version)
    {
        Directory.CreateDirectory(Code);
        for (var file = 0; file < Files; file++)
            File.WriteAllText(Path.Combine(Code, $"orders_{file}.py"), string.Concat(Enumerable.Range(0, MembersOfFile).Select(i =>
                $"def orders_{file}_step_{i}(order):\n    '''Step {i} of orders {file}.'''\n    version_{version} = order.line({i}, {file})\n    return version_{version}.total * {i + file}\n\n\n")));
    }

    /// <summary>Runs the command.</summary>
    /// <returns>How long it took from its first write; a negative time when it was killed.</returns>
    public async Task<TimeSpan> RunAsync(string home, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "platform.dll"), "index", Code, "--project", "shop", "--json"])
        {
            Environment = { ["PLATFORM_HOME"] = home, ["PLATFORM_SERVER"] = "", ["DOTNET_TieredPGO"] = "0" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var before = WrittenAt(home);
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (WrittenAt(home) == before && !process.HasExited)
            await Task.Delay(5, patience.Token);
        var clock = Stopwatch.StartNew();
        if (killAfter is { } delay)
        {
            await Task.WhenAny(Task.Delay(delay, patience.Token), process.WaitForExitAsync(patience.Token));
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(patience.Token);
                return TimeSpan.FromTicks(-1);
            }
        }

        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode == 0 ? clock.Elapsed : throw new InvalidOperationException($"The command ended with {process.ExitCode}: {await said}");
    }

    /// <summary>When the log of the store was last written to: a kill before the first write would prove nothing.</summary>
    private static DateTime WrittenAt(string home) => File.GetLastWriteTimeUtc(Path.Combine(home, "patterns.db-wal"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
