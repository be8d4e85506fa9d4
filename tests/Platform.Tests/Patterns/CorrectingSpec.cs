using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>"Why this, never again", on either store: bans and corrections count for the next question.</summary>
public abstract class CorrectingSpec
{
    private const string Wrong = "def leap_year(year):\n    return year % 4 == 0\n";
    private const string Right = "def leap_year(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n";
    private const string Task = "Say whether a year is a leap year";

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Ban_Result_IsGoneFromSearchRecallAndReplayAtOnce_AndComesBackWithUndo()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", Task, Wrong);
        await memory.LearnAsync(job, default);
        var id = (await memory.WhyAsync("j1", default))!.LearnedAs;

        var banned = await memory.BanAsync(new BanRequest { Id = id, Reason = "1900 was none" }, default);

        (banned!.Banned, banned.Affected).ShouldBe((true, 1));
        (await SearchAsync(memory)).ShouldBeEmpty();
        var recall = await memory.RecallAsync(Jobs.RecallOf(job), default);
        (recall.Exact, recall.Close, recall.Examples.Count).ShouldBe((null, null, 0));
        var pattern = (await memory.GetPatternAsync(id, default))!;
        pattern.Ban.Reason.ShouldBe("1900 was none");

        (await memory.BanAsync(new BanRequest { Id = id, Undo = true }, default))!.Banned.ShouldBeFalse();
        (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact.ShouldNotBeNull();
        (await SearchAsync(memory)).ShouldHaveSingleItem().Id.ShouldBe(id);
    }

    [Fact]
    public async Task Ban_Text_DoesNotComeBackByAnotherDoor()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", Task, Wrong), default);
        await memory.LearnAsync(Jobs.Succeeded("j2", "Is it a leap year?", Wrong, project: "other"), default);
        var id = (await memory.WhyAsync("j1", default))!.LearnedAs;

        (await memory.BanAsync(new BanRequest { Id = id }, default))!.Affected.ShouldBe(2);
        await memory.ForgetAsync(new ForgetRequest { PatternId = id }, default);
        await memory.LearnAsync(Jobs.Succeeded("j3", Task, Wrong), default);
        await memory.LearnAsync(Jobs.Succeeded("j4", "Tell leap years", Wrong), default);

        (await SearchAsync(memory)).ShouldBeEmpty();
        (await memory.RecallAsync(Jobs.RecallOf(Jobs.Succeeded("j4", "Tell leap years", Wrong)), default)).Exact.ShouldBeNull();
        (await memory.RecallAsync(Jobs.RecallOf(Jobs.Succeeded("j2", "Is it a leap year?", Wrong, project: "other")), default)).Exact.ShouldBeNull();
    }

    [Fact]
    public async Task Ban_IndexedMember_StaysBannedWhenTheFolderIsIndexedAgain()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var root = store.Write("p", ("years.py", Wrong));
        await memory.IndexFolderAsync([root], new IndexStart { Project = "p" }, null, default);
        await memory.BanAsync(new BanRequest { Id = (await SearchAsync(memory)).Single().Id }, default);

        store.Write("p", ("years.py", Wrong + "\n\ndef century(year):\n    return year // 100\n"));
        await memory.IndexFolderAsync([root], new IndexStart { Project = "p" }, null, default);
        await memory.IndexFolderAsync([root], new IndexStart { Project = "copy" }, null, default);

        (await SearchAsync(memory)).ShouldNotBeEmpty();
        (await SearchAsync(memory)).ShouldAllBe(h => h.Name != "leap_year");
    }

    [Fact]
    public async Task Correct_Result_IsReplayedAndFoundInItsPlaceAtOnce()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", Task, Wrong);
        await memory.LearnAsync(job, default);
        var id = (await memory.WhyAsync("j1", default))!.LearnedAs;

        var corrected = (await memory.CorrectAsync(new CorrectRequest { PatternId = id, Text = Right, Reason = "centuries" }, default))!;

        corrected.Replayed.ShouldBeTrue();
        var exact = (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact;
        (exact.PatternId, exact.TestsPassed, exact.Files.Single().Text).ShouldBe((corrected.CorrectedBy, false, Right));
        var hit = (await SearchAsync(memory)).ShouldHaveSingleItem();
        (hit.Id, hit.Text).ShouldBe((corrected.CorrectedBy, Right));
        (await memory.GetPatternAsync(id, default))!.CorrectedBy.ShouldBe(corrected.CorrectedBy);

        await memory.BanAsync(new BanRequest { Id = id, Undo = true }, default);
        (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact.Files.Single().Text.ShouldBe(Wrong);
        (await memory.GetPatternAsync(corrected.CorrectedBy, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Correct_IndexedMember_SurvivesIndexingAgain()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var root = store.Write("p", ("years.py", Wrong));
        await memory.IndexFolderAsync([root], new IndexStart { Project = "p" }, null, default);

        await memory.CorrectAsync(new CorrectRequest { PatternId = (await SearchAsync(memory)).Single().Id, Text = Right }, default);
        store.Write("p", ("years.py", Wrong + "\nEPOCH = 1970\n"));
        await memory.IndexFolderAsync([root], new IndexStart { Project = "p" }, null, default);

        (await SearchAsync(memory)).Where(h => h.Name == "leap_year").ShouldHaveSingleItem().Text.ShouldBe(Right);
        (await memory.CheckAsync(repair: false, default)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "1 to")]
    [InlineData(Wrong, "is the text")]
    [InlineData("password = 'a8f5f167f44f4964e6c998dee827110c'", "literal credential")]
    public async Task Correct_UnusableText_IsRefusedAndChangesNothing(string text, string says)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", Task, Wrong), default);
        var id = (await memory.WhyAsync("j1", default))!.LearnedAs;

        (await Should.ThrowAsync<ArgumentException>(() => memory.CorrectAsync(new CorrectRequest { PatternId = id, Text = text }, default))).Message.ShouldContain(says);

        (await SearchAsync(memory)).ShouldHaveSingleItem().Text.ShouldBe(Wrong);
    }

    [Fact]
    public async Task Ban_OfAnotherTenant_IsNone()
    {
        await using var store = MakeStore();
        var (mine, theirs) = (await store.OpenAsync(), await store.OpenAsync("other"));
        await mine.LearnAsync(Jobs.Succeeded("j1", Task, Wrong), default);
        await theirs.LearnAsync(Jobs.Succeeded("j1", Task, Wrong), default);
        var id = (await mine.WhyAsync("j1", default))!.LearnedAs;

        (await theirs.BanAsync(new BanRequest { Id = id }, default)).ShouldBeNull();
        (await theirs.CorrectAsync(new CorrectRequest { PatternId = id, Text = Right }, default)).ShouldBeNull();
        await mine.BanAsync(new BanRequest { Id = id }, default);

        (await SearchAsync(theirs)).ShouldHaveSingleItem();
        (await theirs.WhyAsync("j2", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Fixes_WhatDidNotHelp_IsNamedAndNotProposed_AndABanRemovesAFix()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Fixed("j1", "    return basket.load(key)", "    return basket.read(key)", "AttributeError: 'Basket' object has no attribute 'load'", worked: false), default);
        await memory.LearnAsync(Fixed("j2", "    return store.fetch(key)", "    return store.get(key)", "AttributeError: 'Store' object has no attribute 'fetch'", worked: true), default);
        await memory.LearnAsync(Fixed("j3", "    for row in table.rows():", "    for row in table.records():", "AttributeError: 'Table' object has no attribute 'rows'", worked: true), default);
        var asked = new FindFixesRequest { Language = "python", Message = "AttributeError: 'Cache' object has no attribute 'pull'", Line = "return cache.pull(name)" };

        var reply = await memory.FindFixesAsync(asked, default);

        var failed = reply.Failed.ShouldHaveSingleItem();
        (failed.After.Trim(), failed.Alternative.Trim(), failed.AlternativeId).ShouldBe(("return basket.read(key)", "return store.get(key)", reply.Fixes[0].Id));
        reply.Fixes.Select(f => f.After.Trim()).ShouldBe(["return store.get(key)", "for row in table.records():"]);
        reply.Fixes[0].SuccessRate.ShouldBe(2 / 3.0, 1e-9);
        var used = (await memory.WhyAsync("j2", default))!.Fixes.ShouldHaveSingleItem();
        (used.FixId, used.Worked, used.Banned).ShouldBe((reply.Fixes[0].Id, true, false));

        await memory.BanAsync(new BanRequest { Id = used.FixId, Reason = "wrong store" }, default);
        (await memory.FindFixesAsync(asked, default)).Fixes.ShouldAllBe(f => f.Id != used.FixId);
        await memory.BanAsync(new BanRequest { Id = used.FixId, Undo = true }, default);
        (await memory.FindFixesAsync(asked, default)).Fixes[0].Id.ShouldBe(used.FixId);
    }

    [Theory]
    [InlineData("return store.fetch(key)", "return i . i ( i )")]
    [InlineData("  var x = Foo(\"a b\", 12);", "var i = i ( s , n ) ;")]
    [InlineData("'it\\'s' + 'open", "s + s")]
    [InlineData("", "")]
    public void Shape_OfALine_LeavesOutNamesAndLiterals(string line, string shape) => SyntaxShape.Of(line).ShouldBe(shape);

    private static Job Fixed(string id, string before, string after, string error, bool worked)
    {
        var job = Jobs.Succeeded(id, $"Read something {id}", $"def read(key):\n{after}\n");
        job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "tests_failed", Source = "engine", Error = error, Code = $"def read(key):\n{before}\n" });
        job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = worked ? "passed" : "tests_failed", Source = "memory", Error = worked ? "" : error, Code = $"def read(key):\n{after}\n" });
        return job;
    }

    private static async Task<IReadOnlyList<PatternHit>> SearchAsync(PatternLibrary memory) =>
        (await memory.SearchAsync(new SearchRequest { Query = "leap year", WithText = true }, default)).Results;
}

/// <summary>Corrections on SQLite.</summary>
public sealed class SqliteCorrectingTests : CorrectingSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Corrections on PostgreSQL.</summary>
public sealed class PostgreSqlCorrectingTests : CorrectingSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
