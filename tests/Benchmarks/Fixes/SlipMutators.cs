using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Slips of the hand that are more than one lost token: pairs lost, tokens doubled, moved or split, an end cut off, quotes inside quotes.</summary>
internal static class SlipMutators
{
    public static readonly Mutator[] All =
    [
        new("slip: end cut off", s => s.Of<TypeDeclarationSyntax>().Where(t => t.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax && t == s.Of<TypeDeclarationSyntax>().Last(x => x.Parent == t.Parent)).Select(t => Replace(TextSpan.FromBounds(t.CloseBraceToken.FullSpan.Start, s.Root.FullSpan.End), ""))),
        new("slip: end cut off, two braces", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).TakeLast(1).Select(m => Replace(TextSpan.FromBounds(m.Body!.CloseBraceToken.FullSpan.Start, s.Root.FullSpan.End), ""))),
        new("slip: parentheses of a call", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count == 1).Select(a => new[] { new TextChange(a.OpenParenToken.Span, " "), new TextChange(a.CloseParenToken.Span, "") })),
        new("slip: braces of a body", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is { Statements.Count: > 0 }).Select(m => new[] { new TextChange(m.Body!.OpenBraceToken.Span, ""), new TextChange(m.Body.CloseBraceToken.Span, "") })),
        new("slip: generic bracket", s => s.Of<TypeArgumentListSyntax>().SelectMany(a => new[] { Remove(a.GreaterThanToken), Remove(a.LessThanToken) })),
        new("slip: missing [", s => s.Tokens(SyntaxKind.OpenBracketToken).Select(Remove)),
        new("slip: ? or : of a choice", s => s.Of<ConditionalExpressionSyntax>().SelectMany(c => new[] { Remove(c.QuestionToken), Remove(c.ColonToken) })),
        new("slip: missing in", s => s.Of<ForEachStatementSyntax>().Select(f => RemoveWord(f.InKeyword))),
        new("slip: comma twice", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count > 1).Select(a => Insert(a.Arguments.GetSeparator(0).Span.End, ","))),
        new("slip: comma at the end", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count > 0).Select(a => Insert(a.CloseParenToken.SpanStart, ", "))
            .Concat(s.Of<ParameterListSyntax>().Where(a => a.Parameters.Count > 0).Select(a => Insert(a.CloseParenToken.SpanStart, ", ")))),
        new("slip: surplus {", s => s.Tokens(SyntaxKind.OpenBraceToken).Where(t => t.Parent is BlockSyntax).Select(t => Insert(t.Span.End, " {"))),
        new("slip: surplus (", s => s.Tokens(SyntaxKind.OpenParenToken).Select(t => Insert(t.Span.End, "("))),
        new("slip: ; before {", s => s.Of<TypeDeclarationSyntax>().Select(t => Insert(t.OpenBraceToken.GetPreviousToken().Span.End, ";")).Concat(s.Of<ElseClauseSyntax>().Select(e => Insert(e.ElseKeyword.Span.End, ";")))),
        new("slip: ; for , in arguments", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count > 1).Select(a => Replace(a.Arguments.GetSeparator(0).Span, ";"))),
        new("slip: . for , in arguments", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count > 1).Select(a => Replace(a.Arguments.GetSeparator(0).Span, "."))),
        new("slip: , for .", s => s.Tokens(SyntaxKind.DotToken).Select(t => Replace(t.Span, ","))),
        new("slip: operator split", s => s.Root.DescendantTokens().Where(t => t.Text is ">=" or "<=" or "==" or "!=" or "+=" or "-=" or "=>" or "&&" or "||" or "++" && t.Span.Length == 2).Select(t => Insert(t.SpanStart + 1, " "))),
        new("slip: operator turned round", s => s.Root.DescendantTokens().Where(t => t.Text is ">=" or "<=" or "!=").Select(t => Replace(t.Span, new string([.. t.Text.Reverse()])))),
        new("slip: brackets crossed", s => s.Root.DescendantTokens().Where(t => t.Text is ")" or "]" or "}" && t.GetNextToken().Text is ")" or "]" or "}" && t.GetNextToken().Text != t.Text && t.GetNextToken().SpanStart == t.Span.End).Select(t => Replace(TextSpan.FromBounds(t.SpanStart, t.Span.End + 1), t.GetNextToken().Text + t.Text))),
        new("slip: keyword lost", s => s.Root.DescendantTokens().Where(t => t.Text is "case" or "class" or "else" or "catch" or "try" or "void" or "foreach" or "for" or "if" or "while" or "in" or "namespace" or "do" or "get" or "enum" or "using").Select(RemoveWord)),
        new("slip: keyword twice", s => s.Root.DescendantTokens().Where(t => t.Text is "public" or "static" or "return" or "new" or "class" or "int" or "string" or "var" or "if" or "else").Select(t => Insert(t.SpanStart, t.Text + " "))),
        new("slip: elseif", s => s.Of<ElseClauseSyntax>().Where(e => e.Statement is IfStatementSyntax).Select(e => Replace(TextSpan.FromBounds(e.SpanStart, ((IfStatementSyntax)e.Statement).IfKeyword.Span.End), s.Random.Next(2) == 0 ? "elseif" : "elsif"))),
        new("slip: else with condition", s => s.Of<ElseClauseSyntax>().Where(e => e.Statement is IfStatementSyntax).Select(e => RemoveWord(((IfStatementSyntax)e.Statement).IfKeyword))),
        new("slip: words joined", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Modifiers.Count == 0).Select(d => Replace(TextSpan.FromBounds(d.Declaration.Type.Span.End, d.Declaration.Variables[0].SpanStart), ""))
            .Concat(s.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null).Select(r => Replace(TextSpan.FromBounds(r.ReturnKeyword.Span.End, r.Expression!.SpanStart), "")))
            .Concat(s.Of<BaseObjectCreationExpressionSyntax>().OfType<ObjectCreationExpressionSyntax>().Select(r => Replace(TextSpan.FromBounds(r.NewKeyword.Span.End, r.Type.SpanStart), "")))),
        new("slip: wrong quote at the end", s => s.Of<LiteralExpressionSyntax>().Where(IsText).Select(l => Replace(new TextSpan(l.Span.End - 1, 1), "'"))),
        new("slip: backticks", s => s.Of<LiteralExpressionSyntax>().Where(IsText).Select(l => Replace(l, $"`{l.Token.Text[1..^1]}`"))),
        new("slip: quotes inside quotes", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Text.Contains("\\\"", StringComparison.Ordinal)).Select(l => Replace(l, l.Token.Text.Replace("\\\"", "\"", StringComparison.Ordinal)))),
        new("slip: backslash not doubled", s => s.Of<LiteralExpressionSyntax>().Where(l => IsText(l) && l.Token.Text.Contains(@"\\", StringComparison.Ordinal)).Select(l => Replace(l, l.Token.Text.Replace(@"\\", @"\", StringComparison.Ordinal)))),
        new("slip: char of two letters", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.CharacterLiteralExpression) && l.Token.Text.Length == 3).Select(l => Insert(l.Span.End - 1, " "))),
        new("slip: quotes of a char lost", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.CharacterLiteralExpression) && l.Token.Text.Length == 3).SelectMany(l => new[] { Replace(new TextSpan(l.Span.End - 1, 1), ""), Replace(new TextSpan(l.SpanStart, 1), "") })),
        new("slip: choice in interpolation", s => s.Of<InterpolationSyntax>().Where(i => i.FormatClause is null && i.Expression is not ConditionalExpressionSyntax).Select(i => Replace(i.Expression, $"true ? {i.Expression} : {i.Expression}"))),
        new("slip: ${ } of a plain text", s => s.Of<InterpolatedStringExpressionSyntax>().Where(i => i.StringStartToken.Text == "$\"").Select(i => Replace(new TextSpan(i.SpanStart, 1), "$ "))),
        new("slip: new without ( )", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o is { ArgumentList.Arguments.Count: 0, Initializer: null }).Select(o => Replace(o.ArgumentList!, ""))),
        new("slip: accessors with ,", s => s.Of<AccessorListSyntax>().Where(a => a.Accessors.Count == 2 && a.Accessors[0].SemicolonToken.Span.Length > 0).Select(a => Replace(a.Accessors[0].SemicolonToken.Span, ","))),
        new("slip: accessors without ;", s => s.Of<AccessorListSyntax>().Where(a => a.Accessors.Count == 2 && a.Accessors[0].SemicolonToken.Span.Length > 0).Select(a => a.Accessors.Select(x => new TextChange(x.SemicolonToken.Span, "")).ToArray())),
        new("slip: property with = and accessors", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.AccessorList is not null && p.Initializer is not null).Select(p => Replace(TextSpan.FromBounds(p.Identifier.Span.End, p.Span.End), $" {p.Initializer} {p.AccessorList}"))),
        new("slip: do without ;", s => s.Of<DoStatementSyntax>().Select(d => Remove(d.SemicolonToken))),
        new("slip: body lost", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ExpressionBody is not null).Select(m => Replace(m.ExpressionBody!.ArrowToken.Span, "="))),
        new("slip: => and { }", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => Insert(m.Body!.SpanStart, "=> "))),
        new("slip: comment not closed", s => s.Of<BlockSyntax>().Where(b => b.Statements.Count > 0).Select(b => Insert(b.Statements[0].SpanStart, "/* look at each value\n        "))),
        new("slip: comment without //", s => s.Of<BlockSyntax>().Where(b => b.Statements.Count > 0).Select(b => Insert(b.Statements[0].SpanStart, "Look at each value in turn\n        "))),
        new("slip: fence at the end", s => [Insert(s.Root.FullSpan.End, "\n```\n")]),
        new("slip: words after the code", s => [Insert(s.Root.FullSpan.End, "\n\nThis version handles the empty list as well. Let me know if you need more!\n")]),
        new("slip: conflict marks", s => s.Of<MethodDeclarationSyntax>().Select(m => new[] { new TextChange(new TextSpan(m.FullSpan.Start, 0), "<<<<<<< HEAD\n"), new TextChange(new TextSpan(m.FullSpan.End, 0), "=======\n>>>>>>> other\n") })),
        new("slip: diff marks", s => s.Of<StatementSyntax>().Where(m => m.Parent is BlockSyntax && m is not BlockSyntax && !m.ToString().Contains('\n')).Select(m => Insert(m.FullSpan.Start, "+"))),
    ];

    private static bool IsText(LiteralExpressionSyntax literal) => literal.IsKind(SyntaxKind.StringLiteralExpression) && literal.Token.Text.StartsWith('"') && !literal.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal) && literal.Token.ValueText.Length > 1;
}
