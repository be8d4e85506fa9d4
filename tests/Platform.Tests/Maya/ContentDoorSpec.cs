using Grpc.Core;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class ContentDoorSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreatePost_Streams_TokensThenThePost()
    {
        await using var host = await new MayaHost().StartAsync();
        var events = new List<PostEvent>();
        await foreach (var what in host.Client.CreatePost(new CreatePostRequest { Brief = "Our new lamp is out today", Platform = "x", Voice = "dry" }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            events.Add(what);
        string.Concat(events.Select(e => e.Token)).Trim().ShouldStartWith("A plain post about lamps");
        var post = events[^1].Post.ShouldNotBeNull();
        (post.State, post.Platform, post.JobId).ShouldBe(("ready", "x", "job-1"));
        post.Reasons.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task CreatePost_EmptyBrief_Refused()
    {
        await using var host = await new MayaHost().StartAsync();
        await Should.ThrowAsync<RpcException>(async () => await host.Client.CreatePost(new CreatePostRequest { Platform = "x" }, cancellationToken: Token).ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task CheckFitClassify_OverGrpc_Answer()
    {
        await using var host = await new MayaHost().StartAsync();
        var check = await host.Client.CheckContentAsync(new CheckContentRequest { Platform = "x", Text = "see example.com" }, cancellationToken: Token);
        (check.Valid, check.Length, check.Limit, check.Unit).ShouldBe((true, 27, 280, "weighted characters"));
        var fit = await host.Client.FitAsync(new FitRequest { Platform = "x", Text = string.Join(' ', Enumerable.Repeat("More words.", 100)), Thread = true }, cancellationToken: Token);
        fit.Parts.Count.ShouldBeGreaterThan(3);
        var found = await host.Client.ClassifyAsync(new ClassifyRequest { Kind = "sentiment", Text = "I love it" }, cancellationToken: Token);
        found.Label.ShouldBe("positive");
        found.Scores.Count.ShouldBe(3);
    }
}
