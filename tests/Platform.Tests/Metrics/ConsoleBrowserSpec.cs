using Grpc.Core;
using Platform.Cli;
using Platform.Cli.Demo;
using Platform.Simulator;
using Platform.Tests.Simulator;
using Platform.V1;

namespace Platform.Tests.Metrics;

/// <summary>The console in a real browser, against a host that ran the demo: tests/node/console.mjs does what people do.</summary>
public sealed class ConsoleBrowserSpec
{
    private const string Browser = "/usr/bin/chromium";
    private const int Posts = 20;

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
            var options = new SimulatorOptions { Script = SimulatorScript.Parse(DemoTask.Text("script.yaml")), ModelTokensPerSecond = new Dictionary<string, double> { ["claude"] = 25 } };
            await using var simulation = await Simulation.StartAsync(options, Path.Combine(home, "data"), token);
            await using var place = await EmbeddedPlace.StartAsync(simulation.Settings, token);
            await FillAsync(place, Path.Combine(folder, "..", "..", "src", "Metrics"), token);

            var (exit, output) = await NodeScripts.RunAsync(folder, "console.mjs", place.Console.ToString(), token);

            exit.ShouldBe(0, output);
            output.ShouldContain("0 failed");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
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
