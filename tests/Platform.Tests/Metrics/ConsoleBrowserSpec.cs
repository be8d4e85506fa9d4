using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Cli;
using Platform.Cli.Demo;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics.Rollups;
using Platform.Simulator;
using Platform.Tests.Simulator;
using Platform.V1;

namespace Platform.Tests.Metrics;

/// <summary>The console in a real browser, against a host that ran the demo: tests/node/console.mjs does what people do.</summary>
public sealed class ConsoleBrowserSpec
{
    private const string Browser = "/usr/bin/chromium";
    private const int Posts = 20;

    /// <summary>One of the two engines refuses a task with this word in it.</summary>
    private const string BrokenEngine = """

          - name: broken-engine
            in: prompt
            match: "breaks the first engine"
            engine: cerebras
            answers:
              - fault: "500"
        """;

    [Fact]
    public async Task Console_AfterADemo_WorksInARealBrowser()
    {
        var token = TestContext.Current.CancellationToken;
        var folder = NodeScripts.Folder("playwright-core");
        Assert.SkipUnless(File.Exists(Environment.GetEnvironmentVariable("CHROMIUM") ?? Browser), $"there is no {Browser}; CHROMIUM may name another.");
        var home = Directory.CreateTempSubdirectory("platform-browser-").FullName;
        try
        {
            // The second engine writes slowly, so that there is something to watch and to cancel.
            var options = new SimulatorOptions { Script = SimulatorScript.Parse(DemoTask.Text("script.yaml") + BrokenEngine), ModelTokensPerSecond = new Dictionary<string, double> { ["claude"] = 25 } };
            await using var simulation = await Simulation.StartAsync(options, Path.Combine(home, "data"), token);
            await using var session = await HostSession.StartAsync("all", new Dictionary<string, string?>(simulation.Settings) { ["Metrics:Alerts:Window"] = "01:00:00", ["Metrics:Alerts:Every"] = "00:00:01" }, token);
            await using var place = new EmbeddedPlace(session);
            await FillAsync(place, Path.Combine(folder, "..", "..", "src", "Metrics"), token);
            await FillRealAsync(session.Inside!.Services, token);
            await ExperimentAsync(new Content.ContentClient(place.Invoker("maya")), token);

            var (exit, output) = await NodeScripts.RunAsync(folder, "console.mjs", place.Console.ToString(), token);

            exit.ShouldBe(0, output);
            output.ShouldContain("0 failed");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Rows as real engines would leave them: the demo's are simulated, and those are in no baseline, alert or saving.</summary>
    private static async Task FillRealAsync(IServiceProvider services, CancellationToken token)
    {
        var now = DateTimeOffset.UtcNow;
        var store = services.GetRequiredService<FiguresStore>();
        var fast = SampleJobs.Rows(30, Approaches.Mcp, 9_000, now.AddMinutes(-10));
        await store.AddAsync(SampleJobs.Rows(12, Approaches.Traditional, 120_000, now.AddMinutes(-10)), [], token);
        await store.AddAsync(SampleJobs.Rows(3, Approaches.Mcp, 30_000, now.AddMinutes(-10), state: JobStates.Failed), [], token);
        var at = now.AddHours(-2).ToUnixTimeMilliseconds();
        await store.AddAsync(fast, [new("f1", fast[0].JobId, "default", Verdicts.Accepted, at, 0, 0), new("f2", fast[1].JobId, "default", Verdicts.Edited, at, 6, 2), new("f3", fast[2].JobId, "default", Verdicts.Reverted, at, 0, 0)],
            [new("e1", "default", "real-post", "impression", 900, at), new("e2", "default", "real-post", "click", 40, at)],
            [new PostFigures { Tenant = "default", PostId = "real-post", Version = 1, Platform = "linkedin", State = "approved", AiGenerated = true, Score = 71, MarkersBefore = 14, MarkersAfter = 3, CostUsd = 0.004, CreatedMs = at, AtMs = at + 600_000 }], token);
        // What it opens an alert for stays in the window for as long as the browser looks.
        await store.AddAsync(SampleJobs.Rows(1, Approaches.Mcp, 31_000, now), [], token);
    }

    private static async Task ExperimentAsync(Content.ContentClient content, CancellationToken token)
    {
        var made = await content.CreateExperimentAsync(new CreateExperimentRequest { Name = "Opening line", Kind = "text", Arms = { new ArmInput { Name = "a", Content = "Plain" }, new ArmInput { Name = "b", Content = "With a question" } } }, cancellationToken: token);
        await content.RecordExperimentAsync(new RecordExperimentRequest { ExperimentId = made.Id, RecordId = "r1", Arm = "a", Impressions = 400, Successes = 20 }, cancellationToken: token);
        await content.RecordExperimentAsync(new RecordExperimentRequest { ExperimentId = made.Id, RecordId = "r2", Arm = "b", Impressions = 400, Successes = 34 }, cancellationToken: token);
    }

    /// <summary>The demo's own steps: index, two code jobs with tests, a campaign.</summary>
    private static async Task FillAsync(IDemoPlace place, string path, CancellationToken token)
    {
        var jobs = new Generation.GenerationClient(place.Invoker("router"));
        var content = new Content.ContentClient(place.Invoker("maya"));
        await IndexUpload.SendAsync(place.Invoker("patterns"), [path], new IndexStart { Project = DemoProject.Name }, null, token);
        foreach (var task in new[] { "slug", "roman" })
        {
            using var call = jobs.Generate(DemoTask.Load(task, DemoProject.Name).Request, cancellationToken: token);
            while (await call.ResponseStream.MoveNext(token))
                call.ResponseStream.Current.WhatCase.ShouldNotBe(JobEvent.WhatOneofCase.Failed, call.ResponseStream.Current.ToString());
        }

        var campaign = await content.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = DemoCampaign.Brief(Posts) }, cancellationToken: token);
        using var watch = content.WatchCampaign(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: token);
        while (await watch.ResponseStream.MoveNext(token))
            campaign = watch.ResponseStream.Current;
        campaign.Ready.ShouldBe(Posts, campaign.ToString());
    }
}
