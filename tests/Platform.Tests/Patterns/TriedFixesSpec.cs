using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Fixes that were tried outside of jobs, and those of before errors were written as today, on either store.</summary>
public abstract class TriedFixesSpec
{
    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task LearnFixes_VerifiedEdit_IsToldForTheSameError_AndCountsOnceForOneText()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var fix = Tried("b.py(3,5): AttributeError: AttributeError: 'Basket' object has no attribute 'load'", "basket.load()", "basket.read()");

        (await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { fix } }, default)).ShouldBe(new LearnFixesReply { Learned = 1 });
        (await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { fix } }, default)).ShouldBe(new LearnFixesReply { LeftOut = 1 });

        var known = await memory.FindFixesAsync(new FindFixesRequest { Language = "python", Code = "AttributeError", Message = "'Cart' object has no attribute 'load'", Line = "basket.load()" }, default);
        (known.Fixes.Single().After, known.Fixes[0].Successes).ShouldBe(("basket.read()", 1));
    }

    [Fact]
    public async Task LearnFixes_OfAProjectThatWasNotKnown_MakesItKnown()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync("fresh");

        await memory.LearnFixesAsync(new LearnFixesRequest { Project = "shop", Fixes = { Tried("NameError: name 'a' is not defined", "a", "b") } }, default);

        (await memory.ListProjectsAsync(default)).Projects.Single().Name.ShouldBe("shop");
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from tenants where tenant = 'fresh'"), default)).ShouldBe(1);
    }

    [Fact]
    public async Task LearnFixes_MoreThanAreKept_TheLeastUsefulGo()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { MaxFixes = 100 });
        var (bad, good) = (Tried("NameError: name 'bad' is not defined", "bad(0)", "worse(0)"), Tried("NameError: name 'good' is not defined", "good(0)", "best(0)"));
        bad.Worked = false;
        await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { good } }, default);
        good.Occasion = "once more";
        await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { good, bad } }, default);

        for (var i = 0; i < 4; i++)
            await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { Enumerable.Range(0, 40).Select(k => Tried($"KeyError: 'k{i}'", $"read({i}, {k})", $"get({i}, {k})")) } }, default);

        var kept = (await store.Database.ReadAsync(c => c.QueryAsync<string>("select before_line from fixes"), default)).ToList();
        kept.Count.ShouldBeInRange(80, 100);
        (kept.Contains("good(0)"), kept.Contains("bad(0)")).ShouldBe((true, false));
        kept.Count(b => b.StartsWith("read(3,", StringComparison.Ordinal)).ShouldBe(40);
    }

    [Fact]
    public async Task LearnFixes_StoreGrownByFixes_GivesFixesAndNotEveryPattern()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { MaxMebibytes = 5 });
        await memory.IndexFolderAsync([store.Write("p", Enumerable.Range(0, 40).Select(i => ($"f{i}.py", $"def function_{i}(value):\n    return value * {i}\n")).ToArray())], new IndexStart { Project = "p" }, null, default);

        for (var i = 0; i < 40; i++)
        {
            await memory.LearnFixesAsync(new LearnFixesRequest
            {
                Fixes = { Enumerable.Range(0, 25).Select(k => Tried($"KeyError: 'k{i}'", $"read({i}, {k}, '{new string('x', 1900)}')", "get()")) },
            }, default);
        }

        var fixes = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from fixes"), default);
        var left = (await memory.GetStatsAsync("", default)).Patterns;
        if (store is SqliteStore)
            (fixes, left).ShouldSatisfyAllConditions(f => f.fixes.ShouldBeInRange(100, 900), f => f.left.ShouldBeGreaterThan(5));
        else
            (fixes, left).ShouldBe((1000, 40));
    }

    [Fact]
    public async Task LearnFixes_EditThatFailed_IsNamedAndNotProposed()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var fix = Tried("a.cs(1,1): CS0103: The name 'x' does not exist in the current context", "x = 1;", "y = 1;");
        fix.Worked = false;

        await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { fix } }, default);

        // The compiler's id stands before the message in one place and beside it in another.
        var known = await memory.FindFixesAsync(new FindFixesRequest { Language = "python", Code = "CS0103", Message = "The name 'y' does not exist in the current context" }, default);
        (known.Fixes.Count, known.Failed.Single().After).ShouldBe((0, "y = 1;"));
    }

    [Fact]
    public async Task LearnFixes_SecretOrSwitchedOff_KeepsNothing()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var secret = Tried("NameError: name 'key' is not defined", "call(key)", "call('sk-ant-api03-h4ckm3h4ckm3h4ckm3h4ckm3h4ckm3h4ckm3')");

        (await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { secret } }, default)).Learned.ShouldBe(0);
        await Should.ThrowAsync<ArgumentException>(memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { Tried("", "a", "b") } }, default));

        await using var other = MakeStore();
        var silent = await other.OpenAsync(options: new PatternsOptions { LearnFixes = false });
        (await silent.LearnFixesAsync(new LearnFixesRequest { Fixes = { Tried("NameError: name 'a' is not defined", "a", "b") } }, default)).Learned.ShouldBe(0);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("code")]
    public async Task LearnFixes_SecretInTheError_KeepsNothing(string field)
    {
        const string Secret = "api_key = 'h4ckm3h4ckm3h4ckm3h4'";
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var fix = Tried(field == "error" ? $"NameError: {Secret}" : "NameError: name 'a' is not defined", "a", "b");
        fix.Code = field == "code" ? Secret : "";

        (await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { fix } }, default)).ShouldBe(new LearnFixesReply { LeftOut = 1 });
    }

    [Theory]
    [InlineData("simulated")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public async Task LearnFixes_UnusableProject_IsRefused(string project)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();

        (await Should.ThrowAsync<ArgumentException>(memory.LearnFixesAsync(new LearnFixesRequest { Project = project, Fixes = { Tried("NameError: no", "a", "b") } }, default))).Message.ShouldContain("'project'");
    }

    [Fact]
    public async Task LearnFixes_NulInAnyField_IsTakenOut()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var fix = new TriedFix { Language = "py\0", Code = "E\0", Error = "E\0: no\0", Before = "a\0", After = "b\0", Explanation = "c\0", Occasion = "d\0", Worked = true };

        (await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { fix } }, default)).Learned.ShouldBe(1);

        (await store.Database.ReadAsync(c => c.QuerySingleAsync<string>("select language || code || signature || before_line || after_line || explanation from fixes"), default)).ShouldNotContain('\0');
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repair_FixesOfBeforeErrorsWereWrittenAsToday_AreKnownAgainAndABanHolds(bool metSince)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const string Error = "CS0103: The name 'x' does not exist in the current context";
        var asked = new FindFixesRequest { Language = "python", Message = Error };
        await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { Tried(Error, "x = 1;", "y = 1;") } }, default);
        var id = (await memory.FindFixesAsync(asked, default)).Fixes.ShouldHaveSingleItem().Id;
        await store.Database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("update fixes set id = 'old', signature = 'CS0103: cs0: the name ''_'' does not exist in the current context'");
            await c.ExecuteAsync("insert into fix_uses (tenant, job_id, fix, worked, at_ms) values ('default', 'j1', 'old', 1, 1)");
            await c.ExecuteAsync("insert into fixes (tenant, id, project, language, code, signature, before_line, after_line, explanation, successes, failures, simulated, created_ms) select tenant, 'older', project, language, 'NameError', 'nameerror: no ''_''', before_line, after_line, explanation, 1, 0, 0, 1 from fixes");
        }, default);
        await memory.BanAsync(new BanRequest { Id = "old" }, default);
        if (metSince)
        {
            var again = Tried(Error, "x = 1;", "y = 1;");
            again.Occasion = "another";
            await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { again } }, default);
        }

        (await memory.CheckAsync(false, default)).Problems.ShouldHaveSingleItem().ShouldContain("2 fixes");
        (await memory.CheckAsync(true, default)).Ok.ShouldBeTrue();

        (await memory.FindFixesAsync(asked, default)).Fixes.ShouldBeEmpty();
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<string>("select fix from fix_uses"), default)).ShouldBe(id);
        await memory.BanAsync(new BanRequest { Id = id, Undo = true }, default);
        var known = (await memory.FindFixesAsync(asked, default)).Fixes.ShouldHaveSingleItem();
        (known.Id, known.Signature, known.Successes).ShouldBe((id, "CS0103: the name '_' does not exist in the current context", metSince ? 2 : 1));
        (await memory.FindFixesAsync(new FindFixesRequest { Language = "python", Message = "NameError: no 'q'" }, default)).Fixes.ShouldHaveSingleItem().Signature.ShouldBe("NameError: no '_'");
    }

    private static TriedFix Tried(string error, string before, string after) =>
        new() { Language = "python", Error = error, Before = before, After = after, Explanation = "It is named so.", Worked = true, Occasion = "text" };
}

/// <summary>Tried fixes on SQLite.</summary>
public sealed class SqliteTriedFixesTests : TriedFixesSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Tried fixes on PostgreSQL.</summary>
public sealed class PostgreSqlTriedFixesTests : TriedFixesSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
