using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Cli;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Posts that may become threads: made, reviewed, brought out and brought in again.</summary>
public sealed class ThreadPostSpec
{
    private static readonly string Long = string.Join(' ', Enumerable.Range(1, 30).Select(i => $"Sentence number {i} says something about lamps."));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaign_Thread_MakesPartsWherePlatformsKnowThem()
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Answer = static _ => new JobResult { Text = Long, Model = "m" };
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = "name: a\nbrief: lamps\nplatforms: [x, facebook]\nstrategy: none\nthread: 4" }, cancellationToken: Token);
        var items = host.Router.Batches[campaign.Id];
        items.Select(i => i.Request.Labels.GetValueOrDefault("thread", "")).ShouldBe(["4", ""]);
        items[0].Request.System.ShouldContain("a thread of at most 4 parts of 280");

        await host.Services.GetRequiredService<PostEffects>().ApplyAsync([.. items.Select(i => host.Router.Close(i).Read())], Token);

        var posts = await PostsAsync(host, campaign.Id);
        posts[0].Parts.Count.ShouldBe(4);
        posts[0].Parts.ShouldAllBe(part => ContentRules.Check(ContentRules.Of("x"), part, null).IsValid);
        posts[0].Parts[3].ShouldEndWith("(4/4)");
        posts[0].Reasons.ShouldContain(r => r.Contains("Ended after 4 parts"));
        Long.ShouldStartWith(posts[0].Text);
        posts[0].Text.ShouldNotContain("(1/4)");
        (posts[1].Parts.Count, posts[1].Text).ShouldBe((0, Long));
        posts[1].Reasons.ShouldContain(r => r.Contains("no threads"));
    }

    [Fact]
    public async Task Edit_OfAThread_SplitsAgainAndHoldsToItsMost()
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Answer = static _ => new JobResult { Text = Long, Model = "m" };
        var post = await CreateAsync(host, 6);
        post.Parts.Count.ShouldBeGreaterThan(2);

        var shorter = await EditAsync(host, post.Id, string.Join(' ', Enumerable.Repeat("A lamp that dims.", 25)));
        shorter.Parts.Count.ShouldBe(2);
        (await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = post.Id, Action = "approve" }, cancellationToken: Token)).State.ShouldBe("approved");
        (await EditAsync(host, post.Id, "One text.")).Parts.ShouldBeEmpty();
        await Should.ThrowAsync<RpcException>(() => EditAsync(host, post.Id, string.Join(' ', Enumerable.Repeat(Long, 4))));
        Should.Throw<ArgumentException>(() => FinishedText.Check(ContentRules.Of("x"), string.Join(' ', Enumerable.Repeat(Long, 4)), [], 6)).Message.ShouldContain("the limit is 6");
    }

    [Fact]
    public async Task CreatePost_WithoutThread_IsShortened()
    {
        await using var host = await new MayaHost().StartAsync();
        host.Router.Answer = static _ => new JobResult { Text = Long, Model = "m" };

        (await CreateAsync(host, 0)).ShouldSatisfyAllConditions(p => p.Parts.ShouldBeEmpty(), p => p.Length.ShouldBeLessThanOrEqualTo(280));
        await Should.ThrowAsync<RpcException>(() => CreateAsync(host, 26));
        Should.Throw<ArgumentException>(() => FinishedText.CheckParts(26)).Message.ShouldContain("thread_parts is 26");
    }

    [Fact]
    public async Task Import_OfAThread_KeepsItsPartsAndRefusesOneThatDoesNotFit()
    {
        await using var host = await new MayaHost().StartAsync();
        var split = TextFit.Fit("x", Long, thread: true);
        var good = new PostInput { CustomId = "1", Platform = "x", Text = Long, ThreadParts = 25, Parts = { split.Parts } };
        var split2 = new PostInput { CustomId = "2", Platform = "x", Text = Long, ThreadParts = 25 };
        var bad = new PostInput { CustomId = "3", Platform = "x", Text = Long, ThreadParts = 25, Parts = { Long, "b" } };
        var elsewhere = new PostInput { CustomId = "4", Platform = "facebook", Text = Long, Parts = { "a", "b" } };
        using var call = host.Client.SubmitPosts(cancellationToken: Token);
        foreach (var row in new[] { good, split2, bad, elsewhere })
            await call.RequestStream.WriteAsync(row, Token);
        await call.RequestStream.CompleteAsync();

        var reply = await call.ResponseAsync;

        reply.Problems.Select(p => (p.CustomId, p.Problem.Contains("parts"))).ShouldBe([("3", true), ("4", true)]);
        (await PostsAsync(host, reply.Campaign.Id)).ShouldAllBe(p => p.Parts.SequenceEqual(split.Parts) && p.Text == Long);
    }

    [Fact]
    public async Task CheckContent_ThatMayBecomeAThread_IsJudgedByItsParts()
    {
        await using var host = await new MayaHost().StartAsync();

        (await host.Client.CheckContentAsync(new CheckContentRequest { Platform = "x", Text = Long }, cancellationToken: Token)).Valid.ShouldBeFalse();
        (await host.Client.CheckContentAsync(new CheckContentRequest { Platform = "x", Text = Long, ThreadParts = 10 }, cancellationToken: Token)).Valid.ShouldBeTrue();
        (await host.Client.CheckContentAsync(new CheckContentRequest { Platform = "x", Text = Long, ThreadParts = 2 }, cancellationToken: Token)).Problems[0].ShouldContain("the limit is 2");
    }

    [Fact]
    public void Calendar_OfAThread_HasEveryPart()
    {
        var writer = new StringWriter();
        CalendarFile.Write(writer, new Post { Id = "1", Platform = "x", Slot = "2026-12-01T09:00:00Z", Text = "a b", Parts = { "a (1/2)", "b (2/2)" } }, DateTimeOffset.UnixEpoch);
        writer.ToString().ShouldContain("DESCRIPTION:a (1/2)\\n\\nb (2/2)");
    }

    [Theory]
    [InlineData("First thought. (1/2)\n\nSecond thought. (2/2)", "First thought.\n\nSecond thought.")]
    [InlineData("1/3 One.\n2/3 Two.\n3/3 Three.", "One.\nTwo.\nThree.")]
    [InlineData("1/ One.\n2/ Two.", "One.\nTwo.")]
    [InlineData("1/2 cup of milk.", "1/2 cup of milk.")]
    [InlineData("Take (1/2)\nand then (1/4)", "Take (1/2)\nand then (1/4)")]
    [InlineData("1/3 One.\n2/3 Two.", "1/3 One.\n2/3 Two.")]
    public void RemoveMarks_OnlyACompleteSeries(string text, string expected) => ThreadMarks.Remove(text).ShouldBe(expected);

    /// <summary>Whatever the text and the most parts: no more parts than asked for, each valid, and together what is kept.</summary>
    [Fact]
    public void FitThread_AnyText_IsValidAndWithinItsMost() => Prop.ForAll(
        Gen.Elements("One. ", "word ", "https://example.com/a ", "@ann ", "👩‍👩‍👧 ", "längeres ", "\n\n", "Ende! ").ArrayOf(120).ToArbitrary(),
        Gen.Choose(2, 25).ToArbitrary(),
        (words, most) =>
        {
            var rules = ContentRules.Of("bluesky");
            var fit = TextFit.FitThread(rules, string.Concat(words), most);
            return !fit.IsFitted || (fit.Parts.Count <= most && fit.Parts.All(part => ContentRules.Check(rules, part, null).IsValid));
        }).QuickCheckThrowOnFailure();

    private static async Task<Post> CreateAsync(MayaHost host, int parts)
    {
        using var call = host.Client.CreatePost(new CreatePostRequest { Brief = "lamps", Platform = "x", ThreadParts = parts }, cancellationToken: Token);
        return (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Post.ShouldNotBeNull();
    }

    private static async Task<Post> EditAsync(MayaHost host, string id, string text) =>
        await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = id, Action = "edit", Text = text }, cancellationToken: Token);

    private static async Task<List<Post>> PostsAsync(MayaHost host, string id) =>
        await host.Client.ListPosts(new ListPostsRequest { CampaignId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
}
