using Platform.V1;

namespace Platform.Patterns;

/// <summary>Learns from edits that were tried outside of jobs: by a command or an editor's tool, verified there. The same edit of the same text counts once.</summary>
internal sealed class TriedFixes(PatternCatalog catalog)
{
    private const int MaxFixes = 50;
    private const int MaxEdit = 2_000;
    private const int MaxWords = 4_000;

    /// <summary>Stores or counts them; nothing where the settings say that such edits are not kept.</summary>
    /// <exception cref="ArgumentException">There are too many, or a field is missing, unusable or too long.</exception>
    public async Task<LearnFixesReply> LearnAsync(string tenant, LearnFixesRequest request, CancellationToken token)
    {
        if (request.Fixes.Count > MaxFixes)
            throw new ArgumentException($"Field 'fixes' has {request.Fixes.Count} entries; the limit is {MaxFixes}.");
        foreach (var fix in request.Fixes)
            Guard(fix);
        var project = request.Project.Length > 0 ? request.Project : SearchScope.DefaultProject;
        PatternCatalog.CheckProject(project);
        if (!catalog.Options.LearnFixes)
            return new LearnFixesReply { LeftOut = request.Fixes.Count };
        var kept = request.Fixes.Select(Cleaned).Where(fix => fix.Before != fix.After && SecretScan.Find($"{fix.Error}\n{fix.Code}\n{fix.Before}\n{fix.After}\n{fix.Explanation}") is null).ToList();
        var learned = kept.Count == 0 ? 0 : await catalog.Store.Database.WriteAsync(async connection =>
        {
            await PatternStore.HoldTenantAsync(connection, tenant, catalog.Embedder.Identity);
            await PatternStore.EnsureProjectAsync(connection, tenant, project, simulated: false, catalog.Embedder.Identity, catalog.Now);
            var count = 0;
            foreach (var fix in kept)
            {
                var occasion = PatternPreparer.HashOf($"{project}\0{fix.Language}\0{fix.Error}\0{fix.Before}\0{fix.After}\0{fix.Occasion}\0{fix.Worked}")[..32];
                if (!await JobLearning.FirstTimeAsync(connection, tenant, $"fix:{occasion}", catalog.Now))
                    continue;
                var code = fix.Code.Length > 0 ? fix.Code : ErrorSignature.CodeOf(fix.Error);
                var made = new LearnedFix(code, ErrorSignature.Of(code, fix.Error), fix.Before, fix.After, fix.Explanation, fix.Worked, fix.FromMemory);
                await FixMemory.WriteAsync(connection, tenant, project, Languages.Normalise(fix.Language), made, simulated: false, catalog.Now);
                count++;
            }

            if (count > 0)
                await FixLimits.KeepAsync(connection, tenant, catalog.Options.MaxFixes);
            return count;
        }, token);
        if (learned > 0)
            await catalog.EvictAsync(token);
        return new LearnFixesReply { Learned = learned, LeftOut = request.Fixes.Count - learned };
    }

    private static TriedFix Cleaned(TriedFix fix) => new()
    {
        Language = TextDecoder.Clean(fix.Language),
        Code = TextDecoder.Clean(fix.Code),
        Error = TextDecoder.Clean(fix.Error),
        Before = TextDecoder.Clean(fix.Before),
        After = TextDecoder.Clean(fix.After),
        Explanation = TextDecoder.Clean(fix.Explanation),
        Occasion = fix.Occasion,
        Worked = fix.Worked,
        FromMemory = fix.FromMemory,
    };

    private static void Guard(TriedFix fix)
    {
        if (fix.Error.Length == 0)
            throw new ArgumentException("Field 'fixes.error' is empty; give the error as 'code: message'.");
        if (fix.Before.Length + fix.After.Length > MaxEdit)
            throw new ArgumentException($"Fields 'fixes.before' and 'fixes.after' have {fix.Before.Length + fix.After.Length} characters; the limit is {MaxEdit}.");
        foreach (var (name, text) in new[] { ("error", fix.Error), ("code", fix.Code), ("explanation", fix.Explanation), ("occasion", fix.Occasion), ("language", fix.Language) })
        {
            if (text.Length > MaxWords)
                throw new ArgumentException($"Field 'fixes.{name}' has {text.Length} characters; the limit is {MaxWords}.");
        }
    }
}
