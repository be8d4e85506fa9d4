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
        var csv = (await _home.RunAsync("campaign", "export", id, "--format", "csv")).ShouldExit(0).Output;
        await JsonAsync("metrics-summary", "metrics", "summary", "--simulated");
        await JsonAsync("metrics-alerts", "metrics", "alerts");

        found.GetProperty("results")[0].GetProperty("path").GetString().ShouldBe("slug.py");
        route.GetProperty("reasons").EnumerateArray().Count(reason => reason.GetProperty("decided").GetBoolean()).ShouldBe(1);
        job.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        feedback.GetProperty("verdict").GetString().ShouldBe("accepted");
        campaign.GetProperty("ready").GetInt64().ShouldBe(2);
        status.GetProperty("state").GetString().ShouldBe("done");
        posts.GetProperty("posts").EnumerateArray().Select(post => post.GetProperty("platform").GetString()).ShouldBe(["x", "mastodon"], ignoreOrder: true);
        csv.ShouldStartWith("id,platform,slot,text,variant,score,state,length,simulated");
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
        ran.ShouldExit(demo.GetProperty("jobs").EnumerateArray().All(job => job.GetProperty("state").GetString() == "succeeded") ? 0 : 1);
    }

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
