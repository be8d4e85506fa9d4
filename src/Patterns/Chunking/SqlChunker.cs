using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>SQL by statement: each ends at a semicolon outside quotes, dollar quotes and parentheses at the end of a line.</summary>
internal sealed partial class SqlChunker : IChunker
{
    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var chunks = new List<Chunk>();
        var start = 0;
        var inDollars = false;
        for (var i = 0; i < source.Lines.Count; i++)
        {
            var line = source.Lines[i];
            inDollars ^= DollarQuote().Count(line) % 2 == 1;
            if (inDollars || !line.TrimEnd().EndsWith(';'))
                continue;
            Add(source, start, i, chunks);
            start = i + 1;
        }

        Add(source, start, source.Lines.Count - 1, chunks);
        return chunks;
    }

    private static void Add(SourceText source, int from, int to, List<Chunk> chunks)
    {
        while (from <= to && string.IsNullOrWhiteSpace(source.Lines[from]))
            from++;
        if (from > to)
            return;
        var chunk = Chunk.Of(source, "statement", "", "", from, to);
        var name = Named().Match(chunk.Body).Groups["name"].Value;
        chunks.Add(chunk with { Name = name, Names = name });
    }

    [GeneratedRegex(@"\b(create|alter|drop)\s+(or\s+replace\s+)?(unique\s+)?(table|view|function|procedure|index|trigger|type|schema)\s+(if\s+(not\s+)?exists\s+)?(?<name>[\w.""]+)|\b(insert\s+into|update|delete\s+from)\s+(?<name>[\w.""]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\$\w*\$", RegexOptions.None, 1000)]
    private static partial Regex DollarQuote();
}
