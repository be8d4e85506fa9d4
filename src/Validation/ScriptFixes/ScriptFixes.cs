using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Fixes for JavaScript and TypeScript on the text: brackets, quotes, keywords, forms of other languages, await, names that a failing test reports.</summary>
internal static partial class ScriptFixes
{
    private const int MaxCandidates = 24;
    private const string Parser = "The parser could not go on here; written like this it can.";

    private static readonly string[] Keywords = ["function", "return", "const", "let", "var", "class", "extends", "constructor", "if", "else", "for", "while", "switch", "case", "break", "continue", "default", "throw", "try", "catch", "finally", "new", "typeof", "instanceof", "async", "await", "yield", "import", "export", "from", "static", "true", "false", "null", "undefined", "this", "super", "of", "in"];

    // Find, put instead, whether it is another language's form.
    private static readonly (string Find, string With)[] Rewrites =
    [
        (@"\b(?:elif|elsif|elseif)\b", "else if"), (@"\b(?:def|fn|func|fun)\s+(?=\w+\s*\()", "function "), (@"\b(if|while|switch|for)\s+([^({][^{]*?)\s*\{", "$1 ($2) {"), (@"\b(if|while)\s+([^({].*?):?\s*$", "$1 ($2)"),
        (@"\bforeach\s*\(\s*(?:var|let|const)?\s*(\w+)\s+(?:in|of|as)\s+", "for (const $1 of "), (@"\bfor\s+(\w+)\s+(?:in|of)\s+(.+?):?\s*\{?\s*$", "for (const $1 of $2) {"), (@"->", "=>"), (@":=", "="), (@"<>", "!=="), (@"=<", "<="), (@"\band\b", "&&"), (@"\bor\b", "||"), (@"\bnot\s+", "!"),
        (@"^(\s*)(?:int|string|String|double|float|bool|boolean|auto|val|final|def)\s+(?=\w+\s*=)", "$1let "), (@"^(\s*)const\s+(\w+)\s*;", "$1let $2;"), (@"^(\s*)(?:const|let|var)\s+(?=\w+\s*=)", "$1"), (@"\bexcept\b", "catch"), (@"\braise\s+", "throw "), (@"^(\s*)print\s+(.+?);?\s*$", "$1console.log($2);"),
        (@"\bpass\b", ";"), (@"#", "//"), (@"\bNone\b|\bnil\b", "null"), (@"\bself\b", "this"), (@"\bTrue\b", "true"), (@"\bFalse\b", "false"), (@"f(?=[""'])", ""), (@"\bpublic\s+|\bprivate\s+", ""), (@"\bfunction\s+(\w+)\s*:\s*$", "function $1() {"),
        (@"\bimport\s+(\w+)\s*;?\s*$", "import $1 from 'node:$1';"), (@"\b(\w+)\s*\?\s*\.\s*", "$1?."), (@"[\u201C\u201D]", "\""), (@"[\u2018\u2019]", "'"), (@"\u00A0|\u200B", " "), (@",\s*,", ","), (@"\bcatch\s+(\w+)\s*\{", "catch ($1) {"),
    ];

    private static readonly (Regex Find, string With)[] Compiled = [.. Rewrites.Select(r => (new Regex(r.Find, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200)), r.With))];

    /// <summary>Candidates for an error, the most likely first.</summary>
    public static async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, ValidationOptions options, CancellationToken token)
    {
        var (file, error) = (context.File, context.Error);
        if (error.Code is "ReferenceError" or "TypeError" or "UndefinedName" or RuntimeFaults.WrongValue)
            return [.. ScriptNames.Propose(file, error).Where(c => c.Text != file.Text).DistinctBy(c => c.Text).OrderBy(c => c.Cost).Take(MaxCandidates)];
        var kept = await ScriptParser.KeepAsync(file, error.Line, Around(file).Concat(Syntax(file, error)), options, token);
        return [.. kept.OrderBy(c => c.Cost).Take(MaxCandidates)];
    }

    // What stands around code that came out of an answer or a page.
    private static IEnumerable<ScriptEdit> Around(SourceFile file)
    {
        foreach (var (text, fix, cost) in TranscriptRule.Whole(file.Text))
            yield return new ScriptEdit(file.Path, () => text, fix, "The code itself is right; what another medium put around it is removed.", cost);
        if (Fence().IsMatch(file.Text))
            yield return new ScriptEdit(file.Path, () => Fence().Replace(file.Text, ""), "remove the fences", "Fences belong to the answer, not to the code.", 0.6);
        foreach (Match words in Words().Matches(file.Text))
            yield return new ScriptEdit(file.Path, () => file.Text.Insert(words.Index, "// "), "make a comment of the sentence", "What is said about the code belongs into a comment.", 0.8);
    }

    private static IEnumerable<ScriptEdit> Syntax(SourceFile file, CodeDiagnostic error)
    {
        var lines = file.Text.Split('\n');
        var at = Math.Clamp(error.Line - 1, 0, lines.Length - 1);
        foreach (var candidate in Brackets(file, lines, at).Concat(Await(file, lines, at, error)).Concat(ScriptEdits.Near(file, lines, at)).Concat(ScriptEdits.Templates(file, lines)).Concat(ScriptEdits.Braces(file, lines)))
            yield return candidate;
        foreach (var n in new[] { at, at - 1 }.Where(n => n >= 0))
        {
            foreach (var (find, with) in Compiled)
            {
                // What stands in a text or a comment is said, not written in another language; but quotes that no keyboard has should have made the text.
                var changed = find.ToString()[0] == '[' ? find.Replace(lines[n], with) : CodeMask.Replace(lines[n], find, with);
                if (changed != lines[n])
                    yield return Line(file, lines, n, changed, $"{lines[n].Trim()} -> {changed.Trim()}", 1.2, "This is how another language writes it; JavaScript has its own form.");
            }
            foreach (Match word in Word().Matches(lines[n]))
            {
                foreach (var near in Keywords.Where(k => k != word.Value && EditDistance.Between(k, word.Value) is var d && d <= (word.Length <= 4 ? 1 : 2) && Math.Abs(k.Length - word.Length) <= 2))
                    yield return Line(file, lines, n, lines[n][..word.Index] + near + lines[n][(word.Index + word.Length)..], $"{word.Value} -> {near}", 0.8 + EditDistance.Between(near, word.Value) * 0.3, $"'{word.Value}' is no word of the language; '{near}' is, and is spelt almost the same.");
            }
            foreach (var (text, cost) in new[] { (")", 1.3), ("\"", 1.2), ("'", 1.2), ("`", 1.4), ("]", 1.4), ("}", 1.5), (",", 1.8) }.Where(t => !"\"'`".Contains(t.Item1, StringComparison.Ordinal) || lines[n].Count(c => c == t.Item1[0]) % 2 == 1))
            {
                var end = lines[n].TrimEnd();
                yield return Line(file, lines, n, end + text, $"insert missing {text}", cost + 0.1, Parser);
                foreach (var tail in new[] { ");", ")", ";", ",", " {" }.Where(t => end.EndsWith(t, StringComparison.Ordinal)))
                    yield return Line(file, lines, n, end[..^tail.Length] + text + tail, $"insert missing {text}", cost, Parser);
            }
        }
    }

    // One bracket more or less than its partner, placed where the indentation says.
    private static IEnumerable<ScriptEdit> Brackets(SourceFile file, string[] lines, int at)
    {
        var mask = CodeMask.Of(file.Text);
        foreach (var (open, close) in new[] { ('{', '}'), ('(', ')'), ('[', ']') })
        {
            var balance = file.Text.Where((c, i) => mask[i] && c == open).Count() - file.Text.Where((c, i) => mask[i] && c == close).Count();
            if (balance > 0 && open == '{')
            {
                var depth = new Stack<int>();
                for (var n = 0; n < lines.Length; n++)
                {
                    var indent = lines[n].Length - lines[n].TrimStart().Length;
                    if (lines[n].Trim().Length > 0 && depth.TryPeek(out var outer) && (lines[n].TrimStart()[0] == '}' ? indent < outer : indent <= outer))
                    {
                        yield return Insert(file, lines, n, new string(' ', outer) + "}", 0.8, "insert missing }");
                        break;
                    }
                    foreach (var c in lines[n])
                    {
                        if (c == '{')
                            depth.Push(indent);
                        else if (c == '}')
                            depth.TryPop(out _);
                    }
                }
                yield return Insert(file, lines, lines.Length, "}", 1, "insert missing }");
            }
            if (balance < 0)
            {
                for (var n = lines.Length - 1; n >= 0; n--)
                {
                    if (lines[n].Trim() == close.ToString())
                        yield return ScriptEdit.Remove(file, lines, n, $"remove surplus {close}", Parser, 1.2 + Math.Abs(n - at) / 50.0);
                }
                var surplus = lines[at].IndexOf(close);
                if (surplus >= 0)
                    yield return Line(file, lines, at, lines[at].Remove(lines[at].LastIndexOf(close), 1), $"remove surplus {close}", 1.1, Parser);
                if (open == '{' && at > 0)
                {
                    foreach (var n in Enumerable.Range(Math.Max(0, at - 12), Math.Min(12, at) + 1).Where(n => Header().IsMatch(lines[n]) && !lines[n].TrimEnd().EndsWith('{')))
                        yield return Line(file, lines, n, lines[n].TrimEnd() + " {", "insert missing {", 0.9, Parser);
                }
            }
        }
    }

    private static IEnumerable<ScriptEdit> Await(SourceFile file, string[] lines, int at, CodeDiagnostic error)
    {
        if (!error.Message.Contains("await", StringComparison.Ordinal))
            yield break;
        for (var n = at; n >= 0; n--)
        {
            var header = FunctionHeader().Match(lines[n]);
            if (!header.Success)
                continue;
            yield return Line(file, lines, n, lines[n].Insert(header.Groups["at"].Index, "async "), "add async", 0.6, "await needs an async function around it.");
            yield break;
        }
    }

    private static ScriptEdit Line(SourceFile file, string[] lines, int n, string text, string fix, double cost, string why) => ScriptEdit.Line(file, lines, n, text, fix, why, cost);

    private static ScriptEdit Insert(SourceFile file, string[] lines, int n, string text, double cost, string fix) => ScriptEdit.Insert(file, lines, n, text, fix, Parser, cost);

    [GeneratedRegex(@"^[ \t]*(?:```|~~~)[^\n]*\n?", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[ \t]*[A-Z][\w'’-]*(?:,?[ \t]+[\w'’`-]+){2,}[.:!]?[ \t]*\r?$", RegexOptions.Multiline, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"\b[A-Za-z]{3,12}\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*(?:(?:export\s+)?(?:async\s+)?function\b|class\b|if\s*\(|else\b|for\s*\(|while\s*\(|try\b|switch\s*\(|\w+\s*\([^)]*\)\s*$)|=>\s*$", RegexOptions.None, 500)]
    private static partial Regex Header();

    [GeneratedRegex(@"^(?!\s*(?:if|for|while|switch|catch)\b)(?:.*?(?<at>function\b)|.*?=\s*(?<at>(?:\([^)]*\)|\w+)\s*=>)|.*?(?<at>\([^()]*\)\s*=>)|\s*(?<at>\w+\s*\([^)]*\)\s*\{))", RegexOptions.None, 500)]
    private static partial Regex FunctionHeader();
}
