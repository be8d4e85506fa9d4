using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Learns from what people made of a result: the edited text stands in the result's place, is found and is replayed for the same request. No checks were run on
/// it, so it is marked untested. An edit that cannot be applied, or that holds a secret, teaches nothing.
/// </summary>
internal sealed class EditLearning(PatternCatalog catalog, Correction correction)
{
    private const int MaxDiff = 1024 * 1024;

    /// <summary>What an edit made of the job's result; null when there is nothing to learn. Everything that needs the embedder happens here, before the transaction.</summary>
    public async Task<Edit?> PrepareAsync(FeedbackGiven feedback, CancellationToken token)
    {
        if (feedback.Verdict != Verdicts.Edited || feedback.Diff.Length is 0 or > MaxDiff)
            return null;
        var known = await catalog.Store.Database.ReadAsync(c => c.QueryFirstOrDefaultAsync<StoredResult>(
            $"select {StoredResult.Columns} from replays where tenant = @Tenant and job_id = @JobId order by created_ms", new { feedback.Tenant, feedback.JobId }), token);
        if (known is null || await catalog.Store.ByIdAsync(feedback.Tenant, known.Pattern, token) is not { } row)
            return null;
        if (UnifiedPatch.Apply([.. StoredResult.Unpack(known.Files)], TextDecoder.Clean(feedback.Diff)) is not { } files)
            return null;
        var text = string.Join("\n\n", files.Select(f => f.Text));
        if (string.IsNullOrWhiteSpace(text) || text.Length > catalog.Options.MaxResultCharacters || text == row.Text || SecretScan.Find(text) is not null)
            return null;
        return new Edit(known, (await catalog.Embedder.EmbedAsync([correction.Prepare(row, text)], token))[0], files);
    }

    /// <summary>Puts the edited text in the result's place.</summary>
    public async Task WriteAsync(DbConnection connection, string tenant, Edit edit, CancellationToken token)
    {
        if (await Bans.HoldsAsync(connection, tenant, edit.Made.Row.Text))
            return;
        await Correction.RemoveAsync(connection, catalog.Writer, tenant, edit.Known.Pattern);
        await catalog.Writer.AddAsync(connection, tenant, edit.Made.Row.Project, [edit.Made], token);
        await correction.ReplaceResultAsync(connection, tenant, edit.Known, edit.Made.Row.Id, edit.Files);
    }
}

/// <summary>A result and what a person made of it.</summary>
/// <param name="Known">The result.</param>
/// <param name="Made">The edited text as a pattern.</param>
/// <param name="Files">The edited files.</param>
internal sealed record Edit(StoredResult Known, PreparedPattern Made, IReadOnlyList<SourceFile> Files);
