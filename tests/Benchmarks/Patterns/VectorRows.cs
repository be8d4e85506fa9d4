using System.Diagnostics;
using System.Globalization;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>
/// The vector file against its floor (the same two steps over bare arrays) and against an exact scan of floats, all single-threaded, in one run, over
/// the same vectors: synthetic clusters, or real code embedded by the built-in embedder.
/// </summary>
internal static class VectorRows
{
    private const int Rows = 100_000;
    private const int Dimension = 384;
    private const int Queries = 200;
    private const int Top = 10;
    private const int Rounds = 3;
    private const int Deep = 200;
    private const int DeepQueries = 100;

    /// <summary>Command <c>vectors</c> for clusters and the real code of this machine, <c>vectors ROWS</c> for clusters alone, <c>vectors PATH...</c> for the code of folders.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var rows = args.Length == 0 ? Rows : int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        if (rows > 0)
            Measure(VectorSample.Clusters(rows, Dimension, Queries));
        if (args.Length == 0 || rows == 0)
            Measure(VectorSample.OfCode(rows > 0 ? [.. CodeFolders.All] : args, Rows, Queries));
        return Task.FromResult(0);
    }

    private static void Measure(VectorSample data)
    {
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{data.Rows:N0} x {data.Dimension}, {data.What}, {Queries} queries not in the data, one thread");
        var folder = Directory.CreateTempSubdirectory("platform-vectors-");
        try
        {
            Measure(data, Path.Combine(folder.FullName, "vectors.vec"), conditions);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(VectorSample data, string path, string conditions)
    {
        var clock = Stopwatch.StartNew();
        using (var made = VectorFile.Create(path, "bench", data.Mean(), data.Rows))
        {
            made.Append(Enumerable.Range(0, data.Rows).Select(i => new StoredVector(i + 1, data.Row(i).ToArray())));
            made.Commit(data.Rows);
        }

        BenchmarkRow.Of("vector file build", clock.Elapsed.TotalSeconds, "s", "target", 5, conditions).Print();
        clock.Restart();
        using var file = VectorFile.Open(path, "bench", writable: false)!;
        BenchmarkRow.Of("vector file open", clock.Elapsed.TotalMilliseconds, "ms", "target", 100, conditions).Print();

        var exact = new ExactScan(data);
        var floor = new PlaneFloor(data, VectorScan.CandidatesFor(data.Dimension, data.Rows, Top));
        var truth = Enumerable.Range(0, Queries).Select(q => exact.Search(data.Query(q), Top)).ToArray();
        var found = Enumerable.Range(0, Queries).Select(q => file.Search(data.Query(q), null, Top)).ToArray();
        var recall = Enumerable.Range(0, Queries).Average(q => exact.Recall(data.Query(q), truth[q], found[q].Select(f => f.Number)));
        BenchmarkRow.Of("vector search recall@10", recall, "", "exact scan", 1, conditions).Print();
        BenchmarkRow.Of("plane floor recall@10", Enumerable.Range(0, Queries).Average(q => exact.Recall(data.Query(q), truth[q], floor.Search(data.Query(q), Top))), "", "exact scan", 1, conditions).Print();

        // Side by side, query by query, so that a busy machine hurts all alike.
        var (ours, floors, exacts) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            for (var q = 0; q < Queries; q++)
            {
                ours.Add(Time(() => file.Search(data.Query(q), null, Top)));
                floors.Add(Time(() => floor.Search(data.Query(q), Top)));
                if (round == 0)
                    exacts.Add(Time(() => exact.Search(data.Query(q), Top)));
            }
        }

        BenchmarkRow.Of("vector search p50", Quantile(ours, 0.5), "ms", "floor: bare plane scan + rescore", Quantile(floors, 0.5), conditions).Print();
        BenchmarkRow.Of("vector search p05", Quantile(ours, 0.05), "ms", "floor: bare plane scan + rescore", Quantile(floors, 0.05), conditions).Print();
        BenchmarkRow.Of("vector search p50", Quantile(ours, 0.5), "ms", "exact float scan", Quantile(exacts, 0.5), conditions).Print();
        MeasureDeep(file, exact, data, conditions);
    }

    /// <summary>As deep as a hybrid query looks.</summary>
    private static void MeasureDeep(VectorFile file, ExactScan exact, VectorSample data, string conditions)
    {
        var (recall, ours, exacts) = (0.0, new List<double>(), new List<double>());
        for (var q = 0; q < DeepQueries; q++)
        {
            List<Scored> truth = [], found = [];
            exacts.Add(Time(() => truth = exact.Search(data.Query(q), Deep)));
            ours.Add(Time(() => found = file.Search(data.Query(q), null, Deep)));
            recall += exact.Recall(data.Query(q), truth, found.Select(f => f.Number)) / DeepQueries;
        }

        BenchmarkRow.Of($"vector search recall@{Deep}, the depth of a hybrid query", recall, "", "exact scan", 1, conditions).Print();
        BenchmarkRow.Of($"vector search p50 at depth {Deep}", Quantile(ours, 0.5), "ms", "exact float scan", Quantile(exacts, 0.5), conditions).Print();
    }

    internal static double Time(Action action)
    {
        var from = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    internal static double Quantile(List<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(quantile * (sorted.Count - 1))];
    }
}
