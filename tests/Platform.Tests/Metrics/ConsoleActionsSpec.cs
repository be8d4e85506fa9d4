using System.Net;
using System.Text.Json;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Platform.Metrics.Pages;
using Platform.Metrics.Rollups;
using Platform.Tests.Testing;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>What is done from a page that is out of date, and what leaves a page whole.</summary>
public sealed class ConsoleActionsSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/jobs", "cancel", "done", "The job had succeeded before it could be cancelled.")]
    [InlineData("/jobs/done", "cancel", "", "The job had succeeded before it could be cancelled.")]
    [InlineData("/jobs", "replay", "gone", "There is no job 'gone'.")]
    [InlineData("/alerts", "acknowledge", "gone", "This alert is no longer kept")]
    [InlineData("/experiments", "stop", "e1", "Experiment e1 is over already.")]
    public async Task Action_OnWhatIsNoLongerThere_IsRefusedInWords(string path, string form, string id, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        host.Router.Jobs.Add(SampleJobs.Job("done", JobStates.Succeeded, Approaches.Mcp, 10, DateTimeOffset.UtcNow));
        host.Maya.Experiments.Add(new Experiment { Id = "e1", State = "stopped" });
        var response = await host.SendAsync(path, form, ("id", id));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token)).ShouldContain(expected);
    }

    [Fact]
    public async Task Action_OnEachOfManyRows_ReachesThatOne()
    {
        await using var host = await MetricsHost.StartAsync();
        for (var i = 0; i < 3; i++)
            host.Router.Jobs.Add(new Job { Id = $"w{i}", State = JobStates.Queued, Request = new GenerateRequest { Task = "wait" }, CreatedMs = 1 });
        (await host.SendAsync("/jobs", "cancel", ("id", "w1"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        host.Router.Asked.Where(a => a.Contains("cancel")).ShouldBe(["default: cancel w1"]);
    }

    [Fact]
    public async Task Alert_OfOneJob_LeadsToIt()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<AlertStore>().OpenAsync("default", new SlowJobRule(Approaches.Mcp, 12), new Measurement(99, 12, "slow") { JobId = "j 1" }, Token);
        (await host.PageAsync("/alerts")).ShouldContain("href=\"/jobs/j%201\"");
        (await host.Grpc.ListAlertsAsync(new ListAlertsRequest(), cancellationToken: Token)).Alerts.Single().JobId.ShouldBe("j 1");
    }

    [Fact]
    public async Task Export_OfMorePostsThanAPageReads_HoldsAll()
    {
        await using var host = await MetricsHost.StartAsync();
        const int many = ConsoleCaller.MostStreamed + 500;
        for (var i = 1; i < many; i++)
            host.Maya.Posts.Add(new Post { Id = $"p{i}", Platform = "x", Slot = "2026-12-01T09:00:00+00:00", Variant = "a", Text = $"Post\n{i}", State = "ready" });
        (host.Maya.Campaign.Total, host.Maya.Campaign.Approved, host.Maya.Campaign.Rejected) = (many, 2_345, 67);

        (await host.PageAsync("/campaigns/c1/export?format=csv")).Split("\r\n").Length.ShouldBe(many + 2, "a heading, a line a post, and the end of the last");
        using var json = JsonDocument.Parse(await host.PageAsync("/campaigns/c1/export?format=json"));
        json.RootElement.GetProperty("posts").EnumerateArray().Select(p => p.GetProperty("id").GetString()).Distinct().Count().ShouldBe(many);
        var page = await host.PageAsync("/campaigns/c1");
        page.ShouldContain("The matrix shows the first 2,000 of 2,500 posts");
        page.ShouldContain("<dd>2,345</dd>");
        page.ShouldContain("67 rejected");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Export_ThatBreaksOff_IsNoWholeFile(string format)
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.BreaksOff = true;
        await Should.ThrowAsync<Exception>(async () =>
        {
            using var response = await host.Http.GetAsync(new Uri($"/campaigns/c1/export?format={format}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            await response.Content.ReadAsStringAsync(Token);
        });
    }

    [Theory]
    [InlineData("x", 5, "As a thread of 2 posts.", 2)]
    [InlineData("x", 0, "Cut to fit: what is not shown here is lost. As a thread it would take 2 posts; it is to be one.", 1)]
    [InlineData("threads", 5, "Cut to fit", 1)]
    public async Task Check_OfATextThatIsTooLong_ShowsHowItWouldBePosted(string platform, int threads, string note, int parts)
    {
        await using var host = await MetricsHost.StartAsync();
        (host.Maya.Posts[0].Platform, host.Maya.Posts[0].ThreadParts) = (platform, threads);
        var text = new string('a', 19) + " " + new string('b', 11);
        using var check = JsonDocument.Parse(await (await host.SendAsync("/campaigns/c1", "edit", "/campaigns/check", ("platform", platform), ("threads", $"{threads}"), ("text", text))).Content.ReadAsStringAsync(Token));
        check.RootElement.GetProperty("parts").GetArrayLength().ShouldBe(parts);
        check.RootElement.GetProperty("note").GetString()!.ShouldStartWith(note);

        var page = await (await host.SendAsync("/campaigns/c1", "edit", ("id", "post1"), ("action", "check"), ("text", text))).Content.ReadAsStringAsync(Token);
        page.ShouldContain($"<p class=\"text\">{new string('a', 19)}");
        page.ShouldContain(note);
        page.Contains(new string('b', 11) + "</p>", StringComparison.Ordinal).ShouldBe(parts == 2, "what is cut is not shown as posted");
    }

    [Fact]
    public async Task Experiments_WhileTheStoreIsBusy_WaitForTheirCourses()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.Experiments.Add(new Experiment { Id = "e1", Name = "Busy", State = "running", Arms = { new ExperimentArm { Name = "a" }, new ExperimentArm { Name = "b" } } });
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = host.Database.WriteAsync(async _ =>
        {
            begun.SetResult();
            await release.Task;
            return 0;
        }, Token);
        await begun.Task;
        var page = host.PageAsync("/experiments");
        await Patience.UntilAsync(() => host.Maya.Asked.Contains("list experiments"));
        // From the answer of content to the write that waits; were it longer, the page would only not be tried.
        await Task.Delay(300, Token);
        release.SetResult();
        await writing;
        (await page).ShouldContain("What is believed of the rates");
    }

    [Fact]
    public async Task Campaign_LeadsToTheDayOnTheViewersClock()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.Posts[0].Slot = "2026-11-30T23:30:00+00:00";
        await host.SendAsync("/settings", "fallback", "/preferences", ("zone", "Europe/Berlin"), ("to", "/"));
        (await host.PageAsync("/campaigns/c1")).ShouldContain("on=2026-12-01");
    }

    [Fact]
    public async Task Patterns_OfAProject_ShowNoOtherProjectsFigures()
    {
        await using var host = await MetricsHost.StartAsync();
        foreach (var project in new[] { "shop", "bakery" })
        {
            var job = SampleJobs.Job($"j-{project}", JobStates.Failed, Approaches.Mcp, 10, DateTimeOffset.UtcNow);
            job.Request.Project = project;
            job.Failure.Partial.Patterns.Add(new PatternRef { Id = $"p-{project}", Path = $"{project}.cs", Project = project });
            await host.Get<FiguresStore>().AddAsync([JobRow.Of(SampleJobs.Message(job))], [], Token);
        }

        var page = WebUtility.HtmlDecode(await host.PageAsync("/patterns?project=shop"));
        page.ShouldContain("shop.cs");
        page.ShouldNotContain("bakery");
        page.ShouldContain("range=7d&project=shop");
        (await host.PageAsync("/patterns")).ShouldContain("bakery.cs");
    }
}
