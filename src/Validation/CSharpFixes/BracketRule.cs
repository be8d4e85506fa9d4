using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Tokens that are all there in the wrong shape: brackets crossed, an operator torn in two, a condition without its keyword, a call without its parentheses.</summary>
internal sealed class BracketRule : ICSharpRule
{
    private const int Reach = 40;
    private const int FarReach = 400;
    private static readonly HashSet<string> Operators = ["=>", ">=", "<=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "&&", "||", "++", "--", "??", "?.", "..", "::", "->"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) =>
        new ParseTrial(fault).Try(Edits(fault), token).Candidates("Nothing is missing but in its place: written like this the parser reads what was meant.");

    private static IEnumerable<TokenEdit> Edits(CSharpFault fault)
    {
        foreach (var (one, next) in Pairs(fault))
        {
            var between = TextSpan.FromBounds(one.SpanStart, next.Span.End);
            if (one.Text is ")" or "]" or "}" && next.Text is ")" or "]" or "}" && one.Text != next.Text)
                yield return TokenEdit.Replace(between, one.Text + next.Text, next.Text + fault.Text.ToString(TextSpan.FromBounds(one.Span.End, next.SpanStart)) + one.Text, 0.9);
            if (Operators.Contains(one.Text + next.Text))
                yield return TokenEdit.Replace(between, $"{one} {next}", one.Text + next.Text, 0.8);
            else if (Operators.Contains(next.Text + one.Text) && one.Span.End == next.SpanStart)
                yield return TokenEdit.Replace(between, one.Text + next.Text, next.Text + one.Text, 1);
            if (one.IsKind(SyntaxKind.ElseKeyword) && next.IsKind(SyntaxKind.OpenParenToken))
                yield return TokenEdit.Insert(next.SpanStart, "if ", 0.8);
            if (one.IsKind(SyntaxKind.IdentifierToken) && next.Kind() is SyntaxKind.IdentifierToken or SyntaxKind.StringLiteralToken or SyntaxKind.NumericLiteralToken or SyntaxKind.InterpolatedStringStartToken)
            {
                foreach (var end in Ends(next))
                    yield return new TokenEdit(new TextChange(TextSpan.FromBounds(one.Span.End, end), $"({fault.Text.ToString(TextSpan.FromBounds(next.SpanStart, end))})"), $"parentheses around what {one} is given", 1.7);
            }
        }
        if (Arms(fault) is { Length: > 0 } arms)
            yield return new TokenEdit(new TextChange(arms, Commas(fault.Text.ToString(arms))), "; -> , between the arms", 0.9);
        foreach (var open in Statements(fault))
        {
            foreach (var (word, cost) in new[] { ("if", 1.1), ("while", 1.2), ("foreach", 1.2), ("for", 1.2), ("switch", 1.4), ("using", 1.5), ("lock", 1.9), ("catch", 1.2) })
                yield return TokenEdit.Insert(open.SpanStart, word + " ", cost);
        }
    }

    // What stands between the braces of the switch expression that surrounds the fault; empty where none does.
    private static TextSpan Arms(CSharpFault fault)
    {
        var (open, depth) = (fault.Token, 0);
        for (var i = 0; i < FarReach && open.RawKind != 0; i++, open = open.GetPreviousToken(includeSkipped: true))
        {
            depth += open.Text == "}" && i > 0 ? 1 : open.Text == "{" ? -1 : 0;
            if (depth < 0 && open.GetPreviousToken(includeSkipped: true).IsKind(SyntaxKind.SwitchKeyword))
                break;
            depth = Math.Max(depth, 0);
        }
        if (!open.IsKind(SyntaxKind.OpenBraceToken) || !open.GetPreviousToken(includeSkipped: true).IsKind(SyntaxKind.SwitchKeyword))
            return default;
        (var close, depth) = (open, 0);
        for (var i = 0; i < FarReach && close.RawKind != 0; i++, close = close.GetNextToken(includeSkipped: true))
        {
            depth += close.Text == "{" ? 1 : close.Text == "}" ? -1 : 0;
            if (depth == 0)
                return TextSpan.FromBounds(open.Span.End, close.SpanStart);
        }
        return default;
    }

    private static string Commas(string arms)
    {
        var text = arms.ToCharArray();
        var depth = 0;
        foreach (var t in SyntaxFactory.ParseTokens(arms))
        {
            depth += t.Text is "(" or "[" or "{" ? 1 : t.Text is ")" or "]" or "}" ? -1 : 0;
            if (depth == 0 && t.IsKind(SyntaxKind.SemicolonToken))
                text[t.SpanStart] = ',';
        }
        return new string(text);
    }

    private static IEnumerable<(SyntaxToken One, SyntaxToken Next)> Pairs(CSharpFault fault)
    {
        // A bracket that the parser could not place is among the skipped ones.
        var next = fault.Token;
        for (var i = 0; i < 3 && next.GetNextToken(includeSkipped: true) is { RawKind: not 0 } later; i++)
            next = later;
        for (var i = 0; i < Reach && next.RawKind != 0; i++)
        {
            var one = next.GetPreviousToken(includeSkipped: true);
            if (one.Span.Length > 0 && next.Span.Length > 0)
                yield return (one, next);
            next = one;
        }
    }

    // Where the arguments of a call without parentheses may end: after one value, or before the bracket or semicolon that follows.
    private static IEnumerable<int> Ends(SyntaxToken first)
    {
        yield return first.Span.End;
        var (token, depth) = (first, 0);
        for (var i = 0; i < Reach && token.RawKind != 0; i++, token = token.GetNextToken(includeSkipped: true))
        {
            depth += token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0;
            if (depth >= 0 && token.Text != ";")
                continue;
            yield return token.GetPreviousToken(includeSkipped: true).Span.End;
            yield break;
        }
    }

    // An open parenthesis that begins a statement: the word before it was lost.
    private static IEnumerable<SyntaxToken> Statements(CSharpFault fault)
    {
        var token = fault.Token;
        for (var i = 0; i < Reach && token.RawKind != 0; i++, token = token.GetPreviousToken())
        {
            if (token.IsKind(SyntaxKind.OpenParenToken) && token.GetPreviousToken().Text is ";" or "{" or "}" or ")" or "else")
                yield return token;
        }
    }
}
