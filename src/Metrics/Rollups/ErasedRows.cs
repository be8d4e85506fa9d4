using System.Data.Common;
using Dapper;

using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>
/// Ids of jobs and posts that were erased with their person. The bus may bring a message again: without its row it would be taken for new, counted
/// twice, and the pseudonym would be back. An id is kept as long as the message would be counted at all.
/// </summary>
internal static class ErasedRows
{
    private const string JobMark = "job/";

    /// <summary>Notes what is about to be erased; <paramref name="about"/> holds tenant and pseudonym.</summary>
    public static async Task NoteAsync(DbConnection connection, object about, CancellationToken token)
    {
        foreach (var sql in new[]
        {
            $"insert into erased (id, tenant, at_ms) select '{JobMark}' || job_id, tenant, closed_ms from jobs where {MetricsSubjects.OfSubject} on conflict do nothing",
            $"insert into erased (id, tenant, at_ms) select 'post/' || tenant || '/' || post_id, tenant, created_ms from pieces where {MetricsSubjects.OfSubject} on conflict do nothing",
        })
            await connection.ExecuteAsync(new CommandDefinition(sql, about, cancellationToken: token));
    }

    /// <summary>The jobs that were not erased. Only those about a person can have been.</summary>
    public static async Task<List<JobRow>> WithoutAsync(DbConnection connection, List<JobRow> jobs, CancellationToken token)
    {
        var erased = await FindAsync(connection, jobs.Where(j => j.Subject.Length > 0).Select(j => JobMark + j.JobId), token);
        return erased.Count == 0 ? jobs : [.. jobs.Where(j => !erased.Contains(JobMark + j.JobId))];
    }

    /// <summary>The posts that were not erased.</summary>
    public static async Task<IReadOnlyList<Contracts.Messages.PostFigures>> WithoutAsync(DbConnection connection, IReadOnlyList<Contracts.Messages.PostFigures> posts, CancellationToken token)
    {
        static string Mark(Contracts.Messages.PostFigures post) => $"post/{post.Tenant}/{post.PostId}";
        var erased = await FindAsync(connection, posts.Where(p => p.SubjectId.Length > 0).Select(Mark), token);
        return erased.Count == 0 ? posts : [.. posts.Where(p => !erased.Contains(Mark(p)))];
    }

    private static async Task<HashSet<string>> FindAsync(DbConnection connection, IEnumerable<string> ids, CancellationToken token)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(BulkInsert.RowsPerStatement(connection, 1)))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select id from erased where id in ({string.Join(", ", chunk.Select((_, i) => FormattableString.Invariant($"@i{i}")))})";
            for (var i = 0; i < chunk.Length; i++)
                command.Add(FormattableString.Invariant($"@i{i}"), chunk[i]);
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                found.Add(reader.GetString(0));
        }

        return found;
    }
}
