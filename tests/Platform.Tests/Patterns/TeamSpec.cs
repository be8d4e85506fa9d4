using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Host;
using Platform.Storage;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Local first, then the team: two real hosts, over real gRPC with a key.</summary>
public sealed class TeamSpec : IAsyncLifetime
{
    private const string Key = "key-of-the-team";
    private const string KeyOfOthers = "key-of-others";
    private const string Code = "def retry_call(action, attempts):\n    for attempt in range(attempts):\n        action(attempt)\n";
    private TestHost _team = null!;
    private TestHost _local = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private V1.Patterns.PatternsClient Team => new(_team.Client(Key));

    private V1.Patterns.PatternsClient Local => new(_local.Client());

    public async ValueTask InitializeAsync()
    {
        _team = await TestHost.StartAsync("patterns", new Dictionary<string, string?> { ["Access:Keys:a:Hash"] = AccessOptions.HashOf(Key), ["Access:Keys:a:Tenant"] = "acme", ["Access:Keys:b:Hash"] = AccessOptions.HashOf(KeyOfOthers), ["Access:Keys:b:Tenant"] = "others", ["Access:AdminKeyHash"] = AccessOptions.HashOf("admin") });
        _local = await LocalAsync(_team.Doors.Grpc.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        await _team.DisposeAsync();
    }

    [Fact]
    public async Task Sync_SharedProject_TravelsOnceEachWay_AndTheRestStays()
    {
        await IndexAsync(Local, "open", "a.py", Code, shared: true);
        await IndexAsync(Local, "closed", "b.py", "def closed_one(a):\n    return a + 1\n", shared: false);
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);

        var first = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var second = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        (first.Pushed, first.Pulled, first.Projects.Single()).ShouldBe((1, 1, "open"));
        (second.Pushed, second.Pulled).ShouldBe((0, 0));
        (await Team.ListProjectsAsync(new ListProjectsRequest(), cancellationToken: Token)).Projects.Select(p => p.Name).ShouldBe(["team/open", "theirs"]);
        var pulled = (await Local.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results[0];
        (pulled.Project, new Uri(pulled.Origin)).ShouldBe(("team/theirs", _team.Doors.Grpc));
    }

    [Fact]
    public async Task Sync_ProjectSharedLater_IsSentWhole()
    {
        await IndexAsync(Local, "late", "a.py", Code, shared: false);
        await IndexAsync(Local, "open", "b.py", "def opened_one(a):\n    return a + 1\n", shared: true);
        (await Local.SyncAsync(new SyncRequest { PushOnly = true }, cancellationToken: Token)).Pushed.ShouldBe(1);

        await Local.SetProjectAsync(new SetProjectRequest { Project = "late", Shared = true }, cancellationToken: Token);

        (await Local.SyncAsync(new SyncRequest { PushOnly = true }, cancellationToken: Token)).Pushed.ShouldBe(1);
    }

    [Fact]
    public async Task Recall_WhatOnlyTheTeamKnows_ComesAfterTheLocal_WithItsOrigin()
    {
        await IndexAsync(Local, "mine", "a.py", Code, shared: false);
        await IndexAsync(Team, "theirs", "c.py", "def retry_later(queue):\n    # Retries a call later.\n    queue.push()\n", shared: true);

        var examples = (await Local.RecallAsync(new RecallRequest { Task = "retry a call", Language = "python" }, cancellationToken: Token)).Examples;

        examples.Select(e => (e.Name, e.Origin.Length > 0)).ShouldBe([("retry_call", false), ("retry_later", true)]);
    }

    [Fact]
    public async Task Recall_TeamThatDoesNotAnswer_LeavesTheLocalAnswer()
    {
        await using var alone = await LocalAsync("http://127.0.0.1:9");
        var client = new V1.Patterns.PatternsClient(alone.Client());
        await IndexAsync(client, "mine", "a.py", Code, shared: true);

        (await client.RecallAsync(new RecallRequest { Task = "retry a call" }, cancellationToken: Token)).Examples.ShouldHaveSingleItem();
        await Should.ThrowAsync<RpcException>(() => client.SyncAsync(new SyncRequest(), cancellationToken: Token).ResponseAsync);
    }

    [Fact]
    public async Task Recall_TeamThatTakesTheCallAndNeverAnswers_IsNotWaitedForLongerThanItsTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var called = silent.AcceptTcpClientAsync(Token);
        await using var alone = await LocalAsync($"http://{silent.LocalEndpoint}", teamMs: 300);
        var client = new V1.Patterns.PatternsClient(alone.Client());
        await IndexAsync(client, "mine", "a.py", Code, shared: true);

        var reply = await client.RecallAsync(new RecallRequest { Task = "retry a call" }, cancellationToken: Token).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(60), Token);

        reply.Examples.ShouldHaveSingleItem().Origin.ShouldBeEmpty();
        using var connection = await called;
        connection.Connected.ShouldBeTrue("the team was asked");
    }

    [Fact]
    public async Task Exchange_KeyOfAnotherTenant_SeesAndTakesBackNothing()
    {
        await IndexAsync(Local, "open", "a.py", Code, shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);
        var others = new V1.Patterns.PatternsClient(_team.Client(KeyOfOthers));
        using var pulled = Team.Pull(new PullRequest(), cancellationToken: Token);
        var known = await pulled.ResponseStream.ReadAllAsync(Token).Select(p => new PatternReference { Hash = p.Hash, Project = p.Project, Path = p.Path }).ToListAsync(Token);
        known.Count.ShouldBe(2);

        using var seen = others.Pull(new PullRequest(), cancellationToken: Token);
        (await seen.ResponseStream.ReadAllAsync(Token).CountAsync(Token)).ShouldBe(0);
        (await others.CompareAsync(new CompareRequest { Patterns = { known } }, cancellationToken: Token)).Gone.Count.ShouldBe(2);
        (await others.WithdrawAsync(new CompareRequest { Patterns = { known } }, cancellationToken: Token)).Removed.ShouldBe(0);
        (await others.RecallAsync(new RecallRequest { Task = "retry a call", SharedOnly = true }, cancellationToken: Token)).Examples.ShouldBeEmpty();
        (await others.ListProjectsAsync(new ListProjectsRequest(), cancellationToken: Token)).Projects.ShouldBeEmpty();
        (await Team.ListProjectsAsync(new ListProjectsRequest(), cancellationToken: Token)).Projects.Sum(p => p.Patterns).ShouldBe(2);
    }

    [Fact]
    public async Task Recall_AskedByAnotherMemory_TellsOnlyWhatIsShared()
    {
        await IndexAsync(Team, "closed", "c.py", "def retry_secretly(queue):\n    # Retries a call later.\n    queue.push()\n", shared: false);
        await IndexAsync(Team, "open", "d.py", "def retry_openly(queue):\n    # Retries a call at once.\n    queue.pop()\n", shared: true);
        await IndexAsync(Team, "careless", "e.py", "def retry_with_key(queue):\n    # Retries a call.\n    api_key = 'k3yk3yk3yk3y12345678'\n", shared: true);

        var examples = (await Local.RecallAsync(new RecallRequest { Task = "retry a call", Language = "python" }, cancellationToken: Token)).Examples;

        examples.Select(e => e.Name).ShouldBe(["retry_openly"]);
    }

    [Fact]
    public async Task Sync_RemovedBannedOrUnshared_IsGoneOnTheOtherSideToo()
    {
        await IndexAsync(Local, "open", "a.py", Code, shared: true);
        await IndexAsync(Local, "more", "b.py", "def opened_one(a):\n    return a + 1\n", shared: true);
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);
        await IndexAsync(Team, "others", "d.py", "def parse_time(text):\n    # Parses a time.\n    return text.split(':')\n", shared: true);
        var first = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        (first.Pushed, first.Pulled, first.Withdrawn, first.Removed).ShouldBe((2, 2, 0, 0));

        await Local.ForgetAsync(new ForgetRequest { Project = "open", Path = "a.py" }, cancellationToken: Token);
        await Local.SetProjectAsync(new SetProjectRequest { Project = "more", Shared = false }, cancellationToken: Token);
        await Team.BanAsync(new BanRequest { Id = (await Team.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results[0].Id }, cancellationToken: Token);
        await Team.ForgetAsync(new ForgetRequest { Project = "others" }, cancellationToken: Token);
        var second = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        (second.Withdrawn, second.Removed, second.Banned).ShouldBe((2, 2, 1));
        (await Team.SearchAsync(new SearchRequest { Query = "retry call opened" }, cancellationToken: Token)).Results.ShouldBeEmpty();
        (await Local.SearchAsync(new SearchRequest { Query = "parse date time" }, cancellationToken: Token)).Results.ShouldAllBe(r => r.Project == "more");
        await IndexAsync(Local, "own", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: false);
        (await Local.SearchAsync(new SearchRequest { Query = "parse date", Project = "own" }, cancellationToken: Token)).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sync_BanLiftedOnTheServer_IsLiftedHereAndThePatternComesBack()
    {
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);
        await IndexAsync(Team, "theirs2", "d.py", "def parse_time(text):\n    # Parses a time.\n    return text.split(':')\n", shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var ids = (await Team.SearchAsync(new SearchRequest { Query = "parse date time" }, cancellationToken: Token)).Results.ToDictionary(r => r.Name, r => r.Id);
        foreach (var id in ids.Values)
            await Team.BanAsync(new BanRequest { Id = id }, cancellationToken: Token);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Banned.ShouldBe(2);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Lifted.ShouldBe(0);

        await Team.BanAsync(new BanRequest { Id = ids["parse_date"], Undo = true }, cancellationToken: Token);
        var after = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        (after.Lifted, after.Pulled).ShouldBe((1, 1));
        (await Local.SearchAsync(new SearchRequest { Query = "parse date time" }, cancellationToken: Token)).Results.ShouldHaveSingleItem().Name.ShouldBe("parse_date");
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Lifted.ShouldBe(0);
    }

    [Fact]
    public async Task Sync_ServerMadeAnewUnderTheSameAddress_LiftsNoBanAndSaysHowManyStay()
    {
        const string Text = "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n";
        await IndexAsync(Team, "theirs", "c.py", Text, shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var banned = (await Team.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results[0].Id;
        await Team.BanAsync(new BanRequest { Id = banned }, cancellationToken: Token);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Banned.ShouldBe(1);

        await RowsOf(_team).WriteAsync(c => c.ExecuteAsync("delete from bans; update tenants set store = 'another'"), Token);
        var after = await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        (after.Lifted, after.BansKept).ShouldBe((0, 1));
        await IndexAsync(Local, "own", "c.py", Text, shared: false);
        (await Local.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sync_ServerThatMovedToAnotherAddress_StillLiftsItsBans()
    {
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var banned = (await Team.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results[0].Id;
        await Team.BanAsync(new BanRequest { Id = banned }, cancellationToken: Token);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        await RowsOf(_local).WriteAsync(c => c.ExecuteAsync("update bans set via = 'http://before.example.org:5081'"), Token);

        await Team.BanAsync(new BanRequest { Id = banned, Undo = true }, cancellationToken: Token);

        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Lifted.ShouldBe(1);
    }

    [Fact]
    public async Task Sync_BannedHereBeforeOnTheServer_StaysBannedWhenTheServerLifts()
    {
        await IndexAsync(Team, "theirs", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var (here, there) = (await OnlyAsync(Local), await OnlyAsync(Team));
        await Local.BanAsync(new BanRequest { Id = here, Reason = "mine" }, cancellationToken: Token);
        await Team.BanAsync(new BanRequest { Id = there }, cancellationToken: Token);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Removed.ShouldBe(1);

        await Team.BanAsync(new BanRequest { Id = there, Undo = true }, cancellationToken: Token);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Lifted.ShouldBe(0);

        (await Local.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results.ShouldBeEmpty();

        static async Task<string> OnlyAsync(V1.Patterns.PatternsClient memory) => (await memory.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results.ShouldHaveSingleItem().Id;
    }

    [Fact]
    public async Task Sync_OwnCopyBannedAfterTheServersBan_StaysBannedWhenTheServerLifts()
    {
        const string Text = "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n";
        await IndexAsync(Local, "own", "mine.py", Text, shared: false);
        var own = (await Local.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results.ShouldHaveSingleItem().Id;
        await IndexAsync(Team, "theirs", "c.py", Text, shared: true);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);
        var there = (await Team.SearchAsync(new SearchRequest { Query = "parse date" }, cancellationToken: Token)).Results[0].Id;
        await Team.BanAsync(new BanRequest { Id = there }, cancellationToken: Token);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Banned.ShouldBe(1);
        await Local.BanAsync(new BanRequest { Id = own, Reason = "mine" }, cancellationToken: Token);

        await Team.BanAsync(new BanRequest { Id = there, Undo = true }, cancellationToken: Token);
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        (await Local.SearchAsync(new SearchRequest { Query = "parse date", Project = "own" }, cancellationToken: Token)).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sync_TwoProjectsOfOneName_KeepTheirOwnLicencesAndSenders()
    {
        await IndexAsync(Team, "lib", "c.py", "def parse_date(text):\n    # Parses a date.\n    return text.split('-')\n", shared: true, licence: "MIT");
        await IndexAsync(Local, "lib", "a.py", Code, shared: true, licence: "GPL-3.0");
        await Local.SyncAsync(new SyncRequest(), cancellationToken: Token);

        var pushed = (await Team.SearchAsync(new SearchRequest { Query = "retry call", Project = "team/lib" }, cancellationToken: Token)).Results[0];
        (pushed.Licence, pushed.Origin).ShouldBe(("GPL-3.0", "key:a"));
        (await Local.SearchAsync(new SearchRequest { Query = "parse date", Project = "team/lib" }, cancellationToken: Token)).Results[0].Licence.ShouldBe("MIT");
    }

    [Fact]
    public async Task Sync_ProjectForgottenHere_ComesAgain()
    {
        await IndexAsync(Team, "theirs", "c.py", Code, shared: true);
        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Pulled.ShouldBe(1);
        await Local.ForgetAsync(new ForgetRequest { Project = "team/theirs" }, cancellationToken: Token);

        (await Local.SyncAsync(new SyncRequest(), cancellationToken: Token)).Pulled.ShouldBe(1);
    }

    private static Database RowsOf(TestHost host) => host.Services.GetRequiredKeyedService<Database>(ModuleNames.Patterns);

    private static Task<TestHost> LocalAsync(string team, int teamMs = 20_000) =>
        TestHost.StartAsync("patterns", new Dictionary<string, string?> { ["Patterns:Team"] = team, ["Patterns:TeamKey"] = Key, ["Patterns:TeamMs"] = teamMs.ToString(CultureInfo.InvariantCulture) });

    private static async Task IndexAsync(V1.Patterns.PatternsClient client, string project, string path, string text, bool shared, string licence = "")
    {
        using var call = client.Index(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new IndexChunk { Start = new IndexStart { Project = project, Shared = shared, Licence = licence } }, Token);
        await call.RequestStream.WriteAsync(new IndexChunk { File = new IndexFile { Path = path, Content = ByteString.CopyFromUtf8(text) } }, Token);
        await call.RequestStream.CompleteAsync();
        await call;
    }
}
