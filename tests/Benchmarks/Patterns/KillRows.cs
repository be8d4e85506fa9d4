using System.Diagnostics;
using System.Globalization;
using Platform.Tests.Patterns;
using Platform.V1;

namespace Platform.Benchmarks.Patterns;

/// <summary>A process that indexes is killed again and again at random instants; after each kill the store is opened, verified and asked.</summary>
internal static class KillRows
{
    private const int Kills = 200;
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(3);

    /// <summary>Command <c>kills [COUNT]</c>: so many kills, or as many as three minutes allow.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var wanted = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : Kills;
        using var run = new KilledIndexing();
        run.WriteCode(0);
        var usual = await run.RunAsync(run.Elsewhere, killAfter: null);
        var (random, clock) = (new Random(7), Stopwatch.StartNew());
        var (kills, ended, opened, consistent) = (0, 0, 0, 0);
        while (kills < wanted && clock.Elapsed < Most)
        {
            run.WriteCode(kills + ended + 1);
            if (await run.RunAsync(run.Home, usual * random.NextDouble()) >= TimeSpan.Zero)
            {
                ended++;
                continue;
            }

            kills++;
            var (isOpened, problem) = await LookAsync(run);
            opened += isOpened ? 1 : 0;
            consistent += isOpened && problem is null ? 1 : 0;
            if (problem is not null)
                Console.Error.WriteLine($"After kill {kills}: {problem}");
        }

        var conditions = string.Create(CultureInfo.InvariantCulture, $"{KilledIndexing.Files * KilledIndexing.MembersOfFile:N0} patterns a run, killed at a random instant of {usual.TotalSeconds:0.0} s, {ended} runs ended before; verified whole: rows, vectors, checksums, posting lists against texts; {clock.Elapsed.TotalSeconds:0} s");
        BenchmarkRow.Of("kill -9 while indexing", kills, "kills", "wanted", wanted, conditions).Print();
        BenchmarkRow.Of("stores that opened after a kill", opened, "", "kills", kills, conditions).Print();
        BenchmarkRow.Of("stores that were consistent after a kill", consistent, "", "kills", kills, conditions).Print();
        return consistent == kills ? 0 : 1;
    }

    private static async Task<(bool Opened, string? Problem)> LookAsync(KilledIndexing run)
    {
        var opened = false;
        try
        {
            await using var database = run.OpenDatabase();
            await using var memory = await run.OpenAsync(database);
            opened = true;
            var check = await memory.CheckAsync(false, default);
            if (!check.Ok)
                return (opened, string.Join(' ', check.Problems));
            if ((await memory.GetStatsAsync("", default)).Patterns > 0 && (await memory.SearchAsync(new SearchRequest { Query = "step of orders", Top = 5 }, default)).Results.Count == 0)
                return (opened, "nothing is found.");
            return (opened, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (opened, e.Message);
        }
    }
}
