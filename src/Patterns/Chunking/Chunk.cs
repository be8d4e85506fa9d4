namespace Platform.Patterns;

/// <summary>A piece of a file that makes sense alone.</summary>
/// <param name="Kind">Such as "method", "function", "class", "section" or "block".</param>
/// <param name="Name">Name of the member with what surrounds it; empty when it has none.</param>
/// <param name="Signature">Its first line or lines: parameters and types.</param>
/// <param name="Doc">Documentation, without its marks.</param>
/// <param name="Text">The text as it stands.</param>
/// <param name="StartLine">First line, from 1.</param>
/// <param name="EndLine">Last line.</param>
internal sealed record Chunk(string Kind, string Name, string Signature, string Doc, string Text, int StartLine, int EndLine)
{
    /// <summary>Names of all members, where there are several.</summary>
    public string Names { get; init; } = Name;

    /// <summary>Comments inside the code, without their marks.</summary>
    public string Remarks { get; init; } = "";

    /// <summary>The code without documentation and comments.</summary>
    public string Body { get; init; } = Text;

    /// <summary>Namespace or package it stands in; empty where there is none.</summary>
    public string Space { get; init; } = "";

    /// <summary>The chunk that a stored pattern was made of.</summary>
    public static Chunk Again(PatternRow row)
    {
        // What came whole, from people and from jobs, is read whole; its names are those of all its members.
        if (row.Kind is PatternKinds.Record or PatternKinds.Result || row.Path.StartsWith(Correction.Folder, StringComparison.Ordinal))
            return Chunker.Whole(row.Language, row.Text, "") with { Kind = row.Kind, Name = row.Name, Doc = row.Doc };
        var plain = row.Kind is PatternKinds.Failure or MarkdownChunker.Section;
        var parts = plain ? new CommentedCode("", "", row.Text) : CommentReader.Read(row.Language, row.Text);
        // Rows of before signatures were kept have none; members always had one.
        var signature = row.Signature.Length > 0 || row.Kind is "block" or "statement" or "module" || plain ? row.Signature : row.Text[..Math.Max(0, row.Text.IndexOf('\n'))];
        return new Chunk(row.Kind, row.Name, signature, row.Doc, row.Text, (int)row.StartLine, (int)row.EndLine) { Remarks = parts.Remarks, Body = parts.Code, Space = row.Space };
    }

    /// <summary>A chunk of lines from..to, counted from 0, with what is said about it set apart.</summary>
    public static Chunk Of(SourceText source, string kind, string name, string signature, int from, int to)
    {
        var text = source.Slice(from, to);
        var parts = CommentReader.Read(source.Language, text);
        return new Chunk(kind, name, signature, parts.Doc, text, from + 1, to + 1) { Remarks = parts.Remarks, Body = parts.Code };
    }
}

/// <summary>Splits a file into chunks.</summary>
internal interface IChunker
{
    IReadOnlyList<Chunk> Split(SourceText source);

    /// <summary>Names and signatures of what a text declares, the longest first.</summary>
    IReadOnlyList<Declared> Declarations(SourceText source) =>
        [.. Split(source).Where(c => c.Name.Length > 0).OrderByDescending(c => c.Text.Length).Select(c => new Declared(c.Name, c.Signature))];
}

/// <summary>What a text declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Its parameters and types.</param>
internal readonly record struct Declared(string Name, string Signature);

/// <summary>A text by lines.</summary>
internal sealed class SourceText
{
    private readonly string[] _lines;

    public SourceText(string path, string language, string text)
    {
        (Path, Language, Text) = (path, language, text);
        _lines = text.Split('\n');
        for (var i = 0; i < _lines.Length; i++)
            _lines[i] = _lines[i].TrimEnd('\r');
    }

    public string Path { get; }

    public string Language { get; }

    public string Text { get; }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Lines from..to, counted from 0, the last one included.</summary>
    public string Slice(int from, int to) => string.Join('\n', _lines, from, to - from + 1);
}
