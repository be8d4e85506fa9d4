using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of the text: tokens lost, doubled, mistaken; quotes; statements of other languages.</summary>
internal static class TokenMutators
{
    public static readonly Mutator[] All =
    [
        new("missing ;", s => s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is not ForStatementSyntax).Select(Remove)),
        new("missing )", s => s.Tokens(SyntaxKind.CloseParenToken).Select(Remove)),
        new("missing (", s => s.Tokens(SyntaxKind.OpenParenToken).Select(Remove)),
        new("missing }", s => s.Tokens(SyntaxKind.CloseBraceToken).Where(t => t.Parent is not InterpolationSyntax).Select(Remove)),
        new("missing {", s => s.Tokens(SyntaxKind.OpenBraceToken).Where(t => t.Parent is not InterpolationSyntax).Select(Remove)),
        new("missing ]", s => s.Tokens(SyntaxKind.CloseBracketToken).Select(Remove)),
        new("missing ,", s => s.Tokens(SyntaxKind.CommaToken).Select(Remove)),
        new("missing .", s => s.Tokens(SyntaxKind.DotToken).Select(t => Replace(t.Span, " "))),
        new("missing operator", s => s.Of<BinaryExpressionSyntax>().Where(b => b.OperatorToken.Text.Length <= 2).Select(b => Replace(b.OperatorToken.Span, ""))),
        new("missing =>", s => s.Tokens(SyntaxKind.EqualsGreaterThanToken).Select(Remove)),
        new("missing : of case", s => s.Tokens(SyntaxKind.ColonToken).Select(Remove)),
        new("surplus }", s => s.Tokens(SyntaxKind.CloseBraceToken).Where(t => t.Parent is BlockSyntax or TypeDeclarationSyntax).Select(t => Insert(t.Span.End, "\n}"))),
        new("surplus )", s => s.Tokens(SyntaxKind.CloseParenToken).Select(t => Insert(t.Span.End, ")"))),
        new("surplus ; after header", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => Insert(m.ParameterList.Span.End, ";"))),
        new("wrong bracket", s => s.Tokens(SyntaxKind.CloseBracketToken).Select(t => Replace(t.Span, ")")).Concat(s.Tokens(SyntaxKind.CloseParenToken).Select(t => Replace(t.Span, "]")))),
        new("missing quote", s => s.Of<LiteralExpressionSyntax>().Where(IsText).SelectMany(l => new[] { Replace(new TextSpan(l.Span.End - 1, 1), ""), Replace(new TextSpan(l.SpanStart, 1), "") })),
        new("single quotes", s => s.Of<LiteralExpressionSyntax>().Where(l => IsText(l) && !l.Token.Text.Contains('\'') && !l.Token.Text.Contains('\\')).Select(l => Replace(l, $"'{l.Token.ValueText}'"))),
        new("double quotes on char", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.CharacterLiteralExpression) && !l.Token.Text.Contains('"') && !l.Token.Text.Contains('\\')).Select(l => Replace(l, $"\"{l.Token.ValueText}\""))),
        new("typographic quotes", s => s.Of<LiteralExpressionSyntax>().Where(IsText).Select(l => Replace(l, $"\u201C{l.Token.Text[1..^1]}\u201D"))),
        new("interpolation: }", s => s.Of<InterpolationSyntax>().Select(i => Remove(i.CloseBraceToken))),
        new("interpolation: {", s => s.Of<InterpolationSyntax>().Select(i => Remove(i.OpenBraceToken))),
        new("interpolation: f\"\"", s => s.Of<InterpolatedStringExpressionSyntax>().Where(i => i.StringStartToken.Text == "$\"").Select(i => Replace(new TextSpan(i.SpanStart, 1), "f"))),
        new("interpolation: backticks", s => s.Of<InterpolatedStringExpressionSyntax>().Where(i => i.StringStartToken.Text == "$\"" && !i.ToString().Contains("\\\"", StringComparison.Ordinal)).Select(i => Replace(i, $"`{i.Contents}`"))),
        new("keyword misspelt", s => s.Root.DescendantTokens().Where(t => SyntaxFacts.IsReservedKeyword(t.Kind()) && t.Text.Length > 3).Select(t => Replace(t.Span, s.Misspell(t.Text)))),
        new("= for ==", s => s.Tokens(SyntaxKind.EqualsEqualsToken).Select(t => Replace(t.Span, "="))),
        new("== for =", s => s.Of<AssignmentExpressionSyntax>().Where(a => a.OperatorToken.Text == "=" && a.Parent is ExpressionStatementSyntax).Select(a => Replace(a.OperatorToken.Span, "=="))),
        new("=== for ==", s => s.Tokens(SyntaxKind.EqualsEqualsToken).Select(t => Replace(t.Span, "==="))),
        new("and / or / not", s => s.Of<BinaryExpressionSyntax>().Where(b => b.OperatorToken.Text is "&&" or "||").Select(b => Replace(b.OperatorToken.Span, b.OperatorToken.Text == "&&" ? "and" : "or"))
            .Concat(s.Of<PrefixUnaryExpressionSyntax>().Where(p => p.OperatorToken.Text == "!").Select(p => Replace(p.OperatorToken.Span, "not ")))),
        new("-> for =>", s => s.Tokens(SyntaxKind.EqualsGreaterThanToken).Select(t => Replace(t.Span, "->"))),
        new("if without ( )", s => s.Of<IfStatementSyntax>().Select(i => new[] { new TextChange(i.OpenParenToken.Span, ""), new TextChange(i.CloseParenToken.Span, "") })),
        new("elif", s => s.Of<ElseClauseSyntax>().Where(e => e.Statement is IfStatementSyntax).Select(e => Replace(TextSpan.FromBounds(e.SpanStart, ((IfStatementSyntax)e.Statement).OpenParenToken.SpanStart), "elif "))),
        new("foreach of", s => s.Of<ForEachStatementSyntax>().Select(f => Replace(f.InKeyword.Span, "of"))),
        new("foreach without type", s => s.Of<ForEachStatementSyntax>().Select(f => Replace(TextSpan.FromBounds(f.Type.SpanStart, f.Identifier.SpanStart), ""))),
        new("for with commas", s => s.Of<ForStatementSyntax>().Select(f => new[] { new TextChange(f.FirstSemicolonToken.Span, ","), new TextChange(f.SecondSemicolonToken.Span, ",") })),
        new("for without ;", s => s.Of<ForStatementSyntax>().Select(f => Remove(f.SecondSemicolonToken))),
        new("let / const for var", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Type.IsVar).Select(d => Replace(d.Declaration.Type, s.Random.Next(2) == 0 ? "let" : "const"))),
        new("C array declarator", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Type is ArrayTypeSyntax).Select(d => Replace(TextSpan.FromBounds(d.Declaration.Type.SpanStart, d.Declaration.Variables[0].Identifier.Span.End), $"{((ArrayTypeSyntax)d.Declaration.Type).ElementType} {d.Declaration.Variables[0].Identifier}[]"))),
        new("missing result type", s => s.Of<MethodDeclarationSyntax>().Select(m => Replace(TextSpan.FromBounds(m.ReturnType.SpanStart, m.Identifier.SpanStart), ""))),
        new("switch: => for :", s => s.Of<CaseSwitchLabelSyntax>().Select(c => Replace(c.ColonToken.Span, " =>"))),
        new("switch: default =>", s => s.Of<DiscardPatternSyntax>().Select(d => Replace(d, "default"))),
        new("switch expression: ,", s => s.Of<SwitchExpressionSyntax>().SelectMany(x => x.Arms.GetSeparators().Take(Math.Max(0, x.Arms.Count - 1))).Select(Remove)),
    ];

    private static bool IsText(LiteralExpressionSyntax literal) => literal.IsKind(SyntaxKind.StringLiteralExpression) && literal.Token.Text.StartsWith('"') && !literal.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal) && literal.Token.ValueText.Length > 1;
}
