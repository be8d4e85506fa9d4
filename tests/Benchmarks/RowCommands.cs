using Platform.Benchmarks.Engines;
using Platform.Benchmarks.Jobs;
using Platform.Benchmarks.Maya;
using Platform.Benchmarks.Metrics;
using Platform.Benchmarks.Patterns;
using Platform.Benchmarks.Savings;

namespace Platform.Benchmarks;

/// <summary>The measurements that print rows, as <c>platform bench</c> runs them.</summary>
internal static class RowCommands
{
    /// <summary>All of them, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string[], Task<int>>> All = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.Ordinal)
    {
        ["sse"] = EventParsing.RunAsync,
        ["client"] = ClientLatency.RunAsync,
        ["delivery"] = Delivery.RunAsync,
        ["admission"] = Admission.RunAsync,
        ["jobs"] = JobRate.RunAsync,
        ["cancel"] = Cancel.RunAsync,
        ["quota"] = QuotaUse.RunAsync,
        ["speedup"] = Speedup.RunAsync,
        ["content"] = PostLatency.RunAsync,
        ["batch"] = BatchMemory.RunAsync,
        ["metrics"] = EventRate.RunAsync,
        ["vectors"] = VectorRows.RunAsync,
        ["hnswlib"] = GraphRows.RunAsync,
        ["patterns"] = MemoryRows.RunAsync,
        ["erasing"] = EraseRows.RunAsync,
        ["kills"] = KillRows.RunAsync,
        ["pgvector"] = PgVectorRows.RunAsync,
        ["console"] = ConsoleSpeed.RunAsync,
        ["soak"] = Soak.RunAsync,
    };

    private static readonly string[] Distributed = ["delivery", "admission", "jobs", "cancel", "metrics", "pgvector"];
    private static readonly string[] Long = ["soak", "pgvector", "kills"];

    /// <summary>Command <c>rows [NAME...]</c>: several one after the other; without a name all but those that take minutes. 2 for a name that is unknown.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var hasServers = await BenchmarkServers.AreAvailableAsync(CancellationToken.None);
        var names = args.Length > 0 ? args : [.. All.Keys.Where(name => !Long.Contains(name) && (hasServers || name != "metrics"))];
        if (names.FirstOrDefault(name => !All.ContainsKey(name)) is { } unknown)
        {
            Console.Error.WriteLine($"bench: '{unknown}' is unknown; there are {string.Join(", ", All.Keys)}.");
            return 2;
        }

        // Held for the whole run, so that each measurement finds them running.
        await using var servers = hasServers && names.Any(Distributed.Contains) ? await BenchmarkServers.StartAsync(CancellationToken.None) : null;
        var worst = 0;
        foreach (var name in names)
        {
            Console.Error.WriteLine($"bench: {name}");
            worst = Math.Max(worst, await All[name]([]));
        }

        return worst;
    }
}
