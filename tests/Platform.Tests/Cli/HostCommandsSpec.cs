using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Tests.Cli;

/// <summary>Commands that talk to a host: the one that <c>platform up</c> runs on the same data directory, or one of their own.</summary>
public sealed partial class HostCommandsSpec : IDisposable
{
    private const string Brief =
        """
        name: Small
        brief: A library that counts words as each platform counts them, for people who schedule posts.
        platforms: [x, mastodon]
        slots: 1
        variants: 1
        intent: announce
        """;

    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Commands_HostOwnsTheDataDirectory_TalkToIt()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");
        await using var host = await StartHostAsync(JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!);
        _home.Write("code/slug.py", "def slug(title):\n    \"\"\"Makes a slug of a title.\"\"\"\n    return title.strip().lower().replace(' ', '-')\n");

        await JsonAsync("index", "index", "code", "--project", "web");
        var found = await JsonAsync("query", "query", "slug of a title", "--project", "web");
        var route = await JsonAsync("route", "route", "sort a list of numbers", "--language", "python");
        var job = await JsonAsync("generate", "generate", "Write a function that adds two numbers.", "--language", "python");
        var feedback = await JsonAsync("feedback", "feedback", job.GetProperty("job").GetString()!, "accepted");
        var campaign = await JsonAsync("campaign", "campaign", "submit", _home.Write("brief.yaml", Brief), "--wait");
        var id = campaign.GetProperty("id").GetString()!;
        var status = await JsonAsync("campaign", "campaign", "status", id);
        var posts = await JsonAsync("campaign-export", "campaign", "export", id);
        var strategy = status.GetProperty("strategy");
        (strategy.GetProperty("source").GetString(), strategy.GetProperty("simulated").GetBoolean()).ShouldBe(("engine", true));
        var csv = (await _home.RunAsync("campaign", "export", id, "--format", "csv")).ShouldExit(0).Output;
        var post = await JsonAsync("content-create", "content", "create", "--platform", "x", "--brief", "A library that counts words as each platform counts them.");
        await JsonAsync("metrics-summary", "metrics", "summary", "--simulated");
        await JsonAsync("metrics-alerts", "metrics", "alerts");
        await JsonAsync("metrics-rules", "metrics", "rules", "ErrorRate=0.25");
        await JsonAsync("metrics-rules", "metrics", "rules", "--try", "ErrorRate=0.01");

        found.GetProperty("results")[0].GetProperty("path").GetString().ShouldBe("slug.py");
        route.GetProperty("reasons").EnumerateArray().Count(reason => reason.GetProperty("decided").GetBoolean()).ShouldBe(1);
        job.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        feedback.GetProperty("verdict").GetString().ShouldBe("accepted");
        campaign.GetProperty("ready").GetInt64().ShouldBe(2);
        status.GetProperty("state").GetString().ShouldBe("done");
        posts.GetProperty("posts").EnumerateArray().Select(post => post.GetProperty("platform").GetString()).ShouldBe(["x", "mastodon"], ignoreOrder: true);
        (post.GetProperty("simulated").GetBoolean(), post.GetProperty("ai_generated").GetBoolean(), post.GetProperty("platform").GetString()).ShouldBe((true, true, "x"));
        csv.ShouldStartWith("id,platform,slot,text,variant,score,state,length,simulated,theme,duplicate_of,custom_id");
        csv.ShouldContain($"{posts.GetProperty("posts")[0].GetProperty("id").GetString()},");
    }

    [Fact]
    public async Task Server_NobodyListensThere_IsNamedWithWhatToDo()
    {
        var ran = (await _home.RunAsync("metrics", "summary", "--server", "http://127.0.0.1:9")).ShouldExit(3);

        ran.Errors.ShouldContain("no host answers at http://127.0.0.1:9");
        ran.Errors.ShouldContain("platform up");
    }

    [Fact]
    public async Task ContentCommands_HostRuns_LearnExperimentAndReview()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");
        await using var host = await StartHostAsync(JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!);
        var history = _home.Write("history.csv", History());

        var imported = await JsonAsync("content-engagement", "content", "engagement", "import", history);
        var again = await JsonAsync("content-engagement", "content", "engagement", "import", history);
        var events = await JsonAsync("content-engagement", "content", "engagement", "import", _home.Write("events.csv", "event_id,post_id,kind,count,at\ne1,p1,share,2,2026-10-01T10:00:00Z\ne2,nobody,share,2,2026-10-01T10:00:00Z\n"));
        var analysis = await JsonAsync("content-analyse", "content", "analyse", "--platform", "x");
        var score = await JsonAsync("content-score", "content", "score", "--platform", "x", "--text", "A lamp.", "--slot", "2026-12-01T09:00:00+00:00");
        var optimised = await JsonAsync("content-optimise", "content", "optimise", "--platform", "x", "--text", "A lamp.", "--slot", "2026-12-01T18:00:00+00:00");
        var experiment = await JsonAsync("content-experiment", "content", "experiment", "create", "--name", "openings", "--arm", "a=Fact first", "--arm", "b=Question first", "--minimum", "100");
        var id = experiment.GetProperty("id").GetString()!;
        await JsonAsync("content-experiment-next", "content", "experiment", "next", id);
        await JsonAsync("content-experiment", "content", "experiment", "record", id, "--arm", "a", "--impressions", "1000", "--successes", "20");
        var decided = await JsonAsync("content-experiment", "content", "experiment", "record", id, "--arm", "b", "--impressions", "1000", "--successes", "90");
        await JsonAsync("content-experiment", "content", "experiment", "list");
        var stopped = await JsonAsync("content-experiment", "content", "experiment", "stop", id);
        await JsonAsync("content-voice", "content", "voice", "set", _home.Write("voice.yaml", "name: lumen\ntones: {warm: 80}\ncompetitors: [Brightco]\n"));
        await JsonAsync("content-voice", "content", "voice", "list");
        await JsonAsync("content-audience", "content", "audience", "set", _home.Write("audience.yaml", "name: readers\nreading_level: simple\n"));
        await JsonAsync("content-profile-delete", "content", "audience", "delete", "readers");

        (imported.GetProperty("added").GetInt64(), again.GetProperty("unchanged").GetInt64()).ShouldBe((60, 60));
        (events.GetProperty("stored").GetInt64(), events.GetProperty("unknown_posts").GetInt64()).ShouldBe((1, 1));
        analysis.GetProperty("evidence")[0].GetProperty("feature").GetString().ShouldStartWith("hour=");
        score.GetProperty("basis").GetString().ShouldBe("history");
        optimised.GetProperty("slot").GetString().ShouldBe("2026-12-01T09:00:00+00:00");
        (decided.GetProperty("winner").GetString(), stopped.GetProperty("state").GetString()).ShouldBe(("b", "stopped"));
    }

    [Fact]
    public async Task CampaignCommands_HostRuns_EstimateReviewExportAndImport()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");
        await using var host = await StartHostAsync(JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!);
        var brief = _home.Write("brief.yaml", Brief);

        var estimate = await JsonAsync("campaign-estimate", "campaign", "estimate", brief);
        var id = (await JsonAsync("campaign", "campaign", "submit", brief, "--wait")).GetProperty("id").GetString()!;
        var posts = await JsonAsync("campaign-export", "campaign", "export", id);
        var post = posts.GetProperty("posts")[0].GetProperty("id").GetString()!;
        await JsonAsync("campaign-post", "campaign", "edit", post, "--text", "A text of our own, for the calendar.", "--note", "mine");
        var approved = await JsonAsync("campaign-post", "campaign", "approve", post);
        var versions = await JsonAsync("campaign-versions", "campaign", "versions", post);
        var calendar = (await _home.RunAsync("campaign", "export", id, "--format", "ics")).ShouldExit(0).Output;
        var json = _home.Write("export.json", (await _home.RunAsync("campaign", "export", id, "--json")).ShouldExit(0).Output);
        var back = await JsonAsync("campaign-import", "campaign", "import", json);
        var csv = _home.Write("export.csv", (await _home.RunAsync("campaign", "export", id, "--format", "csv")).ShouldExit(0).Output);
        await JsonAsync("campaign-import", "campaign", "import", csv);
        var again = await JsonAsync("campaign-post", "campaign", "regenerate", post, "--instruction", "shorter");

        (estimate.GetProperty("posts").GetInt64(), estimate.GetProperty("simulated").GetBoolean()).ShouldBe((2, true));
        (approved.GetProperty("state").GetString(), approved.GetProperty("note").GetString()).ShouldBe(("approved", "mine"));
        versions.GetProperty("versions")[0].GetProperty("why").GetString().ShouldBe("edit");
        calendar.ShouldStartWith("BEGIN:VCALENDAR");
        calendar.ShouldContain("STATUS:CONFIRMED");
        Unfolded(calendar).ShouldContain("DESCRIPTION:A text of our own\\, for the calendar.");
        calendar.Split('\n').ShouldAllBe(line => System.Text.Encoding.UTF8.GetByteCount(line.TrimEnd('\r')) <= 75);
        (back.GetProperty("accepted").GetInt64(), back.GetProperty("refused").GetInt64()).ShouldBe((2, 0));
        again.GetProperty("state").GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task ContentBatch_RowsOfAllKinds_FillBothFiles()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");
        await using var host = await StartHostAsync(JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!);
        var rows = _home.Write("rows.jsonl", """
            {"custom_id":"r1","platform":"x","brief":"A library that counts words as each platform counts them."}
            {"custom_id":"r2","platform":"bluesky","text":"A finished text."}
            {"custom_id":"r3","platform":"nowhere","brief":"a"}
            not json
            {"custom_id":"r4","platform":"x","colour":"red"}
            """);

        var ran = (await _home.RunAsync("content", "batch", rows, "--out", "out.jsonl", "--errors", "errors.jsonl", "--json")).ShouldExit(1).Document.ShouldFit("content-batch");

        (ran.GetProperty("ok").GetInt64(), ran.GetProperty("failed").GetInt64()).ShouldBe((2, 3));
        var posts = Lines("out.jsonl");
        posts.Select(post => post.GetProperty("custom_id").GetString()).ShouldBe(["r1", "r2"]);
        posts[0].GetProperty("simulated").GetBoolean().ShouldBeTrue();
        var errors = Lines("errors.jsonl");
        errors.Select(error => error.GetProperty("status").GetString()).ShouldBe(["refused", "refused", "refused"]);
        errors.ShouldContain(error => error.GetProperty("custom_id").GetString() == "r3" && error.GetProperty("error").GetString()!.Contains("nowhere"));
    }

    [Fact]
    public async Task Generate_Simulate_SaysThatItIsSimulated()
    {
        var ran = (await _home.RunAsync("generate", "Write a function that adds two numbers.", "--language", "python", "--simulate", "--json")).ShouldExit(0);

        var job = ran.Document.ShouldFit("generate");
        (job.GetProperty("simulated").GetBoolean(), job.GetProperty("state").GetString()).ShouldBe((true, "succeeded"));
        job.GetProperty("model").GetString()!.ShouldContain("simulated");
        job.GetProperty("code").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Demo_SmallCodeBase_PrintsWhatHappened()
    {
        _home.Write("code/Slug.cs", "public static class Slug\n{\n    public static string Of(string title) => title.Trim();\n}\n");

        var ran = await _home.RunAsync("demo", "--path", "code", "--posts", "4", "--json");

        var demo = ran.Document.ShouldFit("demo");
        demo.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        demo.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("task").GetString()).ShouldBe(["slug", "roman", "slug, again"]);
        demo.GetProperty("campaign").GetProperty("posts").GetInt64().ShouldBe(4);
        demo.GetProperty("campaign").GetProperty("matrix").EnumerateArray().Sum(cell => cell.GetProperty("posts").GetInt64()).ShouldBe(4);
        demo.GetProperty("optimisation").GetProperty("simulated").GetBoolean().ShouldBeTrue();
        ran.ShouldExit(demo.GetProperty("jobs").EnumerateArray().All(job => job.GetProperty("state").GetString() == "succeeded") ? 0 : 1);
    }

    private List<JsonElement> Lines(string file) => [.. File.ReadLines(Path.Combine(_home.Folder, file)).Select(line => JsonElement.Parse(line))];

    private static string Unfolded(string calendar) => calendar.Replace("\r\n ", "", StringComparison.Ordinal);

    /// <summary>Posts of two months: those at nine are liked three times as much.</summary>
    private static string History() => "id,platform,text,published_at,theme,impressions,likes\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
        FormattableString.Invariant($"p{i},x,\"A lamp, number {i}.\",2026-0{1 + (i / 28)}-{1 + (i % 28):D2}T{(i % 2 == 0 ? 9 : 18):D2}:00:00+00:00,light,1000,{(i % 2 == 0 ? 60 : 20) + (i % 5)}\n")));

    private async Task<JsonElement> JsonAsync(string schema, params string[] words) =>
        (await _home.RunAsync([.. words, "--json"])).ShouldExit(0).Document.ShouldFit(schema);

    /// <summary>Starts a host on free ports, whose engines are the Simulator; gives it when it has said where it listens.</summary>
    private async Task<RunningCommand> StartHostAsync(string simulator)
    {
        foreach (var engine in new[] { "Cerebras", "Claude" })
        {
            _home.Environment[$"Engines__{engine}__BaseUrl"] = simulator;
            _home.Environment[$"Engines__{engine}__ApiKey"] = "simulated";
            _home.Environment[$"Engines__{engine}__Simulated"] = "true";
        }

        _home.Environment["HTTP_PORT"] = _home.Environment["GRPC_PORT"] = "0";
        var host = _home.Start("up");
        _home.Environment.Clear();
        var line = await host.ErrorLineAsync(line => Doors().IsMatch(line));
        // The commands find the host by its lock, and not by this address.
        new Uri(Doors().Match(line).Groups[1].Value).IsLoopback.ShouldBeTrue();
        return host;
    }

    [GeneratedRegex(@"^platform: http \S+  grpc (\S+)  modules ")]
    private static partial Regex Doors();
}
