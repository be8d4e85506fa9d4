using System.Collections.Concurrent;
using Dapper;
using Grpc.Core;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Maya;
using Platform.Storage;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>What others are told of posts: every change once it is committed, and engagement that came to content's own door.</summary>
public sealed class ContentNewsSpec : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("maya-news-").FullName;
    private readonly ConcurrentQueue<PostFigures> _posts = new();
    private readonly ConcurrentQueue<Engagement> _events = new();
    private MayaHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await new MayaHost(home: _home, settings: ("PLATFORM_KEYS", Path.Combine(_home, "vault"))).StartAsync();
        await _host.Services.GetRequiredService<IBusControl>().ConnectReceiveEndpoint("temporary-news", endpoint =>
        {
            endpoint.Handler<PostsChanged>(context =>
            {
                foreach (var post in context.Message.Posts)
                    _posts.Enqueue(post);
                return Task.CompletedTask;
            });
            endpoint.Handler<EngagementSeen>(context =>
            {
                foreach (var bytes in context.Message.Events.Where(_ => context.Message.Learned))
                    _events.Enqueue(Engagement.Parser.ParseFrom(bytes));
                return Task.CompletedTask;
            });
        }).Ready;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task CreateAndReview_APost_TellsHowItStandsEachTime()
    {
        var post = await CreateAsync();
        var approved = await _host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = post.Id, Action = "approve" }, cancellationToken: Token);
        await Patience.UntilAsync(() => _posts.Any(p => p.State == "approved"));

        var told = _posts.Where(p => p.PostId == post.Id).OrderBy(p => p.Version).ToList();
        told.Select(p => p.State).ShouldBe(["ready", "approved"]);
        (told[^1].Version, told[^1].Platform, told[^1].Score, told[^1].MarkersAfter).ShouldBe((approved.Version, post.Platform, approved.Score, post.MarkersAfter));
        told[0].Version.ShouldBe(post.Version);
    }

    [Fact]
    public async Task RecordEngagement_AtTheDoorTwice_TellsEachEventOnceAndIsNotLearnedAgain()
    {
        var post = await CreateAsync();
        for (var time = 0; time < 2; time++)
            (await RecordAsync(Event("e1", post.Id, 10), Event("e2", post.Id, 5), Event("e3", "unknown", 5))).UnknownPosts.ShouldBe(1);
        await Patience.UntilAsync(() => _events.Count >= 2);

        _events.Select(e => (e.EventId, e.PostId, e.Count)).Order().ShouldBe([("e1", post.Id, 10), ("e2", post.Id, 5)]);
    }

    [Fact]
    public async Task Compare_NearDuplicateIsRejected_IsToldAsInvalid()
    {
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = "name: twins\nbrief: our new lamps\nplatforms: [x]\nvariants: 2\nduplicates: reject\nstrategy: none" }, cancellationToken: Token);
        await Patience.UntilAsync(() => _host.Router.Batches.ContainsKey(campaign.Id));
        foreach (var item in _host.Router.Batches[campaign.Id])
            await _host.PublishAsync(_host.Router.Close(item));
        await Patience.UntilAsync(() => _posts.Any(p => p.State == "invalid"));

        using var call = _host.Client.ListPosts(new ListPostsRequest { CampaignId = campaign.Id }, cancellationToken: Token);
        var rejected = (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).Single(p => p.State == "invalid");
        _posts.Single(p => p.State == "invalid").ShouldSatisfyAllConditions(p => p.PostId.ShouldBe(rejected.Id), p => p.Version.ShouldBe(rejected.Version), p => p.CostUsd.ShouldBe(0.001));
    }

    [Fact]
    public async Task Add_ManyPostsAtOnce_AreSeveralMessagesOfBoundedSize()
    {
        var database = _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya);
        var posts = Enumerable.Range(0, 1_200).Select(i => new PostRow { Tenant = "t", Id = $"p{i}", State = PostStates.Invalid }.ToFigures(2, 0, 1)).ToList();

        var rows = await database.WriteAsync(async connection =>
        {
            await ContentNews.AddAsync(connection, posts);
            return await connection.ExecuteScalarAsync<long>("select count(*) from outbox where kind = 'posts' and published_ms = 0");
        }, Token);

        rows.ShouldBe(3);
    }

    private async Task<RecordEngagementReply> RecordAsync(params Engagement[] events)
    {
        using var call = _host.Client.RecordEngagement(cancellationToken: Token);
        foreach (var seen in events)
            await call.RequestStream.WriteAsync(seen, Token);
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    private static Engagement Event(string id, string post, long count) => new() { EventId = id, PostId = post, Kind = "click", Count = count, AtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };

    private async Task<Post> CreateAsync()
    {
        using var call = _host.Client.CreatePost(new CreatePostRequest { Brief = "our new lamps", Platform = "x" }, cancellationToken: Token);
        return (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Post.ShouldNotBeNull();
    }
}
