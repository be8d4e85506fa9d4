using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>
/// Braces that do not match. The parser notices only at the end, so the author's indentation says where one was lost or is too many.
/// </summary>
internal sealed class BraceRule : ICSharpRule
{
    private const int MaxEdits = 160;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var balance = 0;
        foreach (var t in fault.Root.DescendantTokens().Where(t => !t.IsMissing))
            balance += t.IsKind(SyntaxKind.OpenBraceToken) ? 1 : t.IsKind(SyntaxKind.CloseBraceToken) ? -1 : 0;
        // The parser drops what it cannot place; text it skipped counts as well.
        balance += fault.Root.DescendantTrivia().Where(t => t.IsKind(SyntaxKind.SkippedTokensTrivia)).Sum(t => t.ToString().Sum(c => c == '{' ? 1 : c == '}' ? -1 : 0));
        if (balance == 0 && !fault.Is("CS1513", "CS1514", "CS1022"))
            return [];
        var lines = BraceLines.Of(fault.Text);
        var trial = new ParseTrial(fault);
        if (balance >= 0)
            trial.Try(lines.MissingClose().Concat(lines.Surplus('{')).Take(MaxEdits), token);
        if (balance <= 0)
            trial.Try(lines.MissingOpen().Concat(lines.Surplus('}')).Take(MaxEdits), token);
        return trial.Candidates("The braces did not match; the indentation shows which block this one belongs to.");
    }
}

/// <summary>The lines of a file by their indentation, and the places where a brace would restore its order.</summary>
internal sealed class BraceLines
{
    private readonly List<(TextLine Line, int Indent, string Text)> lines;

    private BraceLines(List<(TextLine, int, string)> lines) => this.lines = lines;

    public static BraceLines Of(SourceText text) =>
        new([.. text.Lines.Select(l => (l, l.ToString())).Where(l => l.Item2.Trim().Length > 0)
            .Select(l => (l.l, l.Item2.Length - l.Item2.TrimStart().Length, l.Item2.Trim()))]);

    /// <summary>Closing braces where a line stands too far left for the block it would be in; then before every line, and at the end.</summary>
    public IEnumerable<TokenEdit> MissingClose()
    {
        var open = new Stack<int>();
        var found = 0;
        foreach (var (line, indent, text) in lines)
        {
            var closes = text[0] == '}';
            while (open.TryPeek(out var outer) && !text.StartsWith('{') && (closes ? indent < outer : indent <= outer))
            {
                yield return Close(line.Start, outer, 1 + 0.2 * found++);
                open.Pop();
            }
            foreach (var c in Code(text))
            {
                if (c == '{')
                    open.Push(indent);
                else if (c == '}')
                    open.TryPop(out _);
            }
        }
        var last = lines.Count == 0 ? 0 : lines[^1].Line.End;
        yield return Close(last, open.TryPeek(out var end) ? end : 0, 1.2, newline: true);
        foreach (var (line, indent, _) in lines)
        {
            yield return Close(line.Start, Math.Max(0, indent - 4), 2.5);
            yield return Close(line.Start, indent, 2.6);
        }
    }

    /// <summary>Opening braces between a line that heads a block and the deeper line that follows it.</summary>
    public IEnumerable<TokenEdit> MissingOpen()
    {
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            var (line, indent, text) = lines[i];
            var deeper = lines[i + 1].Indent > indent;
            if (text[^1] is '{' or ',' or '(' or ';' || text.EndsWith("=>", StringComparison.Ordinal))
                continue;
            var style = lines.Any(l => l.Text == "{") ? "\n" + new string(' ', indent) + "{" : " {";
            yield return new TokenEdit(new TextChange(new TextSpan(line.End, 0), style), "insert missing {", deeper ? 1 : 2);
        }
    }

    /// <summary>Braces that could go: lines that hold nothing else, then any.</summary>
    public IEnumerable<TokenEdit> Surplus(char brace)
    {
        foreach (var (line, _, text) in lines.AsEnumerable().Reverse().Where(l => l.Text == brace.ToString()))
            yield return TokenEdit.Remove(TextSpan.FromBounds(line.Start, line.EndIncludingLineBreak), brace.ToString(), 1.6);
        foreach (var (line, _, text) in lines.Where(l => l.Text.Length > 1))
        {
            var at = line.ToString().IndexOf(brace);
            if (at >= 0)
                yield return TokenEdit.Remove(new TextSpan(line.Start + at, 1), brace.ToString(), 2.2);
        }
    }

    private static TokenEdit Close(int at, int indent, double cost, bool newline = false)
    {
        var brace = new string(' ', indent) + "}";
        return new TokenEdit(new TextChange(new TextSpan(at, 0), newline ? "\n" + brace : brace + "\n"), "insert missing }", cost);
    }

    // Good enough for counting: strings and comments with braces are rare, and every candidate is checked by the parser.
    private static IEnumerable<char> Code(string line) => line.Split("//")[0];
}
