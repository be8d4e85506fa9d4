namespace Platform.Patterns;

/// <summary>Anything else by size, with an overlap so that nothing is cut from its context; also keeps long members within bounds.</summary>
internal sealed class SizeChunker : IChunker
{
    private const int Lines = 40;
    private const int Overlap = 8;
    private const int MaxLines = 200;
    private const int MaxCharacters = 12_000;

    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var name = Path.GetFileNameWithoutExtension(source.Path);
        var chunks = new List<Chunk>();
        for (var from = 0; from < source.Lines.Count; from += Lines - Overlap)
        {
            var to = Math.Min(from + Lines, source.Lines.Count) - 1;
            chunks.Add(Chunk.Of(source, "block", name, "", from, to));
            if (to == source.Lines.Count - 1)
                break;
        }

        return chunks;
    }

    /// <summary>The chunk itself, or pieces of it when it is too long.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="language">Language of its file.</param>
    public static IEnumerable<Chunk> Bound(Chunk chunk, string language)
    {
        var lines = chunk.EndLine - chunk.StartLine + 1;
        if (lines <= MaxLines && chunk.Text.Length <= MaxCharacters)
            return [chunk];
        return Pieces(chunk, language);
    }

    private static IEnumerable<Chunk> Pieces(Chunk chunk, string language)
    {
        var lines = chunk.Text.Split('\n');
        for (var from = 0; from < lines.Length;)
        {
            var to = from;
            var length = Math.Min(lines[from].Length, MaxCharacters);
            while (to + 1 < lines.Length && to - from + 1 < MaxLines && length + lines[to + 1].Length < MaxCharacters)
                length += lines[++to].Length + 1;
            var text = string.Join('\n', lines, from, to - from + 1);
            text = Cut(text);
            var parts = chunk.Kind == MarkdownChunker.Section ? new CommentedCode("", "", text) : CommentReader.Read(language, text);
            yield return chunk with { Text = text, Body = parts.Code, Remarks = parts.Remarks, Doc = from == 0 ? Cut(chunk.Doc) : "", StartLine = chunk.StartLine + from, EndLine = chunk.StartLine + to };
            from = to + 1;
        }
    }

    /// <summary>No half of a surrogate pair is left at the end.</summary>
    private static string Cut(string text) => text.Length <= MaxCharacters ? text : text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
}
