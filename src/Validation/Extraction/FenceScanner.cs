namespace Platform.Validation;

/// <summary>One fenced block: the info string behind the fence, its text, and the last line of prose before it.</summary>
internal sealed record Fence(string Info, string Text, string LineBefore, bool Closed);

/// <summary>Finds fenced blocks by CommonMark's rules, plus the nested fences that engines write without a longer outer fence.</summary>
internal static class FenceScanner
{
    /// <summary>Every top-level block of an answer; the last one may be unclosed.</summary>
    public static List<Fence> Scan(string answer)
    {
        var lines = answer.ReplaceLineEndings("\n").Split('\n');
        var found = new List<Fence>();
        var before = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Opens(lines[i], out var mark, out var indent, out var info))
            {
                if (lines[i].Trim().Length > 0)
                    before = lines[i].Trim();
                continue;
            }
            var end = FindEnd(lines, i, mark, info);
            var body = lines[(i + 1)..Math.Min(end, lines.Length)].Select(l => Outdent(l, indent));
            found.Add(new Fence(info, string.Join('\n', body), before, end < lines.Length));
            before = "";
            i = end;
        }
        return found;
    }

    private static bool Opens(string line, out string mark, out int indent, out string info)
    {
        (mark, info) = ("", "");
        var text = line.TrimStart();
        indent = line.Length - text.Length;
        if (text.Length < 3 || text[0] is not ('`' or '~'))
            return false;
        var length = text.TakeWhile(c => c == text[0]).Count();
        info = text[length..].Trim();
        mark = text[..length];
        // `code` written inline with three backticks on one line is not a fence.
        return length >= 3 && !(text[0] == '`' && info.Contains('`'));
    }

    // An info string can only open; inside a markdown block that opens a nested block, whose bare fence closes it and not us.
    private static int FindEnd(string[] lines, int start, string mark, string info)
    {
        var nests = Languages.FromFence(info.Split(' ', ':')[0]) is "markdown";
        var depth = 1;
        for (var i = start + 1; i < lines.Length; i++)
        {
            if (!Opens(lines[i], out var other, out _, out var otherInfo) || other[0] != mark[0])
                continue;
            if (otherInfo.Length > 0)
                depth += nests && other.Length >= mark.Length ? 1 : 0;
            else if (other.Length >= mark.Length && --depth == 0)
                return i;
        }
        // Counting nested fences may have eaten the end of a block that only looked nested; then the last bare fence ends it.
        return nests && depth > 1 ? LastBare(lines, start, mark) : lines.Length;
    }

    private static int LastBare(string[] lines, int start, string mark)
    {
        for (var i = lines.Length - 1; i > start; i--)
        {
            if (lines[i].Trim() == mark)
                return i;
        }
        return lines.Length;
    }

    private static string Outdent(string line, int indent)
    {
        var cut = 0;
        while (cut < indent && cut < line.Length && line[cut] is ' ' or '\t')
            cut++;
        return line[cut..];
    }
}
