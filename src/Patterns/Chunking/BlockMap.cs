namespace Platform.Patterns;

/// <summary>Where the block that begins near a line ends, for languages of braces. One pass over the text, minding strings and comments.</summary>
internal sealed class BlockMap
{
    /// <summary>A signature may run over this many lines before its brace.</summary>
    private const int MaxHeadLines = 12;

    private readonly int[] _firstOpen;
    private readonly Dictionary<int, int> _endOfLine = [];
    private readonly bool[] _endsHead;
    private readonly bool _hasRegexes;

    private BlockMap(int lines, bool hasRegexes)
    {
        _hasRegexes = hasRegexes;
        _firstOpen = new int[lines];
        _endsHead = new bool[lines];
        Array.Fill(_firstOpen, -1);
    }

    public static BlockMap Of(SourceText source)
    {
        var map = new BlockMap(source.Lines.Count, source.Language is "javascript" or "typescript");
        var open = new Stack<int>();
        var inComment = false;
        for (var line = 0; line < source.Lines.Count; line++)
            map.Read(source.Lines[line], line, open, ref inComment);
        return map;
    }

    /// <summary>Last line of the block whose head begins at a line; null when none opens, as for a declaration without a body.</summary>
    public int? EndOf(int line)
    {
        for (var i = line; i < Math.Min(line + MaxHeadLines, _firstOpen.Length); i++)
        {
            if (_firstOpen[i] == i && _endOfLine.TryGetValue(i, out var end))
                return Last(end);
            if (_endsHead[i])
                return null;
        }

        return null;
    }

    /// <summary>Braces around parameters come before those of the body: <c>}) {</c> goes on.</summary>
    private int Last(int end)
    {
        while (_firstOpen[end] == end && _endOfLine.TryGetValue(end, out var next) && next > end)
            end = next;
        return end;
    }

    private void Read(string text, int line, Stack<int> open, ref bool inComment)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (inComment)
            {
                inComment = !(c == '*' && i + 1 < text.Length && text[i + 1] == '/');
                continue;
            }

            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;

            if (c == '/' && i + 1 < text.Length && text[i + 1] == '/')
                return;
            if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
                inComment = true;
            else if (c == '/' && _hasRegexes && BeginsRegex(text, i))
                i = SkipRegex(text, i);
            else if (c is '"' or '\'' or '`')
                i = SkipString(text, i);
            else if (c == '{')
                Open(line, open);
            else if (c == ';' && depth <= 0 && _firstOpen[line] < 0)
                _endsHead[line] = true;
            else if (c == '}' && open.TryPop(out var opened))
                _endOfLine[opened] = Math.Max(line, _endOfLine.GetValueOrDefault(opened));
        }
    }

    private void Open(int line, Stack<int> open)
    {
        open.Push(line);
        _firstOpen[line] = line;
    }

    /// <summary>A slash after an operator or an opening bracket begins a regular expression; after a value it divides.</summary>
    private static bool BeginsRegex(string text, int slash)
    {
        var before = text.AsSpan(0, slash).TrimEnd();
        return before.Length == 0 || "(,=:[!&|?{};+~".Contains(before[^1]) || before.EndsWith("return");
    }

    private static int SkipRegex(string text, int start)
    {
        var inClass = false;
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '/' && !inClass)
                return i;
            else
                inClass = text[i] == '[' || (inClass && text[i] != ']');
        }

        return start;
    }

    /// <summary>A quote that does not close on its line (a Rust lifetime, an apostrophe) is no string.</summary>
    private static int SkipString(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == text[start])
                return i;
        }

        return start;
    }
}
