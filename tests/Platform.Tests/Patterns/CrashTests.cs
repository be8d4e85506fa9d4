using System.Diagnostics;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>A real process that indexes and is killed without warning, again and again; and readers beside a writer.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;
    private const int Files = 120;
    private const int MembersOfFile = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("crash-test-").FullName;

    private string Home => Path.Combine(_folder, "home");

    private string Code => Path.Combine(_folder, "code");

    [Fact]
    public async Task Index_KilledAtRandomInstants_LeavesAStoreThatOpensChecksCleanAndFinishes()
    {
        WriteCode(0);
        var usual = await RunAsync(Path.Combine(_folder, "measured"), killAfter: null);
        var random = new Random(5);
        var interrupted = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            WriteCode(kill);
            interrupted += await RunAsync(Home, usual * random.NextDouble()) < TimeSpan.Zero ? 1 : 0;

            await using var database = OpenDatabase();
            await using var memory = await PatternLibrary.OpenAsync(database, Path.Combine(Home, "patterns"));
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty($"after kill {kill}");
            if ((await memory.ListProjectsAsync(default)).Projects.Count > 0)
                (await memory.SearchAsync(new SearchRequest { Query = "step of orders", Top = 5 }, default)).Notice.ShouldBeEmpty();
        }

        interrupted.ShouldBeGreaterThan(0, "no run was killed before it ended");
        await using (var database = OpenDatabase())
        await using (var memory = await PatternLibrary.OpenAsync(database, Path.Combine(Home, "patterns")))
        {
            var reply = await memory.IndexFolderAsync([Code], new IndexStart { Project = "shop" }, null, default);
            reply.Patterns.ShouldBe(Files * MembersOfFile);
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
            var hit = (await memory.SearchAsync(new SearchRequest { Query = "step 7 of orders 42", Top = 3, WithText = true }, default)).Results;
            hit.ShouldContain(h => h.Path == "orders_42.py" && h.Text.Contains($"version_{Kills}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Search_TwoReadersBesideAWriter_AnswerAllTheTimeAndSeeWhatWasWritten()
    {
        Directory.CreateDirectory(Home);
        WriteCode(0);
        await using var database = OpenDatabase();
        await using var writer = await PatternLibrary.OpenAsync(database, Path.Combine(Home, "patterns"));
        await writer.IndexFolderAsync([Code], new IndexStart { Project = "shop" }, null, default);
        await using var second = OpenDatabase();
        await using var third = OpenDatabase();
        await using var firstReader = await PatternLibrary.OpenAsync(second, Path.Combine(Home, "patterns"));
        await using var secondReader = await PatternLibrary.OpenAsync(third, Path.Combine(Home, "patterns"));

        WriteCode(1);
        var indexing = writer.IndexFolderAsync([Code], new IndexStart { Project = "shop" }, null, default);
        for (var i = 0; i < 20 || !indexing.IsCompleted; i++)
        {
            foreach (var reader in new[] { firstReader, secondReader })
                (await reader.SearchAsync(new SearchRequest { Query = "step 7 of orders", Top = 10 }, default)).Results.Count.ShouldBe(10);
        }

        await indexing;
        var found = (await firstReader.SearchAsync(new SearchRequest { Query = "step 7 of orders 42", WithText = true, Explain = true }, default)).Results;
        found.ShouldAllBe(r => r.Text.Contains("version_1", StringComparison.Ordinal));
        found[0].Parts["vector_rank"].ShouldBeGreaterThan(0, "the reader looked into the vectors that the writer wrote");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SqliteDatabase OpenDatabase() => new(Path.Combine(Home, "patterns.db")) { Module = "patterns" };

    private void WriteCode(int version)
    {
        Directory.CreateDirectory(Code);
        for (var file = 0; file < Files; file++)
            File.WriteAllText(Path.Combine(Code, $"orders_{file}.py"), string.Concat(Enumerable.Range(0, MembersOfFile).Select(i =>
                $"def orders_{file}_step_{i}(order):\n    '''Step {i} of orders {file}.'''\n    version_{version} = order.line({i}, {file})\n    return version_{version}.total * {i + file}\n\n\n")));
    }

    /// <summary>Runs the command; how long its indexing took, or a negative time when it was killed.</summary>
    private async Task<TimeSpan> RunAsync(string home, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "platform.dll"), "index", Code, "--project", "shop", "--json"])
        {
            Environment = { ["PLATFORM_HOME"] = home, ["PLATFORM_SERVER"] = "", ["DOTNET_TieredPGO"] = "0" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(Path.Combine(home, "patterns.db")) && !process.HasExited)
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
        process.ExitCode.ShouldBe(0, await said);
        return clock.Elapsed;
    }
}
