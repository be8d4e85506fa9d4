using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>Python by indentation: functions and methods with decorators and docstrings, classes by their head, and what stands between.</summary>
internal sealed partial class PythonChunker : IChunker
{
    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var chunks = new List<Chunk>();
        var classes = new Stack<(int Indent, string Name)>();
        for (var i = 0; i < source.Lines.Count; i++)
        {
            var match = Definition().Match(source.Lines[i]);
            if (!match.Success)
                continue;
            var indent = match.Groups["indent"].Length;
            while (classes.TryPeek(out var outer) && outer.Indent >= indent)
                classes.Pop();
            var name = match.Groups["name"].Value;
            var context = string.Join('.', classes.Reverse().Select(c => c.Name));
            var isClass = match.Groups["what"].Value == "class";
            var from = FirstDecorator(source, i, indent);
            var to = isClass ? ClassHeadEnd(source, i, indent) : BlockEnd(source, i, indent);
            chunks.Add(Make(isClass ? "class" : context.Length > 0 ? "method" : "function", context.Length == 0 ? name : $"{context}.{name}", source, from, i, to));
            if (isClass)
                classes.Push((indent, name));
            else
                i = to;
        }

        return Gaps.Fill(source, chunks);
    }

    private static Chunk Make(string kind, string name, SourceText source, int from, int head, int to) =>
        Chunk.Of(source, kind, name, source.Lines[head], from, to);

    private static int FirstDecorator(SourceText source, int line, int indent)
    {
        while (line > 0 && source.Lines[line - 1].Length > indent && source.Lines[line - 1][indent] == '@' && IndentOf(source.Lines[line - 1]) == indent)
            line--;
        return line;
    }

    private static int ClassHeadEnd(SourceText source, int line, int indent)
    {
        var end = BlockEnd(source, line, indent);
        for (var i = line + 1; i <= end; i++)
        {
            if (Definition().IsMatch(source.Lines[i]))
                return FirstDecorator(source, i, IndentOf(source.Lines[i])) - 1;
        }

        return end;
    }

    /// <summary>Last line that is indented deeper than the definition; a signature over several lines counts as its head.</summary>
    private static int BlockEnd(SourceText source, int line, int indent)
    {
        var i = line;
        var depth = 0;
        do
            depth += Depth(source.Lines[i]);
        while (depth > 0 && ++i < source.Lines.Count);
        var last = Math.Min(i, source.Lines.Count - 1);
        for (i = last + 1; i < source.Lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(source.Lines[i]))
                continue;
            if (IndentOf(source.Lines[i]) <= indent)
                break;
            last = i;
        }

        return last;
    }

    private static int Depth(string line) => line.Count(c => c is '(' or '[' or '{') - line.Count(c => c is ')' or ']' or '}');

    private static int IndentOf(string line) => line.Length - line.TrimStart(' ', '\t').Length;

    [GeneratedRegex(@"^(?<indent>[ \t]*)(async\s+)?(?<what>def|class)\s+(?<name>\w+)")]
    private static partial Regex Definition();
}
