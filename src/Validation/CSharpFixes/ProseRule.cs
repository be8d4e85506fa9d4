using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>What is no code: sentences that lost their comment mark, comments that do not end, marks of a diff or a merge, fences.</summary>
internal sealed partial class ProseRule : ICSharpRule
{
    private const int Around = 3;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.IsSyntax && !fault.Is("CS0023", "CS0246"))
            return [];
        var trial = new ParseTrial(fault).Try(Whole(fault.Text).Concat(Comments(fault)).Concat(Sentences(fault)).Concat(Twice(fault)), token);
        return trial.Candidates("These characters are no code: what is said about the code belongs into a comment, and marks of other tools do not belong here.");
    }

    // Marks of a merge or a diff stand all over the file, so they go all at once.
    private static IEnumerable<TokenEdit> Whole(SourceText text)
    {
        var whole = text.ToString();
        if (Marks().IsMatch(whole))
        {
            yield return All(text, Theirs().Replace(Ours().Replace(whole, ""), ""), "keep the first side of the merge", 0.8);
            yield return All(text, Marks().Replace(Mine().Replace(whole, ""), ""), "keep the second side of the merge", 0.9);
            yield return All(text, Marks().Replace(whole, ""), "remove the marks of the merge", 1);
        }
        if (Added().IsMatch(whole))
            yield return All(text, Added().Replace(Removed().Replace(whole, ""), ""), "take the new side of the diff", 0.8);
        if (Fence().IsMatch(whole))
            yield return All(text, Fence().Replace(whole, ""), "remove the fences", 0.8);
    }

    private static TokenEdit All(SourceText text, string changed, string fix, double cost) => new(new TextChange(new TextSpan(0, text.Length), changed), fix, cost);

    private static IEnumerable<TokenEdit> Comments(CSharpFault fault)
    {
        if (fault.Text.ToString().LastIndexOf("/*", StringComparison.Ordinal) is var open and >= 0 && fault.Text.ToString().IndexOf("*/", open, StringComparison.Ordinal) < 0)
            yield return TokenEdit.Insert(fault.Text.Lines.GetLineFromPosition(open).End, " */", 0.7);
    }

    // One line, and the run of such lines that it belongs to.
    private static IEnumerable<TokenEdit> Sentences(CSharpFault fault)
    {
        var lines = fault.Text.Lines;
        var at = lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length)).LineNumber;
        for (var n = Math.Max(0, at - Around); n <= Math.Min(at + Around, lines.Count - 1); n++)
        {
            if (!IsSentence(lines[n].ToString()))
                continue;
            var last = n;
            while (last + 1 < lines.Count && (IsSentence(lines[last + 1].ToString()) || string.IsNullOrWhiteSpace(lines[last + 1].ToString())))
                last++;
            foreach (var end in new[] { n, last }.Distinct())
            {
                var span = TextSpan.FromBounds(lines[n].Start, lines[end].End);
                yield return new TokenEdit(new TextChange(span, Start().Replace(fault.Text.ToString(span), "// ")), $"make a comment of line {n + 1}", 0.9);
            }
        }
    }

    // A statement that is written badly is still a statement.
    private static bool IsSentence(string line)
    {
        var first = line.TrimStart().Split(' ', '(', ',')[0];
        var isStatement = first.Length > 0 && (SyntaxFacts.GetKeywordKind(first) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(first) != SyntaxKind.None) && line.AsSpan().IndexOfAny("()[]<>\"") >= 0;
        // `public static class Tree` has no sign of code but its first word.
        var isDeclaration = first is "public" or "internal" or "private" or "protected" or "sealed" or "static" or "abstract" && line.TrimEnd()[^1] is not '.' and not ':';
        return !isStatement && !isDeclaration && Sentence().IsMatch(line);
    }

    // A line that stands elsewhere too was left behind here.
    private static IEnumerable<TokenEdit> Twice(CSharpFault fault)
    {
        var line = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length));
        var text = line.ToString().Trim();
        if (text.Length > 3 && fault.Text.Lines.Count(l => l.ToString().Trim() == text) > 1)
            yield return TokenEdit.Remove(line.SpanIncludingLineBreak, "line that stands elsewhere too", 1.4);
    }

    [GeneratedRegex(@"^(?:<{7}|={7}|>{7}|\|{7})[^\n]*\n?", RegexOptions.Multiline)]
    private static partial Regex Marks();

    [GeneratedRegex(@"^<{7}[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Ours();

    [GeneratedRegex(@"^={7}\r?\n(?:(?!>{7})[^\n]*\n)*>{7}[^\n]*\n?", RegexOptions.Multiline, 1000)]
    private static partial Regex Theirs();

    [GeneratedRegex(@"^<{7}[^\n]*\n(?:(?!={7})[^\n]*\n)*={7}\r?\n", RegexOptions.Multiline, 1000)]
    private static partial Regex Mine();

    [GeneratedRegex(@"^\+(?!\+)", RegexOptions.Multiline)]
    private static partial Regex Added();

    [GeneratedRegex(@"^-(?!-)[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Removed();

    [GeneratedRegex(@"^[ \t]*(?:```|~~~)[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*(?:[-*]\s+|\d+[.)]\s+)?[A-Z]?[\w'’-]+(?:,?\s+[\w'’()`-]+){2,}[^;{}=]*[.:!?]?\s*$", RegexOptions.None, 500)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(?m)^[ \t]*(?=\S)")]
    private static partial Regex Start();
}
