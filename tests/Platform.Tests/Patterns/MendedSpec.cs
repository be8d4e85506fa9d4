using Dapper;
using Platform.Contracts;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Who may be told what, and how a mistake is mended, on either store.</summary>
public abstract class MendedSpec
{
    private const string Slug = "def make_slug(title):\n    return title.strip().lower()\n";
    private const string Secret = "password = 'h4ckm3h4ckm3h4ckm3'";

    protected abstract StoreUnderTest MakeStore();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_ForAGeneration_SeesItsProjectAndWhatIsShared()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        foreach (var (project, shared) in new[] { ("own", false), ("open", true), ("closed", false) })
            await memory.IndexFolderAsync([store.Write(project, ("a.py", $"def slug_{project}(title):\n    return title.{project}()\n"))], new IndexStart { Project = project, Shared = shared }, null, Token);

        (await memory.SearchAsync(new SearchRequest { Query = "slug title", Project = "own", WithShared = true }, Token)).Results.Select(r => r.Project).Order().ShouldBe(["open", "own"]);
        (await memory.SearchAsync(new SearchRequest { Query = "slug title", Project = "own" }, Token)).Results.Select(r => r.Project).ShouldBe(["own"]);
    }

    [Fact]
    public async Task Fixes_OfAnotherProject_AreToldOnlyWhenItIsShared_AndForgottenWithIt()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Fixed("j1", "private"), Token);
        var ask = new FindFixesRequest { Language = "python", Message = "AttributeError: 'Basket' object has no attribute 'load'", Project = "other" };

        (await memory.FindFixesAsync(ask, Token)).Fixes.ShouldBeEmpty();
        (await memory.FindFixesAsync(new FindFixesRequest(ask) { Project = "private" }, Token)).Fixes.ShouldHaveSingleItem();
        await memory.SetProjectAsync(new SetProjectRequest { Project = "private", Shared = true }, Token);
        (await memory.FindFixesAsync(ask, Token)).Fixes.ShouldHaveSingleItem();
        await memory.LearnAsync(Fixed("j2", "other"), Token);
        (await memory.FindFixesAsync(ask, Token)).Fixes.ShouldHaveSingleItem().Successes.ShouldBe(2);

        await memory.ForgetAsync(new ForgetRequest { Project = "private" }, Token);
        (await memory.FindFixesAsync(ask, Token)).Fixes.ShouldHaveSingleItem().Successes.ShouldBe(1);
        await memory.ForgetAsync(new ForgetRequest { Project = "other" }, Token);
        (await memory.FindFixesAsync(new FindFixesRequest(ask) { Project = "" }, Token)).Fixes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Learn_SecretInTaskOrError_LeavesNoneOfIt()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", $"Connect with {Secret}", Slug), Token);
        var failed = Jobs.Succeeded("j2", "Make a slug", Slug);
        failed.Result.Attempts.Add(new Attempt { Number = 1, Error = $"ValueError: {Secret}", Code = "x", Outcome = "tests_failed" });
        failed.Result.Attempts.Add(new Attempt { Number = 2, Error = "TypeError: no", Code = "y", Outcome = "tests_failed" });
        await memory.LearnAsync(failed, Token);

        (await store.Database.ReadAsync(c => c.QueryAsync<string>("select text || doc || name from patterns"), Token)).ShouldAllBe(t => !t.Contains("h4ckm3", StringComparison.Ordinal));
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from patterns"), Token)).ShouldBe(2, "the result of the second job and its other failure");
    }

    [Fact]
    public async Task Feedback_RejectedByMistake_CanBeTakenBack()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        await memory.LearnAsync(job, Token);
        var recall = Jobs.RecallOf(job);

        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Rejected), Token);
        (await memory.RecallAsync(recall, Token)).Exact.ShouldBeNull();
        await memory.LearnAsync(EvidenceSpec.Feedback("f2", "j1", Verdicts.Accepted), Token);

        var back = (await memory.RecallAsync(recall, Token)).Exact;
        back.ShouldNotBeNull();
        var hit = (await memory.GetPatternAsync(back.PatternId, Token))!;
        (hit.Hit.Failures, hit.SuccessEstimate > 0.6).ShouldBe((0, true));
    }

    [Fact]
    public async Task Feedback_EditedWithADiff_TheEditedTextIsReplayedUntested()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        await memory.LearnAsync(job, Token);
        (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact.TestsTrust.ShouldBe("caller");

        const string Diff = "--- a/slug.py\n+++ b/slug.py\n@@ -1,2 +1,2 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    return title.strip().lower().replace(' ', '-')\n";
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = Diff }, Token);

        var exact = (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact;
        exact.Files.Single().Text.ShouldContain("replace(' ', '-')");
        (exact.TestsPassed, exact.TestsTrust).ShouldBe((false, "none"));
        (await memory.SearchAsync(new SearchRequest { Query = "make a slug" }, Token)).Results[0].Successes.ShouldBe(1);
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Verdicts.Accepted, true)]
    [InlineData(Verdicts.Rejected, false)]
    [InlineData(Verdicts.Edited, false)]
    public async Task Feedback_EditTakenBack_TheEditIsReplayedNoMore(string later, bool replayed)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        await memory.LearnAsync(job, Token);
        const string Diff = "@@ -1,2 +1,2 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    return title.strip().lower().replace(' ', '-')\n";
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = Diff }, Token);

        await memory.LearnAsync(EvidenceSpec.Feedback("f2", "j1", later), Token);

        var exact = (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact;
        exact?.Files.Single().Text.ShouldBe(Slug);
        (exact is not null).ShouldBe(replayed);
        (await memory.SearchAsync(new SearchRequest { Query = "make a slug" }, Token)).Results.ShouldHaveSingleItem();
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no diff at all")]
    [InlineData("@@ -1,3 +1,3 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    return title\n")]
    [InlineData("@@ -1,2 +1,2 @@\n def another(title):\n-    return 1\n+    return 2\n")]
    [InlineData("@@ -1,2 +1,2 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    api_key = 'k3yk3yk3yk3y12345678'\n")]
    [InlineData("@@ -99999999,2 +1,2 @@\n-x\n+y\n")]
    [InlineData("@@ -\u0663 +\u0661 @@\n-x\n+y\n")]
    public async Task Feedback_EditThatDoesNotFitOrHoldsASecret_TeachesNothingButTheVerdict(string diff)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        await memory.LearnAsync(job, Token);

        (await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = diff }, Token)).ShouldBeTrue();

        (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact.ShouldBeNull();
        (await memory.SearchAsync(new SearchRequest { Query = "make a slug" }, Token)).Results.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Feedback_EditThatOvertakesItsJob_IsLearnedWhenTheJobComes()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Slug);
        const string Diff = "@@ -1,2 +1,2 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    return title.strip().lower().replace(' ', '-')\n";
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = Diff }, Token);

        await memory.LearnAsync(job, Token);

        var exact = (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact;
        (exact.Files[0].Text.Contains("replace(' ', '-')", StringComparison.Ordinal), exact.TestsPassed).ShouldBe((true, false));
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from verdicts where diff <> ''"), Token)).ShouldBe(0);
        (await memory.LearnAsync(job, Token)).ShouldBeFalse();
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Feedback_EditThatComesWithItsJob_IsLearnedWhicheverWasFirst()
    {
        await using var store = MakeStore();
        var (jobs, feedback) = (await store.OpenAsync(), await store.OpenAsync());
        for (var i = 0; i < 12; i++)
        {
            var number = (char)('a' + i);
            var job = Jobs.Succeeded($"j{i}", $"Make {number}", $"def make_{number}(title):\n    return title.upper_{number}().lower_{number}().strip_{number}()\n");
            var edit = EvidenceSpec.Feedback($"f{i}", job.Id, Verdicts.Edited) with { Diff = $"@@ -1,1 +1,2 @@\n def make_{number}(title):\n+    title = title.strip()\n" };

            await Task.WhenAll(Task.Run(() => jobs.LearnAsync(job, Token), Token), Task.Run(() => feedback.LearnAsync(edit, Token), Token));

            (await jobs.RecallAsync(Jobs.RecallOf(job), Token)).Exact.Files[0].Text.ShouldContain("title = title.strip()", customMessage: job.Id);
        }

        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from verdicts where counted = 0 or diff <> ''"), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Feedback_EndedBeforeItsEdit_LearnsItWhenItComesAgain()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        const string Diff = "@@ -1,2 +1,2 @@\n def make_slug(title):\n-    return title.strip().lower()\n+    return title.strip().lower().replace(' ', '-')\n";
        await memory.LearnAsync(job, Token);
        await store.Database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("insert into handled (tenant, event, at_ms) values ('default', 'feedback:f1', 1)");
            await c.ExecuteAsync("insert into verdicts (tenant, job_id, verdict, counted, diff, at_ms) values ('default', 'j1', 'edited', 1, @Diff, 1)", new { Diff });
        }, Token);

        (await memory.LearnAsync(EvidenceSpec.Feedback("f1", "j1", Verdicts.Edited) with { Diff = Diff }, Token)).ShouldBeFalse();

        (await memory.RecallAsync(Jobs.RecallOf(job), Token)).Exact.Files[0].Text.ShouldContain("replace(' ', '-')");
    }

    [Fact]
    public async Task Index_CodeThatUsesPackages_IsTaggedByThem()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("shop",
            ("a.py", "import numpy as np\nfrom os import path\n\n\ndef mean(values):\n    return np.mean(values)\n\n\ndef plain(values):\n    return values\n"),
            ("b.ts", "import { get } from 'axios';\n\nexport function load(url: string) {\n  return get(url);\n}\n"),
            ("c.go", "package c\n\nimport (\n\t\"net/http\"\n)\n\nfunc Fetch() {\n\thttp.Get(\"x\")\n}\n"),
            ("D.java", "package d;\n\nimport java.util.List;\n\nclass D {\n    List<String> all() {\n        return null;\n    }\n}\n"),
            ("e.rs", "use tokio::fs::{File, self};\n\nfn read() {\n    File::open();\n}\n"),
            ("F.cs", "public class F\n{\n    public HttpClient Make() => new HttpClient();\n}\n"))], new IndexStart { Project = "shop" }, null, Token);

        foreach (var (tag, path) in new[] { ("api:numpy", "a.py"), ("api:axios", "b.ts"), ("api:net/http", "c.go"), ("api:java.util", "D.java"), ("api:tokio", "e.rs"), ("api:system.net.http", "F.cs") })
        {
            var found = (await memory.SearchAsync(new SearchRequest { Query = "anything", Tag = tag }, Token)).Results;
            found.ShouldNotBeEmpty(tag);
            found.ShouldAllBe(r => r.Path == path && r.Name != "plain");
        }
    }

    [Fact]
    public async Task Search_WithExcerpt_ShowsTheLinesThatSayMost()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var body = string.Concat(Enumerable.Range(0, 30).Select(i => i == 20 ? "    # Sends the invoice to the customer.\n    mail_invoice(customer)\n" : $"    step_{i}(order)\n"));
        await memory.IndexFolderAsync([store.Write("shop", ("a.py", $"import mail\n\ndef close_order(order, customer):\n{body}"))], new IndexStart { Project = "shop" }, null, Token);

        var hit = (await memory.SearchAsync(new SearchRequest { Query = "invoice customer", WithExcerpt = true }, Token)).Results[0];

        hit.Excerpt.ShouldContain("mail_invoice(customer)");
        hit.Text.ShouldBeEmpty();
        File.ReadAllLines(Path.Combine(store.Folder, "shop/a.py"))[hit.ExcerptLine - 1].TrimEnd().ShouldBe(hit.Excerpt.Split('\n')[0]);
    }

    [Fact]
    public async Task Recommend_OtherNamespaceAndType_AreNamedWithWhatIsNearest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const string Theirs = "namespace Shop.Orders;\n\npublic class OrderRepository\n{\n    public int Count()\n    {\n        return 3;\n    }\n\n    public Order FindOverdue(string customer)\n    {\n        return Rows(customer);\n    }\n\n    public void Close()\n    {\n        Rows(null);\n    }\n}\n";
        await memory.IndexFolderAsync([store.Write("theirs", ("Orders/OrderRepository.cs", Theirs))], new IndexStart { Project = "theirs", Shared = true, Licence = "MIT" }, null, Token);
        await memory.IndexFolderAsync([store.Write("mine", ("InvoiceRepository.cs", Theirs.Replace("Shop.Orders", "Web.Orders", StringComparison.Ordinal).Replace("OrderRepository", "LateOrderRepository", StringComparison.Ordinal)))], new IndexStart { Project = "mine" }, null, Token);

        var notes = (await memory.RecommendAsync(new RecommendRequest { Task = "find overdue orders of a customer", Project = "mine" }, Token)).Results.First(r => r.Name.EndsWith("FindOverdue", StringComparison.Ordinal)).Notes;

        notes.ShouldContain("Its namespace is Shop.Orders; mine has Web.Orders.");
        notes.ShouldContain("It belongs to OrderRepository, which mine does not have; the nearest type is LateOrderRepository.");
    }

    [Fact]
    public async Task Search_BannedAmongTheBest_IsReadOnce()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("shop", ("a.py", Slug), ("b.py", "def slug_of(book):\n    return book.slug\n"))], new IndexStart { Project = "shop" }, null, Token);
        await memory.BanAsync(new BanRequest { Id = (await memory.SearchAsync(new SearchRequest { Query = "make slug title" }, Token)).Results[0].Id }, Token);

        (await memory.SearchAsync(new SearchRequest { Query = "make slug title" }, Token)).Results.Select(r => r.Name).ShouldBe(["slug_of"]);
    }

    [Fact]
    public async Task Retention_UnusedResultsAndOldNotes_GoAndTheRestStays()
    {
        await using var store = MakeStore();
        var time = new Ticking();
        var core = new PatternCore(store.Database, Path.Combine(store.Folder, "vectors"), new WordEmbedder(), new PatternsOptions { RetentionDays = 30, BookkeepingDays = 60 }, time);
        var memory = await store.OpenAsync(time: time);
        await memory.IndexFolderAsync([store.Write("shop", ("a.py", Slug))], new IndexStart { Project = "shop" }, null, Token);
        await memory.LearnAsync(Jobs.Succeeded("old", "Read a file", "def read(path):\n    return open(path).read()\n"), Token);
        time.Now += TimeSpan.FromDays(59);
        await memory.LearnAsync(EvidenceSpec.Feedback("f1", "no-code", Verdicts.Edited) with { Diff = "@@ -1 +1 @@\n-a\n+b\n" }, Token);
        time.Now += TimeSpan.FromDays(3);
        await memory.LearnAsync(Jobs.Succeeded("new", "Write a file", "def write(path):\n    open(path, 'w').write('x')\n"), Token);

        using var retention = new Retention(core.Catalog, Microsoft.Extensions.Logging.Abstractions.NullLogger<Retention>.Instance);
        (await retention.RunAsync(Token)).ShouldBe(1);

        (await store.Database.ReadAsync(c => c.QueryAsync<string>("select path from patterns order by path"), Token)).ShouldBe(["a.py", "results/new"]);
        (await store.Database.ReadAsync(c => c.QueryAsync<string>("select job_id from outcomes"), Token)).ShouldBe(["new"]);
        (await store.Database.ReadAsync(c => c.QueryAsync<string>("select job_id || diff from verdicts"), Token)).ShouldBe(["no-code"], "the verdict stays, the text that it waited with does not");
        await core.DisposeAsync();
    }

    private static Job Fixed(string id, string project)
    {
        var job = Jobs.Succeeded(id, "Read a customer from the store", $"def read_{id}(store, key):\n    return store.get(key)\n", project: project);
        job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "tests_failed", Source = "engine", Error = "AttributeError: 'Store' object has no attribute 'fetch'", Code = "def read(store, key):\n    return store.fetch(key)\n" });
        job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = "passed", Source = "engine", Code = "def read(store, key):\n    return store.get(key)\n" });
        return job;
    }

    private sealed class Ticking : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteMendedTests : MendedSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();

    [Fact]
    public async Task Forget_OnePattern_LeavesTheWordIndexOfOtherProjectsAlone()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("a", ("a.py", "def zanzibar(x):\n    return x\n"))], new IndexStart { Project = "a" }, null, default);
        await memory.IndexFolderAsync([store.Write("b", ("b.py", "def other(x):\n    return x\n"))], new IndexStart { Project = "b" }, null, default);
        Task<IEnumerable<string>> SegmentsAsync() => store.Database.ReadAsync(c => c.QueryAsync<string>("select id from segments where project = 'b'"), default);
        var before = await SegmentsAsync();

        await memory.ForgetAsync(new ForgetRequest { PatternId = (await memory.SearchAsync(new SearchRequest { Query = "zanzibar", Project = "a" }, default)).Results[0].Id }, default);

        (await SegmentsAsync()).ShouldBe(before);
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from postings where term like 'zanzibar%'"), default)).ShouldBe(0);
    }

    [Fact]
    public async Task Snapshot_CommitInBetween_IsNotSeen()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("a", ("a.py", "def zanzibar(x):\n    return x\n"))], new IndexStart { Project = "a" }, null, default);

        var (segments, postings) = await Platform.Patterns.Snapshot.ReadAsync(store.Database, async connection =>
        {
            var before = (await connection.QueryAsync<string>("select id from segments")).ToList();
            await store.Database.WriteAsync(c => c.ExecuteAsync("delete from postings; delete from segments"), default);
            return (before, (await connection.QueryAsync<string>("select distinct segment from postings")).ToList());
        }, default);

        postings.ShouldBe(segments);
        (await memory.SearchAsync(new SearchRequest { Query = "zanzibar" }, default)).Results.ShouldBeEmpty();
    }

    [Fact]
    public void Scores_FewPatternsUnderHighNumbers_TakeMemoryByThePatterns()
    {
        using var sparse = new NumberScores(50_000_000, 100);
        sparse.IsSparse.ShouldBeTrue();
        sparse[49_999_999] += 2;
        sparse[7] += 1;
        using var few = new NumberScores(1000, 3);
        using var many = new NumberScores(2_000_000, 1_900_000);
        (few.IsSparse, many.IsSparse).ShouldBe((false, false));

        sparse.Best(null, [], 5).Select(s => s.Number).ShouldBe([49_999_999, 7]);
        sparse.Best(null, [7], 5).Select(s => s.Number).ShouldBe([49_999_999]);
        (sparse.Of(7), sparse.Of(8), sparse.Of(60_000_000)).ShouldBe((1, 0, 0));
    }

    [Fact]
    public void Dependencies_OwnVersionAndEngine_AreNoPackages() =>
        Dependencies.Of("package.json", """{"name": "x", "version": "1.0.0", "engines": {"node": ">=20"}, "dependencies": {"express": "^4.0.0"}}""").ShouldBe(["express"]);
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlMendedTests : MendedSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
