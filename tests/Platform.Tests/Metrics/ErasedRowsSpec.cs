using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Metrics;
using Platform.Metrics.Recording;
using Platform.Metrics.Rollups;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>What goes: rows of a person that is erased, and rows that are older than they are kept. On either engine.</summary>
public abstract class ErasedRowsSpec(bool onServer)
{
    private const string Person = "subject-1";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly long Noon = SampleJobs.Noon.ToUnixTimeMilliseconds();

    [Fact]
    public async Task DropAsync_ThenTheSameMessagesAgain_CountsNothingTwiceAndBringsNobodyBack()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        JobRow[] jobs = [Row("about", Person), Row("other", "subject-2"), Row("nobody", "")];
        PostFigures[] posts = [Post("p1", Person), Post("p2", "")];
        FeedbackRow[] feedback = [new("f1", "about", "default", Verdicts.Accepted, Noon, 0, 0)];
        await folder.Store.AddAsync(jobs, feedback, [], posts, Token);

        var dropped = await new MetricsSubjects(folder.Database).DropAsync("default", Person, Token);
        var fresh = await folder.Store.AddAsync(jobs, feedback, [], [posts[0] with { Version = 2 }, posts[1]], Token);

        dropped.Erased.ShouldBe(new Dictionary<string, long> { ["jobs"] = 1, ["feedback"] = 1, ["pieces"] = 1 }, ignoreOrder: true);
        fresh.ShouldBeEmpty();
        (await folder.Query.TotalAsync(new FiguresScope("default", Noon - 3_600_000, Noon + 3_600_000), Token))[Counter.Jobs].ShouldBe(3);
        foreach (var table in new[] { "jobs", "pieces", "erased" })
            (await TextAsync(folder, table)).ShouldNotContain(Person);
        (await CountAsync(folder, "pieces")).ShouldBe(1);
    }

    [Fact]
    public async Task DropAsync_OfAnotherTenantsPerson_TouchesNothing()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        await folder.Store.AddAsync([Row("about", Person)], [], [], [Post("p1", Person)], Token);
        (await new MetricsSubjects(folder.Database).DropAsync("other", Person, Token)).Erased.Values.Sum().ShouldBe(0);
        (await CountAsync(folder, "jobs")).ShouldBe(1);
    }

    [Fact]
    public async Task SweepAsync_RemovesWhatIsOlderThanItsKindIsKept_AndNothingElse()
    {
        await using var folder = await FiguresFolder.CreateAsync(onServer);
        var (old, recent) = (SampleJobs.Noon.AddDays(-100), SampleJobs.Noon.AddDays(-1));
        foreach (var at in new[] { old, recent })
        {
            var ms = at.ToUnixTimeMilliseconds();
            var job = SampleJobs.Job($"job{ms}", JobStates.Succeeded, Approaches.Mcp, 10, at);
            job.Result.FailedEngines.Add("e");
            await folder.Store.AddAsync([JobRow.Of(SampleJobs.Message(job))], [new($"f{ms}", job.Id, "default", Verdicts.Accepted, ms, 0, 0)],
                [new($"e{ms}", "default", "p", "click", 1, ms)], [Post($"p{ms}", "") with { CreatedMs = ms }], Token);
            folder.Time.Now = at;
            await folder.Alerts.OpenAsync("default", new Platform.Metrics.Alerts.BudgetRule(1), new Platform.Metrics.Alerts.Measurement(2, 1, "over"), Token);
            await folder.Alerts.CloseAsync((await folder.Alerts.ListAsync("default", all: false, Token)).Single(), Token);
        }

        folder.Time.Now = SampleJobs.Noon;
        using var housekeeping = new Housekeeping(folder.Database, folder.Options, folder.Time, NullLogger<Housekeeping>.Instance);
        var removed = await housekeeping.SweepAsync(Token);

        removed.ShouldBeGreaterThan(0);
        foreach (var table in new[] { "jobs", "feedback", "engagement", "pieces", "alerts" })
            (await CountAsync(folder, table)).ShouldBe(1, table);
        (await CountAsync(folder, "engine_minutes where failed > 0")).ShouldBe(1);
        // Of the old job the roll-ups of an hour (400 days) and a day (for good) stay; of the recent one all four.
        (await StepsAsync(folder)).ShouldBe([(10, 1), (60, 1), (3600, 2), (86400, 2)]);
        (await housekeeping.SweepAsync(Token)).ShouldBe(0, "the second time there is nothing left to do");
    }

    private static JobRow Row(string id, string subject)
    {
        var row = JobRow.Of(SampleJobs.Message(SampleJobs.Job(id, JobStates.Succeeded, Approaches.Mcp, 10, SampleJobs.Noon)));
        row.Subject = subject;
        return row;
    }

    private static PostFigures Post(string id, string subject) =>
        new() { Tenant = "default", PostId = id, Version = 1, SubjectId = subject, Platform = "x", State = "ready", CreatedMs = Noon, AtMs = Noon };

    private static Task<long> CountAsync(FiguresFolder folder, string from) => folder.Database.ReadAsync(c => c.ExecuteScalarAsync<long>($"select count(*) from {from}"), Token);

    private static Task<string> TextAsync(FiguresFolder folder, string table) =>
        folder.Database.ReadAsync(async c => string.Join('\n', (await c.QueryAsync($"select * from {table}")).Select(row => string.Join(' ', ((IDictionary<string, object>)row).Values))), Token);

    private static Task<List<(long Step, long Rows)>> StepsAsync(FiguresFolder folder) =>
        folder.Database.ReadAsync(async c => (await c.QueryAsync<(long, long)>("select step_seconds, count(*) from rollups group by step_seconds order by step_seconds")).AsList(), Token);
}

/// <summary>What goes, in SQLite.</summary>
public sealed class ErasedRowsOnSqliteSpec() : ErasedRowsSpec(onServer: false);

/// <summary>What goes, in PostgreSQL.</summary>
public sealed class ErasedRowsOnServerSpec() : ErasedRowsSpec(onServer: true);
