using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Benchmarks.Engines;
using Platform.Benchmarks.Jobs;
using Platform.Contracts;
using Platform.Storage;
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
            $"{system.Conditions}; finished texts checked, stored, compared with each other and read back by gRPC streams in {many.Seconds:0.0} s, {Many / many.Seconds:0} rows a second; highest of a look every {Look.TotalMilliseconds:0} ms");
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
            await call.RequestStream.WriteAsync(new PostInput { CustomId = $"row{i}", Platform = "x", Text = $"Our desk lamp dims by itself, and row {Word(i)} says so.", Campaign = "memory" });
        await call.RequestStream.CompleteAsync();
        var reply = await call;
        // The comparison of its posts belongs to the batch, and must not run into the next pass.
        while (!await IsComparedAsync(system, reply.Campaign.Id))
            await Task.Delay(Look);
        var read = 0L;
        using var posts = system.Content.ListPosts(new ListPostsRequest { CampaignId = reply.Campaign.Id });
        while (await posts.ResponseStream.MoveNext(CancellationToken.None))
            read++;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await done.CancelAsync();
        var (managed, resident) = await watched;
        return (read, managed, resident, seconds);
    }

    /// <summary>A word of its own for each row: what differs in digits only counts as a repetition, and would be left out of the comparison.</summary>
    private static string Word(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => "bcdfghklmn"[digit - '0']));

    private static async Task<bool> IsComparedAsync(BenchmarkSystem system, string campaign) =>
        await system.Host!.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya).ReadAsync(connection => connection.ExecuteScalarAsync<long>("select compared from campaigns where id = @campaign", new { campaign }), CancellationToken.None) == 1;

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
