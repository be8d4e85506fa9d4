using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>What the store of figures promises, on either engine.</summary>
public abstract class FiguresStoreSpec(bool onServer)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // A schema of its own for each run of the property is slower on a server.
    private int Deliverings => onServer ? 8 : 25;

    [Fact]
    public async Task AddAsync_UnderDuplicatesAndReordering_EqualsRawRecomputation()
    {
        // Skips where no server is named: within the property it would count as a failure.
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        Prop.ForAll(Deliveries, deliveries => SameAsRawAsync(deliveries).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Deliverings));
    }

    [Fact]
    public async Task AddAsync_ByManyAtOnce_CountsEachOnce()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var rows = Enumerable.Range(1, 60).Select(n => JobRow.Of(SampleJobs.Closed(n))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => folder.AddAsync(i % 2 == 0 ? rows : rows.AsEnumerable().Reverse())));
        var raw = FiguresStore.RollUp(rows);
        (await StoredAsync(folder)).ShouldBe(raw.Select(r => Describe(r.Key.StepSeconds, r.Key.AtMs, r.Key.Group, r.Value)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EnginesAsync_OfFallbacks_ShowsWhoDidNotAnswer()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        foreach (var number in Enumerable.Range(0, 3))
        {
            var job = SampleJobs.Job($"j{number}", JobStates.Succeeded, Approaches.Traditional, 10, SampleJobs.Noon);
            (job.Result.Engine, job.Result.Hedges, job.Result.SharedAnswers) = ("Claude", 1, 2);
            job.Result.FailedEngines.Add("Cerebras");
            await folder.AddAsync(JobRow.Of(SampleJobs.Message(job)), JobRow.Of(SampleJobs.Message(job)));
        }

        var scope = new FiguresScope("default", Ms(-60), Ms(60));
        var engines = await folder.Query.EnginesAsync(scope, Token);
        engines.Select(e => (e.Engine, e.Answered, e.Failed)).ShouldBe([("Cerebras", 0, 3), ("Claude", 3, 0)]);
        var total = (await folder.Query.SummarizeAsync(scope, Token)).Total;
        (total.Hedges, total.SharedAnswers).ShouldBe((3, 6));
    }

    [Fact]
    public async Task AddAsync_OfWhatIsKnown_SaysThatNothingIsNew()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var rows = SampleJobs.Rows(250, Approaches.Instructions, 1000, SampleJobs.Noon);
        (await folder.Store.AddAsync(rows, [], Token)).Count.ShouldBe(250);
        (await folder.Store.AddAsync(rows, [], Token)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task SummarizeAsync_OfRealJobs_LeavesSimulatedAndOtherTenantsOut()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Instructions, 1000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(7, Approaches.Instructions, 9000, SampleJobs.Noon, simulated: true));
        await folder.AddAsync(JobRow.Of(SampleJobs.Closed(1, "other")));
        var scope = new FiguresScope("default", Ms(-3600), Ms(3600));

        var real = await folder.Query.SummarizeAsync(scope, Token);
        var simulated = await folder.Query.SummarizeAsync(scope with { Simulated = true }, Token);

        real.Total.Jobs.ShouldBe(10);
        real.Total.TotalMs.P95.ShouldBe(1000, 10);
        real.Simulated.ShouldBeFalse();
        simulated.Total.Jobs.ShouldBe(7);
        simulated.Simulated.ShouldBeTrue();
    }

    [Fact]
    public async Task SummarizeAsync_OfMixedJobs_CountsEachOnceByApproach()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        await folder.AddAsync(SampleJobs.Rows(30, Approaches.Instructions, 1000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(10, Approaches.Mcp, 4000, SampleJobs.Noon));
        await folder.AddAsync(SampleJobs.Rows(5, Approaches.Mcp, 50, SampleJobs.Noon, state: JobStates.Failed));

        var summary = await folder.Query.SummarizeAsync(new FiguresScope("default", Ms(-3600), Ms(3600)), Token);

        summary.Total.Jobs.ShouldBe(45);
        summary.Total.CostUsd.ShouldBe(45 * 0.0123, 1e-9);
        summary.Total.Tokens.Output.ShouldBe(45 * 50);
        summary.Approaches.Select(a => a.Name).ShouldBe([Approaches.Instructions, Approaches.Mcp]);
        var mcp = summary.Approaches[1];
        (mcp.Jobs, mcp.Succeeded, mcp.Failed, mcp.PassedFirst, mcp.WithTests).ShouldBe((15, 10, 5, 10, 15));
        mcp.TotalMs.P50.ShouldBe(4000, 40);
        mcp.TotalMs.Count.ShouldBe(10, "a job that failed is not a fast one");
    }

    [Fact]
    public async Task AddAsync_OfHostileNames_StoresThemShortened()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var job = SampleJobs.Job("j", JobStates.Succeeded, "'; drop table jobs; --", 10, SampleJobs.Noon);
        job.Request.Language = new string('x', 10_000) + "\0";
        job.Result.TotalMs = double.NaN;
        job.Result.CostUsd = double.NegativeInfinity;
        await folder.AddAsync(JobRow.Of(SampleJobs.Message(job)));
        var summary = await folder.Query.SummarizeAsync(new FiguresScope("default", Ms(-60), Ms(60)), Token);
        summary.Approaches.Single().Name.ShouldBe("'; drop table jobs; --");
        summary.Total.CostUsd.ShouldBe(0);
    }

    private static Arbitrary<int[]> Deliveries => Gen.Choose(1, 60).ArrayOf().ToArbitrary();

    /// <summary>Delivers jobs in the given order, with all repetitions, in uneven batches, and compares every stored roll-up with the raw jobs'.</summary>
    private async Task<bool> SameAsRawAsync(int[] deliveries)
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        foreach (var batch in deliveries.Select((number, i) => (number, i)).GroupBy(d => d.i / (1 + deliveries[0] % 7)))
            await folder.AddAsync(batch.Select(d => JobRow.Of(SampleJobs.Closed(d.number, simulated: d.number % 5 == 0))));
        var raw = FiguresStore.RollUp(deliveries.Distinct().Select(n => JobRow.Of(SampleJobs.Closed(n, simulated: n % 5 == 0))));
        return (await StoredAsync(folder)).SequenceEqual(raw.Select(r => Describe(r.Key.StepSeconds, r.Key.AtMs, r.Key.Group, r.Value)).Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> StoredAsync(FiguresFolder folder)
    {
        var stored = new List<string>();
        foreach (var step in Steps.All)
        {
            foreach (var simulated in new[] { false, true })
            {
                var rows = await folder.Database.ReadAsync(c => RollupTable.ReadAsync(c, "default", simulated, new Segment(step, 0, long.MaxValue), Token), Token);
                stored.AddRange(rows.Select(r => Describe(step, r.AtMs, r.Group, r.Rollup)));
            }
        }

        stored.Sort(StringComparer.Ordinal);
        return stored;
    }

    private static string Describe(long step, long atMs, RollupGroup group, Rollup rollup) =>
        $"{step} {atMs} {group} {string.Join(",", rollup.Counts)} {Convert.ToHexString(rollup.Total.ToBytes())} {Convert.ToHexString(rollup.FirstToken.ToBytes())} {Convert.ToHexString(rollup.Queue.ToBytes())}";

    private static long Ms(int seconds) => SampleJobs.Noon.AddSeconds(seconds).ToUnixTimeMilliseconds();
}

public sealed class SqliteFiguresStoreSpec() : FiguresStoreSpec(onServer: false);

public sealed class PostgreSqlFiguresStoreSpec() : FiguresStoreSpec(onServer: true);
