using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Puts a corrected text in a pattern's place: the old one is banned, the new one is found, recalled and replayed from now on. It stands on a path
/// of its own, so that indexing the file again neither brings the mistake back nor drops the correction.
/// </summary>
internal sealed class Correction(PatternCatalog catalog, IPatternIndex index)
{
    /// <summary>Where corrections stand in their project.</summary>
    public const string Folder = "corrections/";

    /// <returns>What stands in its place; null when there is no such pattern.</returns>
    /// <exception cref="ArgumentException">The text is empty, too long, the same, or holds a secret; or the pattern cannot be corrected.</exception>
    public async Task<CorrectReply?> RunAsync(string tenant, CorrectRequest request, CancellationToken token)
    {
        Bans.Check(request.Reason);
        var text = TextDecoder.Clean(request.Text);
        if (string.IsNullOrWhiteSpace(text) || text.Length > catalog.Options.MaxResultCharacters)
            throw new ArgumentException($"Field 'text' has {text.Length} characters; give 1 to {catalog.Options.MaxResultCharacters}, not only white space.");
        if (SecretScan.Find(text) is { } secret)
            throw new ArgumentException($"Field 'text' holds a {secret}; the memory keeps none.");
        if (await catalog.Store.ByIdAsync(tenant, request.PatternId, token) is not { } row)
            return null;
        if (row.Kind == PatternKinds.Failure || row.Text == text)
            throw new ArgumentException(row.Text == text ? "Field 'text' is the text the pattern has." : $"Pattern '{row.Id}' is a known failure, which has no text to correct; ban it instead.");
        var known = await catalog.Store.Database.ReadAsync(c => c.QuerySingleOrDefaultAsync<StoredResult>(
            $"select {StoredResult.Columns} from results where tenant = @tenant and pattern = @Id and rejected = 0", new { tenant, row.Id }), token);
        if (known?.ToResult(1).Files.Count > 1)
            throw new ArgumentException($"Pattern '{row.Id}' is a result of several files; ban it and ask again instead.");
        var made = (await catalog.Embedder.EmbedAsync([Prepare(row, text)], token))[0];
        var replacement = known is null ? null : Replacement(known, made.Row.Id, [.. StoredResult.Unpack(known.Files).Select(f => new SourceFile { Path = f.Path, Language = f.Language, Text = text })]);
        await catalog.Store.Database.WriteAsync(async connection =>
        {
            await Bans.BanPatternAsync(connection, tenant, row, request.Reason, catalog.Now);
            await (known is null ? RemoveAsync(connection, catalog.Writer, tenant, row.Id) : RemoveAsync(connection, catalog.Writer, tenant, known));
            await catalog.Writer.AddAsync(connection, tenant, row.Project, [made], token);
            if (replacement is not null)
                await ResultRows.InsertAsync(connection, tenant, replacement, catalog.Now);
        }, token);
        await index.SyncAsync(tenant, token);
        return new CorrectReply { PatternId = row.Id, CorrectedBy = made.Row.Id, Replayed = known is not null };
    }

    /// <summary>Takes the corrections of a pattern out again.</summary>
    public static async Task RemoveAsync(DbConnection connection, PatternWriter writer, string tenant, string pattern) => await RemoveAsync(
        connection, writer, tenant, [.. await connection.QueryAsync<PatternRow>("select id as Id, number as Number from patterns where tenant = @tenant and path = @path", new { tenant, path = Folder + pattern })]);

    private static async Task RemoveAsync(DbConnection connection, PatternWriter writer, string tenant, IReadOnlyList<PatternRow> old)
    {
        await writer.RemoveAsync(connection, tenant, [.. old.Select(o => o.Number)]);
        await ResultRows.DeleteAsync(connection, writer.Dialect, tenant, old.Select(o => o.Id));
    }

    /// <summary>Takes out what an earlier edit made of the same request's result; what was made for other requests of the pattern stays.</summary>
    public static async Task RemoveAsync(DbConnection connection, PatternWriter writer, string tenant, StoredResult known) => await RemoveAsync(connection, writer, tenant, [.. await connection.QueryAsync<PatternRow>(
        """
        select p.id as Id, p.number as Number from patterns p join results r on r.tenant = p.tenant and r.pattern = p.id
        where p.tenant = @tenant and p.path = @path and r.fingerprint = @Fingerprint
        """, new { tenant, path = Folder + known.Pattern, known.Fingerprint })]);

    /// <summary>A person wrote it: it begins with the evidence of an accepted result.</summary>
    public Draft Prepare(PatternRow row, string text)
    {
        var chunk = Chunker.Whole(row.Language, text, row.Kind == PatternKinds.Result ? row.Doc : "") with { Kind = row.Kind };
        if (chunk.Doc.Length == 0)
            chunk = chunk with { Doc = row.Doc };
        if (row.Name.Length > 0)
            chunk = chunk with { Name = row.Name };
        var draft = new PatternPreparer(catalog.Embedder, row.Project, row.Simulated != 0, catalog.Now).Prepare(Folder + row.Id, row.Language, [chunk], row.Record, row.JobId)[0];
        (draft.Row.Won, draft.Row.Successes, draft.Row.WeighedMs, draft.Row.Licence) = (Evidence.Of(Verdicts.Accepted).Won, 1, catalog.Now, row.Licence);
        return draft;
    }

    /// <summary>What is replayed instead of a result. The tests of the old text say nothing of the new one.</summary>
    public static StoredResult Replacement(StoredResult known, string pattern, IReadOnlyList<SourceFile> files) => new StoredResult
    {
        Pattern = pattern,
        Fingerprint = known.Fingerprint,
        Project = known.Project,
        Language = known.Language,
        Task = known.Task,
        Files = StoredResult.Pack(files),
        TestsTrust = "none",
        Simulated = known.Simulated,
        JobId = known.JobId,
    }.Sketched();
}
