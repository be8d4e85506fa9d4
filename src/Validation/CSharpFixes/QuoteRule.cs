using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Quotes: missing, single for double, typographic, from other languages; escapes and holes of interpolated strings.</summary>
internal sealed partial class QuoteRule : ICSharpRule
{
    private const int MaxPlaces = 90;

    private static readonly (Regex Find, string With, string What, double Cost)[] Rewrites =
    [
        (Typographic(), "\"", "typographic quotes -> \"", 0.8),
        (SingleQuoted(), "\"$1\"", "single quotes -> double quotes", 0.8),
        (EmptyChar(), "\"\"", "'' -> \"\"", 1),
        (PaddedChar(), "'$1$2'", "one character between single quotes", 0.9),
        (TornMark(), "$1\"", "no space before the quote", 0.7),
        (PythonString(), "$$", "f\" -> $\"", 0.8),
        (Template(), "$$\"$1\"", "backticks -> $\"\"", 0.8),
        (BareConditional(), "{($1)}", "parentheses around the conditional", 0.8),
        (Backslash(), "\\\\", "\\ -> \\\\", 1.2),
        (Invisible(), " ", "remove an invisible character", 0.5),
    ];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var line = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length));
        var trial = new ParseTrial(fault);
        foreach (var each in new[] { line, line.LineNumber > 0 ? fault.Text.Lines[line.LineNumber - 1] : line })
            trial.Try(Rewritten(each).Concat(Verbatim(fault, each)).Concat(Joined(fault, each)), token);
        trial.Try(Rewritten(fault.Text), token);
        if (IsAboutText(fault, line.ToString()))
            trial.Try(Quotes(line), token);
        return trial.Candidates("The text literal was not written as C# reads it: text stands between double quotes, one character between single ones, and what is opened must be closed.");
    }

    private static bool IsAboutText(CSharpFault fault, string line) =>
        fault.Is("CS1010", "CS1039", "CS1011", "CS1012", "CS1009", "CS1056", "CS8076", "CS8077", "CS8086", "CS8087", "CS8361", "CS1733", "CS1646", "CS8967")
        || line.Count(c => c == '"') % 2 == 1 || line.Contains("$\"", StringComparison.Ordinal);

    private static IEnumerable<TokenEdit> Rewritten(TextLine line) =>
        Rewrites.Where(r => r.Find.IsMatch(line.ToString()))
            .Select(r => new TokenEdit(new TextChange(line.Span, r.Find.Replace(line.ToString(), r.With)), r.What, r.Cost));

    private static IEnumerable<TokenEdit> Rewritten(SourceText text)
    {
        var whole = text.ToString();
        return Rewrites.Take(2).Where(r => r.Find.IsMatch(whole))
            .Select(r => new TokenEdit(new TextChange(new TextSpan(0, text.Length), r.Find.Replace(whole, r.With)), r.What + " in the whole file", r.Cost + 0.6));
    }

    private static IEnumerable<TokenEdit> Verbatim(CSharpFault fault, TextLine line)
    {
        if (!fault.Is("CS1009"))
            yield break;
        var quote = line.ToString().IndexOf('"');
        if (quote >= 0)
            yield return TokenEdit.Insert(line.Start + quote, "@", 1);
    }

    // A text that goes on in the next line, where only a raw or verbatim one may.
    private static IEnumerable<TokenEdit> Joined(CSharpFault fault, TextLine line)
    {
        if (!fault.Is("CS1010", "CS1039") || line.LineNumber + 1 >= fault.Text.Lines.Count)
            yield break;
        var next = fault.Text.Lines[line.LineNumber + 1];
        var indent = next.ToString().Length - next.ToString().TrimStart().Length;
        yield return new TokenEdit(new TextChange(TextSpan.FromBounds(line.End, next.Start + indent), " "), "join the two lines of the text", 0.7);
    }

    private static IEnumerable<TokenEdit> Quotes(TextLine line)
    {
        var text = line.ToString();
        var marks = text.Contains("$\"", StringComparison.Ordinal) || text.Contains('{') ? "\"{}" : "\"'";
        // The mark that stands there an odd number of times is the one that lacks its partner.
        var odd = text.Count(c => c == '"') % 2 == 0 && text.Count(c => c == '\'') % 2 == 1 ? '\'' : '"';
        foreach (var at in Places(text).Take(MaxPlaces))
        {
            foreach (var mark in marks)
                yield return TokenEdit.Insert(line.Start + at, mark.ToString(), 1 + Oddness(text, at) + (mark is '"' or '\'' && mark != odd ? 0.5 : 0));
        }
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '"' or '\'' or '{' or '}')
                yield return TokenEdit.Remove(new TextSpan(line.Start + at, 1), text[at].ToString(), 2);
            if (text[at] is '"' or '\'')
                yield return TokenEdit.Replace(new TextSpan(line.Start + at, 1), text[at].ToString(), text[at] == '"' ? "'" : "\"", 0.9 + (at == 0 || char.IsWhiteSpace(text[at - 1]) ? 0.2 : 0));
            if (marks.Length > 2 && text[at] is ')' or ']')
                yield return TokenEdit.Replace(new TextSpan(line.Start + at, 1), text[at].ToString(), "}", 0.9);
            if (at + 1 < text.Length && text[at] == '"' && text[at + 1] is '}' or ')' or ']')
                yield return TokenEdit.Replace(new TextSpan(line.Start + at, 2), text.Substring(at, 2), $"{text[at + 1]}\"", 0.9);
            if (at + 1 < text.Length && text[at] is ')' or ']' or '}' && text[at + 1] is ')' or ']' or '}' && text[at] != text[at + 1])
                yield return TokenEdit.Replace(new TextSpan(line.Start + at, 2), text.Substring(at, 2), $"{text[at + 1]}{text[at]}", 0.9);
        }
    }

    // Where a literal may begin or end: between a word and something else, and at the end of the line.
    private static IEnumerable<int> Places(string text) =>
        Enumerable.Range(0, text.Length + 1).Where(i => i == text.Length || i == 0 || char.IsLetterOrDigit(text[i]) != char.IsLetterOrDigit(text[i - 1]) || text[i] is ')' or ';' or ',' or '"' or '(' || text[i - 1] is '(' or ' ');

    // A literal that ends before ` + name`, `,` or `)` was more likely meant than one that swallows them.
    private static double Oddness(string text, int at)
    {
        var rest = text[at..];
        return JoinedByPlus().IsMatch(rest) ? 0 : rest.StartsWith(',') ? 0.1 : Closing().IsMatch(rest) ? 0.2 : at > 0 && text[at - 1] is '(' or ' ' or '=' ? 0.4 : 0.6;
    }

    [GeneratedRegex("[\u201C\u201D\u201E\u00AB\u00BB]")]
    private static partial Regex Typographic();

    [GeneratedRegex("""'((?:[^'\\\n"]|\\.){2,200})'""", RegexOptions.None, 1000)]
    private static partial Regex SingleQuoted();

    [GeneratedRegex("''")]
    private static partial Regex EmptyChar();

    [GeneratedRegex("""'(?:(\S)\s+|\s+(\S))'""")]
    private static partial Regex PaddedChar();

    [GeneratedRegex("([$@])\\s+\"")]
    private static partial Regex TornMark();

    [GeneratedRegex("""\b[fr]{1,2}(?=")""")]
    private static partial Regex PythonString();

    [GeneratedRegex("""`([^`\n]{0,200})`""")]
    private static partial Regex Template();

    [GeneratedRegex("""\{([^{}":]{1,80}\?[^{}]{1,80}:[^{}]{1,80})\}""", RegexOptions.None, 1000)]
    private static partial Regex BareConditional();

    [GeneratedRegex("""(?<!\\)\\(?![\\"'0abefnrtuUvx])""")]
    private static partial Regex Backslash();

    [GeneratedRegex("[\u00A0\u200B\u200C\u200D\uFEFF\u2028\u2029]")]
    private static partial Regex Invisible();

    [GeneratedRegex("""^\s*\+ """)]
    private static partial Regex JoinedByPlus();

    [GeneratedRegex("""^[)\]};]*;?\s*$""")]
    private static partial Regex Closing();
}
