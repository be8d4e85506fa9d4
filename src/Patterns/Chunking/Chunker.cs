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
        return [.. chunks.SelectMany(SizeChunker.Bound).Where(c => c.Text.AsSpan().ContainsAnyExceptInRange('\0', ' '))];
    }

    /// <summary>Reads a text that is one pattern as a whole, such as a record, and finds its name and documentation.</summary>
    public static Chunk Whole(string language, string text, string description)
    {
        var source = new SourceText("", language, text);
        var first = Of(language).Split(source).FirstOrDefault(c => c.Name.Length > 0);
        var comments = CommentReader.Read(language, text);
        var doc = description.Length == 0 ? comments.Comments : $"{description}\n{comments.Comments}";
        return new Chunk("record", first?.Name ?? "", first?.Signature ?? "", doc, text, 1, source.Lines.Count) { Body = comments.Code };
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
