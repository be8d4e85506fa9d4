namespace Platform.Patterns;

/// <summary>A piece of a file that makes sense alone.</summary>
/// <param name="Kind">Such as "method", "function", "class", "section" or "block".</param>
/// <param name="Name">Name of the member with what surrounds it; empty when it has none.</param>
/// <param name="Signature">Its first line or lines: parameters and types.</param>
/// <param name="Doc">Documentation and comments, without their marks.</param>
/// <param name="Text">The text as it stands.</param>
/// <param name="StartLine">First line, from 1.</param>
/// <param name="EndLine">Last line.</param>
internal sealed record Chunk(string Kind, string Name, string Signature, string Doc, string Text, int StartLine, int EndLine)
{
    /// <summary>The code without its documentation.</summary>
    public string Body { get; init; } = Text;
}

/// <summary>Splits a file into chunks.</summary>
internal interface IChunker
{
    IReadOnlyList<Chunk> Split(SourceText source);
}

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
