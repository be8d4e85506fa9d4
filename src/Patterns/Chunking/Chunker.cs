namespace Platform.Patterns;

/// <summary>Chooses how a file is split, and keeps every chunk within bounds.</summary>
internal static class Chunker
{
    private static readonly CSharpChunker CSharp = new();
    private static readonly PythonChunker Python = new();
    private static readonly MarkdownChunker Markdown = new();
    private static readonly SqlChunker Sql = new();
    private static readonly SizeChunker Size = new();

    /// <summary>Chunks of a file in the order of their lines. Text that no structure covers is not lost: what is between members belongs to a "file" chunk.</summary>
    public static IReadOnlyList<Chunk> Split(string path, string language, string text)
    {
        var source = new SourceText(path, language, text);
        var chunks = Of(language).Split(source);
        if (chunks.Count == 0)
            chunks = Size.Split(source);
        var space = Spaces.Of(language, text);
        return [.. chunks.Select(c => c with { Space = space }).SelectMany(c => SizeChunker.Bound(c, language)).Where(c => c.Text.AsSpan().ContainsAnyExceptInRange('\0', ' '))];
    }

    /// <summary>Reads a text that is one pattern as a whole, such as a record, and finds its names and documentation.</summary>
    public static Chunk Whole(string language, string text, string description)
    {
        var source = new SourceText("", language, text);
        var declared = Of(language).Declarations(source);
        var parts = CommentReader.Read(language, text);
        var doc = description.Length == 0 ? parts.Doc : $"{description}\n{parts.Doc}";
        return new Chunk("record", declared.Count == 0 ? "" : declared[0].Name, string.Join('\n', declared.Select(d => d.Signature)), doc, text, 1, source.Lines.Count)
        {
            Names = string.Join(' ', declared.Select(d => d.Name).Distinct(StringComparer.Ordinal)),
            Remarks = parts.Remarks,
            Body = parts.Code,
        };
    }

    private static IChunker Of(string language) => language switch
    {
        "csharp" => CSharp,
        "python" => Python,
        "markdown" => Markdown,
        "sql" => Sql,
        _ => BlockChunker.For(language) is { } blocks ? blocks : Size,
    };
}
