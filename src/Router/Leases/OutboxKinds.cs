using System.Data.Common;
using Platform.Storage;

namespace Platform.Router;

/// <summary>What a row of the ledger's outbox announces. One message per kind and subject.</summary>
internal static class OutboxKinds
{
    /// <summary>A job is closed; the subject is the job.</summary>
    public const string JobClosed = "job_closed";

    /// <summary>Feedback was given; the subject is the feedback.</summary>
    public const string Feedback = "feedback";

    /// <summary>Adds a message inside the transaction of the change it belongs to.</summary>
    public static Task AddAsync(DbConnection connection, string kind, string subject) => Outbox.AddAsync(connection, $"{kind}:{subject}", kind, subject);
}
