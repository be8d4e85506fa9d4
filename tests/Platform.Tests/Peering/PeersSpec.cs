using System.Diagnostics;
using Grpc.Core;
using Platform.Contracts;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Peering;

public sealed class PeersSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutAddress_StaysInProcessAndCarriesCredentialAndTenant()
    {
        await using var host = await new PeerHost(settings: ("Access:ServiceKey", "s3cret")).StartAsync();

        var reply = await host.Client.ClaimAsync(new ClaimRequest(), Caller.ForTenant("acme"), cancellationToken: Token);

        reply.Reason.ShouldBe("in-memory");
        reply.Watchers[0].ShouldBe("s3cret");
        reply.Watchers[1].ShouldBe("acme");
    }

    [Fact]
    public async Task Call_WithAddress_GoesOverThePort()
    {
        await using var far = await new PeerHost(onPort: true).StartAsync();
        await using var near = await new PeerHost(settings: [("Peers:router", far.PortAddress), ("Access:ServiceKey", "k")]).StartAsync();

        var reply = await near.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token);

        reply.Reason.ShouldBe("port");
        reply.Watchers[0].ShouldBe("k");
    }

    [Fact]
    public async Task Call_WithinATrace_ContinuesItOnTheServer()
    {
        await using var host = await new PeerHost().StartAsync();
        using var source = new ActivitySource("Peers.Test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = all => all.Name is "Peers.Test" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var activity = source.StartActivity("caller").ShouldNotBeNull();

        var reply = await host.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token);

        reply.Watchers[2].ShouldBe(activity.TraceId.ToString());
    }

    [Fact]
    public async Task Call_BeforeTheServerListens_WaitsForIt()
    {
        await using var host = new PeerHost();
        var call = host.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token).ResponseAsync;

        call.IsCompleted.ShouldBeFalse();
        await host.StartAsync();

        (await call).Reason.ShouldBe("in-memory");
    }

    [Fact]
    public async Task Call_AfterTheServerStopped_IsUnavailable()
    {
        await using var host = await new PeerHost().StartAsync();
        await host.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token);
        await host.StopAsync();

        var error = await Should.ThrowAsync<RpcException>(async () => await host.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token));

        error.StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Call_PastItsDeadline_IsDeadlineExceeded()
    {
        await using var host = await new PeerHost().StartAsync();

        var error = await Should.ThrowAsync<RpcException>(async () =>
            await host.Client.RenewAsync(new RenewRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200), cancellationToken: Token));

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Calls_MoreThanOneConnectionHolds_AllComeBack()
    {
        await using var host = await new PeerHost().StartAsync();
        using var hanging = new CancellationTokenSource();
        // 100 streams is what Kestrel allows on one connection: the next call needs a second one.
        var blocked = Enumerable.Range(0, 150).Select(_ => host.Client.RenewAsync(new RenewRequest(), cancellationToken: hanging.Token).ResponseAsync).ToArray();

        (await host.Client.ClaimAsync(new ClaimRequest(), cancellationToken: Token)).Reason.ShouldBe("in-memory");

        await hanging.CancelAsync();
        foreach (var call in blocked)
            (await Should.ThrowAsync<RpcException>(() => call)).StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Stream_LargerThanThePipesHold_ArrivesWhole()
    {
        await using var host = await new PeerHost().StartAsync();
        using var call = host.Client.FetchWorkspace(new FetchWorkspaceRequest(), cancellationToken: Token);

        var bytes = 0L;
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(Token))
            bytes += chunk.Content.Length;

        bytes.ShouldBe((long)PeerHost.TellingLedger.Chunks * PeerHost.TellingLedger.ChunkBytes);
    }

    [Theory]
    [InlineData("Peers:ruoter", "http://127.0.0.1:5081", "Peers:ruoter")]
    [InlineData("Peers:router", "127.0.0.1:5081", "'127.0.0.1:5081'")]
    [InlineData("Peers:router", "ftp://127.0.0.1", "'ftp://127.0.0.1'")]
    [InlineData("Peers:router", "http://127.0.0.1/path", "'http://127.0.0.1/path'")]
    public void AddPeers_WrongSetting_NamesItAndAGoodValue(string key, string value, string named)
    {
        var error = Should.Throw<InvalidOperationException>(() => new PeerHost(settings: (key, value)));

        error.Message.ShouldContain(named);
        error.Message.ShouldContain(key == "Peers:router" ? "http://127.0.0.1:5081" : "router, inference");
    }

    [Fact]
    public async Task For_UnknownModule_SaysWhichThereAre()
    {
        await using var host = new PeerHost();

        Should.Throw<ArgumentException>(() => host.Peers.For("rotuer")).Message.ShouldContain("router, inference");
    }
}
