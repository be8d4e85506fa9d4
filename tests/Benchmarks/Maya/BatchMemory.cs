using System.Diagnostics;
using Platform.Benchmarks.Engines;
using Platform.Benchmarks.Jobs;
using Platform.V1;

namespace Platform.Benchmarks.Maya;

/// <summary>Whether a batch of 100,000 rows takes more memory than one of 10,000: rows are streamed in and results out, and nothing holds them all.</summary>
internal static class BatchMemory
{
    private const int Few = 10_000;
    private const int Many = 100_000;

    /// <summary>Most that memory may grow for ten times the rows.</summary>
    private const double TargetGrowth = 1.3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Command <c>batch</c>: exit code 1 when rows are missing at the end.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var upstream = await StampingEngine.StartAsync(1, TimeSpan.Zero, "unused");
        await using var system = await BenchmarkSystem.StartAsync(distributed: false, EngineSettings.Only(upstream.Address), CancellationToken.None);
        await PassAsync(system, Few / 10);
        var few = await PassAsync(system, Few);
        var many = await PassAsync(system, Many);
        var conditions = FormattableString.Invariant(
            $"{system.Conditions}; finished texts checked, stored and read back by gRPC streams in {many.Seconds:0.0} s, {Many / many.Seconds:0} rows a second; highest of a look every {Look.TotalMilliseconds:0} ms");
        BenchmarkRow.Of($"managed memory, batch of {Many:N0} rows", many.Managed, "MB", $"batch of {Few:N0} rows, to stay under {TargetGrowth} times", few.Managed, conditions).Print();
        BenchmarkRow.Of($"resident memory, batch of {Many:N0} rows", many.Resident, "MB", $"batch of {Few:N0} rows, to stay under {TargetGrowth} times", few.Resident, conditions).Print();
        return many.Rows == Many && few.Rows == Few ? 0 : 1;
    }

    private static async Task<(long Rows, double Managed, double Resident, double Seconds)> PassAsync(BenchmarkSystem system, int rows)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var done = new CancellationTokenSource();
        var watched = WatchAsync(done.Token);
        var start = Stopwatch.GetTimestamp();
        using var call = system.Content.SubmitPosts();
        for (var i = 0; i < rows; i++)
            await call.RequestStream.WriteAsync(new PostInput { CustomId = $"row{i}", Platform = "x", Text = $"Our desk lamp dims by itself, and row {i} says so.", Campaign = "memory" });
        await call.RequestStream.CompleteAsync();
        var reply = await call;
        var read = 0L;
        using var posts = system.Content.ListPosts(new ListPostsRequest { CampaignId = reply.Campaign.Id });
        while (await posts.ResponseStream.MoveNext(CancellationToken.None))
            read++;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await done.CancelAsync();
        var (managed, resident) = await watched;
        return (read, managed, resident, seconds);
    }

    private static async Task<(double Managed, double Resident)> WatchAsync(CancellationToken token)
    {
        var (managed, resident) = (0L, 0L);
        using var self = Process.GetCurrentProcess();
        while (!token.IsCancellationRequested)
        {
            self.Refresh();
            (managed, resident) = (Math.Max(managed, GC.GetTotalMemory(false)), Math.Max(resident, self.WorkingSet64));
            await Task.Delay(Look, CancellationToken.None);
        }

        return (managed / 1e6, resident / 1e6);
    }
}
