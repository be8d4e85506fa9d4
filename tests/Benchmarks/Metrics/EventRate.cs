using System.Diagnostics;
using System.Globalization;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Cli;
using Platform.Cli.Servers;
using Platform.Contracts;

namespace Platform.Benchmarks.Metrics;

/// <summary>Closed jobs that the metrics role counts, from the broker to the roll-ups in PostgreSQL, beside a raw COPY of as many rows.</summary>
internal static class EventRate
{
    private const int Target = 2_000;
    private const double TargetLagSeconds = 2;

    // What is counted is divided by the time until it is counted: a tenth more is published, so that the target is met with the lag that is allowed, and missed with more.
    private const int Pace = Target + Target / 10;
    private const int WarmUp = 4_000;
    private const int CopyRows = 40_000;
    private const int Answer = 2_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    /// <summary>Command <c>metrics</c>; needs <c>platform servers start</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var kit = await ServerKit.StartAsync(new ServerKitOptions(), null, CancellationToken.None);
        var name = $"bench_{Guid.NewGuid():N}";
        var folder = Directory.CreateTempSubdirectory("platform-bench-").FullName;
        var connection = await kit.CreateDatabaseAsync(name, CancellationToken.None);
        try
        {
            return await MeasureAsync(connection, await kit.CreateVirtualHostAsync(name, CancellationToken.None), folder) ? 0 : 1;
        }
        finally
        {
            await kit.DropDatabaseAsync(name, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether both targets were met.</summary>
    private static async Task<bool> MeasureAsync(string connection, string messaging, string folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["PLATFORM_HOME"] = folder,
            ["ConnectionStrings:platform"] = connection,
            ["ConnectionStrings:messaging"] = messaging,
            ["Peers:router"] = "http://127.0.0.1:9",
            ["Peers:patterns"] = "http://127.0.0.1:9",
            ["Peers:maya"] = "http://127.0.0.1:9",
            ["Access:ServiceKey"] = "benchmark",
        };
        await using var session = await HostSession.StartAsync(ModuleNames.Metrics, settings, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(connection);
        var bus = session.Inside!.Services.GetRequiredService<IBus>();
        var run = new Run(bus, source);
        await run.PaceAsync(WarmUp, int.MaxValue);
        await run.DrainAsync();
        var paced = Stopwatch.StartNew();
        var lags = await run.PaceAsync((int)(Pace * Length.TotalSeconds), Pace);
        await run.DrainAsync();
        var sustained = Pace * Length.TotalSeconds / paced.Elapsed.TotalSeconds;
        var copied = await CopyAsync(source);
        var conditions = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores shared by publisher, RabbitMQ 4 (quorum queue), metrics role and PostgreSQL 17 synchronous_commit=on; answers of {Answer} characters, 48 groups, roll-ups of 4 widths; {Length.TotalSeconds:0} s at {Pace} events/s; counted jobs by the time until the last one was counted");
        BenchmarkRow.Of("metrics events sustained", sustained, "events/s", "target", Target, conditions).Print();
        BenchmarkRow.Of("metrics events sustained", sustained, "events/s", "raw COPY of the same rows", copied, conditions).Print();
        lags.Sort();
        BenchmarkRow.Of("metrics lag p50", lags[lags.Count / 2], "s", "target", TargetLagSeconds, conditions).Print();
        BenchmarkRow.Of("metrics lag max", lags[^1], "s", "target", TargetLagSeconds, conditions).Print();
        var clock = Stopwatch.StartNew();
        await run.PaceAsync(CopyRows / 2, int.MaxValue);
        await run.DrainAsync();
        BenchmarkRow.Of("metrics events in a burst", CopyRows / 2 / clock.Elapsed.TotalSeconds, "events/s", "target", Target, conditions).Print();
        var isMet = sustained >= Target && lags[^1] < TargetLagSeconds;
        if (!isMet)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Missed: {sustained:0} events/s of {Target}, lag up to {lags[^1]:0.00} s of {TargetLagSeconds}."));
        return isMet;
    }

    /// <summary>The floor: the rows of the table of jobs, written by the fastest means there is.</summary>
    private static async Task<double> CopyAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("create table metrics.raw (like metrics.jobs)");
        var rows = new MemoryStream();
        await using (var export = await connection.BeginRawBinaryCopyAsync($"copy (select * from metrics.jobs limit {CopyRows}) to stdout (format binary)"))
            await export.CopyToAsync(rows);
        rows.Position = 0;
        var count = await connection.ExecuteScalarAsync<long>($"select least(count(*), {CopyRows}) from metrics.jobs");
        var clock = Stopwatch.StartNew();
        await using (var import = await connection.BeginRawBinaryCopyAsync("copy metrics.raw from stdin (format binary)"))
            await rows.CopyToAsync(import);
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Publishes, and looks how far the roll-ups are behind.</summary>
    private sealed class Run(IBus bus, NpgsqlDataSource source)
    {
        private readonly List<long> _publishedAt = [];
        private readonly string _answer = new('x', Answer);

        /// <summary>Publishes so many events at a pace, and measures the age of the oldest event that is not counted yet.</summary>
        public async Task<List<double>> PaceAsync(int count, int perSecond)
        {
            using var over = new CancellationTokenSource();
            var first = _publishedAt.Count;
            var lags = LagsAsync(first, over.Token);
            var clock = Stopwatch.StartNew();
            for (var sent = 0; sent < count;)
            {
                var due = (int)Math.Min(count, perSecond == int.MaxValue ? sent + 500 : clock.Elapsed.TotalSeconds * perSecond);
                var batch = Enumerable.Range(first + sent, Math.Max(0, due - sent)).Select(number => ClosedJobs.Of(number, _answer)).ToList();
                lock (_publishedAt)
                    _publishedAt.AddRange(batch.Select(_ => Stopwatch.GetTimestamp()));
                await Task.WhenAll(batch.Select(e => bus.Publish(e)));
                sent = Math.Max(sent, due);
                if (perSecond != int.MaxValue && sent < count)
                    await Task.Delay(Tick);
            }

            await over.CancelAsync();
            return await lags;
        }

        /// <summary>Waits until everything is counted.</summary>
        public async Task DrainAsync()
        {
            while (await CountedAsync() < _publishedAt.Count)
                await Task.Delay(Tick);
        }

        private async Task<List<double>> LagsAsync(int first, CancellationToken token)
        {
            var lags = new List<double>();
            while (!token.IsCancellationRequested)
            {
                await Task.Delay(Tick);
                var counted = await CountedAsync();
                lock (_publishedAt)
                    lags.Add(counted < _publishedAt.Count && counted >= first ? Stopwatch.GetElapsedTime(_publishedAt[(int)counted]).TotalSeconds : 0);
            }

            return lags;
        }

        private async Task<long> CountedAsync()
        {
            await using var connection = await source.OpenConnectionAsync();
            return await connection.ExecuteScalarAsync<long>("select coalesce(sum(jobs), 0)::bigint from metrics.rollups where step_seconds = 86400");
        }
    }
}
