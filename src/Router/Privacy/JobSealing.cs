using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Seals what the ledger keeps of jobs that are about a person, and opens it for whoever may see the job. A job whose subject was erased is
/// not there any more, even before its row is gone. Jobs about nobody pass through untouched.
/// </summary>
internal sealed class JobSealing([FromKeyedServices(ModuleNames.Router)] Database database, SubjectVault vault)
{
    /// <summary>The key a request is to be sealed under; null when it names no subject.</summary>
    public async Task<SubjectKey?> KeyAsync(string tenant, GenerateRequest request, CancellationToken token) =>
        request.SubjectId.Length == 0 ? null : await vault.UseAsync(tenant, request.SubjectId, token);

    /// <summary>The request of a new job as it is stored.</summary>
    public static byte[] Seal(NewJob job) => Seal(job.Subject, JobPlaces.Request(job.Id), job.Request.ToByteArray())!;

    /// <summary>Bytes as they are stored.</summary>
    public static byte[]? Seal(SubjectKey? subject, string place, byte[]? bytes) => bytes is null || subject is null ? bytes : subject.Seal(place, bytes);

    /// <summary>The text so far as it is stored; null when a renewal brings none.</summary>
    public static string? Seal(SubjectKey? subject, RenewRequest request) =>
        request.Snapshot is null || subject is null ? request.Snapshot?.Text : subject.Seal(JobPlaces.Snapshot(request.JobId), request.Snapshot.Text);

    /// <summary>
    /// Writes for a job about nobody first, which costs nothing more than before; only when no row fits is the job's subject looked up, and the
    /// write tried again under its key.
    /// </summary>
    public async Task<JobRow?> TryAsync(string jobId, Func<SubjectKey?, Task<JobRow?>> write, CancellationToken token)
    {
        if (await write(null) is { } done)
            return done;
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<SnapshotRow>(
            "select tenant as Tenant, subject as Subject from jobs where id = @jobId and subject <> ''", new { jobId }), token);
        return row is not null && await vault.FindAsync(row.Tenant, row.Subject, token) is { } subject ? await write(subject) : null;
    }

    /// <summary>Opens a job; null when there is none, or its subject was erased.</summary>
    public async Task<JobRow?> OpenAsync(JobRow? row, CancellationToken token)
    {
        if (row is null || row.Subject.Length == 0)
            return row;
        if (await vault.FindAsync(row.Tenant, row.Subject, token) is not { } subject)
            return null;
        row.Request = subject.Open(JobPlaces.Request(row.Id), row.Request);
        row.Result = row.Result is null ? null : subject.Open(JobPlaces.Result(row.Id), row.Result);
        row.Failure = row.Failure is null ? null : subject.Open(JobPlaces.Failure(row.Id), row.Failure);
        return row;
    }

    /// <summary>Opens jobs; those of erased subjects are left out.</summary>
    public async Task<IReadOnlyList<JobRow>> OpenAsync(IReadOnlyList<JobRow> rows, CancellationToken token)
    {
        if (rows.All(row => row.Subject.Length == 0))
            return rows;
        var open = new List<JobRow>(rows.Count);
        foreach (var row in rows)
        {
            if (await OpenAsync(row, token) is { } there)
                open.Add(there);
        }

        return open;
    }

    /// <summary>Opens the course of a job in place; false when its subject was erased.</summary>
    public async Task<bool> OpenAsync(string jobId, SnapshotRow snapshot, IReadOnlyList<EventRow> events, CancellationToken token)
    {
        if (snapshot.Subject.Length == 0)
            return true;
        if (await vault.FindAsync(snapshot.Tenant, snapshot.Subject, token) is not { } subject)
            return false;
        snapshot.Text = snapshot.Text is null ? null : subject.Open(JobPlaces.Snapshot(jobId), snapshot.Text);
        foreach (var each in events)
            each.Event = subject.Open(JobPlaces.Event(jobId, each.Number), each.Event);
        return true;
    }

    /// <summary>
    /// The message of a closed job. About a person it carries figures in the open and the whole sealed, so that no copy on the broker, in a dead
    /// letter for instance, outlives the subject's key. Null when the subject is erased.
    /// </summary>
    public async Task<JobClosed?> CloseAsync(JobRow row, CancellationToken token)
    {
        var job = row.ToJob();
        if (row.Subject.Length == 0)
            return new JobClosed { JobId = row.Id, Tenant = row.Tenant, Job = job.ToByteArray() };
        return await vault.FindAsync(row.Tenant, row.Subject, token) is { } subject
            ? new JobClosed { JobId = row.Id, Tenant = row.Tenant, Job = SubjectText.Figures(job).ToByteArray(), SubjectId = row.Subject, Sealed = subject.Seal(JobClosed.PlaceOf(row.Id), job.ToByteArray()) }
            : null;
    }
}
