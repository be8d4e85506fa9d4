using Platform.Contracts;
using Platform.Patterns;
using Platform.Tests.Testing;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Many code bases side by side, on either store: sharing is opted in, similarity and success in similar contexts rank, notes say what to adapt.</summary>
public abstract class ProjectsSpec
{
    private const string Retry = "def retry_call(action, attempts):\n    for attempt in range(attempts):\n        try:\n            return action()\n        except NetworkError:\n            wait_between(attempt)\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Recommend_ProjectThatDidNotOptIn_IsNotShown()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "hidden", ("a.py", Retry));
        var asked = new RecommendRequest { Task = "retry a call", Project = "mine" };
        (await memory.RecommendAsync(asked, Token)).Results.ShouldBeEmpty();

        (await memory.SetProjectAsync(new SetProjectRequest { Project = "hidden", Shared = true, Licence = "MIT" }, Token))!.Shared.ShouldBeTrue();
        (await memory.RecommendAsync(asked, Token)).Results.ShouldHaveSingleItem().Licence.ShouldBe("MIT");
        await IndexAsync(store, memory, "hidden", ("a.py", Retry), ("b.py", "def other(x):\n    return x\n"));
        (await memory.RecommendAsync(asked, Token)).Results.ShouldNotBeEmpty();

        await memory.SetProjectAsync(new SetProjectRequest { Project = "hidden", Shared = false }, Token);
        (await memory.RecommendAsync(asked, Token)).Results.ShouldBeEmpty();
        (await memory.ListProjectsAsync(Token)).Projects.Single().Licence.ShouldBe("MIT");
        (await memory.SetProjectAsync(new SetProjectRequest { Project = "nowhere", Shared = true }, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Recommend_EqualFit_PrefersTheSimilarProject()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const string web = """{"dependencies": {"express": "^4.0.0", "axios": "^1.0.0"}}""";
        const string game = """{"dependencies": {"phaser": "^3.0.0", "matter-js": "^0.19.0"}}""";
        const string orders = "def list_orders(customer):\n    # Orders of a customer, page by page.\n    return customer.orders\n";
        const string sprites = "def draw_sprite(canvas):\n    # Draws a sprite on the canvas.\n    return canvas.blit()\n";
        await IndexAsync(store, memory, "agame", ("package.json", game), ("lib/draw.py", sprites), ("lib/net.py", Retry));
        await IndexAsync(store, memory, "shop", ("package.json", web), ("lib/orders.py", orders), ("lib/net.py", Retry.Replace("wait_between(attempt)", "pause_for(attempt, 2, action.name, attempts)")));
        await IndexAsync(store, memory, "mine", ("package.json", web), ("src/invoices.py", orders.Replace("orders", "invoices")));
        foreach (var name in new[] { "agame", "shop" })
            await memory.SetProjectAsync(new SetProjectRequest { Project = name, Shared = true }, Token);

        var results = (await memory.RecommendAsync(new RecommendRequest { Task = "retry call attempts", Project = "mine" }, Token)).Results;

        results[0].Project.ShouldBe("shop");
        var similarity = results.GroupBy(r => r.Project).ToDictionary(g => g.Key, g => g.First().Parts["similarity"]);
        similarity["shop"].ShouldBeGreaterThan(similarity["agame"] + 0.3);
    }

    [Fact]
    public async Task Recall_EqualFit_PrefersTheProjectOfTheSameFrameworksAndSaysSo()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = 0, ProfileMs = 60_000 });
        const string Other = "def retry_call(action, attempts):\n    first = action(attempts)\n    second = attempts(action)\n    third = first(second)\n    return third\n";
        const string Alike = "def retry_call(action, attempts):\n    third = first(second)\n    second = attempts(action)\n    first = action(attempts)\n    return third\n";
        await IndexAsync(store, memory, "other", ("requirements.txt", "pygame==2.0\nnoise==1.2\n"), ("lib/net.py", Other));
        await IndexAsync(store, memory, "alike", ("requirements.txt", "fastapi==0.1\nsqlalchemy==2.0\n"), ("lib/net.py", Alike));
        await IndexAsync(store, memory, "mine", ("requirements.txt", "fastapi==0.1\nsqlalchemy==2.0\n"));
        foreach (var name in new[] { "other", "alike" })
            await memory.SetProjectAsync(new SetProjectRequest { Project = name, Shared = true }, Token);
        var asked = new RecallRequest { Task = "retry call attempts action", Language = "python" };

        var anywhere = (await memory.RecallAsync(asked, Token)).Examples;
        asked.Project = "mine";
        var here = (await memory.RecallAsync(asked, Token)).Examples;

        anywhere.Select(e => e.Project).ShouldBe(["other", "alike"]);
        anywhere.ShouldAllBe(e => e.Parts.Count == 0);
        here.Select(e => e.Project).ShouldBe(["alike", "other"]);
        here[0].Parts["similarity"].ShouldBeGreaterThan(here[1].Parts["similarity"]);
        here[0].Parts["neighbourhood"].ShouldBeInRange(here[1].Parts["neighbourhood"], 1.05);
        var job = Jobs.Succeeded("j1", "retry", Alike, project: "mine");
        job.Result.Patterns.Add(here.Select(e => new PatternRef { Id = e.Id }));
        await memory.LearnAsync(job, Token);
        (await memory.WhyAsync("j1", Token))!.Patterns.Single(p => p.Project == "alike").Similarity.ShouldBe(here[0].Parts["similarity"], 0.2);
    }

    [Fact]
    public async Task Recall_ProjectThatGrows_IsComparedAsItIsThenAndNeverWaitedFor()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = 0, ProfileMs = 0 });
        await IndexAsync(store, memory, "theirs", ("lib/net.py", Retry));
        await memory.SetProjectAsync(new SetProjectRequest { Project = "theirs", Shared = true }, Token);
        await memory.LearnAsync(Jobs.Succeeded("j1", "Mean of numbers", "def mean(numbers):\n    return sum(numbers) / len(numbers)\n", project: "mine"), Token);
        var apart = (await memory.RecommendAsync(new RecommendRequest { Task = "retry call attempts", Project = "mine" }, Token)).Results.Single().Parts["similarity"];

        await memory.LearnAsync(Jobs.Succeeded("j2", "Retry a call with attempts", Retry.Replace("wait_between", "pause_between"), project: "mine"), Token);

        await Patience.UntilAsync(async () =>
            (await memory.RecallAsync(new RecallRequest { Task = "retry call attempts", Project = "mine", Language = "python" }, Token)).Examples.Single(e => e.Project == "theirs").Parts["similarity"] > apart);
    }

    [Fact]
    public async Task Recommend_ProjectThatGrewByJobs_IsComparedAsItIsNow()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "theirs", ("lib/net.py", Retry));
        await memory.SetProjectAsync(new SetProjectRequest { Project = "theirs", Shared = true }, Token);
        await memory.LearnAsync(Jobs.Succeeded("j1", "Mean of numbers", "def mean(numbers):\n    return sum(numbers) / len(numbers)\n", project: "mine"), Token);
        var asked = new RecommendRequest { Task = "retry call", Project = "mine" };
        var before = (await memory.RecommendAsync(asked, Token)).Results[0].Parts["similarity"];

        await memory.LearnAsync(Jobs.Succeeded("j2", "Retry a call with attempts", Retry.Replace("wait_between", "pause_between"), project: "mine"), Token);

        (await memory.RecommendAsync(asked, Token)).Results[0].Parts["similarity"].ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task Recommend_SuccessInTheSameContext_OutranksFailureThere()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "lib", ("a.py", Retry), ("b.py", "def call_with_retry(action, attempts):\n    left = attempts\n    while left > 0:\n        left -= 1\n        outcome = action()\n        if outcome.ok:\n            return outcome\n"));
        await memory.SetProjectAsync(new SetProjectRequest { Project = "lib", Shared = true }, Token);
        var asked = new RecommendRequest { Task = "retry a call", Project = "mine" };
        var before = (await memory.RecommendAsync(asked, Token)).Results;
        var (first, second) = (before[0], before[1]);
        for (var i = 0; i < 6; i++)
        {
            await UseAsync(memory, $"bad{i}", first, succeeded: false);
            await UseAsync(memory, $"good{i}", second, succeeded: true);
        }

        var after = (await memory.RecommendAsync(asked, Token)).Results;

        after[0].Id.ShouldBe(second.Id);
        after[0].Parts["similar_contexts"].ShouldBeGreaterThan(after[1].Parts["similar_contexts"]);
    }

    [Fact]
    public async Task Recall_NeighboursOfTheTargetFile_ComeFirstAmongEquals()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "other", ("far/a.py", "def load_settings(path):\n    with open(path) as stream:\n        return json.parse(stream)\n"));
        await IndexAsync(store, memory, "mine",
            ("far/b.py", "def load_settings(path):\n    with open(path) as source:\n        return toml.scan(source)\n"),
            ("near/c.py", "def load_settings(path):\n    with open(path) as handle:\n        return yaml.take(handle)\n"));
        await memory.SetProjectAsync(new SetProjectRequest { Project = "other", Shared = true }, Token);
        async Task<string> FirstAsync(string project, string target) =>
            (await memory.RecallAsync(new RecallRequest { Task = "load settings from a path", Language = "python", Project = project, Paths = { target } }, Token)).Examples[0].Path;

        (await FirstAsync("mine", "near/new.py")).ShouldBe("near/c.py");
        (await FirstAsync("mine", "far/new.py")).ShouldBe("far/b.py");
        (await FirstAsync("other", "far/new.py")).ShouldBe("far/a.py");
    }

    [Fact]
    public async Task Recommend_Notes_NameWhatDiffers()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "lib", ("net/calls.py", Retry), ("net/wait.py", "def wait_between(attempt):\n    return attempt * 2\n"), ("net/errors.py", "class NetworkError(Exception):\n    pass\n"));
        await memory.SetProjectAsync(new SetProjectRequest { Project = "lib", Shared = true, Licence = "Apache-2.0" }, Token);
        await IndexAsync(store, memory, "mine", ("errors.py", "class MyNetworkError(Exception):\n    pass\n"));

        var hit = (await memory.RecommendAsync(new RecommendRequest { Task = "retry call attempts", Project = "mine" }, Token)).Results.First(r => r.Name == "retry_call");

        hit.Notes.ShouldContain(n => n.Contains("project lib") && n.Contains("net/calls.py"));
        hit.Notes.ShouldContain("Licence of its project: Apache-2.0.");
        hit.Notes.ShouldContain("Type or member NetworkError is declared in lib only; the nearest here is MyNetworkError.");
        hit.Notes.ShouldContain("Name wait_between is declared in lib only.");
    }

    [Theory]
    [InlineData("src/A.csproj", "<PackageReference Include=\"Dapper\" /> <PackageReference Include=\"Npgsql\" Version=\"9\" />", "dapper,npgsql")]
    [InlineData("package.json", "{\"name\": \"x\", \"dependencies\": {\"@scope/pkg\": \"^1.2.3\", \"express\": \"4\"}}", "@scope/pkg,express")]
    [InlineData("requirements.txt", "requests==2.0\nnumpy>=1\n# comment\nflask\n", "requests,numpy,flask")]
    [InlineData("go.mod", "module a\nrequire (\n\tgithub.com/x/y v1.2.3\n)\n", "github.com/x/y")]
    [InlineData("Cargo.toml", "[dependencies]\nserde = { version = \"1\" }\nrand = \"0.8\"\n", "serde,rand")]
    [InlineData("pom.xml", "<dependency><artifactId>guava</artifactId></dependency>", "guava")]
    public void Dependencies_OfAManifest_AreItsPackages(string path, string text, string packages) => Dependencies.Of(path, text).ShouldBe(packages.Split(','));

    [Fact]
    public async Task Share_WithTheTeam_SendsSharedProjectsOnly_AndTakesEachPatternOnce()
    {
        await using var store = MakeStore();
        var (mine, team) = (await store.OpenAsync("mine"), await store.OpenAsync("team"));
        await IndexAsync(store, mine, "open", ("a.py", Retry));
        await IndexAsync(store, mine, "closed", ("b.py", "def closed_one(a):\n    return a + 1\n"));
        await mine.LearnAsync(Jobs.Succeeded("j1", "Make a slug", "def make_slug(title):\n    return title.lower()\n", project: "open"), Token);
        await mine.SetProjectAsync(new SetProjectRequest { Project = "open", Shared = true, Licence = "MIT" }, Token);

        var page = await mine.PullAsync(new PullRequest(), Token);
        page.Select(p => (p.Project, p.Licence)).Distinct().ShouldBe([("open", "MIT")]);
        var first = await team.TakeAsync("http://mine", page, Token);
        var again = await team.TakeAsync("http://mine", page, Token);

        (first.Added, first.Known, first.Refused).ShouldBe((page.Count, 0, 0));
        (again.Added, again.Known).ShouldBe((0, page.Count));
        var hit = (await team.SearchAsync(new SearchRequest { Query = "retry call" }, Token)).Results[0];
        (hit.Project, hit.Licence, hit.Origin, hit.Path).ShouldBe(("team/open", "MIT", "http://mine", "a.py"));
        var close = (await team.RecallAsync(new RecallRequest { Task = "Make a slug", Language = "python", WithTests = true }, Token)).Close;
        close.Files.Single().Text.ShouldContain("make_slug");
        (await mine.TakeAsync("http://team", await team.PullAsync(new PullRequest(), Token), Token)).Added.ShouldBe(0);
        (await team.CheckAsync(repair: false, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_HostileOrBannedPatterns_AreRefused()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await IndexAsync(store, memory, "p", ("a.py", Retry));
        var banned = (await memory.SearchAsync(new SearchRequest { Query = "retry", WithText = true }, Token)).Results[0];
        await memory.BanAsync(new BanRequest { Id = banned.Id }, Token);

        var reply = await memory.TakeAsync("http://x",
        [
            Of(p => p.Text = "token = 'ghp_" + new string('b', 36) + "'"),
            Of(p => p.Text = ""),
            Of(p => p.Text = new string('x', 300_000)),
            Of(p => p.Project = "a\nb"),
            Of(p => p.Kind = "failure"),
            Of(p => p.Text = "a\0b"),
            Of(p => (p.Path, p.Text) = ("b.py", banned.Text)),
            Of(p => p.Hash = "a lie"),
        ], Token);

        (reply.Refused, reply.Added, reply.Known).ShouldBe((7, 1, 0));
    }

    private static SharedPattern Of(Action<SharedPattern> change)
    {
        var pattern = new SharedPattern { Project = "x", Path = "a.py", Language = "python", Kind = "function", Name = "f", Text = "def f(a):\n    return a\n", StartLine = 1, EndLine = 2 };
        change(pattern);
        return pattern;
    }

    private static Task UseAsync(PatternLibrary memory, string id, PatternHit hit, bool succeeded)
    {
        var job = Jobs.Succeeded(id, "do it", hit.Text, withTests: false, project: "mine");
        job.State = succeeded ? JobStates.Succeeded : JobStates.Failed;
        job.Result.Patterns.Add(new PatternRef { Id = hit.Id });
        job.Result.Validation = null;
        return memory.LearnAsync(job, Token);
    }

    private static Task IndexAsync(StoreUnderTest store, PatternLibrary memory, string project, params (string Path, string Text)[] files) =>
        memory.IndexFolderAsync([store.Write(project, files)], new IndexStart { Project = project }, null, Token);
}

/// <summary>Projects on SQLite.</summary>
public sealed class SqliteProjectsTests : ProjectsSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Projects on PostgreSQL.</summary>
public sealed class PostgreSqlProjectsTests : ProjectsSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
