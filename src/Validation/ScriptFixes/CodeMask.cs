namespace Platform.Validation;

/// <summary>Which characters of JavaScript or TypeScript are code, and not text, comment or template; good enough to count brackets.</summary>
internal static class CodeMask
{
    /// <summary>True at every character that is code; an unterminated quote ends at its line.</summary>
    public static bool[] Of(string text)
    {
        var mask = new bool[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '/' && i + 1 < text.Length && text[i + 1] is '/' or '*')
                i = EndOfComment(text, i);
            else if (c is '"' or '\'' or '`')
                i = EndOfText(text, i);
            else
                mask[i] = true;
        }
        return mask;
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
            else if (text[i] == text[at] || (text[i] == '\n' && text[at] != '`'))
                return i;
        }
        return text.Length - 1;
    }
}
