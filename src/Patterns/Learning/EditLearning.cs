using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Patterns;

/// <summary>
/// Learns from what people made of a result: the edited text stands in the result's place, is found and is replayed for the same request. No checks were run on
/// it, so it is marked untested. An edit that cannot be applied, or that holds a secret, teaches nothing.
/// </summary>
internal sealed class EditLearning(PatternCatalog catalog, Correction correction)
{
    private const int MaxDiff = 1024 * 1024;

    /// <summary>What an edit made of the job's result; null when there is nothing to learn. Everything that needs the embedder happens here, before the transaction.</summary>
    private async Task<Edit?> PrepareAsync(string tenant, string jobId, string diff, CancellationToken token)
    {
        if (diff.Length == 0)
            return null;
        var known = await catalog.Store.Database.ReadAsync(c => KnownAsync(c, tenant, jobId), token);
        if (known is null || await catalog.Store.ByIdAsync(tenant, known.Pattern, token) is not { } row)
            return null;
        if (UnifiedPatch.Apply([.. StoredResult.Unpack(known.Files)], TextDecoder.Clean(diff)) is not { } files)
            return null;
        var text = string.Join("\n\n", files.Select(f => f.Text));
        if (string.IsNullOrWhiteSpace(text) || text.Length > catalog.Options.MaxResultCharacters || text == row.Text || SecretScan.Find(text) is not null)
            return null;
        var made = (await catalog.Embedder.EmbedAsync([correction.Prepare(row, text)], token))[0];
        return new Edit(known, made, Correction.Replacement(known, made.Row.Id, files));
    }

    /// <summary>The diff of a verdict; empty when it has none to learn from.</summary>
    public static string DiffOf(FeedbackGiven feedback) => feedback.Verdict == Verdicts.Edited && feedback.Diff.Length <= MaxDiff ? feedback.Diff : "";

    /// <summary>Learns from an edit that was noted with its verdict, once the job is learned from: whichever of the two came later.</summary>
    /// <returns>Whether the memory changed.</returns>
    public async Task<bool> LearnWaitingAsync(string tenant, string jobId, CancellationToken token)
    {
        var diff = await catalog.Store.Database.ReadAsync(c => c.ExecuteScalarAsync<string?>("select diff from verdicts where tenant = @tenant and job_id = @jobId and counted = 1 and diff <> ''", new { tenant, jobId }), token);
        if (diff is null)
            return false;
        var edit = await PrepareAsync(tenant, jobId, diff, token);
        return await catalog.Store.Database.WriteAsync(async connection =>
        {
            if (await connection.ExecuteAsync("update verdicts set diff = '' where tenant = @tenant and job_id = @jobId and diff = @diff", new { tenant, jobId, diff }) == 0 || edit is null)
                return false;
            await WriteAsync(connection, tenant, edit, token);
            return true;
        }, token);
    }

    /// <summary>Takes out what an edit made of the job's result, since a later verdict stands in its place. What somebody corrected by its id stays: there the result itself is banned.</summary>
    public async Task TakeBackAsync(DbConnection connection, string tenant, string jobId)
    {
        if (await KnownAsync(connection, tenant, jobId) is { } known && await connection.ExecuteScalarAsync<long>("select count(*) from bans where tenant = @tenant and target = @Pattern", new { tenant, known.Pattern }) == 0)
            await Correction.RemoveAsync(connection, catalog.Writer, tenant, known);
    }

    /// <summary>The result as the job brought it: what was made of it came later.</summary>
    private static Task<StoredResult?> KnownAsync(DbConnection connection, string tenant, string jobId) => connection.QueryFirstOrDefaultAsync<StoredResult>(
        $"select {StoredResult.Columns} from replays where tenant = @tenant and job_id = @jobId order by created_ms, case when exists (select 1 from patterns p where p.tenant = replays.tenant and p.id = replays.pattern and substr(p.path, 1, {Correction.Folder.Length}) = '{Correction.Folder}') then 1 else 0 end", new { tenant, jobId });

    /// <summary>Puts the edited text in the result's place.</summary>
    private async Task WriteAsync(DbConnection connection, string tenant, Edit edit, CancellationToken token)
    {
        if (await Bans.HoldsAsync(connection, tenant, edit.Made.Row.Text))
            return;
        await Correction.RemoveAsync(connection, catalog.Writer, tenant, edit.Known);
        await catalog.Writer.AddAsync(connection, tenant, edit.Made.Row.Project, [edit.Made], token);
        await ResultRows.InsertAsync(connection, tenant, edit.Replacement, catalog.Now);
    }
}

/// <summary>A result and what a person made of it.</summary>
/// <param name="Known">The result.</param>
/// <param name="Made">The edited text as a pattern.</param>
/// <param name="Replacement">What is replayed instead of the result.</param>
internal sealed record Edit(StoredResult Known, PreparedPattern Made, StoredResult Replacement);
