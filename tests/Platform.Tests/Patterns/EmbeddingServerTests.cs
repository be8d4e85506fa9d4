using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>The embedder behind HTTP, against a local stand-in.</summary>
public sealed class EmbeddingServerTests
{
    private const string Secret = "sk-very-secret-4711";

    [Fact]
    public async Task Generate_ManyTexts_SendsBatchesWithTheKeyAndKeepsTheirOrder()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        using var embedder = new EmbeddingServer(Options(server, o => (o.BatchSize, o.Key) = (4, Secret)), TimeProvider.System);
        var texts = Enumerable.Range(0, 10).Select(i => $"text {i}").ToList();

        var together = await embedder.GenerateAsync(texts);
        var alone = await embedder.GenerateAsync([texts[7]]);

        together.Count.ShouldBe(10);
        together[7].Vector.ToArray().ShouldBe(alone[0].Vector.ToArray());
        server.Requests.Take(3).Select(r => r.Length).ShouldBe([4, 4, 2]);
        server.Keys.ShouldAllBe(k => k == $"Bearer {Secret}");
    }

    [Fact]
    public async Task Take_PageOfAnotherMemoryThatIsKnown_IsNotEmbeddedAgain()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(embedder: Options(server));
        SharedPattern Of(int i) => new() { Project = "p", Kind = "function", Language = "python", Path = $"f{i}.py", Name = $"f{i}", Text = $"def f{i}(x):\n    return x + {i}\n" };
        (await memory.TakeAsync("there", [Of(1), Of(2)], default)).Added.ShouldBe(2);
        var asked = server.Requests.Sum(r => r.Length);

        var again = await memory.TakeAsync("there", [Of(1), Of(2), Of(3)], default);

        (again.Added, again.Known, again.Refused).ShouldBe((1, 2, 0));
        (server.Requests.Sum(r => r.Length) - asked).ShouldBe(1);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Generate_ServerIsBusyTwice_TriesAgain(int status)
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (number, _) => number <= 2 ? Results.Json(new { error = new { message = "busy" } }, statusCode: status) : null;
        using var embedder = new EmbeddingServer(Options(server), TimeProvider.System);

        (await embedder.GenerateAsync(["a text"])).Count.ShouldBe(1);

        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Generate_KeyIsRefused_FailsAtOnceAndNeverShowsTheKey()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (_, _) => Results.Json(new { error = new { message = $"Incorrect API key provided: {Secret}\nmore" } }, statusCode: 401);
        using var embedder = new EmbeddingServer(Options(server, o => o.Key = Secret), TimeProvider.System);

        var error = await Should.ThrowAsync<EmbedderException>(() => embedder.GenerateAsync(["a text"]));

        error.IsTransient.ShouldBeFalse();
        error.ToString().ShouldNotContain(Secret);
        error.Message.ShouldContain("401");
        error.Message.ShouldContain("Patterns:Embedder:Key");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Generate_OneTextIsTooLongForTheServer_IsCutAndTheOthersAreWhole()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (_, texts) => texts.Any(t => t.Length > 1000) ? Results.Json(new { error = "input length exceeds the context length" }, statusCode: 400) : null;
        using var embedder = new EmbeddingServer(Options(server, o => o.MaxCharacters = 5000), TimeProvider.System);

        var made = await embedder.GenerateAsync(["short", new string('x', 9000), "another"]);

        made.Count.ShouldBe(3);
        server.Requests.Max(r => r.Max(t => t.Length)).ShouldBe(5000);
        server.Requests.SelectMany(r => r).ShouldContain("another");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"index":5,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"none"}]}""")]
    [InlineData("""{"data":{"0":1}}""")]
    public async Task Generate_AnswerIsNoAnswer_NamesTheServer(string body)
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (_, _) => Results.Text(body, "application/json");
        using var embedder = new EmbeddingServer(Options(server), TimeProvider.System);

        (await Should.ThrowAsync<EmbedderException>(() => embedder.GenerateAsync(["a text"]))).Message.ShouldContain(server.Address);
    }

    [Fact]
    public async Task Generate_OtherDimensionsThanConfigured_SaysWhichSettingToChange()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        using var embedder = new EmbeddingServer(Options(server, o => o.Dimensions = 32), TimeProvider.System);

        var error = await Should.ThrowAsync<EmbedderException>(() => embedder.GenerateAsync(["a text"]));

        error.Message.ShouldContain("64 floats");
        error.Message.ShouldContain("Patterns:Embedder:Dimensions says 32");
    }

    [Fact]
    public async Task Generate_NumberThatIsNone_IsRefused()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (_, _) => Results.Text($$"""{"data":[{"index":0,"embedding":[1e999{{string.Concat(Enumerable.Repeat(",0", 63))}}]}]}""", "application/json");
        using var embedder = new EmbeddingServer(Options(server), TimeProvider.System);

        (await Should.ThrowAsync<EmbedderException>(() => embedder.GenerateAsync(["a text"]))).Message.ShouldContain("a number that is none");
    }

    [Fact]
    public async Task Search_ServerEmbeds_FindsAndNamesTheEmbedder()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(embedder: Options(server, o => (o.QueryPrefix, o.TextPrefix) = ("ask: ", "doc: ")));

        await IndexAsync(store, memory);
        var reply = await memory.SearchAsync(new SearchRequest { Query = "read prices", Explain = true }, default);

        reply.Embedder.ShouldStartWith("openai:test-embedder+");
        reply.Embedder.ShouldEndWith("/64");
        reply.Notice.ShouldBeEmpty();
        reply.Results[0].Name.ShouldBe("read_prices");
        reply.Results[0].Parts["vector"].ShouldBeGreaterThan(0);
        server.Requests[^1].ShouldBe(["ask: read prices"]);
        server.Requests[0].ShouldAllBe(t => t.StartsWith("doc: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_ServerIsAway_AnswersByWordsAndSaysSo()
    {
        var server = await EmbeddingStandIn.StartAsync();
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(embedder: Options(server));
        await IndexAsync(store, memory);
        await server.DisposeAsync();

        var reply = await memory.SearchAsync(new SearchRequest { Query = "read prices" }, default);

        reply.Results[0].Name.ShouldBe("read_prices");
        reply.Notice.ShouldContain("words alone");
        reply.Notice.ShouldContain(server.Address);
    }

    [Fact]
    public async Task Index_ServerIsAway_FailsAndNamesIt()
    {
        var server = await EmbeddingStandIn.StartAsync();
        await server.DisposeAsync();
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(embedder: Options(server, o => o.Retries = 0));

        (await Should.ThrowAsync<EmbedderException>(() => IndexAsync(store, memory))).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task Search_AfterAFailure_LeavesTheServerAloneForAWhile()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        server.Instead = (_, _) => Results.StatusCode(503);
        using var embedder = new EmbeddingServer(Options(server), TimeProvider.System);

        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<EmbedderException>(() => embedder.EmbedQueriesAsync(["a question"], default));

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Recall_ServerGoesAwayAfterTheQuestion_KeepsTheExamplesAndDoesNotTryAgain()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(embedder: Options(server));
        await IndexAsync(store, memory);
        var failed = Jobs.Succeeded("j1", "read prices of a shop", "def read_shop(path):\n    return open(path).readlines()\n");
        failed.Result.Attempts.Add(new Attempt { Number = 1, Error = "TypeError: no", Code = "x", Outcome = "tests_failed" });
        await memory.LearnAsync(failed, default);
        var asked = server.Requests.Count;
        server.Instead = (number, _) => number > asked + 1 ? Results.StatusCode(503) : null;

        var recall = await memory.RecallAsync(new RecallRequest { Task = "read prices", Language = "python", WithTests = true }, default);

        recall.Examples.ShouldNotBeEmpty();
        recall.Close.ShouldBeNull();
        recall.Failures.ShouldBeEmpty();
        server.Requests.Count.ShouldBe(asked + 2, "one for the question, one that failed, and none after it");
    }

    [Fact]
    public void Learning_EmbedderAwayOrChanged_IsTriedAgainLater()
    {
        StoreFaults.IsTransient(new EmbedderException("away", isTransient: true)).ShouldBeTrue();
        StoreFaults.IsTransient(new InvalidOperationException("outer", new EmbedderMismatchException("a/1", "b/1"))).ShouldBeTrue();
        StoreFaults.IsTransient(new EmbedderException("refused", isTransient: false)).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_EmbedderChanged_IsRefusedUntilRepairEmbedsAgain()
    {
        await using var server = await EmbeddingStandIn.StartAsync();
        await using var store = SqliteStore.Make();
        await using (var before = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors")))
            await IndexAsync(store, before);
        var memory = await store.OpenAsync(embedder: Options(server));

        var refused = await Should.ThrowAsync<EmbedderMismatchException>(() => memory.SearchAsync(new SearchRequest { Query = "read prices" }, default));
        (await memory.CheckAsync(false, default)).Ok.ShouldBeFalse();
        await Should.ThrowAsync<EmbedderMismatchException>(() => memory.LearnAsync(Jobs.Succeeded("j1", "sum a list", "def total(values):\n    result = 0\n    for value in values:\n        result += value\n    return result"), default));
        await memory.CheckAsync(true, default);

        refused.Message.ShouldContain("platform repair");
        refused.Message.ShouldContain("words-128/1");
        (await memory.SearchAsync(new SearchRequest { Query = "read prices" }, default)).Results[0].Name.ShouldBe("read_prices");
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Endpoint", "ftp://x")]
    [InlineData("Endpoint", "http://user:secret@x")]
    [InlineData("Model", "")]
    [InlineData("Dimensions", "0")]
    [InlineData("Key", "with space")]
    [InlineData("BatchSize", "0")]
    public void Settings_WrongValue_NamesTheKey(string name, string value)
    {
        var settings = new Dictionary<string, string?> { ["Endpoint"] = "http://localhost:1", ["Model"] = "m", ["Dimensions"] = "8", [name] = value };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>($"Patterns:Embedder:{s.Key}", s.Value))).Build();

        var error = Should.Throw<SettingException>(() => SettingsReader.Read<EmbedderOptions>(configuration, "Patterns:Embedder"));

        error.Message.ShouldContain($"Patterns:Embedder:{name}");
        error.Message.ShouldNotContain("secret");
    }

    private static EmbedderOptions Options(EmbeddingStandIn server, Action<EmbedderOptions>? change = null)
    {
        var options = new EmbedderOptions { Endpoint = server.Address, Model = "test-embedder", Dimensions = EmbeddingStandIn.Dimensions, QueryTimeoutMs = 60_000 };
        change?.Invoke(options);
        return options;
    }

    private static Task<IndexReply> IndexAsync(StoreUnderTest store, PatternLibrary memory) => memory.IndexFolderAsync(
        [store.Write("shop", ("prices.py", "def read_prices(path):\n    return open(path).read()\n\n\ndef write_report(path, rows):\n    open(path, 'w').write(rows)\n"))],
        new IndexStart { Project = "shop" }, null, default);
}
