using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Edits of one or two characters near the place where a parser of JavaScript gave up, and of brackets where the indentation does not fit them.</summary>
internal static partial class ScriptEdits
{
    private const string Why = "The parser could not go on here; written like this it can.";
    private const int MostLines = 400;
    private const int LongestLine = 400;
    private const int MostTemplates = 500;
    private static readonly string[] Inserted = [")", "(", "]", "[", "}", "{", ",", ":", ";", ".", " => ", " = ", " + ", "'", "\"", "`", "${", " in ", " of "];
    private static readonly (char Old, string New)[] Confused = [('(', "["), ('(', "{"), ('[', "("), ('{', "("), (')', "]"), (')', "}"), (')', "))"), (']', ")"), ('}', ")"), ('\'', "\""), ('"', "'"), ('\'', "`"), ('`', "'"), (';', ","), (',', ";"), (':', ","), (',', ":"), ('=', "=="), (';', "")];

    /// <summary>Edits on the line of the error and around it.</summary>
    public static IEnumerable<ScriptEdit> Near(SourceFile file, string[] lines, int at)
    {
        foreach (var (n, far) in new[] { (at, 0.0), (at - 1, 0.15), (at + 1, 0.3), (at - 2, 0.5) }.Where(n => n.Item1 >= 0 && n.Item1 < lines.Length && lines[n.Item1].Length <= LongestLine))
        {
            foreach (var (text, fix, cost) in OfLine(lines[n]))
                yield return Line(file, lines, n, text, fix, cost + far);
            foreach (var (text, fix) in Torn(file.Text, lines[n]))
                yield return Line(file, lines, n, text, fix, 1.1 + far);
        }
    }

    /// <summary>Ends of templates: one that is open swallows the rest of the file, and the parser complains only there.</summary>
    public static IEnumerable<ScriptEdit> Templates(SourceFile file, string[] lines) => EveryTemplate(file, lines).Take(MostTemplates);

    private static IEnumerable<ScriptEdit> EveryTemplate(SourceFile file, string[] lines)
    {
        foreach (var (line, n) in lines.Select((l, n) => (l, n)).Where(l => l.l.Length <= LongestLine && l.l.Contains('`', StringComparison.Ordinal)))
        {
            for (var i = 0; i <= line.Length && line.Count(c => c == '`') % 2 == 1; i++)
            {
                if (IsPlace(line, i))
                    yield return Line(file, lines, n, line.Insert(i, "`"), "insert missing `", 0.9 + Unlikely(line, i) + (i > 0 && line[i - 1] == '`' ? 0.5 : 0));
            }
            foreach (Match hole in Hole().Matches(line))
                yield return Line(file, lines, n, line.Insert(hole.Index + hole.Length, "}"), "insert missing }", 0.8);
        }
    }

    /// <summary>Braces where a line stands further left or right than its block; then every place where one might be.</summary>
    public static IEnumerable<ScriptEdit> Braces(SourceFile file, string[] lines)
    {
        if (lines.Length > MostLines)
            yield break;
        var open = new Stack<(int Line, int Indent)>();
        var odd = new List<int>();
        for (var n = 0; n < lines.Length; n++)
        {
            var indent = Indent(lines[n]);
            foreach (var (c, i) in lines[n].Select((c, i) => (c, i)))
            {
                if (c == '{')
                    open.Push((n, indent));
                else if (c == '}' && (!open.TryPop(out var from) || (i == indent && from.Indent != indent)))
                    odd.Add(n);
            }
        }
        var first = odd.Count > 0 ? odd[0] : lines.Length - 1;
        for (var n = 0; n < lines.Length; n++)
        {
            var text = lines[n].Trim();
            var near = Math.Min(1, Math.Abs(n - first) / 20.0);
            // Two at once on one line are seldom meant.
            var twice = lines[n].IndexOf("}}", StringComparison.Ordinal);
            if (twice >= 0)
                yield return Line(file, lines, n, lines[n].Remove(twice, 1), "remove surplus }", 0.9 + near / 5);
            if (text is "}" or "})" or "});" or "};")
                yield return ScriptEdit.Remove(file, lines, n, "remove surplus }", Why, 1.5 + near);
            else if (text.Contains('}', StringComparison.Ordinal))
                yield return Line(file, lines, n, lines[n].Remove(lines[n].LastIndexOf('}'), 1), "remove surplus }", 2 + near);
            var deeper = n + 1 < lines.Length && Indent(lines[n + 1]) > Indent(lines[n]);
            if (deeper && !text.EndsWith('{') && !text.EndsWith('(') && !text.EndsWith('[') && !text.EndsWith(','))
                yield return Line(file, lines, n, lines[n].TrimEnd() + " {", "insert missing {", 0.8);
            if (text.Length > 0)
            {
                foreach (var (indent, cost) in new[] { (Indent(lines[n]), 1.3), (Math.Max(0, Indent(lines[n]) - 2), 1.6), (Indent(lines[n]) + 2, 1.7) })
                    yield return ScriptEdit.Insert(file, lines, n, new string(' ', indent) + "}", "insert missing }", Why, cost + (Expects(lines, n, indent) ? 0 : 0.8));
            }
        }
        foreach (var tail in new[] { "}", "})", "});", "}\n}" })
            yield return new ScriptEdit(file.Path, () => file.Text.TrimEnd() + "\n" + tail + "\n", $"insert missing {tail}", Why, 1.2 + (tail.Length / 10.0));
    }

    // A block was opened at this depth above, and the line before is deeper: here it should have ended.
    private static bool Expects(string[] lines, int n, int indent)
    {
        var above = Array.FindLastIndex(lines, Math.Max(0, n - 1), l => l.Trim().Length > 0);
        if (n == 0 || above < 0 || Indent(lines[above]) <= indent)
            return false;
        var opener = Array.FindLastIndex(lines, above, l => l.Trim().Length > 0 && Indent(l) <= indent);
        return opener >= 0 && Indent(lines[opener]) == indent && lines[opener].TrimEnd().EndsWith('{') && !lines[n].TrimStart().StartsWith('}');
    }

    private static IEnumerable<(string, string, double)> OfLine(string line)
    {
        var odd = new[] { '\'', '"', '`' }.Where(q => line.Count(c => c == q) % 2 == 1).ToList();
        for (var i = 0; i <= line.Length; i++)
        {
            if (!IsPlace(line, i))
                continue;
            foreach (var text in Inserted)
            {
                // A quote that has its partner would swallow code to the next one.
                var quote = text.Length == 1 && "'\"`".Contains(text[0], StringComparison.Ordinal);
                if (quote && !odd.Contains(text[0]))
                    continue;
                yield return (line[..i] + text + line[i..], $"insert missing {text.Trim()}", (quote ? 0.9 + Unlikely(line, i) : ")]}".Contains(text, StringComparison.Ordinal) ? 1.6 : 2) + (i == line.Length || line[i] is ';' or ')' or ',' ? 0 : 0.2));
            }
        }
        for (var i = 0; i < line.Length; i++)
        {
            if ("()[]{}'\"`,;:.=".Contains(line[i], StringComparison.Ordinal))
                yield return (line.Remove(i, 1), $"remove surplus {line[i]}", 2.2);
            foreach (var (_, now) in Confused.Where(c => c.Old == line[i]))
                yield return (line[..i] + now + line[(i + 1)..], $"{line[i]} -> {now}", ("'\"`".Contains(line[i], StringComparison.Ordinal) ? odd.Count == 2 ? 0.8 : 2.4 : 1.7) + (now.Length == 0 ? 0.6 : 0));
        }
    }

    private static bool IsPlace(string line, int i) => i == 0 || i == line.Length || char.IsLetterOrDigit(line[i]) != char.IsLetterOrDigit(line[i - 1]) || "()[]{}'\"`,;".Contains(line[i], StringComparison.Ordinal);

    // A text ends before what closes a call or goes on with the next value.
    private static double Unlikely(string line, int i) => AfterText().IsMatch(line[i..]) ? 0 : i > 0 && "([= ,".Contains(line[i - 1], StringComparison.Ordinal) ? 0.3 : 0.6;

    // `walknode)`: a parenthesis or dot was lost between two names that both stand elsewhere.
    private static IEnumerable<(string, string)> Torn(string text, string line)
    {
        foreach (Match word in Name().Matches(line))
        {
            for (var i = 2; i < word.Length - 1; i++)
            {
                if (!Regex.IsMatch(text, $@"(?<![\w$]){Regex.Escape(word.Value[i..])}(?![\w$])", RegexOptions.None, TimeSpan.FromSeconds(1)))
                    continue;
                foreach (var mark in new[] { "(", ".", " ", ", " })
                    yield return (line.Insert(word.Index + i, mark), mark == " " ? "part the words" : $"insert missing {mark.Trim()}");
            }
        }
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static ScriptEdit Line(SourceFile file, string[] lines, int n, string text, string fix, double cost) => ScriptEdit.Line(file, lines, n, text, fix, Why, cost);

    [GeneratedRegex(@"^(?:\s*[)\]};,]|\s*\+ |\s*:|$)")]
    private static partial Regex AfterText();

    [GeneratedRegex(@"\$\{[\w$.()[\]]+(?![\w$.()[\]]*\})")]
    private static partial Regex Hole();

    [GeneratedRegex(@"[A-Za-z_$][\w$]{3,}")]
    private static partial Regex Name();
}
