using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>Keeps what callers said of results, and announces it through the outbox.</summary>
internal sealed class FeedbackStore([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    /// <summary>Stores feedback and its outbox row in one transaction.</summary>
    public Task<string> AddAsync(string tenant, FeedbackRequest request, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var id = JobId.New(time.GetUtcNow());
            await connection.ExecuteAsync(
                "insert into feedback (id, job_id, tenant, verdict, diff, comment, created_ms) values (@id, @JobId, @tenant, @Verdict, @Diff, @Comment, @now)",
                new { id, request.JobId, tenant, request.Verdict, request.Diff, request.Comment, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
            await OutboxStore.AddAsync(connection, OutboxKinds.Feedback, id);
            return id;
        }, token);

    /// <summary>The message of one feedback, or null.</summary>
    public Task<FeedbackGiven?> FindAsync(string id, CancellationToken token) =>
        database.ReadAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<FeedbackRow>(
                "select job_id as JobId, tenant, verdict, diff, created_ms as CreatedMs from feedback where id = @id", new { id });
            return row is null ? null : new FeedbackGiven
            {
                FeedbackId = id,
                JobId = row.JobId,
                Tenant = row.Tenant,
                Verdict = row.Verdict,
                Diff = row.Diff,
                AtMs = row.CreatedMs,
            };
        }, token);

    private sealed class FeedbackRow
    {
        public string JobId { get; set; } = "";

        public string Tenant { get; set; } = "";

        public string Verdict { get; set; } = "";

        public string Diff { get; set; } = "";

        public long CreatedMs { get; set; }
    }
}
