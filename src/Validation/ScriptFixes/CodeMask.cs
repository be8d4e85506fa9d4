using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Which characters of JavaScript or TypeScript are code, and not text, comment or template; good enough to count brackets.</summary>
internal static class CodeMask
{
    /// <summary>True at every character that is code, also in the holes of a template; an unterminated quote ends at its line.</summary>
    public static bool[] Of(string text)
    {
        var mask = new bool[text.Length];
        var holes = new Stack<int>();
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '/' && i + 1 < text.Length && text[i + 1] is '/' or '*')
                i = EndOfComment(text, i);
            else if (c is '"' or '\'')
                i = EndOfText(text, i);
            else if (c == '`' || (c == '}' && holes.TryPeek(out var hole) && hole == depth))
            {
                if (c == '}')
                    holes.Pop();
                i = EndOfTemplate(text, i);
                if (text[i] == '{')
                    holes.Push(depth);
            }
            else
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                mask[i] = true;
            }
        }
        return mask;
    }

    /// <summary>The text with matches replaced that begin in code.</summary>
    public static string Replace(string text, Regex find, string with)
    {
        bool[]? mask = null;
        return find.Replace(text, m => m.Index == text.Length || (mask ??= Of(text))[m.Index] ? m.Result(with) : m.Value);
    }

    private static int EndOfComment(string text, int at)
    {
        var end = text[at + 1] == '/' ? text.IndexOf('\n', at) : text.IndexOf("*/", at + 2, StringComparison.Ordinal) + 1;
        return end <= at ? text.Length - 1 : end;
    }

    private static int EndOfText(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == text[at] || text[i] == '\n')
                return i;
        }
        return text.Length - 1;
    }

    // Its end, or the bracket that opens a hole; one that does not close on its line was left open by mistake.
    private static int EndOfTemplate(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '`')
                return i;
            else if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{' && text.AsSpan(i).IndexOfAny('}', '\n') is > 0 and var end && text[i + end] == '}')
                return i + 1;
        }
        return text.Length - 1;
    }
}
