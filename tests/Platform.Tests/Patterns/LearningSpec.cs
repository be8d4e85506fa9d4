using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What the memory learns from closed jobs, on either store.</summary>
public abstract class LearningSpec
{
    private const string Code = "def slugify(title):\n    return '-'.join(title.lower().split())\n";

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Learn_VerifiedResult_IsReplayedForTheSameRequest()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);

        (await memory.LearnAsync(job, default)).ShouldBeTrue();
        var reply = await memory.RecallAsync(Jobs.RecallOf(job), default);

        reply.Exact.ShouldNotBeNull();
        reply.Exact.Files.ShouldHaveSingleItem().Text.ShouldBe(Code);
        reply.Exact.TestsPassed.ShouldBeTrue();
        reply.Exact.JobId.ShouldBe("j1");
        reply.Exact.Similarity.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Recall_WithheldOrNot_TellsWhatMemoryHad(double withheld, bool shows)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = withheld });
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        (await memory.RecallAsync(Jobs.RecallOf(job, "j0"), default)).Found.ShouldBe(0);
        await memory.LearnAsync(job, default);

        var reply = await memory.RecallAsync(Jobs.RecallOf(job, "j2"), default);

        (reply.HasFound, reply.Found > 0, reply.Withheld, reply.Exact is not null).ShouldBe((true, true, !shows, shows));
    }

    [Fact]
    public async Task Learn_ResultWithABlockingFinding_IsRefusedWithTheRule()
    {
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        job.Result.Validation.Files.Add(new FileReport { Path = "a.py", Security = { new SecurityFinding { Rule = "B602", Cwe = "CWE-78", Severity = "high", Blocks = true } } });
        await using var store = MakeStore();
        var memory = await store.OpenAsync();

        await memory.LearnAsync(job, default);

        (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact.ShouldBeNull();
        new WriteGate(new PatternsOptions()).Consider(job).ShouldBe(new GateDecision(false, "A security finding blocks it: B602 CWE-78."));
    }

    [Fact]
    public async Task Learn_SameMessageTwice_ChangesNothing()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        await memory.LearnAsync(job, default);
        var before = await memory.GetStatsAsync("", default);
        var pattern = await OnlyAsync(memory);

        (await memory.LearnAsync(job, default)).ShouldBeFalse();

        var after = await memory.GetStatsAsync("", default);
        (after.Patterns, after.Learned, after.WithoutPatterns).ShouldBe((before.Patterns, before.Learned, before.WithoutPatterns));
        (await OnlyAsync(memory)).Successes.ShouldBe(pattern.Successes);
    }

    [Fact]
    public async Task Learn_SameMessageAtTheSameTime_CountsOnce()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);

        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => memory.LearnAsync(job, default))));

        taken.Count(t => t).ShouldBe(1);
        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(1);
    }

    [Fact]
    public async Task Learn_ManyJobs_KeepsTheWordIndexInFewSegments()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        const int count = 70;
        for (var i = 0; i < count; i++)
            await memory.LearnAsync(Jobs.Succeeded($"j{i}", $"Step number{i} of the walk", $"def walk{i}(step):\n    return step * {i + 2} + number{i}\n"), default);

        var segments = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from segments"), default);
        segments.ShouldBeLessThanOrEqualTo(12, "three for each fourfold of 70");
        for (var i = 0; i < count; i += 23)
        {
            var found = (await memory.SearchAsync(new SearchRequest { Query = $"number{i}", Top = 1, WithText = true }, default)).Results.ShouldHaveSingleItem();
            found.Text.ShouldContain($"walk{i}(");
        }
    }

    [Fact]
    public async Task Learn_SameCodeFromAnotherJob_IsCountedNotStored()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", "Turn a title into a slug", Code), default);

        await memory.LearnAsync(Jobs.Succeeded("j2", "Turn a title into a slug", Code), default);

        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(1);
        (await OnlyAsync(memory)).Successes.ShouldBe(2);
    }

    [Fact]
    public async Task Learn_PatternsThatShowInTheResult_ShareTheOutcome()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.IndexFolderAsync([store.Write("p", ("a.py", Code))], new IndexStart { Project = "p" }, null, default);
        var used = (await memory.SearchAsync(new SearchRequest { Query = "slugify title" }, default)).Results[0];
        var good = Jobs.Succeeded("j1", "slug of a product", "def product_slug(p):\n    return slugify(p.name)\n");
        good.Result.Patterns.Add(new PatternRef { Id = used.Id });
        var bad = Jobs.Succeeded("j2", "make a short name of a person", Code);
        bad.State = JobStates.Failed;
        bad.Result.Patterns.Add(new PatternRef { Id = used.Id });

        await memory.LearnAsync(good, default);
        await memory.LearnAsync(bad, default);

        var pattern = await memory.GetPatternAsync(used.Id, default);
        (pattern!.Hit.Successes, pattern.Hit.Failures).ShouldBe((1, 1));
        pattern.Jobs.Order().ShouldBe(["j1", "j2"]);
        var stats = await memory.GetStatsAsync("", default);
        (stats.WithPatterns, stats.WithPatternsSucceeded).ShouldBe((2, 1));
    }

    [Theory]
    [InlineData("not validated")]
    [InlineData("tests failed")]
    [InlineData("job failed")]
    [InlineData("secret")]
    [InlineData("too short")]
    [InlineData("replay")]
    [InlineData("content")]
    public async Task Learn_WhatIsNotVerified_DoesNotEnter(string why)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        switch (why)
        {
            case "not validated": job.Result.Validation = null; break;
            case "tests failed": job.Result.Tests.Outcome = "failed"; break;
            case "job failed": job.State = JobStates.Failed; break;
            case "secret": job.Result.Code = $"{Code}\napi_key = 'a8f5f167f44f4964e6c998dee827110c'\n"; break;
            case "too short": job.Result.Code = "x=1"; break;
            case "replay": job.Result.Approach = Approaches.Pattern; break;
            case "content": job.Request.Kind = JobKinds.Content; break;
        }

        await memory.LearnAsync(job, default);

        (await memory.GetStatsAsync("", default)).Learned.ShouldBe(0);
        (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact.ShouldBeNull();
    }

    [Fact]
    public async Task Recall_SimulatedResult_IsSeenBySimulatedCallersOnly()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code, simulated: true);
        await memory.LearnAsync(job, default);
        await memory.LearnAsync(Jobs.Succeeded("j2", "Reverse a list in place", "def reverse(items):\n    items.reverse()\n"), default);

        var real = await memory.RecallAsync(Jobs.RecallOf(job), default);
        var simulated = await memory.RecallAsync(Jobs.RecallOf(job, simulated: true), default);

        real.Exact.ShouldBeNull();
        real.Close.ShouldBeNull();
        real.Examples.ShouldAllBe(e => !e.Simulated);
        (await memory.SearchAsync(new SearchRequest { Query = "slugify title" }, default)).Results.ShouldAllBe(r => !r.Simulated);
        simulated.Exact.ShouldNotBeNull();
        simulated.Exact.Simulated.ShouldBeTrue();
        (await memory.ListProjectsAsync(default)).Projects.Single(p => p.Simulated).Name.ShouldBe("simulated");
    }

    [Fact]
    public async Task Recall_NearTask_GivesSomethingToTryAgainstTheTests()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j1", "Write a function slugify that turns a title into a slug", Code), default);
        await memory.LearnAsync(Jobs.Succeeded("j2", "Compute the median of a list of numbers", "def median(numbers):\n    return sorted(numbers)[len(numbers) // 2]\n"), default);

        var near = await memory.RecallAsync(new RecallRequest { WithTests = true, Task = "Write a function slugify turning a title into a slug.", Language = "python", Fingerprint = "none" }, default);
        var far = await memory.RecallAsync(new RecallRequest { WithTests = true, Task = "Parse a configuration file", Language = "python", Fingerprint = "none" }, default);

        near.Exact.ShouldBeNull();
        near.Close.ShouldNotBeNull();
        near.Close.JobId.ShouldBe("j1");
        near.Close.Similarity.ShouldBeInRange(0.8, 1);
        far.Close.ShouldBeNull();
    }

    [Fact]
    public async Task Recall_Budget_IsKept()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var files = Enumerable.Range(0, 12).Select(i => ($"f{i}.py", $"def slug_{i}(title):\n    '''slug of a title'''\n    return {string.Join(" + ", Enumerable.Range(0, 20).Select(n => $"part{i}_{n}(title)"))}\n")).ToArray();
        await memory.IndexFolderAsync([store.Write("p", files)], new IndexStart { Project = "p" }, null, default);

        var reply = await memory.RecallAsync(new RecallRequest { Task = "slug of a title", Top = 10, MaxCharacters = 1000 }, default);

        reply.Examples.ShouldNotBeEmpty();
        reply.Examples.Sum(e => e.Text.Length).ShouldBeLessThanOrEqualTo(1000);
    }

    [Fact]
    public async Task Recall_FailedAttempt_IsRememberedAsFailureAndAsFix()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Read a customer from the store", "def read(store, key):\n    return store.get(key)\n");
        job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "tests_failed", Source = "engine", Error = "AttributeError: 'Store' object has no attribute 'fetch'", Code = "def read(store, key):\n    return store.fetch(key)\n" });
        job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = "passed", Source = "engine", Code = "def read(store, key):\n    return store.get(key)\n" });

        await memory.LearnAsync(job, default);
        var recall = await memory.RecallAsync(new RecallRequest { Task = "Read an order from the store", Language = "python" }, default);
        var fixes = await memory.FindFixesAsync(new FindFixesRequest { Language = "py", Message = "AttributeError: 'Basket' object has no attribute 'load'" }, default);

        recall.Failures.ShouldHaveSingleItem().ShouldContain("AttributeError");
        recall.Examples.ShouldAllBe(e => e.Kind != "failure");
        var fix = fixes.Fixes.ShouldHaveSingleItem();
        (fix.Before.Trim(), fix.After.Trim()).ShouldBe(("return store.fetch(key)", "return store.get(key)"));
        (fix.Successes, fix.Failures).ShouldBe((1, 0));
    }

    [Fact]
    public async Task FindFixes_StepThatSaidWhy_IsExplainedByWhatItSaid()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Fixed("j1", "engine", ""), default);
        var before = await ExplainedAsync();

        await memory.LearnAsync(Fixed("j2", "rule", "The object has no such member. Its method is called get."), default);
        await memory.LearnAsync(Fixed("j3", "memory", "The object has no such member. Told from memory."), default);
        await memory.LearnAsync(Fixed("j4", "engine", ""), default);
        await memory.LearnFixesAsync(new LearnFixesRequest { Fixes = { new TriedFix { Language = "python", Error = "AttributeError: 'Store' object has no attribute 'fetch'", Before = "    return store.fetch(key)", After = "    return store.get(key)", Worked = true } } }, default);

        before.ShouldBe("It answered: AttributeError: 'Store' object has no attribute 'fetch'");
        (await ExplainedAsync()).ShouldBe("The object has no such member. Its method is called get.");

        static Job Fixed(string id, string source, string explanation)
        {
            var job = Jobs.Succeeded(id, "Read a customer from the store", "def read(store, key):\n    return store.get(key)\n");
            job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "invalid", Source = "engine", Error = "AttributeError: 'Store' object has no attribute 'fetch'", Code = "def read(store, key):\n    return store.fetch(key)\n" });
            job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = "passed", Source = source, Code = job.Result.Code, Explanation = explanation });
            return job;
        }

        async Task<string> ExplainedAsync() =>
            (await memory.FindFixesAsync(new FindFixesRequest { Language = "py", Message = "AttributeError: 'Basket' object has no attribute 'load'" }, default)).Fixes.ShouldHaveSingleItem().Explanation;
    }

    [Fact]
    public async Task Feedback_Rejected_IsNeverReplayedAgain_AndCountsOnce()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync();
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        await memory.LearnAsync(job, default);
        var feedback = new FeedbackGiven { FeedbackId = "f1", JobId = "j1", Tenant = "default", Verdict = Verdicts.Rejected, Diff = "", AtMs = 1 };

        (await memory.LearnAsync(feedback, default)).ShouldBeTrue();
        (await memory.LearnAsync(feedback, default)).ShouldBeFalse();

        (await memory.RecallAsync(Jobs.RecallOf(job), default)).Exact.ShouldBeNull();
        (await OnlyAsync(memory)).Failures.ShouldBe(1);
    }

    [Fact]
    public async Task Recall_WithJob_IsCountedOnceAndWithheldFromAFew()
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = 0.5 });
        var job = Jobs.Succeeded("j1", "Turn a title into a slug", Code);
        await memory.LearnAsync(job, default);

        var withheld = 0;
        for (var i = 0; i < 40; i++)
        {
            var reply = await memory.RecallAsync(Jobs.RecallOf(job, $"job-{i}"), default);
            var again = await memory.RecallAsync(Jobs.RecallOf(job, $"job-{i}"), default);
            again.Withheld.ShouldBe(reply.Withheld);
            (reply.Exact is null).ShouldBe(reply.Withheld);
            withheld += reply.Withheld ? 1 : 0;
        }

        withheld.ShouldBeInRange(8, 32);
        var stats = await memory.GetStatsAsync("", default);
        (stats.Recalls, stats.Hits).ShouldBe((40 - withheld, 40 - withheld));
    }

    private static async Task<PatternHit> OnlyAsync(PatternLibrary memory) =>
        (await memory.SearchAsync(new SearchRequest { Query = "slugify title", Kind = "result" }, default)).Results.ShouldHaveSingleItem();
}

/// <summary>Learning on SQLite.</summary>
public sealed class SqliteLearningTests : LearningSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>Learning on PostgreSQL.</summary>
public sealed class PostgreSqlLearningTests : LearningSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
