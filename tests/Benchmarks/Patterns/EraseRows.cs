using System.Diagnostics;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;

namespace Platform.Benchmarks.Patterns;

/// <summary>What it costs that deleted text leaves the file: indexing for the first time, and again after every file changed, beside a store that leaves the old text in its free pages.</summary>
internal static class EraseRows
{
    private const int Files = 600;
    private const int Members = 10;
    private const int Rounds = 3;

    /// <summary>Command <c>erasing</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("platform-erasing-").FullName;
        try
        {
            await MeasureAsync(Path.Combine(folder, "warm"), erases: false);
            var (erasing, leaving) = (new List<Times>(), new List<Times>());
            for (var round = 0; round < Rounds; round++)
            {
                erasing.Add(await MeasureAsync(Path.Combine(folder, $"erasing{round}"), erases: true));
                leaving.Add(await MeasureAsync(Path.Combine(folder, $"leaving{round}"), erases: false));
            }

            var conditions = $"{Files * Members:N0} patterns in {Files:N0} files, best of {Rounds}, in turns";
            BenchmarkRow.Of("indexing, deleted text leaves the file", erasing.Min(t => t.First), "s", "left in free pages", leaving.Min(t => t.First), conditions).Print();
            BenchmarkRow.Of("indexing again after every file changed, deleted text leaves the file", erasing.Min(t => t.Again), "s", "left in free pages", leaving.Min(t => t.Again), conditions).Print();
            BenchmarkRow.Of("forgetting the project", erasing.Min(t => t.Forget), "s", "left in free pages", leaving.Min(t => t.Forget), conditions).Print();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<Times> MeasureAsync(string folder, bool erases)
    {
        var code = Path.Combine(folder, "code");
        Directory.CreateDirectory(code);
        await using var database = new SqliteDatabase(Path.Combine(folder, "patterns.db")) { Module = "patterns", Erases = erases };
        await using var memory = await PatternLibrary.OpenAsync(database, Path.Combine(folder, "vectors"));
        return new Times(await IndexAsync(memory, code, 1), await IndexAsync(memory, code, 2), await TimeAsync(() => memory.ForgetAsync(new ForgetRequest { Project = "p" }, default)));
    }

    private static async Task<double> IndexAsync(PatternLibrary memory, string code, int version)
    {
        for (var i = 0; i < Files; i++)
            await File.WriteAllTextAsync(Path.Combine(code, $"m{i}.py"), string.Concat(Enumerable.Range(0, Members).Select(k => $"def move_{i}_{k}(board):\n    '''Moves piece {k} in version {version}.'''\n    return board.step({k}, {version}).total * {i}\n\n\n")));
        return await TimeAsync(() => memory.IndexFolderAsync([code], new IndexStart { Project = "p" }, null, default));
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed.TotalSeconds;
    }

    private readonly record struct Times(double First, double Again, double Forget);
}
