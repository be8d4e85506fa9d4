using System.Text.Json;
using Platform.Tests.Testing;

namespace Platform.Tests.Cli;

/// <summary>Commands on the memory, without a host.</summary>
public sealed class MemoryCommandsSpec : IDisposable
{
    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Memory_FolderIndexed_IsFoundCountedAndForgotten()
    {
        _home.Write("code/Slug.cs", "public static class Slug\n{\n    /// <summary>Makes a slug of a title.</summary>\n    public static string Of(string title) => title.Trim().ToLowerInvariant().Replace(' ', '-');\n}\n");
        var indexed = (await _home.RunAsync("index", "code", "--project", "web", "--shared", "--json")).ShouldExit(0).Document.ShouldFit("index");
        var found = (await _home.RunAsync("query", "slug of a title", "--project", "web", "--top", "3", "--explain", "--json")).ShouldExit(0).Document.ShouldFit("query");
        var batch = (await _home.RunAsync("query", "--batch", _home.Write("q.jsonl", "{\"id\":\"a\",\"text\":\"slug\"}\n\n{\"id\":7,\"text\":\"title\"}\n"), "--json")).ShouldExit(0).Lines;
        var others = (await _home.RunAsync("recommend", "slug of a title", "--project", "shop", "--json")).ShouldExit(0).Document.ShouldFit("recommend");
        var projects = (await _home.RunAsync("projects", "--json")).ShouldExit(0).Document.ShouldFit("projects");
        var stats = (await _home.RunAsync("stats", "--json")).ShouldExit(0).Document.ShouldFit("stats");
        (await _home.RunAsync("check", "--json")).ShouldExit(0).Document.ShouldFit("check").GetProperty("ok").GetBoolean().ShouldBeTrue();
        var removed = (await _home.RunAsync("forget", "--project", "web", "--json")).ShouldExit(0).Document.ShouldFit("forget");

        (indexed.GetProperty("project").GetString(), indexed.GetProperty("files").GetInt64()).ShouldBe(("web", 1));
        var best = found.GetProperty("results")[0];
        (best.GetProperty("path").GetString(), best.GetProperty("language").GetString()).ShouldBe(("Slug.cs", "csharp"));
        best.TryGetProperty("record", out _).ShouldBeFalse();
        batch.Select(line => line.ShouldFit("query").GetProperty("id").GetString()).ShouldBe(["a", "7"]);
        others.GetProperty("results")[0].GetProperty("project").GetString().ShouldBe("web");
        projects.GetProperty("projects")[0].GetProperty("name").GetString().ShouldBe("web");
        stats.GetProperty("patterns").GetInt64().ShouldBe(indexed.GetProperty("patterns").GetInt64());
        removed.GetProperty("removed").GetInt64().ShouldBe(indexed.GetProperty("patterns").GetInt64());
    }

    [Fact]
    public async Task Memory_PatternBannedAndCorrected_IsMendedAtOnce()
    {
        _home.Write("code/years.py", "def leap_year(year):\n    return year % 4 == 0\n");
        var right = _home.Write("right.py", "def leap_year(year):\n    return year % 4 == 0 and year % 100 != 0 or year % 400 == 0\n");
        (await _home.RunAsync("index", "code", "--project", "time", "--json")).ShouldExit(0);
        var id = (await BestAsync()).GetProperty("id").GetString()!;

        (await _home.RunAsync("ban", id, "--reason", "1900", "--json")).ShouldExit(0).Document.ShouldFit("ban").GetProperty("banned").GetBoolean().ShouldBeTrue();
        (await QueryAsync()).GetProperty("results").GetArrayLength().ShouldBe(0);
        (await _home.RunAsync("ban", id, "--undo", "--json")).ShouldExit(0).Document.ShouldFit("ban").GetProperty("banned").GetBoolean().ShouldBeFalse();
        var corrected = (await _home.RunAsync("correct", id, "--file", right, "--json")).ShouldExit(0).Document.ShouldFit("correct").GetProperty("corrected_by").GetString();
        (await BestAsync()).GetProperty("id").GetString().ShouldBe(corrected);
        (await _home.RunAsync("share", "time", "--licence", "MIT", "--json")).ShouldExit(0).Document.ShouldFit("share").GetProperty("shared").GetBoolean().ShouldBeTrue();
        (await _home.RunAsync("ban", "nothing", "--json")).ShouldExit(1).Errors.ShouldContain("nothing");
        (await _home.RunAsync("why", "nothing", "--json")).ShouldExit(1).Errors.ShouldContain("nothing");
        (await _home.RunAsync("sync", "--json")).ShouldExit(2).Errors.ShouldContain("Patterns:Team");
        (await _home.RunAsync("query", " ", "--json")).ShouldExit(2).Errors.ShouldContain("query");
        (await _home.RunAsync("export", "--training")).ShouldExit(0).Output.ShouldBe("");
        (await _home.RunAsync("stats", "--json")).ShouldExit(0).Document.ShouldFit("stats").GetProperty("top")[0].GetProperty("pattern_id").GetString().ShouldBe(corrected);
    }

    private async Task<JsonElement> QueryAsync() => (await _home.RunAsync("query", "leap year", "--json")).ShouldExit(0).Document.ShouldFit("query");

    private async Task<JsonElement> BestAsync() => (await QueryAsync()).GetProperty("results")[0];

    [Fact]
    public async Task Watch_FileAppears_IsIndexedWithoutBeingAsked()
    {
        _home.Write("code/slug.py", "def slug(title):\n    return title.strip().lower()\n");
        await using var watch = _home.Start("watch", "code", "--project", "web", "--json");
        JsonElement.Parse(await watch.OutputLineAsync()).GetProperty("files").GetInt64().ShouldBe(1);

        _home.Write("code/roman.py", "def roman(number):\n    return 'I' * number\n");

        JsonElement after;
        do
            after = JsonElement.Parse(await watch.OutputLineAsync());
        while (after.GetProperty("files").GetInt64() < 2);
        after.GetProperty("project").GetString().ShouldBe("web");
    }

    [Fact]
    public async Task Query_WhileAnotherCommandWrites_Answers_AndAWatchWaitsForIt()
    {
        _home.Write("code/slug.py", "def make_slug(title):\n    return title.strip().lower()\n");
        (await _home.RunAsync("index", "code", "--project", "web", "--licence", "MIT", "--json")).ShouldExit(0);
        await using (new FileStream(Path.Combine(_home.Data, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            foreach (var words in new[] { new[] { "query", "make slug" }, ["projects"], ["stats"], ["check"], ["recommend", "make slug"] })
                (await _home.RunAsync([.. words, "--json"])).ShouldExit(0);
            (await _home.RunAsync("forget", "--project", "web", "--json")).ShouldExit(1);
            var hit = (await _home.RunAsync("query", "make slug", "--json")).ShouldExit(0).Document.ShouldFit("query").GetProperty("results")[0];
            (hit.GetProperty("licence").GetString(), hit.GetProperty("name").GetString()).ShouldBe(("MIT", "make_slug"));
            hit.GetProperty("excerpt").GetString()!.ShouldContain("title.strip()");
            var shown = (await _home.RunAsync("query", "make slug")).ShouldExit(0).Output;
            shown.ShouldContain(hit.GetProperty("id").GetString()!);
            shown.ShouldContain("licence MIT");
        }

        await using var watch = _home.Start("watch", "code", "--project", "web", "--json");
        await watch.OutputLineAsync();
        FileStream? taken = null;
        await Patience.UntilAsync(() => (taken ??= Lock()) is not null);

        await using (taken)
        {
            _home.Write("code/roman.py", "def roman(number):\n    return 'I' * number\n");
            await watch.ErrorLineAsync(line => line.Contains("Waiting", StringComparison.Ordinal));
        }

        JsonElement.Parse(await watch.OutputLineAsync()).GetProperty("files").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Query_ReallyBesideIndexing_NeverFails()
    {
        for (var i = 0; i < 300; i++)
            _home.Write($"code/m{i}.py", string.Concat(Enumerable.Range(0, 20).Select(j => $"def act_{i}_{j}(board):\n    return board.step({j}, {i})\n\n\n")));
        _home.Write("first/slug.py", "def make_slug(title):\n    return title.strip().lower()\n");
        (await _home.RunAsync("index", "first", "--project", "web", "--json")).ShouldExit(0);
        await using var indexing = _home.Start("index", "code", "--project", "many", "--json");
        var ended = indexing.EndAsync();

        for (var asked = 0; asked < 2 || !ended.IsCompleted; asked++)
        {
            var answers = await Task.WhenAll(_home.RunAsync("query", "make slug", "--project", "web", "--json"), _home.RunAsync("query", "make slug title", "--json"));
            foreach (var answer in answers)
                answer.ShouldExit(0).Document.GetProperty("results").GetArrayLength().ShouldBeGreaterThan(0);
        }

        (await ended).ShouldExit(0).Document.GetProperty("patterns").GetInt64().ShouldBe(6000);
    }

    [Fact]
    public async Task Query_RecordsIndexed_CarriesTheirIdsAndCollapsesNone()
    {
        var records = _home.Write("records.jsonl", """
            {"id":"r1","text":"Reverse a string","code":"def reverse(s):\n    return s[::-1]","language":"python"}
            {"id":"r2","text":"Reverse a string","code":"def reverse(t):\n    return t[::-1]","language":"python"}
            """);

        (await _home.RunAsync("index", "--records", records, "--project", "set", "--json")).ShouldExit(0).Document.ShouldFit("index").GetProperty("patterns").GetInt64().ShouldBe(2);
        var found = (await _home.RunAsync("query", "reverse a string", "--project", "set", "--json")).ShouldExit(0).Document.ShouldFit("query");

        found.GetProperty("results").EnumerateArray().Select(hit => hit.GetProperty("record").GetString()).ShouldBe(["r1", "r2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Query_DamagedStore_NamesTheFileAndLeavesIt()
    {
        Directory.CreateDirectory(_home.Data);
        var file = Path.Combine(_home.Data, "patterns.db");
        var bytes = Enumerable.Range(0, 8_192).Select(i => (byte)(i * 31 + 7)).ToArray();
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var ran = (await _home.RunAsync("query", "x", "--json")).ShouldExit(1);

        ran.Output.ShouldBe("");
        ran.Errors.ShouldContain(file);
        (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }

    /// <summary>The lock of the data folder, or null while somebody holds it.</summary>
    private FileStream? Lock()
    {
        try
        {
            return new FileStream(Path.Combine(_home.Data, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
