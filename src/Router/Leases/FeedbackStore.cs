using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>Keeps what callers said of results, and announces it through the outbox.</summary>
internal sealed class FeedbackStore([FromKeyedServices(ModuleNames.Router)] Database database, SubjectVault vault, TimeProvider time)
{
    /// <summary>Stores feedback and its outbox row in one transaction.</summary>
    public async Task<string> AddAsync(string tenant, string pseudonym, FeedbackRequest request, CancellationToken token)
    {
        var subject = pseudonym.Length == 0 ? null : await vault.FindAsync(tenant, pseudonym, token)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Job '{request.JobId}' is not known to this tenant."));
        return await database.WriteAsync(async connection =>
        {
            var id = JobId.New(time.GetUtcNow());
            await connection.ExecuteAsync(
                "insert into feedback (id, job_id, tenant, verdict, diff, comment, created_ms, subject) values (@id, @JobId, @tenant, @Verdict, @diff, @comment, @now, @pseudonym)",
                new
                {
                    id,
                    request.JobId,
                    tenant,
                    request.Verdict,
                    diff = subject?.Seal(JobPlaces.Diff(id), request.Diff) ?? request.Diff,
                    comment = subject?.Seal(JobPlaces.Comment(id), request.Comment) ?? request.Comment,
                    now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                    pseudonym,
                });
            await OutboxKinds.AddAsync(connection, OutboxKinds.Feedback, id);
            return id;
        }, token);
    }

    /// <summary>The message of one feedback, or null.</summary>
    public async Task<FeedbackGiven?> FindAsync(string id, CancellationToken token)
    {
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<FeedbackRow>(
            "select job_id as JobId, tenant, verdict, diff, created_ms as CreatedMs, subject from feedback where id = @id", new { id }), token);
        if (row is null)
            return null;
        if (row.Subject.Length > 0)
        {
            if (await vault.FindAsync(row.Tenant, row.Subject, token) is not { } subject)
                return null;
            row.Diff = SubjectText.Shape(subject.Open(JobPlaces.Diff(id), row.Diff));
        }

        return new FeedbackGiven
        {
            FeedbackId = id,
            JobId = row.JobId,
            Tenant = row.Tenant,
            Verdict = row.Verdict,
            Diff = row.Diff,
            AtMs = row.CreatedMs,
        };
    }

    private sealed class FeedbackRow
    {
        public string JobId { get; set; } = "";

        public string Tenant { get; set; } = "";

        public string Verdict { get; set; } = "";

        public string Diff { get; set; } = "";

        public long CreatedMs { get; set; }

        public string Subject { get; set; } = "";
    }
}
