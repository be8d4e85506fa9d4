namespace Platform.Patterns;

/// <summary>Markdown by section: a heading and what follows it, with the headings above as its name. Fenced code hides headings.</summary>
internal sealed class MarkdownChunker : IChunker
{
    /// <summary>Kind of its chunks.</summary>
    public const string Section = "section";

    private const int MaxLevel = 6;

    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var chunks = new List<Chunk>();
        var titles = new string[MaxLevel + 1];
        var start = 0;
        var fenced = false;
        var name = "";
        for (var i = 0; i < source.Lines.Count; i++)
        {
            var line = source.Lines[i];
            fenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            var level = fenced ? 0 : LevelOf(line);
            if (level == 0)
                continue;
            Add(source, start, i - 1, name, chunks);
            titles[level] = line.Trim('#', ' ');
            Array.Fill(titles, null!, level + 1, MaxLevel - level);
            name = string.Join(" / ", titles.Where(t => !string.IsNullOrEmpty(t)));
            start = i;
        }

        Add(source, start, source.Lines.Count - 1, name, chunks);
        return chunks;
    }

    private static void Add(SourceText source, int from, int to, string name, List<Chunk> chunks)
    {
        if (to < from)
            return;
        var text = source.Slice(from, to);
        if (!string.IsNullOrWhiteSpace(text))
            chunks.Add(new Chunk(Section, name, "", "", text, from + 1, to + 1));
    }

    private static int LevelOf(string line)
    {
        var level = line.Length - line.TrimStart('#').Length;
        return level is > 0 and <= MaxLevel && line.Length > level && line[level] == ' ' ? level : 0;
    }
}
