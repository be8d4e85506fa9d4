using Platform.Cli.Servers;

namespace Platform.Benchmarks.Jobs;

/// <summary>Which shapes of the system a command measures.</summary>
internal static class Shapes
{
    /// <summary>Runs a measurement for the shape that the words name, or for both; without servers the distributed one is left out, and that is said.</summary>
    public static async Task<int> RunAsync(string[] args, Func<bool, Task> measure)
    {
        if (args is not ([] or ["embedded"] or ["distributed"]))
            throw new ArgumentException($"'{string.Join(' ', args)}' is not understood; use embedded, distributed, or nothing for both.");
        if (args is not ["distributed"])
            await measure(false);
        if (args is ["embedded"])
            return 0;
        if (await BenchmarkServers.AreAvailableAsync(CancellationToken.None))
        {
            await measure(true);
            return 0;
        }

        Console.Error.WriteLine($"bench: not measured distributed: {ServerKit.Needed}");
        return args is ["distributed"] ? 1 : 0;
    }
}
