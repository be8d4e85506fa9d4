namespace Platform.Patterns;

/// <summary>A file with its patterns, which may lack their vectors.</summary>
internal sealed record DraftedFile(IncomingFile File, string Language, List<Draft> Drafts);

/// <summary>Reads a file or a record and prepares its patterns. Not thread-safe; one a thread.</summary>
internal sealed class FileDrafter(PatternPreparer preparer, Func<string, bool> isKnown, Action<string> skip)
{
    /// <returns>The patterns; none for a known file that is no source any more; null for a new one.</returns>
    public DraftedFile? Draft(IncomingFile file)
    {
        if (file.Record is { } record)
        {
            var spoken = Languages.Normalise(record.Language);
            var (code, text) = (TextDecoder.Clean(record.Code), TextDecoder.Clean(record.Text));
            return new DraftedFile(file, spoken, preparer.Prepare(file.Path, spoken, [Chunker.Whole(spoken, code.Length > 0 ? code : text, code.Length > 0 ? text : "")], record.Id, imports: Imports.Of(spoken, code)));
        }

        var language = Languages.Of(file.Path);
        if (FolderWalker.Read(file.Path, file.Content.Span, out var reason) is { } source)
            return new DraftedFile(file, language, preparer.Prepare(file.Path, language, Chunker.Split(file.Path, language, source), imports: Imports.Of(language, source)));
        skip(reason!);
        return isKnown(file.Path) ? new DraftedFile(file, language, []) : null;
    }
}
