using Grpc.Core;
using Platform.Contracts;
using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

public sealed class VoiceSpec
{
    private const string Yaml = """
        name: lumen
        description: A small maker of lamps.
        do_words: [light, evening]
        dont_words: [cheap, hack]
        tones: {formal: 10, warm: 90, bold: 50}
        examples: ["Good light is quiet."]
        claims_allowed: [dims by itself]
        claims_banned: [cures migraine, "100% recyclable"]
        competitors: [Brightco]
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Our lamp cures migraine.", 1, 0)]
    [InlineData("Now 100% recyclable!", 1, 0)]
    [InlineData("Better than BRIGHTCO and cheap.", 1, 1)]
    [InlineData("Brightcovers and cheaper shades.", 0, 0)]
    [InlineData("A lamp.", 0, 0)]
    public void Check_Text_BlocksClaimsAndCompetitorsAndRemarksWords(string text, int blocking, int remarks)
    {
        var found = VoiceCheck.Find(ProfileYaml.Voice(Yaml), text);

        (found.Blocking.Count, found.Remarks.Count).ShouldBe((blocking, remarks));
    }

    [Theory]
    [InlineData("name: a\ntones: {loud: 3}", "loud")]
    [InlineData("name: a\ntones: {formal: 300}", "100")]
    [InlineData("name: a\ntones: [formal]", "group of sliders")]
    [InlineData("description: a", "name")]
    [InlineData("name: a\ncolour: red", "'colour'")]
    public void Voice_WrongYaml_SaysWhere(string yaml, string says) => Should.Throw<ArgumentException>(() => ProfileYaml.Voice(yaml)).Message.ShouldContain(says);

    [Fact]
    public void Audience_Yaml_Understood()
    {
        var audience = ProfileYaml.Audience("name: readers\ndescription: People who read in bed.\ninterests: [sleep]\nreading_level: simple");

        (audience.Name, audience.ReadingLevel, audience.Interests[0]).ShouldBe(("readers", "simple", "sleep"));
        string.Join('\n', VoicePrompt.Lines(audience)).ShouldContain("short sentences");
    }

    [Fact]
    public async Task CreatePost_WithVoiceAndAudience_PromptCarriesThemAndTheResultIsHeldToThem()
    {
        await using var host = await new MayaHost().StartAsync();
        await host.Client.PutVoiceAsync(ProfileYaml.Voice(Yaml), cancellationToken: Token);
        await host.Client.PutAudienceAsync(new Audience { Name = "readers", Description = "People who read in bed." }, cancellationToken: Token);
        GenerateRequest? seen = null;
        host.Router.Answer = request =>
        {
            seen = request;
            return new JobResult { Text = "This lamp beats Brightco.", Model = "m" };
        };

        var post = await CreateAsync(host, new CreatePostRequest { Brief = "Our new lamp is out", Platform = "x", VoiceName = "lumen", AudienceName = "readers" });

        seen.ShouldNotBeNull().System.ShouldSatisfyAllConditions(
            s => s.ShouldContain("very informal, very warm"), s => s.ShouldContain("People who read in bed."), s => s.ShouldContain("Never claim: cures migraine"), s => s.ShouldNotContain("bold"));
        (post.State, post.Voice).ShouldBe(("blocked", "lumen"));
        post.Reasons.ShouldContain(r => r.Contains("'Brightco' a competitor"));
        (await host.Client.CheckContentAsync(new CheckContentRequest { Platform = "x", Text = "Cures migraine", VoiceName = "lumen" }, cancellationToken: Token)).Valid.ShouldBeFalse();
    }

    [Fact]
    public async Task Voices_PutAgainListDelete_KeptPerTenant()
    {
        await using var host = await new MayaHost().StartAsync();
        await host.Client.PutVoiceAsync(ProfileYaml.Voice(Yaml), cancellationToken: Token);
        (await host.Client.PutVoiceAsync(ProfileYaml.Voice(Yaml), cancellationToken: Token)).Version.ShouldBe(2);

        (await host.Client.ListVoicesAsync(new ListProfilesRequest(), cancellationToken: Token)).Voices.ShouldHaveSingleItem().Tones["warm"].ShouldBe(90);
        (await host.Client.ListVoicesAsync(new ListProfilesRequest(), Caller.ForTenant("other"), cancellationToken: Token)).Voices.ShouldBeEmpty();
        (await host.Client.DeleteVoiceAsync(new NameRequest { Name = "lumen" }, cancellationToken: Token)).Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(async () => await host.Client.GetVoiceAsync(new NameRequest { Name = "lumen" }, cancellationToken: Token))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task CreatePost_WithImage_SaysThatNoEngineTakesAny()
    {
        await using var host = await new MayaHost().StartAsync();

        var refused = await Should.ThrowAsync<RpcException>(() => CreateAsync(host, new CreatePostRequest { Brief = "a", Platform = "x", Images = { new Image { MediaType = "image/png" } } }));

        (refused.StatusCode, refused.Status.Detail.Contains("images")).ShouldBe((StatusCode.FailedPrecondition, true));
    }

    [Fact]
    public async Task CreatePost_OfAnExperiment_TakesItsArm()
    {
        await using var host = await new MayaHost().StartAsync();
        var experiment = await host.Client.CreateExperimentAsync(
            new CreateExperimentRequest { Name = "tone", Kind = "prompt", Arms = { new ArmInput { Name = "a", Content = "Begin with a verb." }, new ArmInput { Name = "b", Content = "Begin with a verb." } } }, cancellationToken: Token);
        GenerateRequest? seen = null;
        host.Router.Answer = request =>
        {
            seen = request;
            return new JobResult { Text = "Read at night." };
        };

        var post = await CreateAsync(host, new CreatePostRequest { Brief = "lamps", Platform = "x", ExperimentId = experiment.Id });

        (post.ExperimentId, post.Arm).ShouldBe((experiment.Id, "a"));
        seen.ShouldNotBeNull().Task.ShouldContain("Also: Begin with a verb.");
        (await host.Client.GetExperimentAsync(new GetExperimentRequest { ExperimentId = experiment.Id }, cancellationToken: Token)).Arms[0].Assigned.ShouldBe(1);
    }

    [Fact]
    public async Task CreatePost_WithoutATier_TakesTheOneThatWonAnEndedExperiment()
    {
        await using var host = await new MayaHost().StartAsync();
        var tiers = new List<string>();
        host.Router.Answer = request =>
        {
            if (!request.Labels.ContainsKey("classify"))
                tiers.Add(request.Tier);
            return new JobResult { Text = "Read at night." };
        };
        var experiment = await host.Client.CreateExperimentAsync(new CreateExperimentRequest { Name = "model", Kind = "model", Allocation = "split", Minimum = 500, Arms = { new ArmInput { Name = "slow", Content = "quality" }, new ArmInput { Name = "quick", Content = "fast" } } }, cancellationToken: Token);
        await host.Client.RecordExperimentAsync(new RecordExperimentRequest { ExperimentId = experiment.Id, RecordId = "r1", Arm = "slow", Impressions = 1000, Successes = 50 }, cancellationToken: Token);
        await host.Client.RecordExperimentAsync(new RecordExperimentRequest { ExperimentId = experiment.Id, RecordId = "r2", Arm = "quick", Impressions = 1000, Successes = 150 }, cancellationToken: Token);

        await CreateAsync(host, new CreatePostRequest { Brief = "lamps", Platform = "x" });
        await host.Client.StopExperimentAsync(new GetExperimentRequest { ExperimentId = experiment.Id }, cancellationToken: Token);
        var post = await CreateAsync(host, new CreatePostRequest { Brief = "lamps", Platform = "x" });
        await CreateAsync(host, new CreatePostRequest { Brief = "lamps", Platform = "x", Tier = "quality" });

        tiers.ShouldBe(["", "fast", "quality"]);
        (post.ExperimentId, post.Arm).ShouldBe((experiment.Id, "quick"));
    }

    private static async Task<Post> CreateAsync(MayaHost host, CreatePostRequest request)
    {
        Post? post = null;
        await foreach (var what in host.Client.CreatePost(request, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            post = what.Post ?? post;
        return post.ShouldNotBeNull();
    }
}
