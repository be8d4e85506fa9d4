using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>An operator taken for another: = and ==, &amp; and &amp;&amp;, is and ==, + for text, ?? on values.</summary>
internal sealed class OperatorRule : ICSharpRule
{
    private static readonly Dictionary<string, string[]> Others = new()
    {
        ["="] = ["==", "+=", "=>"],
        ["=="] = ["=", "is", "!="],
        ["!="] = ["is not", "=="],
        ["&"] = ["&&"],
        ["|"] = ["||"],
        ["&&"] = ["&", "and"],
        ["||"] = ["|", "or", "??"],
        ["+="] = ["="],
        ["-="] = ["="],
        ["??"] = ["||"],
        ["!"] = ["", "~"],
        ["is"] = ["=="],
        ["as"] = ["is"],
        ["^"] = ["**"],
        ["<"] = ["<="],
        ["and"] = ["&&"],
        ["or"] = ["||"],
        ["not"] = ["!"],
        ["++"] = [" += 1"],
        ["?."] = ["."],
        ["=>"] = ["="],
        ["~"] = ["!"],
    };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0019", "CS0023", "CS0029", "CS0131", "CS0201", "CS0266", "CS0665", "CS0034", "CS0150", "CS0832", "CS0200", "CS0191", "CS1656", "CS0021", "CS0131", "CS8121", "CS0030", "CS1061", "CS0128", "CS0747", "CS0077", "CS8116", "CS8121"))
            yield break;
        var node = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        foreach (var op in new[] { Operator(node), Operator(node?.Parent), Operator(node?.Parent?.Parent) }.Where(t => t.Span.Length > 0).Distinct())
        {
            foreach (var other in Others.GetValueOrDefault(op.Text) ?? [])
            {
                var spaced = other.Length > 1 && char.IsLetter(other[0]) && !char.IsWhiteSpace(fault.Text[Math.Max(0, op.SpanStart - 1)]) ? $" {other} " : other;
                yield return fault.Replace(op.Span, spaced, $"{op.Text} -> {other}", $"'{op.Text}' does not apply to these operands here; '{other}' does, and is easily confused with it.", 1.1);
            }
        }
        if (node is BinaryExpressionSyntax { OperatorToken.Text: "*" } repeated && fault.Model.GetTypeInfo(repeated.Left, token).Type?.SpecialType == SpecialType.System_String)
            yield return fault.Replace(repeated, $"string.Concat(Enumerable.Repeat({repeated.Left}, {repeated.Right}))", "repeat the text", "C# does not multiply texts; Enumerable.Repeat repeats them.", 1);
        // a < b < c, and a == b || c
        if (node is BinaryExpressionSyntax { Left: BinaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.LessThanToken or (int)SyntaxKind.LessThanEqualsToken or (int)SyntaxKind.GreaterThanToken or (int)SyntaxKind.GreaterThanEqualsToken } inner } chained)
            yield return fault.Replace(chained, $"{inner} && {inner.Right} {chained.OperatorToken} {chained.Right}", "split the chained comparison", "C# compares two values at a time; the middle one is compared twice.", 1.5);
        if (node is BinaryExpressionSyntax { OperatorToken.Text: "||" or "&&", Left: BinaryExpressionSyntax { OperatorToken.Text: "==" or "!=" } test } either && fault.Model.GetTypeInfo(either.Right, token).Type?.SpecialType != SpecialType.System_Boolean)
            yield return fault.Replace(either.Right, $"{test.Left} {test.OperatorToken} {either.Right}", "repeat the comparison", "Each side of the operator must be true or false by itself.", 1.5);
        if (fault.Token.Parent?.FirstAncestorOrSelf<BinaryExpressionSyntax>() is { } sum && sum.Parent is BinaryExpressionSyntax { } whole && fault.Is("CS0019"))
            yield return fault.Change(fault.Tree, "parentheses around the left side", "The operators bound in another order than the types allow.", 2.2, new TextChange(new TextSpan(sum.SpanStart, 0), "("), new TextChange(new TextSpan(sum.Span.End, 0), ")"));
        if (node is BinaryExpressionSyntax { OperatorToken.Text: "+" or "==" or "!=" or "<" or ">" or "<=" or ">=" or "&&" or "||", Right: ConditionalExpressionSyntax } c)
            yield return fault.Replace(c.Right, $"({c.Right})", "parentheses around the conditional", "The conditional bound looser than the operator before it.", 1.4);
        foreach (var conditional in fault.Node.AncestorsAndSelf().OfType<ConditionalExpressionSyntax>().Where(x => x.Condition is BinaryExpressionSyntax { OperatorToken.Text: "+" }).Take(1))
        {
            var plus = (BinaryExpressionSyntax)conditional.Condition;
            yield return fault.Replace(conditional, $"{plus.Left} + ({plus.Right} ? {conditional.WhenTrue} : {conditional.WhenFalse})", "parentheses around the conditional", "The sum was taken for the condition.", 1.4);
        }
    }

    private static SyntaxToken Operator(SyntaxNode? node) => node switch
    {
        AssignmentExpressionSyntax a => a.OperatorToken,
        BinaryExpressionSyntax b => b.OperatorToken,
        PrefixUnaryExpressionSyntax p => p.OperatorToken,
        ConditionalAccessExpressionSyntax c => c.OperatorToken,
        PostfixUnaryExpressionSyntax p => p.OperatorToken,
        IsPatternExpressionSyntax i => i.IsKeyword,
        _ => default,
    };
}
