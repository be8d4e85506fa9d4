using System.Text;

namespace Platform.Validation;

/// <summary>
/// A shell script as logical lines for matching: comments and here-documents gone, continued lines joined, operators and variables in quotes out of
/// the way. A variable in double quotes begins with U+0001 instead of a dollar sign; one in single quotes is no variable.
/// </summary>
internal static class ShellLines
{
    private const int Longest = 4000;
    private const char QuotedVariable = '\u0001';
    private const char Masked = '\u0002';

    /// <summary>Every logical line with the line it begins on; very long ones in pieces.</summary>
    public static IEnumerable<(int Line, string Text)> Of(string script)
    {
        var reader = new Reader();
        var lines = script.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (reader.Add(lines[i].TrimEnd('\r'), i + 1) is not { } whole)
                continue;
            for (var at = 0; at < whole.Text.Length; at += Longest)
                yield return (whole.Line, whole.Text.Substring(at, Math.Min(Longest + 200, whole.Text.Length - at)));
        }
        if (reader.End() is { } last)
            yield return last;
    }

    private sealed class Reader
    {
        private readonly StringBuilder text = new();
        private int begin;
        private char quote;
        private string? hereEnd;

        /// <summary>Takes a physical line; the logical line it completes, if it does.</summary>
        public (int Line, string Text)? Add(string line, int number)
        {
            if (hereEnd is not null)
            {
                hereEnd = line.Trim() == hereEnd ? null : hereEnd;
                return null;
            }
            begin = text.Length == 0 ? number : begin;
            var continued = Append(line);
            // A quote left open for long is a slip of the pen, not a text of many lines.
            if ((continued || quote != '\0') && text.Length < Longest * 4 && number - begin < 50)
            {
                text.Append(' ');
                return null;
            }
            quote = '\0';
            return End();
        }

        public (int Line, string Text)? End()
        {
            if (text.Length == 0)
                return null;
            var whole = (begin, text.ToString());
            text.Clear();
            return whole;
        }

        private bool Append(string line)
        {
            for (var i = 0; i < line.Length; i++)
            {
                var c = line[i];
                if (c == '\\' && quote != '\'')
                {
                    if (i == line.Length - 1)
                        return true;
                    text.Append(Masked);
                    i++;
                }
                else if (quote == '\0' && c == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
                    break;
                else if (quote == '\0' && c == '<' && HereDocument(line, i) is { } end)
                    hereEnd = end;
                else
                    text.Append(Mask(c));
            }
            return false;
        }

        private char Mask(char c)
        {
            if (quote == '\0')
            {
                quote = c is '"' or '\'' ? c : quote;
                return c;
            }
            if (c == quote)
            {
                quote = '\0';
                return c;
            }
            if (quote == '\'')
                return c is '|' or ';' or '&' or '$' or '`' or '<' or '>' ? Masked : c;
            return c == '$' ? QuotedVariable : c is '|' or ';' or '&' or '<' or '>' ? Masked : c;
        }

        private static string? HereDocument(string line, int at)
        {
            if (at + 2 >= line.Length || line[at + 1] != '<' || line[at + 2] == '<' || (at > 0 && line[at - 1] == '<'))
                return null;
            var word = line[(at + 2)..].TrimStart('-', ' ').Split(' ', ';', '|', '>', '&', ')')[0].Trim('"', '\'', '\\');
            return word.Length > 0 && (char.IsLetter(word[0]) || word[0] == '_') ? word : null;
        }
    }
}
