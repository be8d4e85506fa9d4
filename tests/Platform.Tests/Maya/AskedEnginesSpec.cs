using System.Net;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Engines that are asked where local means are not enough: the fast model for a doubtful class, an endpoint for moderation.</summary>
public sealed class AskedEnginesSpec
{
    private const string Doubtful = "hm";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Classify_LocalIsUnsure_TheFastModelDecides()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        GenerateRequest? asked = null;
        host.Router.Answer = request =>
        {
            asked = request;
            return new JobResult { Text = "{\"label\":\"educate\",\"confidence\":0.9}", Model = "fast-1" };
        };

        var found = await ClassifyAsync(host);

        (found.Label, found.Confidence, found.Source, found.Model, found.Note).ShouldBe(("educate", 0.9, "engine", "fast-1", ""));
        asked.ShouldNotBeNull().ShouldSatisfyAllConditions(r => r.Tier.ShouldBe("fast"), r => r.ResponseSchema.ShouldContain("educate"), r => r.DeadlineMs.ShouldBe(3_000));
    }

    [Theory]
    [InlineData("not json", "in the form")]
    [InlineData("{\"label\":\"nonsense\",\"confidence\":1}", "no such label")]
    [InlineData("{\"label\":\"educate\",\"confidence\":7}", "no such label")]
    [InlineData("{\"label\":\"educate\"}", "in the form")]
    public async Task Classify_FastModelAnswersWrongly_TheLocalAnswerStandsAndSaysSo(string answer, string why)
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        host.Router.Answer = _ => new JobResult { Text = answer };

        (await ClassifyAsync(host)).ShouldSatisfyAllConditions(c => c.Label.ShouldBe(ContentClassifier.Classify("intent", Doubtful).Label), c => c.Source.ShouldBe("local"), c => c.Note.ShouldContain(why));
    }

    [Fact]
    public async Task Classify_OneTenantHasNoEngine_TheOthersAreStillAsked()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        host.Router.Answer = _ => new JobResult { Text = "{\"label\":\"educate\",\"confidence\":0.9}", Model = "fast-1" };
        var request = new ClassifyRequest { Kind = "intent", Text = Doubtful };
        host.Router.GenerateFault = StatusCode.FailedPrecondition;
        await host.Client.ClassifyAsync(request, Caller.ForTenant("poor"), cancellationToken: Token);
        host.Router.GenerateFault = StatusCode.OK;

        (await host.Client.ClassifyAsync(request, Caller.ForTenant("poor"), cancellationToken: Token)).Note.ShouldContain("a moment ago");
        (await host.Client.ClassifyAsync(request, Caller.ForTenant("rich"), cancellationToken: Token)).Source.ShouldBe("engine");
    }

    [Fact]
    public async Task Classify_SimulatedOrNoEngine_TheLocalAnswerStands()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        host.Router.Answer = _ => new JobResult { Text = "{\"label\":\"educate\",\"confidence\":0.9}", Simulated = true };
        (await ClassifyAsync(host)).Note.ShouldContain("simulated");
        host.Router.GenerateFault = StatusCode.FailedPrecondition;
        (await ClassifyAsync(host)).Note.ShouldContain("not reached");
        host.Router.GenerateFault = StatusCode.OK;
        (await ClassifyAsync(host)).Note.ShouldContain("a moment ago", Case.Sensitive, "a router without an engine is left alone for a while");
    }

    [Fact]
    public async Task Classify_RouteGoesToASimulator_NoJobIsSpent()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1"), ("Engines:Cerebras:Simulated", "true")).StartAsync();
        host.Router.Answer = _ => throw new InvalidOperationException("nobody is to be asked");

        (await ClassifyAsync(host)).Note.ShouldContain("simulated");
    }

    [Fact]
    public async Task Classify_SureOrSecretOrSwitchedOff_AsksNobody()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "0")).StartAsync();
        await using var off = await new MayaHost(null, null, ("Maya:AskBelow", "1"), ("Maya:AskFastModel", "false")).StartAsync();
        await using var all = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        foreach (var each in new[] { host, off, all })
            each.Router.Answer = _ => throw new InvalidOperationException("nobody is to be asked");

        (await ClassifyAsync(host)).ShouldSatisfyAllConditions(c => c.Source.ShouldBe("local"), c => c.Note.ShouldBeEmpty());
        (await ClassifyAsync(off)).Note.ShouldBeEmpty();
        (await all.Client.ClassifyAsync(new ClassifyRequest { Kind = "intent", Text = "My card is 4111 1111 1111 1111" }, cancellationToken: Token)).Note.ShouldContain("not sent");
    }

    [Fact]
    public async Task Moderation_FlagsATextThatLocalFiltersPass_BlocksItAndSaysWhy()
    {
        await using var endpoint = await Endpoint.StartAsync();
        await using var host = await HostAsync(endpoint, "block");

        var post = await CreateAsync(host, "Lamps that plot.");
        var fine = await CreateAsync(host, "Lamps that dim.");
        var edited = await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = fine.Id, Action = "edit", Text = "They plot again." }, cancellationToken: Token);

        (post.State, fine.State, edited.State).ShouldBe(("blocked", "ready", "blocked"));
        post.Reasons.ShouldContain("Blocked: engine moderation found violence.");
        endpoint.Keys.ShouldAllBe(key => key == "Bearer k");
        await Should.ThrowAsync<RpcException>(async () => await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = post.Id, Action = "approve" }, cancellationToken: Token));
    }

    [Fact]
    public async Task Approve_TextThatModerationFlagsNow_IsRefusedAndStaysAsItWas()
    {
        await using var endpoint = await Endpoint.StartAsync();
        await using var host = await HostAsync(endpoint, "allow");
        endpoint.Fault = "500";
        var post = await CreateAsync(host, "Lamps that plot.");
        endpoint.Fault = "";

        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = post.Id, Action = "approve" }, cancellationToken: Token));

        (refused.StatusCode, refused.Status.Detail.Contains("engine moderation found violence")).ShouldBe((StatusCode.FailedPrecondition, true));
        (await host.Services.GetRequiredService<PostStore>().FindAsync(Caller.DefaultTenant, post.Id, Token))!.State.ShouldBe("ready");
    }

    [Fact]
    public async Task CreatePost_IntentUnsure_TheFastModelDecides()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        var asked = new List<GenerateRequest>();
        host.Router.Answer = request =>
        {
            asked.Add(request);
            return new JobResult { Text = request.Labels.ContainsKey("classify") ? "{\"label\":\"educate\",\"confidence\":0.9}" : "How lamps dim by themselves.", Model = "m" };
        };

        using var call = host.Client.CreatePost(new CreatePostRequest { Brief = Doubtful, Platform = "x" }, cancellationToken: Token);
        var post = (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Post.ShouldNotBeNull();

        (post.Intent, asked.Count, asked[0].Tier).ShouldBe(("educate", 2, "fast"));
        asked[1].Task.ShouldContain("What the post wants: educate");
    }

    [Fact]
    public async Task CreatePost_AboutAPerson_AsksNoOtherModelAboutIt()
    {
        await using var host = await new MayaHost(null, null, ("Maya:AskBelow", "1")).StartAsync();
        var asked = new List<GenerateRequest>();
        host.Router.Answer = request =>
        {
            asked.Add(request);
            return new JobResult { Text = "A post.", Model = "m" };
        };

        using var call = host.Client.CreatePost(new CreatePostRequest { Brief = Doubtful, Platform = "x", SubjectId = "anna" }, cancellationToken: Token);
        await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

        asked.ShouldHaveSingleItem().SubjectId.ShouldBe("anna");
    }

    [Theory]
    [InlineData("block", "blocked", "OnFailure is block")]
    [InlineData("allow", "ready", "Unchecked by engine moderation")]
    public async Task Moderation_Fails_ThePolicyDecidesAndIsSaid(string policy, string state, string reason)
    {
        await using var endpoint = await Endpoint.StartAsync();
        await using var host = await HostAsync(endpoint, policy);
        foreach (var fault in new[] { "500", "{}", "{\"results\":[]}", "no json" })
        {
            endpoint.Fault = fault;
            var post = await CreateAsync(host, "Lamps that dim.");
            (post.State, post.Reasons.Any(r => r.Contains(reason))).ShouldBe((state, true), fault);
        }
    }

    [Fact]
    public async Task Moderation_OfABatchBroughtIn_BlocksRowsAndCountsThem()
    {
        await using var endpoint = await Endpoint.StartAsync();
        await using var host = await HostAsync(endpoint, "block");
        using var call = host.Client.SubmitPosts(cancellationToken: Token);
        for (var i = 0; i < 40; i++)
            await call.RequestStream.WriteAsync(new PostInput { CustomId = $"{i}", Platform = "x", Text = i % 20 == 0 ? $"They plot, {i}." : $"They dim, {i}." }, Token);
        await call.RequestStream.CompleteAsync();

        var campaign = (await call.ResponseAsync).Campaign;

        (campaign.State, campaign.Ready, campaign.Failed).ShouldBe(("done", 38, 2));
        endpoint.Sizes.ShouldBe([32, 8]);
    }

    [Theory]
    [InlineData("http://moderation.example/v1", "block", "HTTP only on this machine")]
    [InlineData("nowhere", "block", "Maya:Moderation:Url")]
    [InlineData("", "maybe", "OnFailure is 'maybe'")]
    public void ModerationOptions_Wrong_NameTheSetting(string url, string policy, string message) =>
        new ModerationOptions.Check().Validate(null, new ModerationOptions { Url = url, OnFailure = policy }).FailureMessage.ShouldNotBeNull().ShouldContain(message);

    private static Task<MayaHost> HostAsync(Endpoint endpoint, string policy) => new MayaHost(null, null,
        ("Maya:Moderation:Url", endpoint.Address), ("Maya:Moderation:ApiKey", "k"), ("Maya:Moderation:OnFailure", policy)).StartAsync();

    private static async Task<Classification> ClassifyAsync(MayaHost host) => await host.Client.ClassifyAsync(new ClassifyRequest { Kind = "intent", Text = Doubtful }, cancellationToken: Token);

    private static async Task<Post> CreateAsync(MayaHost host, string text)
    {
        host.Router.Answer = _ => new JobResult { Text = text, Model = "m" };
        using var call = host.Client.CreatePost(new CreatePostRequest { Brief = "lamps", Platform = "x" }, cancellationToken: Token);
        return (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Post.ShouldNotBeNull();
    }

    /// <summary>An endpoint over real HTTP that flags texts with the word "plot".</summary>
    private sealed class Endpoint : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Endpoint()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _app = builder.Build();
            _app.MapPost("/v1/moderations", AnswerAsync);
        }

        public string Fault { get; set; } = "";

        public List<string> Keys { get; } = [];

        public List<int> Sizes { get; } = [];

        public string Address => $"{_app.Urls.First()}/v1/moderations";

        public static async Task<Endpoint> StartAsync()
        {
            var endpoint = new Endpoint();
            await endpoint._app.StartAsync(Token);
            return endpoint;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var texts = body.RootElement.GetProperty("input").EnumerateArray().Select(t => t.GetString()!).ToList();
            Keys.Add(context.Request.Headers.Authorization.ToString());
            Sizes.Add(texts.Count);
            context.Response.StatusCode = Fault == "500" ? 500 : 200;
            await context.Response.WriteAsync(Fault.Length > 0 ? Fault : JsonSerializer.Serialize(new { results = texts.Select(t => new { flagged = t.Contains("plot", StringComparison.Ordinal), categories = new { violence = t.Contains("plot", StringComparison.Ordinal), hate = false } }) }));
        }
    }
}
