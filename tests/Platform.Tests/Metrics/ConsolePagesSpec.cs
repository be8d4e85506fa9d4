using System.Net;
using System.Text.RegularExpressions;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class ConsolePagesSpec
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "Overview")]
    [InlineData("/jobs", "Jobs")]
    [InlineData("/jobs/new", "New job")]
    [InlineData("/patterns", "Patterns")]
    [InlineData("/campaigns", "Campaigns")]
    [InlineData("/campaigns/c1", "Campaign")]
    [InlineData("/roi", "ROI")]
    [InlineData("/roi/report", "ROI report")]
    [InlineData("/alerts", "Alerts")]
    [InlineData("/alerts/rules", "Alert rules")]
    [InlineData("/experiments", "Experiments")]
    [InlineData("/calendar", "Calendar")]
    [InlineData("/calendar?view=week&on=2026-12-01", "Calendar")]
    [InlineData("/measures", "Measures")]
    [InlineData("/measures?simulated=1&range=90d", "Measures")]
    [InlineData("/privacy", "Privacy")]
    [InlineData("/audit", "Audit")]
    [InlineData("/login", "Sign in")]
    [InlineData("/settings", "Settings")]
    public async Task Page_WithoutData_IsCompleteAndStrict(string path, string title)
    {
        await using var host = await MetricsHost.StartAsync();
        var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Token);
        var page = await response.Content.ReadAsStringAsync(Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        page.ShouldContain($"<title>{title} – Platform</title>");
        page.ShouldEndWith("</html>");
        Regex.Matches(page, "<script[^>]*>").Single().Value.ShouldMatch("^<script type=\"module\" src=\"/console/[0-9a-f]+/console\\.js\">$", "one script of ours and none inline");
        Regex.IsMatch(page, "\\sstyle=").ShouldBeFalse("the policy forbids inline styles");
    }

    [Fact]
    public async Task Overview_WithJobs_ShowsFiguresAndCharts()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(42, Approaches.Instructions, 1500, DateTimeOffset.UtcNow), [], Token);
        var page = await host.PageAsync("/");
        page.ShouldContain("<dd>42</dd>");
        page.ShouldContain("<svg viewBox=\"0 0 1000 200\"");
        page.ShouldContain("<th scope=\"row\">instructions</th>");
    }

    [Fact]
    public async Task Overview_WithSimulatedJobsOnly_PointsToThem()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(5, Approaches.Mcp, 10, DateTimeOffset.UtcNow, simulated: true), [], Token);
        (await host.PageAsync("/")).ShouldContain("There are 5 simulated jobs");
        (await host.PageAsync("/?simulated=1")).ShouldContain("These are simulated jobs");
    }

    [Fact]
    public async Task JobPages_WithScriptInEveryText_EncodeIt()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Router.Jobs.Add(Hostile());
        foreach (var path in new[] { "/", "/jobs", "/jobs/evil", $"/patterns?q={Uri.EscapeDataString(Script)}", $"/roi?rate={Uri.EscapeDataString(Script)}", $"/jobs?state={Uri.EscapeDataString(Script)}" })
        {
            var page = await host.PageAsync(path);
            Regex.Count(page, "<script", RegexOptions.IgnoreCase).ShouldBe(1, path);
            page.ShouldNotContain("<img", Case.Insensitive, path);
        }

        (await host.PageAsync("/jobs/evil")).ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    [Fact]
    public async Task Job_Unknown_IsNotFoundAndSaysSo()
    {
        await using var host = await MetricsHost.StartAsync();
        var response = await host.Http.GetAsync(new Uri("/jobs/nowhere", UriKind.Relative), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("There is no job &#x27;nowhere&#x27;");
    }

    [Fact]
    public async Task NewJob_Sent_SubmitsForTheTenantAndLeadsToTheJob()
    {
        await using var host = await MetricsHost.StartAsync();
        var response = await host.SendAsync("/jobs/new", "new-job", ("Form.Task", "add two numbers"), ("Form.Language", "csharp"));
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.ToString().ShouldEndWith("/jobs/submitted");
        host.Router.Asked.ShouldContain("default: submit add two numbers");
        host.Router.Jobs.Single().Request.Language.ShouldBe("csharp");
    }

    [Fact]
    public async Task NewJob_Refused_ShowsWhyAndKeepsWhatWasTyped()
    {
        await using var host = await MetricsHost.StartAsync();
        var response = await host.SendAsync("/jobs/new", "new-job", ("Form.Task", ""), ("Form.Language", "cobol"));
        var page = await response.Content.ReadAsStringAsync(Token);
        page.ShouldContain("task is empty");
        page.ShouldContain("value=\"cobol\"");
    }

    [Fact]
    public async Task Form_WithoutItsToken_IsRefused()
    {
        await using var host = await MetricsHost.StartAsync();
        var form = new FormUrlEncodedContent([KeyValuePair.Create("_handler", "fallback")]);
        (await host.Http.PostAsync(new Uri("/settings", UriKind.Relative), form, Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        host.Router.Switches.Fallback.ShouldBeTrue();
    }

    [Fact]
    public async Task Settings_Switched_AsksTheRouter()
    {
        await using var host = await MetricsHost.StartAsync();
        (await host.SendAsync("/settings", "fallback", ("to", "off"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await host.SendAsync("/settings", "fallback", ("to", "off"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        host.Router.Asked.ShouldBe(["default: fallback False False", "default: fallback False False"], "pressed twice it does not turn back");
        (await (await host.SendAsync("/settings", "fallback")).Content.ReadAsStringAsync(Token)).ShouldContain("use on or off");
    }

    [Fact]
    public async Task Campaign_PostReviewed_AsksMaya()
    {
        await using var host = await MetricsHost.StartAsync();
        (await host.SendAsync("/campaigns/c1", "review", ("id", "post1"), ("action", "approve"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        host.Maya.Asked.ShouldBe(["post1 approve"]);
    }

    [Theory]
    [InlineData("month", "Europe/Berlin", "day-2026-12-01", "<strong>00:30</strong> x, ready")]
    [InlineData("week", "America/New_York", "day-2026-11-30", "<strong>18:30</strong> x, ready")]
    [InlineData("day", "UTC", "day-2026-11-30", "<strong>23:30</strong> x, ready")]
    public async Task Calendar_OfAPost_StandsOnTheViewersDayAndLeadsToIt(string view, string zone, string day, string due)
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.Posts[0].Slot = "2026-11-30T23:30:00+00:00";
        await host.SendAsync("/settings", "fallback", "/preferences", ("zone", zone), ("to", "/"));
        var page = WebUtility.HtmlDecode(await host.PageAsync($"/calendar?view={view}&on={day[4..]}"));
        var at = page.IndexOf($"id=\"{day}\"", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        page.IndexOf(due, StringComparison.Ordinal).ShouldBeInRange(at, page.IndexOf("</li>", page.IndexOf(due, StringComparison.Ordinal), StringComparison.Ordinal));
        page[..page.IndexOf(due, StringComparison.Ordinal)].LastIndexOf("id=\"day-", StringComparison.Ordinal).ShouldBe(at);
        page.ShouldContain("/campaigns/c1?slot=2026-11-30T23%3A30%3A00%2B00%3A00&platform=x#posts");
        (await host.PageAsync($"/calendar?view={view}&on={day[4..]}&state=approved")).ShouldNotContain(due);
    }

    [Fact]
    public async Task Calendar_WithScriptInEveryText_EncodesIt()
    {
        await using var host = await MetricsHost.StartAsync();
        var post = host.Maya.Posts[0];
        post.Text = post.Variant = post.Platform = post.State = host.Maya.Campaign.Name = Script;
        foreach (var view in new[] { "month", "week", "day" })
        {
            var page = await host.PageAsync($"/calendar?view={view}&on=2026-12-01&platform={Uri.EscapeDataString(Script)}");
            Regex.Count(page, "<script", RegexOptions.IgnoreCase).ShouldBe(1, view);
            page.ShouldNotContain("<img", Case.Insensitive, view);
            page.ShouldContain("&lt;script&gt;alert(1)");
        }
    }

    [Theory]
    [InlineData("replay", "evil")]
    [InlineData("cancel", "waits")]
    public async Task Jobs_ActedOnInTheTable_AsksTheRouterAndStays(string form, string id)
    {
        await using var host = await MetricsHost.StartAsync();
        host.Router.Jobs.Add(Hostile());
        host.Router.Jobs.Add(new Job { Id = "waits", State = JobStates.Queued, Request = new GenerateRequest { Task = "wait" }, CreatedMs = 1 });
        var response = await host.SendAsync("/jobs", form, ("id", id));
        response.Headers.Location!.ToString().ShouldEndWith("/jobs");
        host.Router.Asked.ShouldContain($"default: {form} {id}");
    }

    [Fact]
    public async Task Experiments_WithArms_ShowCourseAndIntervals()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.Experiments.Add(new Experiment
        {
            Id = "e1",
            Name = Script,
            Kind = "text",
            State = "running",
            Allocation = "thompson",
            Unit = "post",
            Metric = "click",
            Minimum = 100,
            Alpha = 0.05,
            SampleRatioOk = true,
            Arms = { new ExperimentArm { Name = "a", Content = Script, Trials = 100, Successes = 10, Rate = 0.1, RateLow = 0.05, RateHigh = 0.2, Probability = 0.25, GuardOk = true }, new ExperimentArm { Name = "b", Probability = 0.75, RateHigh = 0.4 } },
        });
        var page = await host.PageAsync("/experiments");
        page.ShouldContain("Where new trials went");
        page.ShouldContain("What is believed of the rates. a: ");
        page.ShouldContain("best with a chance of");
        page.ShouldContain("aria-label=\"5.0% to 20.0%\"");
        page.ShouldContain("a 25%, b 75%");
        Regex.Count(page, "<script", RegexOptions.IgnoreCase).ShouldBe(1);
    }

    [Fact]
    public async Task Patterns_AfterJobs_ShowWhatMemoryDid()
    {
        await using var host = await MetricsHost.StartAsync();
        var job = SampleJobs.Job("j", JobStates.Failed, Approaches.Mcp, 10, DateTimeOffset.UtcNow);
        job.Request.Project = Script;
        job.Failure.Partial.Patterns.Add(new PatternRef { Id = "p1", Path = Script, Project = Script });
        await host.Get<FiguresStore>().AddAsync([JobRow.Of(SampleJobs.Message(job))], [], Token);
        var page = await host.PageAsync("/patterns");
        page.ShouldContain("0 succeeded, 1 failed");
        page.ShouldContain("Patterns added by day");
        WebUtility.HtmlDecode(page).ShouldContain("<dd>+50 points</dd>");
        Regex.Count(page, "<script", RegexOptions.IgnoreCase).ShouldBe(1);
    }

    [Fact]
    public async Task Pattern_BannedLiftedAndCorrected_ShowsIt()
    {
        await using var host = await MetricsHost.StartAsync();
        (await host.SendAsync("/patterns/p1", "ban", ("reason", Script))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var banned = await host.PageAsync("/patterns/p1");
        banned.ShouldContain("<h2>Banned</h2>");
        Regex.Count(banned, "<script", RegexOptions.IgnoreCase).ShouldBe(1);
        host.Memory.Banned!.Reason.ShouldBe(Script);

        (await host.SendAsync("/patterns/p1", "lift")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        host.Memory.Banned.ShouldBeNull();
        (await host.SendAsync("/patterns/p1", "correct", ("text", "void Add(int count) {}"))).Headers.Location!.ToString().ShouldEndWith("/patterns/p2");
        host.Memory.Hit.Text.ShouldBe("void Add(int count) {}");
        (await host.PageAsync("/patterns/p1")).ShouldContain("href=\"/patterns/p2\"");
    }

    [Fact]
    public async Task Alert_Acknowledged_IsAcknowledged()
    {
        await using var host = await MetricsHost.StartAsync();
        var alerts = host.Get<AlertStore>();
        await alerts.OpenAsync("default", new BudgetRule(1), new Measurement(2, 1, "over"), Token);
        var id = (await alerts.ListAsync("default", all: false, Token)).Single().Id;
        (await host.SendAsync("/alerts", "acknowledge", ("id", id))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await alerts.ListAsync("default", all: false, Token)).Single().AcknowledgedMs.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("?baseline=3612&seconds=12&rate=100&tasks=50", "$1,300,000.00")]
    [InlineData("?baseline=10&seconds=46&rate=100&tasks=50", "−$13,000.00")]
    [InlineData("?baseline=abc", "it must be a number")]
    [InlineData("?baseline=-5", "baseline_seconds is -5; it must be a number from 0 to 31536000.")]
    public async Task Roi_WithInputs_ReckonsOrSaysWhatIsWrong(string query, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        WebUtility.HtmlDecode(await host.PageAsync($"/roi{query}")).ShouldContain(expected);
    }

    [Theory]
    [InlineData("/roi/export?format=csv&baseline=72&seconds=0", "published,annual,26000,USD,daily * 260")]
    [InlineData("/roi/export?format=json&rate=250", "\"rate\": 250")]
    [InlineData("/measures/export?format=csv", "engagement,all posts,impressions,0,events")]
    [InlineData("/measures/export?format=json", "\"tokens_per_second\": 0")]
    [InlineData("/campaigns/c1/export?format=csv", "post1,x,2026-12-01T09:00:00+00:00,a,ready,61,5,false,,Hello")]
    [InlineData("/campaigns/c1/export?format=json", "\"text\": \"Hello\"")]
    [InlineData("/jobs/good/proof", "\"licence\": \"MIT\"")]
    public async Task Download_HoldsTheFigures(string path, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        var job = SampleJobs.Job("good", JobStates.Succeeded, Approaches.Mcp, 10, DateTimeOffset.UtcNow);
        job.Result.Patterns.Add(new PatternRef { Id = "p1", Project = "shop" });
        host.Router.Jobs.Add(job);
        var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Token);
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain(expected);
    }

    [Fact]
    public async Task Export_OfAFormulaInAPost_IsText()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Maya.Posts[0].Text = "=cmd|' /C calc'!A0,\"x\"";
        (await host.PageAsync("/campaigns/c1/export?format=csv")).ShouldContain("\"'=cmd|' /C calc'!A0,\"\"x\"\"\"");
    }

    [Theory]
    [InlineData("/roi/export?rate=abc", "rate is 'abc'; it must be a number")]
    [InlineData("/roi/export?rate=-5", "rate is -5; it must be a number from 0 to 100000.")]
    public async Task Export_OfAbsurdInputs_IsRefused(string path, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Regex.Unescape(await response.Content.ReadAsStringAsync(Token)).ShouldContain(expected);
    }

    [Theory]
    [InlineData("dark", "", "data-theme=\"dark\"", "UTC")]
    [InlineData("pink", "Europe/Berlin", "data-theme=\"auto\"", "Europe/Berlin")]
    public async Task Preferences_AreKept(string theme, string zone, string page, string shown)
    {
        await using var host = await MetricsHost.StartAsync();
        (await host.SendAsync("/settings", "fallback", "/preferences", ("theme", theme), ("zone", zone), ("to", "/settings"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var settings = await host.PageAsync("/settings");
        settings.ShouldContain(page);
        settings.ShouldContain($"<strong>{shown}</strong>");
    }

    [Fact]
    public async Task Live_OfFigures_SaysWhenAJobWasCounted()
    {
        await using var host = await MetricsHost.StartAsync();
        using var stream = new StreamReader(await host.Http.GetStreamAsync(new Uri("/live/figures", UriKind.Relative), Token));
        (await stream.ReadLineAsync(Token)).ShouldBe("event: hello");
        await host.Get<Platform.Metrics.Recording.EventRecorder>().RecordAsync(SampleJobs.Rows(1, Approaches.Mcp, 10, DateTimeOffset.UtcNow)[0], Token);
        while (await stream.ReadLineAsync(Token) is { } line && line != "event: changed")
            line.ShouldNotBe("event: hello");
        (await host.Http.GetAsync(new Uri("/live/nothing", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Assets_AreServedWithContentAndKeptForGood()
    {
        await using var host = await MetricsHost.StartAsync();
        var address = Regex.Match(await host.PageAsync("/"), "href=\"(/console/[^\"]+\\.css)\"").Groups[1].Value;
        var response = await host.Http.GetAsync(new Uri(address, UriKind.Relative), Token);
        (await response.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBeGreaterThan(1000);
        response.Headers.CacheControl!.ToString().ShouldContain("immutable");
    }

    private static Job Hostile()
    {
        var job = SampleJobs.Job("evil", JobStates.Failed, Approaches.Mcp, 10, DateTimeOffset.UtcNow);
        job.Request.Task = Script;
        job.Failure.Message = job.Failure.Code = Script;
        var result = job.Failure.Partial;
        result.Code = result.Text = result.Engine = result.Model = result.PromptVersion = Script;
        result.Attempts[0].Code = result.Attempts[0].Error = result.Attempts[0].Outcome = Script;
        result.Tools.Add(new ToolCall { Name = Script, Arguments = Script, Result = Script });
        result.Patterns.Add(new PatternRef { Id = Script, Path = Script, Project = Script });
        result.Files.Add(new ResultFile { Path = Script, Text = Script });
        result.Tests = new TestReport { Outcome = Script, Reason = Script, Cases = { new TestCase { Name = Script, Message = Script } } };
        result.Fallbacks.Add(Script);
        job.Route.Reasons.Add(new RouteReason { Rule = Script, Text = Script, Decided = true });
        return job;
    }
}
