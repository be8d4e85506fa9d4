using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Cli.Testing;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>The vector file beside hnswlib, the graph index that others use in a process, over the same vectors in one run; shown also where the graph wins.</summary>
internal static class GraphRows
{
    private const int Rows = 100_000;
    private const int Dimension = 384;
    private const int Queries = 200;
    private const int Top = 10;
    private const int Rounds = 3;

    /// <summary>Command <c>hnswlib</c>; <c>hnswlib ROWS</c> for another size.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var scripts = Path.Combine(Repository.Find("bench"), "tests", "node", "hnswlib");
        if (!Directory.Exists(Path.Combine(scripts, "node_modules")))
        {
            Console.Error.WriteLine($"bench: the graph index is not installed; run: npm install --prefix {scripts}");
            return 1;
        }

        var data = VectorSample.Clusters(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Rows, Dimension, Queries);
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{data.Rows:N0} x {data.Dimension}, {data.What}, {Queries} queries not in the data, top {Top}, one thread; hnswlib-node 3.0.0, M 16, ef_construction 200");
        var folder = Directory.CreateTempSubdirectory("platform-graph-");
        try
        {
            var (build, recall, p50) = Ours(data, Path.Combine(folder.FullName, "vectors.vec"), folder.FullName);
            var graph = await TheirsAsync(scripts, folder.FullName);
            BenchmarkRow.Of("vector file build", build, "s", "hnswlib", graph.GetProperty("build").GetDouble(), conditions).Print();
            foreach (var search in graph.GetProperty("searches").EnumerateArray())
            {
                var peer = string.Create(CultureInfo.InvariantCulture, $"hnswlib, ef {search.GetProperty("ef").GetInt32()}");
                BenchmarkRow.Of("vector search recall@10", recall, "", peer, search.GetProperty("recall").GetDouble(), conditions).Print();
                BenchmarkRow.Of("vector search p50", p50, "ms", peer, search.GetProperty("p50").GetDouble(), conditions).Print();
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Measures the vector file, and writes rows, queries and the exact answers for the other.</summary>
    private static (double Build, double Recall, double P50) Ours(VectorSample data, string path, string folder)
    {
        var clock = Stopwatch.StartNew();
        using (var made = VectorFile.Create(path, "bench", data.Mean(), data.Rows))
        {
            made.Append(Enumerable.Range(0, data.Rows).Select(i => new StoredVector(i + 1, data.Row(i).ToArray())));
            made.Commit(data.Rows);
        }

        var build = clock.Elapsed.TotalSeconds;
        using var file = VectorFile.Open(path, "bench", writable: false)!;
        var exact = new ExactScan(data);
        var truth = Enumerable.Range(0, Queries).Select(q => exact.Search(data.Query(q), Top)).ToArray();
        var recall = Enumerable.Range(0, Queries).Average(q => exact.Recall(data.Query(q), truth[q], file.Search(data.Query(q), null, Top).Select(f => f.Number)));
        var times = Enumerable.Range(0, Rounds * Queries).Select(i => VectorRows.Time(() => file.Search(data.Query(i % Queries), null, Top))).ToList();
        File.WriteAllBytes(Path.Combine(folder, "rows.f32"), MemoryMarshal.AsBytes<float>(data.All));
        File.WriteAllBytes(Path.Combine(folder, "queries.f32"), [.. Enumerable.Range(0, Queries).SelectMany(q => MemoryMarshal.AsBytes(data.Query(q)).ToArray())]);
        // Numbers count from one, places from zero.
        File.WriteAllBytes(Path.Combine(folder, "truth.i32"), MemoryMarshal.AsBytes<int>(truth.SelectMany(found => found.Select(f => (int)f.Number - 1)).ToArray()).ToArray());
        return (build, recall, VectorRows.Quantile(times, 0.5));
    }

    private static async Task<JsonElement> TheirsAsync(string scripts, string folder)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(scripts, "search.mjs"), folder, Dimension.ToString(CultureInfo.InvariantCulture), Top.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var answer = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }
}
