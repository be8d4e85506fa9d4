using Grpc.Core;
using Microsoft.Data.Sqlite;
using Platform.Contracts;
using Platform.Simulator;
using Platform.Storage;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Host;

/// <summary>The bus of an embedded host ends with it. What every module has taken in is not announced again; the rest is, by the next start.</summary>
public sealed class ForgetfulBusSpec
{
    private const int Posts = 60;
    private const string Brief = "name: lamps\nbrief: our new lamps\nplatforms: [x, bluesky, threads]\nslots: 20\nstrategy: none\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_AllModulesHaveTakenItIn_NothingIsLeftToAnnounceAgain()
    {
        var home = Directory.CreateTempSubdirectory("forgetful-").FullName;
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 0 }, Token);
        await using (var host = await TestHost.StartAsync(settings: Settings(engine), home: home))
        {
            var content = new Content.ContentClient(host.Peer(ModuleNames.Maya));
            var campaign = await content.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Brief }, Caller.ForTenant(Caller.DefaultTenant), cancellationToken: Token);
            await Patience.UntilAsync(async () => (await content.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, Caller.ForTenant(Caller.DefaultTenant), cancellationToken: Token)).State == "done");
            await Patience.UntilAsync(() => Count(home, "metrics", "jobs") == Posts && Count(home, "metrics", "pieces") == Posts);
        }

        (Count(home, "router", "jobs"), Count(home, "router", "outbox"), Count(home, "maya", "outbox")).ShouldBe((Posts, 0, 0));
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public void Receipts_EachReceiverOnce_ThenTheMessageIsTaken()
    {
        var (message, taken) = (Guid.NewGuid(), 0);
        var receipts = new Receipts(type => type == typeof(string) ? 2 : 1);
        receipts.Expect(message, () => taken++);

        receipts.Take(typeof(string), message, new Uri("loopback://a"));
        receipts.Take(typeof(string), message, new Uri("loopback://a"));
        receipts.Take(typeof(string), Guid.NewGuid(), new Uri("loopback://b"));
        taken.ShouldBe(0, "one of two receivers has it, twice");
        receipts.Take(typeof(string), message, new Uri("loopback://b"));
        receipts.Take(typeof(string), message, new Uri("loopback://b"));

        taken.ShouldBe(1);
    }

    [Fact]
    public async Task Outbox_RestartOnAForgetfulBus_PublishesAgainOnlyWhatWasNotTakenIn()
    {
        var folder = Directory.CreateTempSubdirectory("outbox-").FullName;
        var database = new SqliteDatabase(Path.Combine(folder, "o.db")) { Module = "o" };
        await database.WriteAsync(async connection =>
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, "create table outbox (id text primary key, kind text not null, subject text not null, send_after_ms bigint not null, published_ms bigint not null default 0)");
            for (var i = 0; i < 3; i++)
                await Outbox.AddAsync(connection, $"row-{i}", "kind", $"{i}");
        }, Token);
        var receipts = new Receipts(_ => 1);
        var first = new Outbox(database, TimeSpan.FromMinutes(1), isDurable: false, TimeProvider.System, receipts);
        var sent = await PublishedAsync(first);
        sent.Select(r => r.Id).Order().ShouldBe(["row-0", "row-1", "row-2"]);

        receipts.Take(typeof(string), sent[0].MessageId, new Uri("loopback://a"));
        await first.RemoveTakenAsync(Token);

        var again = await PublishedAsync(new Outbox(database, TimeSpan.FromMinutes(1), isDurable: false, TimeProvider.System, receipts));
        again.Select(r => r.Id).Order().ShouldBe(sent.Skip(1).Select(r => r.Id).Order());
        again.ShouldAllBe(r => sent.Single(s => s.Id == r.Id).MessageId == r.MessageId);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<List<OutboxRow>> PublishedAsync(Outbox outbox)
    {
        var published = new List<OutboxRow>();
        await outbox.RelayAsync((rows, _) =>
        {
            published.AddRange(rows);
            return Task.CompletedTask;
        }, Token);
        return published;
    }

    private static Dictionary<string, string?> Settings(SimulatorServer engine) => new()
    {
        ["Engines:Cerebras:ApiKey"] = "k",
        ["Engines:Cerebras:Simulated"] = "true",
        ["Engines:Cerebras:BaseUrl"] = engine.Address.ToString(),
    };

    private static long Count(string home, string module, string table)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(home, $"{module}.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from {table}";
        return (long)command.ExecuteScalar()!;
    }
}
