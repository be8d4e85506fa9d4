using System.Runtime.CompilerServices;
using Dapper;
using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>What the ledger holds about a subject: jobs with requests, results and events, dead letters among them, and feedback.</summary>
internal sealed class RouterSubjects([FromKeyedServices(ModuleNames.Router)] Database database, JobSealing sealing, SubjectVault vault, IBus bus) : ISubjectData
{
    private const int Page = 100;
    private const string OfSubject = "select id from jobs where tenant = @tenant and subject = @pseudonym";

    // What hangs on the jobs goes first.
    private static readonly (string Name, string Sql)[] Steps =
    [
        ("job_events", $"delete from job_events where job_id in ({OfSubject})"),
        ("watchers", $"delete from job_watchers where job_id in ({OfSubject})"),
        ("outbox", $"delete from outbox where subject in ({OfSubject}) or subject in (select id from feedback where tenant = @tenant and subject = @pseudonym)"),
        ("idempotency_keys", $"delete from idempotency where tenant = @tenant and subject in ({OfSubject})"),
        ("feedback", "delete from feedback where tenant = @tenant and subject = @pseudonym"),
        ("jobs", "delete from jobs where tenant = @tenant and subject = @pseudonym"),
    ];

    public string Module => ModuleNames.Router;

    public async IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, [EnumeratorCancellation] CancellationToken token)
    {
        var after = "";
        while (await JobsAsync(tenant, pseudonym, after, token) is { Count: > 0 } rows)
        {
            foreach (var row in await sealing.OpenAsync(rows, token))
                yield return new SubjectRecord { Kind = "job", Id = row.Id, AtMs = row.CreatedMs, Json = JsonFormatter.Default.Format(row.ToJob()) };
            after = rows[^1].Id;
        }

        if (await vault.FindAsync(tenant, pseudonym, token) is not { } subject)
            yield break;
        foreach (var row in await FeedbackAsync(tenant, pseudonym, token))
        {
            var given = new FeedbackRequest { JobId = row.JobId, Verdict = row.Verdict, Diff = subject.Open(JobPlaces.Diff(row.Id), row.Diff), Comment = subject.Open(JobPlaces.Comment(row.Id), row.Comment) };
            yield return new SubjectRecord { Kind = "feedback", Id = row.Id, AtMs = row.CreatedMs, Json = JsonFormatter.Default.Format(given) };
        }
    }

    public async Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token)
    {
        var about = new { tenant, pseudonym };
        var running = await database.ReadAsync(async connection => (await connection.QueryAsync<string>($"{OfSubject} and state = 'running'", about)).AsList(), token);
        var erased = await database.WriteAsync(async connection =>
        {
            var counts = new Dictionary<string, long>();
            foreach (var (name, sql) in Steps)
                counts[name] = await connection.ExecuteAsync(sql, about);
            return counts;
        }, token);
        // The leases are gone with the rows; this lets the workers stop at once instead of at their next heartbeat.
        foreach (var job in running)
            await bus.Publish(new CancellationAsked { JobId = job }, token);
        return new DroppedData(erased, []);
    }

    private Task<IReadOnlyList<JobRow>> JobsAsync(string tenant, string pseudonym, string after, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<JobRow>>(async connection => (await connection.QueryAsync<JobRow>(
            $"select {JobRow.Columns} from jobs where tenant = @tenant and subject = @pseudonym and id > @after order by id limit @count",
            new { tenant, pseudonym, after, count = (long)Page })).AsList(), token);

    private Task<IReadOnlyList<FeedbackText>> FeedbackAsync(string tenant, string pseudonym, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<FeedbackText>>(async connection => (await connection.QueryAsync<FeedbackText>(
            "select id as Id, job_id as JobId, verdict as Verdict, diff as Diff, comment as Comment, created_ms as CreatedMs from feedback where tenant = @tenant and subject = @pseudonym order by id",
            new { tenant, pseudonym })).AsList(), token);

    private sealed class FeedbackText
    {
        public string Id { get; set; } = "";

        public string JobId { get; set; } = "";

        public string Verdict { get; set; } = "";

        public string Diff { get; set; } = "";

        public string Comment { get; set; } = "";

        public long CreatedMs { get; set; }
    }
}
