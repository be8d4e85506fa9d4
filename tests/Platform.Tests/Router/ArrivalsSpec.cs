using System.Globalization;
using Dapper;
using Grpc.Core;
using Platform.Contracts;
using Platform.Router;
using Platform.Tests.Host;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>Batches that come in a part at a time: all of one or nothing, once, whatever breaks in between.</summary>
public sealed class ArrivalsSpec
{
    private const string Tenant = "acme";
    private const int Many = 1_200;
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Arrive_ProcessDiesBeforeTheLastItem_NothingEverRunsAndNothingStays(bool onServer)
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var arrivals = new Arrivals(ledger.Database, ledger.Intake, ledger.Time);
        await arrivals.BeginAsync(Tenant, "b1", Token);
        await arrivals.AddAsync(Tenant, "b1", Jobs(ledger, 1_100), Token);
        await arrivals.AddAsync(Tenant, "b1", Jobs(ledger, 100), Token);

        (await ledger.PickAsync()).ShouldBeEmpty();
        (await ledger.IdsAsync("b1")).ShouldBeEmpty("callers do not see half a batch");
        await arrivals.SweepAsync(Token);
        (await ledger.Jobs.UseAsync(Tenant, 0, Token)).Open.ShouldBe(1_200, "it may still be coming");
        ledger.Time.Now += Arrivals.Abandoned + TimeSpan.FromSeconds(1);
        await arrivals.SweepAsync(Token);

        (await ledger.Jobs.UseAsync(Tenant, 0, Token)).Open.ShouldBe(0);
        (await ledger.Jobs.BatchAsync(Tenant, "b1", Token)).ShouldBeNull();
        (await Should.ThrowAsync<RpcException>(() => arrivals.AddAsync(Tenant, "b1", Jobs(ledger, 1), Token))).StatusCode.ShouldBe(StatusCode.Aborted);
        (await Should.ThrowAsync<RpcException>(() => ledger.Intake.SealAsync(Tenant, "b1", "k", "h", null, 1_200, Token))).StatusCode.ShouldBe(StatusCode.Aborted);
        (await ledger.Intake.HasKeyAsync(Tenant, "k", Token)).ShouldBeFalse("a batch that is not there has no key");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Arrive_ProcessDiesAfterTheSeal_EveryJobIsLetGoOnce(bool onServer)
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var arrivals = new Arrivals(ledger.Database, ledger.Intake, ledger.Time);
        var jobs = Jobs(ledger, 60);
        await arrivals.BeginAsync(Tenant, "b1", Token);
        await arrivals.AddAsync(Tenant, "b1", jobs, Token);
        (await ledger.Intake.SealAsync(Tenant, "b1", "k", "h", null, 60, Token)).ShouldBe("b1");

        (await ledger.PickAsync()).ShouldBeEmpty();
        await arrivals.SweepAsync(Token);
        (await ledger.PickAsync()).ShouldBeEmpty("whoever sealed it may be letting it go at this moment");
        ledger.Time.Now += Arrivals.Still + TimeSpan.FromSeconds(1);
        await arrivals.SweepAsync(Token);
        await arrivals.SweepAsync(Token);
        await arrivals.DropAsync("b1", Token);

        (await ledger.PickAsync()).Select(job => job.Id).ShouldBe(jobs.Select(job => job.Id), ignoreOrder: true);
        (await ledger.PickAsync()).ShouldBeEmpty();
        (await ledger.Jobs.BatchAsync(Tenant, "b1", Token)).ShouldNotBeNull().Total.ShouldBe(60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Release_TwiceAtOnce_LetsEveryJobGo(bool onServer)
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var arrivals = new Arrivals(ledger.Database, ledger.Intake, ledger.Time);
        var jobs = Jobs(ledger, 2_500);
        await arrivals.BeginAsync(Tenant, "b1", Token);
        await arrivals.AddAsync(Tenant, "b1", jobs, Token);
        await ledger.Intake.SealAsync(Tenant, "b1", "k", "h", null, jobs.Count, Token);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => arrivals.ReleaseAsync("b1", Token), Token)));
        ledger.Time.Now += Arrivals.Still + TimeSpan.FromSeconds(1);
        await arrivals.SweepAsync(Token);

        (await ledger.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from jobs where batch_id = 'b1' and lane = 'held'"), Token)).ShouldBe(0);
        (await ledger.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select releasing from batches where id = 'b1'"), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Seal_AnotherWasFasterUnderTheSameKey_GivesThatOne()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer: false);
        var arrivals = new Arrivals(ledger.Database, ledger.Intake, ledger.Time);
        foreach (var id in new[] { "b1", "b2" })
        {
            await arrivals.BeginAsync(Tenant, id, Token);
            await arrivals.AddAsync(Tenant, id, Jobs(ledger, 3), Token);
        }

        (await ledger.Intake.SealAsync(Tenant, "b1", "k", "h", null, 3, Token)).ShouldBe("b1");
        (await ledger.Intake.SealAsync(Tenant, "b2", "k", "h", null, 3, Token)).ShouldBe("b1");
        (await Should.ThrowAsync<RpcException>(() => ledger.Intake.SealAsync(Tenant, "b2", "k", "other", null, 3, Token))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        await arrivals.DropAsync("b2", Token);

        (await ledger.Jobs.UseAsync(Tenant, 0, Token)).Open.ShouldBe(3);
    }

    [Fact]
    public async Task Seal_OfABatchWithACostLimit_LetsNoMoreGoThanItPaysFor()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer: false);
        var arrivals = new Arrivals(ledger.Database, ledger.Intake, ledger.Time);
        await arrivals.BeginAsync(Tenant, "b1", Token);
        await arrivals.AddAsync(Tenant, "b1", Jobs(ledger, 30), Token);

        await ledger.Intake.SealAsync(Tenant, "b1", "", "h", new BatchTerms { MaxCostUsd = 0.1 }, 30, Token);
        await arrivals.SweepAsync(Token);

        (await ledger.PickAsync()).ShouldBeEmpty("whoever keeps the batch to its terms lets go what they pay for");
        (await ledger.Jobs.BatchAsync(Tenant, "b1", Token)).ShouldNotBeNull().Held.ShouldBe(BatchKeeper.Cost);
    }

    [Fact]
    public async Task SubmitBatch_OfManyItems_IsThereOnceHoweverOftenItIsSent()
    {
        await using var host = await HostAsync();

        var first = await SubmitAsync(host, Items(Many, "k"));
        var again = await SubmitAsync(host, Items(Many, "k"));

        (first.Total, first.Queued + first.Running, again.Id).ShouldBe((Many, Many, first.Id));
        var refused = await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, Items(Many + 1, "k")));
        refused.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await ListAsync(host)).Count.ShouldBe(Many);
    }

    [Fact]
    public async Task SubmitBatch_BadItemAfterAThousand_NamesTheRowAndStoresNothing()
    {
        await using var host = await HostAsync();
        var items = Items(Many, "").ToList();
        items[1_100].Request.Task = "";
        var twice = Items(Many, "").ToList();
        twice[1_100].CustomId = twice[3].CustomId;

        (await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, items))).Status.Detail.ShouldContain("item 1100");
        (await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, twice))).Status.Detail.ShouldContain("unique");

        (await ListAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitBatch_LineBreaksInTheMiddle_StoresNothing()
    {
        await using var host = await HostAsync();
        using var broken = new CancellationTokenSource();
        using var call = Client(host).SubmitBatch(cancellationToken: broken.Token);
        foreach (var item in Items(Many, "k"))
            await call.RequestStream.WriteAsync(item, Token);
        await broken.CancelAsync();
        await Should.ThrowAsync<RpcException>(async () => await call);

        (await ListAsync(host)).ShouldBeEmpty();
        (await SubmitAsync(host, Items(Many, "k"))).Total.ShouldBe(Many);
        await Patience.UntilAsync(async () => (await ListAsync(host)).Count == Many);
    }

    [Fact]
    public async Task SubmitBatch_OfTooManyBytes_NamesTheLimit()
    {
        await using var host = await HostAsync(("Router:MaxBatchBytes", "2048"));

        var refused = await Should.ThrowAsync<RpcException>(() => SubmitAsync(host, Items(100, "")));

        (refused.StatusCode, refused.Status.Detail.Contains("Router:MaxBatchBytes")).ShouldBe((StatusCode.InvalidArgument, true));
        (await ListAsync(host)).ShouldBeEmpty();
    }

    private static Task<TestHost> HostAsync(params (string Key, string Value)[] settings) => TestHost.StartAsync("router",
        settings.Append(("Engines:Cerebras:ApiKey", "never-called")).Append(("Router:RecallMs", "20")).ToDictionary(s => s.Item1, s => (string?)s.Item2));

    private static Generation.GenerationClient Client(TestHost host) => new(host.Client());

    private static IEnumerable<BatchItem> Items(int count, string key) => Enumerable.Range(0, count).Select(i => new BatchItem
    {
        CustomId = i.ToString(CultureInfo.InvariantCulture),
        BatchKey = key,
        Request = new GenerateRequest { Task = $"Write post {i}.", Kind = JobKinds.Content },
    });

    private static async Task<Batch> SubmitAsync(TestHost host, IEnumerable<BatchItem> items)
    {
        using var call = Client(host).SubmitBatch(cancellationToken: Token);
        try
        {
            foreach (var item in items)
                await call.RequestStream.WriteAsync(item, Token);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // Refused before the last item: the answer says why.
        }

        return await call;
    }

    private static async Task<List<string>> ListAsync(TestHost host)
    {
        var (ids, page) = (new List<string>(), "");
        do
        {
            var reply = await Client(host).ListJobsAsync(new ListJobsRequest { PageSize = 500, PageToken = page }, cancellationToken: Token);
            ids.AddRange(reply.Jobs.Select(job => job.Id));
            page = reply.NextPageToken;
        }
        while (page.Length > 0);
        return ids;
    }

    private static List<NewJob> Jobs(LedgerFolder ledger, int count) => [.. Enumerable.Range(0, count).Select(_ => ledger.NewJob(Lanes.Batch))];
}
