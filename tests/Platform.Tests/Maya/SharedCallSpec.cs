using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Maya;
using Platform.Tests.Testing;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

/// <summary>Several posts from one engine call: each is finished by itself, and none is lost when the answer leaves some out.</summary>
public sealed class SharedCallSpec
{
    private const string Yaml = """
        name: Autumn lamps
        product: A desk lamp that dims by itself
        platforms: [x, bluesky]
        slots: [2026-12-01T09:00, 2026-12-02T09:00, 2026-12-03T09:00]
        variants: 2
        strategy: none
        posts_per_call: 4
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_PostsPerCall_SharesCallsWithinAPlatform()
    {
        await using var host = await HostAsync();

        var items = await SubmitAsync(host, Yaml);

        items.Select(i => (i.Request.Platform, Places(i))).ShouldBe([("x", "1,2,5,6"), ("bluesky", "3,4,7,8"), ("bluesky", "11,12"), ("x", "9,10")]);
        items.ShouldAllBe(i => !i.Request.Labels.ContainsKey("share"));
        var first = items[0].Request;
        first.ResponseSchema.ShouldContain("\"required\":[\"post_1\",\"post_2\",\"post_3\",\"post_4\"]");
        first.Task.Split("A desk lamp").Length.ShouldBe(2, "what the tasks begin with alike is said once");
        (first.Task.Contains("Task of post_4:"), first.System.StartsWith("You write 4 posts")).ShouldBe((true, true));
    }

    [Fact]
    public async Task Submit_ExperimentOfPrompts_EachPostHasACallOfItsOwn()
    {
        await using var host = await HostAsync();
        var experiment = await ExperimentAsync(host, "prompt", "Begin with a verb.", "Begin with a number.");

        var items = await SubmitAsync(host, $"{Yaml}\nexperiment: {experiment}");

        items.Count.ShouldBe(12);
        items.ShouldAllBe(i => i.Request.Task.Contains("Begin with a verb.") != i.Request.Task.Contains("Begin with a number."));
    }

    [Fact]
    public async Task Submit_ExperimentOfModels_SharesFullCallsWithinATier()
    {
        await using var host = await HostAsync();
        var experiment = await ExperimentAsync(host, "model", "quality", "fast");

        var items = await SubmitAsync(host, $"{Yaml.Replace("[x, bluesky]", "[x]", StringComparison.Ordinal).Replace("variants: 2", "variants: 8", StringComparison.Ordinal)}\nexperiment: {experiment}");

        // Drawn at random: whatever comes out, only the last call of a tier may have room left.
        var calls = items.Select(i => (i.Request.Tier, Posts: Math.Max(1, Places(i).Split(',', StringSplitOptions.RemoveEmptyEntries).Length))).ToList();
        calls.Sum(c => c.Posts).ShouldBe(24);
        calls.GroupBy(c => c.Tier).ShouldAllBe(tier => tier.Count() == (tier.Sum(c => c.Posts) + 3) / 4);
    }

    [Theory]
    [InlineData("posts_per_call: 4\nthread: 3", 12)]
    [InlineData("posts_per_call: 1", 12)]
    [InlineData("posts_per_call: 10", 2)]
    public async Task Submit_ThreadsAndSinglePosts_HaveACallEach(string fields, int calls)
    {
        await using var host = await HostAsync();

        (await SubmitAsync(host, Yaml.Replace("posts_per_call: 4", fields, StringComparison.Ordinal))).Count.ShouldBe(calls);
    }

    [Fact]
    public async Task Submit_LongPosts_ShareACallOnlyWithinItsLongestAnswer()
    {
        await using var host = await HostAsync();

        var items = await SubmitAsync(host, Yaml.Replace("[x, bluesky]", "[linkedin]", StringComparison.Ordinal));

        items.ShouldAllBe(i => i.Request.MaxOutputTokens <= SharedCall.MostTokens);
        (items.Count > 1, items.Any(i => Places(i).Contains(','))).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("11")]
    [InlineData("0")]
    [InlineData("two")]
    public void Brief_OutOfRange_NamesFieldAndLimit(string value) =>
        Should.Throw<BriefException>(() => BriefReader.Read(Yaml.Replace("posts_per_call: 4", $"posts_per_call: {value}", StringComparison.Ordinal), DateTimeOffset.UtcNow, 10_000)).Message.ShouldContain("posts_per_call");

    [Fact]
    public async Task Close_SharedJobs_EveryPostHasItsOwnTextAndItsShareOfTheCost()
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, Yaml);
        host.Router.Answer = request => Answered(request);
        foreach (var item in items.Concat(items))
            await host.PublishAsync(host.Router.Close(item));

        var done = await DoneAsync(host, items[0].BatchKey);

        (done.State, done.Ready, done.Failed).ShouldBe(("done", 12, 0));
        done.CostUsd.ShouldBe(0.004, 1e-9);
        var posts = await PostsAsync(host, done.Id);
        posts.Select(p => p.Text).Distinct().Count().ShouldBe(12);
        posts.Select(p => p.JobId).Distinct().Count().ShouldBe(4);
        posts.ShouldAllBe(p => p.State == "ready" && p.Text.Contains($"for {p.Platform}") && p.PromptVersion == $"{PostPrompt.Version}-shared");
    }

    [Theory]
    [InlineData("{\"post_1\":\"A lamp that dims by itself for x.\",\"post_2\":\"  \",\"post_3\":7}", 3)]
    [InlineData("no JSON at all", 4)]
    [InlineData("```json\n{\"post_1\":\"One lamp for x.\",\"post_2\":\"Two lamps for x.\",\"post_3\":\"Three lamps for x.\",\"post_4\":\"Four lamps for x.\"}\n```", 0)]
    public async Task Close_AnswerLeavesPostsOut_TheyAreAskedForAlone(string answer, int missing)
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, Yaml);
        host.Router.Answer = request => Places(request) == "1,2,5,6" ? new JobResult { Text = answer, CostUsd = 0.004, Model = "m" } : Answered(request);
        foreach (var item in items)
            await host.PublishAsync(host.Router.Close(item));
        await Patience.UntilAsync(async () => (await CampaignAsync(host, items[0].BatchKey)).Ready == 12 - missing);

        await host.Services.GetRequiredService<UnfinishedSweep>().SweepAsync(Token);
        host.Router.Batches.Count.ShouldBe(missing > 0 ? 2 : 1, "they go as one batch");
        var alone = host.Router.Batches.Where(b => b.Key != items[0].BatchKey).SelectMany(b => b.Value).ToList();
        alone.Count.ShouldBe(missing);
        alone.ShouldAllBe(i => !i.Request.Labels.ContainsKey("posts") && !i.Request.Labels.ContainsKey("share") && i.Request.ResponseSchema.Length == 0 && !i.Request.Task.Contains("earlier"));
        host.Router.Answer = request => Answered(request);
        foreach (var item in alone)
            await host.PublishAsync(host.Router.Close(item, attempt: "2"));

        var done = await DoneAsync(host, items[0].BatchKey);
        (done.Ready, done.Failed).ShouldBe((12, 0));
        done.CostUsd.ShouldBe(0.007 + (missing * 0.001), 1e-9);
    }

    [Fact]
    public async Task Close_AnswerLeavesPostsOutOfACancelledCampaign_TheyFailAndSayWhy()
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, Yaml);
        await host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = items[0].BatchKey }, cancellationToken: Token);
        host.Router.Answer = _ => new JobResult { Text = "{}" };
        await host.PublishAsync(host.Router.Close(items[0]));
        await Patience.UntilAsync(async () => (await CampaignAsync(host, items[0].BatchKey)).Failed == 4);

        (await PostsAsync(host, items[0].BatchKey)).Where(p => p.State == "failed").ShouldAllBe(p => p.Reasons.Any(r => r.Contains("no text for this one")));
    }

    [Fact]
    public async Task Close_SharedJobFails_AllItsPostsFail()
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, Yaml);
        host.Router.Answer = request => Answered(request);
        await host.PublishAsync(host.Router.Close(items[0], state: "failed"));
        foreach (var item in items.Skip(1))
            await host.PublishAsync(host.Router.Close(item));

        var done = await DoneAsync(host, items[0].BatchKey);

        (done.Ready, done.Failed).ShouldBe((8, 4));
        (await PostsAsync(host, done.Id)).Where(p => p.State == "failed").ShouldAllBe(p => p.Platform == "x" && p.Reasons[0].StartsWith("engine_unavailable"));
    }

    [Fact]
    public async Task Regenerate_OneOfASharedCall_IsACallOfItsOwn()
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, Yaml);
        host.Router.Answer = request => Answered(request);
        foreach (var item in items)
            await host.PublishAsync(host.Router.Close(item));
        await DoneAsync(host, items[0].BatchKey);
        var post = (await PostsAsync(host, items[0].BatchKey))[1];

        await host.Client.RegeneratePostAsync(new RegeneratePostRequest { PostId = post.Id }, cancellationToken: Token);

        var again = host.Router.Batches.Single(b => b.Key != items[0].BatchKey).Value.ShouldHaveSingleItem();
        (again.CustomId, again.Request.Labels.ContainsKey("share"), again.Request.ResponseSchema).ShouldBe((post.Id, false, ""));
        again.Request.Task.ShouldContain(post.Text);
    }

    [Theory]
    [InlineData("1,2,5", 3)]
    [InlineData("1", 0)]
    [InlineData("1,1", 0)]
    [InlineData("1,-2", 0)]
    [InlineData("1,x", 0)]
    [InlineData("", 0)]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11", 0)]
    public void Ordinals_OnlyOwnLabelsAreRead(string label, int posts) => SharedCall.Ordinals(label).Count.ShouldBe(posts);

    [Theory]
    [InlineData("{\"post_1\":\"\\ud800\",\"post_2\":\"fine\"}")]
    [InlineData("{\"post_1\":")]
    [InlineData("[1,2]")]
    [InlineData("}{")]
    public void Read_HostileAnswers_NeverThrow(string answer) => SharedCall.Read(answer, 2).Count.ShouldBe(2);

    [Fact]
    public void Read_OneTextIsNoText_TheOthersCount() => SharedCall.Read("{\"post_1\":\"\\ud800\",\"post_2\":\"fine\"}", 2).ShouldBe([null, "fine"]);

    [Theory]
    [InlineData(true, "cancelled", "cancelled")]
    [InlineData(false, "failed", "budget")]
    public async Task Sweep_LeftOutPostOfACampaignThatEnded_IsClosedWithTheReason(bool cancel, string state, string why)
    {
        await using var host = await HostAsync();
        var items = await SubmitAsync(host, $"{Yaml}\nbudget_usd: 0.01");
        host.Router.Answer = request => Places(request) == "1,2,5,6" ? new JobResult { Text = "{}", CostUsd = cancel ? 0.001 : 1, Model = "m" } : Answered(request);
        foreach (var item in items)
            await host.PublishAsync(host.Router.Close(item));
        await Patience.UntilAsync(async () => (await CampaignAsync(host, items[0].BatchKey)).Ready == 8);
        if (cancel)
            await host.Client.CancelCampaignAsync(new GetCampaignRequest { CampaignId = items[0].BatchKey }, cancellationToken: Token);

        await host.Services.GetRequiredService<UnfinishedSweep>().SweepAsync(Token);

        host.Router.Batches.Count.ShouldBe(1, "nothing is asked for");
        var posts = (await PostsAsync(host, items[0].BatchKey)).Where(p => p.State != "ready").ToList();
        posts.Count.ShouldBe(4);
        posts.ShouldAllBe(p => p.State == state && p.Reasons.Single().Contains(why));
        (await CampaignAsync(host, items[0].BatchKey)).Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Estimate_PostsPerCall_CountsSharedPromptsOnce()
    {
        await using var host = await HostAsync();

        var shared = await host.Client.EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml }, cancellationToken: Token);
        var single = await host.Client.EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml.Replace("posts_per_call: 4", "", StringComparison.Ordinal) }, cancellationToken: Token);

        (shared.Posts, shared.OutputTokens).ShouldBe((single.Posts, single.OutputTokens));
        (shared.InputTokens < single.InputTokens, shared.Seconds < single.Seconds).ShouldBe((true, true));
        shared.Assumptions.ShouldContain(a => a.Contains("posts_per_call"));
    }

    /// <summary>Sweeps only when the test says so.</summary>
    private static async Task<MayaHost> HostAsync()
    {
        var host = await new MayaHost().StartAsync();
        await host.Services.GetRequiredService<UnfinishedSweep>().StopAsync(Token);
        return host;
    }

    private static async Task<string> ExperimentAsync(MayaHost host, string kind, string one, string other) => (await host.Client.CreateExperimentAsync(
        new CreateExperimentRequest { Name = "tone", Kind = kind, Arms = { new ArmInput { Name = "a", Content = one }, new ArmInput { Name = "b", Content = other } } }, cancellationToken: Token)).Id;

    private static string Places(BatchItem item) => Places(item.Request);

    private static string Places(GenerateRequest request) => request.Labels.TryGetValue("posts", out var posts) ? posts : "";

    private static JobResult Answered(GenerateRequest request)
    {
        string Text(string place) => $"Lamp number {place} dims by itself for {request.Platform}, and here is reason {place} to look at it.";
        var places = Places(request).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var text = places.Length == 0 ? Text(request.Labels["custom_id"]) : JsonSerializer.Serialize(places.Index().ToDictionary(p => $"post_{p.Index + 1}", p => Text(p.Item)));
        return new JobResult { Text = text, Model = "m", CostUsd = 0.001 };
    }

    private static async Task<List<BatchItem>> SubmitAsync(MayaHost host, string yaml)
    {
        var campaign = await host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = yaml }, cancellationToken: Token);
        await Patience.UntilAsync(() => host.Router.Batches.ContainsKey(campaign.Id));
        return host.Router.Batches[campaign.Id];
    }

    private static async Task<Campaign> CampaignAsync(MayaHost host, string id) => await host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);

    private static async Task<Campaign> DoneAsync(MayaHost host, string id)
    {
        await Patience.UntilAsync(async () => (await CampaignAsync(host, id)).State == "done");
        return await CampaignAsync(host, id);
    }

    private static async Task<List<Post>> PostsAsync(MayaHost host, string campaign)
    {
        using var call = host.Client.ListPosts(new ListPostsRequest { CampaignId = campaign }, cancellationToken: Token);
        return await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }
}
