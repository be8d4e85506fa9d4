using System.Text;

namespace Platform.Patterns;

/// <summary>Text of a piece of code, apart: what is said about it, what is remarked inside it and what it does.</summary>
/// <param name="Doc">Documentation: what stands before the code, documentation comments, the first documentation string. Without marks.</param>
/// <param name="Remarks">Other comments, without marks.</param>
/// <param name="Code">The rest.</param>
internal readonly record struct CommentedCode(string Doc, string Remarks, string Code);

/// <summary>
/// Takes comments out of code by the marks of its language, minding strings. It need not parse: a mark that is misread costs a little
/// weight in a search, nothing else.
/// </summary>
internal static class CommentReader
{
    public static CommentedCode Read(string language, string code)
    {
        var doc = new StringBuilder();
        var remarks = new StringBuilder();
        var seenCode = false;
        var rest = new StringBuilder(code.Length);
        var style = Style(language);
        for (var i = 0; i < code.Length;)
        {
            var end = CommentEnd(code, i, style);
            if (end > i)
            {
                Append(IsDoc(code, i, seenCode, doc) ? doc : remarks, code.AsSpan(i, end - i));
                rest.Append(' ');
                i = end;
            }
            else
            {
                end = code[i] is '"' or '\'' or '`' ? StringEnd(code, i) : i + 1;
                rest.Append(code, i, end - i);
                seenCode |= !char.IsWhiteSpace(code[i]);
                i = end;
            }
        }

        return new CommentedCode(doc.ToString(), remarks.ToString(), rest.ToString());
    }

    /// <summary>What is said about the code as a whole; a remark between its lines says little about the whole.</summary>
    private static bool IsDoc(string code, int i, bool seenCode, StringBuilder doc) =>
        !seenCode || At(code, i, "///") || At(code, i, "/**") || (doc.Length == 0 && (At(code, i, "\"\"\"") || At(code, i, "'''")));

    private static Marks Style(string language) => language switch
    {
        "python" => Marks.Hash | Marks.TripleQuotes,
        "shell" or "ruby" or "yaml" or "toml" or "powershell" or "dockerfile" or "makefile" or "terraform" => Marks.Hash,
        "sql" => Marks.Dashes | Marks.SlashStar,
        "lua" => Marks.Dashes,
        "markdown" or "text" or "json" => Marks.None,
        "html" or "xml" => Marks.Angle,
        "php" => Marks.Hash | Marks.Slashes | Marks.SlashStar,
        _ => Marks.Slashes | Marks.SlashStar,
    };

    private static int CommentEnd(string s, int i, Marks style)
    {
        if (style.HasFlag(Marks.TripleQuotes) && (At(s, i, "\"\"\"") || At(s, i, "'''")))
            return Closing(s, i + 3, s.Substring(i, 3));
        if (style.HasFlag(Marks.Hash) && s[i] == '#')
            return LineEnd(s, i);
        if (style.HasFlag(Marks.Slashes) && At(s, i, "//"))
            return LineEnd(s, i);
        if (style.HasFlag(Marks.Dashes) && At(s, i, "--"))
            return LineEnd(s, i);
        if (style.HasFlag(Marks.SlashStar) && At(s, i, "/*"))
            return Closing(s, i + 2, "*/");
        return style.HasFlag(Marks.Angle) && At(s, i, "<!--") ? Closing(s, i + 4, "-->") : i;
    }

    private static int StringEnd(string s, int i)
    {
        for (var j = i + 1; j < s.Length && s[j] != '\n'; j++)
        {
            if (s[j] == '\\')
                j++;
            else if (s[j] == s[i])
                return j + 1;
        }

        return i + 1;
    }

    private static void Append(StringBuilder to, ReadOnlySpan<char> comment)
    {
        foreach (var line in comment.EnumerateLines())
        {
            var words = line.Trim(" \t/*#-!<>\"'");
            if (words.Length > 0)
                to.Append(WithoutTags(words)).Append('\n');
        }
    }

    /// <summary>XML documentation: the tags say nothing, their text and the names in cref do.</summary>
    private static string WithoutTags(ReadOnlySpan<char> line)
    {
        var text = line.ToString();
        return text.Contains("summary", StringComparison.Ordinal) || text.Contains('<')
            ? text.Replace("summary>", " ", StringComparison.Ordinal).Replace("<param name=", " ", StringComparison.Ordinal).Replace("</param", " ", StringComparison.Ordinal)
                .Replace("<see cref=", " ", StringComparison.Ordinal).Replace("<returns>", " ", StringComparison.Ordinal).Replace("</returns", " ", StringComparison.Ordinal)
            : text;
    }

    private static bool At(string s, int i, string mark) => string.CompareOrdinal(s, i, mark, 0, mark.Length) == 0;

    private static int LineEnd(string s, int i) => s.IndexOf('\n', i) is var at and >= 0 ? at : s.Length;

    private static int Closing(string s, int i, string mark) => s.IndexOf(mark, Math.Min(i, s.Length), StringComparison.Ordinal) is var at and >= 0 ? at + mark.Length : s.Length;

    [Flags]
    private enum Marks
    {
        None = 0,
        Hash = 1,
        TripleQuotes = 2,
        Slashes = 4,
        SlashStar = 8,
        Dashes = 16,
        Angle = 32,
    }
}
