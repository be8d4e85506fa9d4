using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Cli;
using Platform.Cli.Testing;
using Platform.Host;

namespace Platform.Benchmarks.Metrics;

/// <summary>
/// The console in a real browser, against a whole host in this process: how soon the overview can be used, and what its main thread does while 200 jobs a
/// second close, beside the same page with none.
/// </summary>
internal static class ConsoleSpeed
{
    private const double TargetMs = 1500;
    internal const double LongTaskMs = 200;
    internal const int PerSecond = 200;
    internal const int Seconds = 20;
    private const string Script = "console-speed.mjs";
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>Command <c>console</c>; needs Node, the packages of tests/node and Chromium. Fails when the page froze or was late.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var scripts = Path.Combine(Repository.Find("bench"), "tests", "node");
        if (!Directory.Exists(Path.Combine(scripts, "node_modules", "playwright-core")))
        {
            Console.Error.WriteLine($"bench: console needs playwright-core and Chromium; run: npm ci --prefix {scripts}");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("platform-bench-").FullName;
        try
        {
            var overview = 1;
            await using (var session = await HostSession.StartAsync("all", new Dictionary<string, string?> { ["PLATFORM_HOME"] = Path.Combine(folder, "overview") }, CancellationToken.None))
            {
                var services = session.Inside!.Services;
                overview = await MeasureAsync(scripts, services.GetRequiredService<OpenDoors>().Http.ToString(), services.GetRequiredService<IBus>());
            }

            return Math.Max(overview, await JobTableSpeed.RunAsync(scripts, Path.Combine(folder, "jobs")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(string scripts, string address, IBus bus)
    {
        await PublishAsync(bus, 0, PerSecond, CancellationToken.None);
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores shared by host, publisher and Chromium (headless, no GPU); overview of ten minutes, SQLite");
        var first = await RunAsync(scripts, address, "first");
        Row("console first page, DOMContentLoaded p50", first, "content", "target", TargetMs, conditions);
        Row("console first page, interactive p50", first, "interactive", "target", TargetMs, conditions);
        Row("console first page, interactive worst of 7", first, "interactive_worst", "target", TargetMs, conditions);
        Row("console first page, live and swapped once p50", first, "live", "target", TargetMs, conditions);
        var idle = await RunAsync(scripts, address, "watch", $"{Seconds}");
        using var over = new CancellationTokenSource();
        var publishing = PublishAsync(bus, PerSecond, int.MaxValue, over.Token);
        var busy = await RunAsync(scripts, address, "watch", $"{Seconds}");
        await over.CancelAsync();
        var published = await publishing;
        conditions += string.Create(CultureInfo.InvariantCulture, $"; {published.PerSecond:0} jobs/s published, {Number(busy, "jobs"):#,0} on the page at its end, {Number(busy, "edits"):#,0} changes of its elements");
        Row("console longest task at 200 jobs/s", busy, "longest_task", "the same page, none closing", Number(idle, "longest_task"), conditions);
        Row("console longest gap between frames at 200 jobs/s", busy, "longest_gap", "the same page, none closing", Number(idle, "longest_gap"), conditions);
        Row("console gap between frames p99 at 200 jobs/s", busy, "gap_p99", "the same page, none closing", Number(idle, "gap_p99"), conditions);
        BenchmarkRow.Of("console swaps a second at 200 jobs/s", Number(busy, "swaps") / Seconds, "swaps/s", "jobs a second", published.PerSecond, conditions).Print();
        return Number(first, "interactive") < TargetMs && Number(busy, "longest_task") < LongTaskMs && Number(busy, "swaps") > 0 ? 0 : 1;
    }

    internal static void Row(string name, JsonElement measured, string figure, string peer, double peerValue, string conditions) =>
        BenchmarkRow.Of(name, Number(measured, figure), "ms", peer, peerValue, conditions).Print();

    internal static double Number(JsonElement measured, string figure) => measured.GetProperty(figure).GetDouble();

    /// <summary>Publishes at the pace, until it is enough or told to stop.</summary>
    private static async Task<(int Count, double PerSecond)> PublishAsync(IBus bus, int from, int most, CancellationToken over)
    {
        var clock = Stopwatch.StartNew();
        var sent = 0;
        while (sent < most && !over.IsCancellationRequested)
        {
            var due = (int)Math.Min(most, clock.Elapsed.TotalSeconds * PerSecond);
            await Task.WhenAll(Enumerable.Range(from + sent, Math.Max(0, due - sent)).Select(number => bus.Publish(ClosedJobs.Of(number, "")))).ConfigureAwait(false);
            sent = Math.Max(sent, due);
            await Task.Delay(Tick, CancellationToken.None);
        }

        return (sent, sent / clock.Elapsed.TotalSeconds);
    }

    /// <summary>What the script says of a page.</summary>
    internal static async Task<JsonElement> RunAsync(string scripts, params string[] words)
    {
        var start = new ProcessStartInfo("node", [Script, .. words]) { WorkingDirectory = scripts, RedirectStandardOutput = true };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 ? JsonElement.Parse(output) : throw new InvalidOperationException($"{Script} {string.Join(' ', words)} ended with {node.ExitCode}.");
    }
}
