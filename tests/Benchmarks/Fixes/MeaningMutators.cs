using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of meaning inside bodies: conversions, returns, arguments, calls, values that may be missing.</summary>
internal static class MeaningMutators
{
    private static readonly string[] Conversions = ["ToString", "ToArray", "ToList", "ToDictionary", "ToHashSet", "First", "Single", "Value"];

    public static readonly Mutator[] All =
    [
        new("missing return keyword", s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null && r.Parent is not YieldStatementSyntax).Select(r => RemoveWord(r.ReturnKeyword))),
        new("missing return statement", s => s.Of<ReturnStatementSyntax>().Where(r => r is { Expression: not null, Parent: BlockSyntax { Parent: MethodDeclarationSyntax } b } && b.Statements.Count > 1).Select(r => Replace(r.FullSpan, ""))),
        new("return without value", s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is IdentifierNameSyntax).Select(r => Replace(r.Expression!, ""))),
        new("unassigned local", s => s.Of<VariableDeclaratorSyntax>().Where(v => v is { Initializer: not null, Parent: VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax, Type.IsVar: false } }).Select(v => Replace(TextSpan.FromBounds(v.Identifier.Span.End, v.Span.End), ""))
            .Concat(s.Of<VariableDeclaratorSyntax>().Where(v => v is { Initializer.Value: LiteralExpressionSyntax, Parent: VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax, Type.IsVar: true } }).Select(v => Replace(v.Parent!, $"{s.TypeOf(v.Initializer!.Value)?.ToDisplayString()} {v.Identifier}")))),
        new("undeclared local", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Variables is [{ Initializer: not null }]).Select(d => Replace(TextSpan.FromBounds(d.SpanStart, d.Declaration.Variables[0].SpanStart), ""))),
        new("missing cast", s => s.Of<CastExpressionSyntax>().Select(c => Replace(c, c.Expression.ToString()))),
        new("missing conversion call", s => s.Of<InvocationExpressionSyntax>().Where(i => i is { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax m } && Conversions.Contains(m.Name.Identifier.Text)).Select(i => Replace(TextSpan.FromBounds(((MemberAccessExpressionSyntax)i.Expression).OperatorToken.SpanStart, i.Span.End), ""))),
        new("missing parse", s => s.Of<InvocationExpressionSyntax>().Where(i => i.Expression.ToString().EndsWith(".Parse", StringComparison.Ordinal) || i.Expression.ToString().StartsWith("Convert.To", StringComparison.Ordinal)).Select(i => Replace(i, i.ArgumentList.Arguments[0].ToString()))),
        new("missing string.Join / Concat", s => s.Of<InvocationExpressionSyntax>().Where(i => i.Expression.ToString() is "string.Join" or "string.Concat" or "String.Join" && i.ArgumentList.Arguments.Count <= 2).Select(i => Replace(i, i.ArgumentList.Arguments.Last().ToString()))),
        new("wrong local type", s => s.Of<VariableDeclarationSyntax>().Where(d => d.Parent is LocalDeclarationStatementSyntax && d.Variables is [{ Initializer: not null }]).Select(d => Replace(d.Type, s.TypeOf(d.Variables[0].Initializer!.Value)?.SpecialType == SpecialType.System_String ? "int" : "string"))),
        new("wrong result type", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() != "void").Select(m => Replace(m.ReturnType, m.ReturnType.ToString() == "string" ? "int" : "string"))),
        new("void for result", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() != "void").Select(m => Replace(m.ReturnType, "void"))),
        new("wrong parameter type", s => s.Of<ParameterSyntax>().Where(p => p.Type is PredefinedTypeSyntax).Select(p => Replace(p.Type!, p.Type!.ToString() == "string" ? "int" : "string"))),
        new("arguments swapped", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count >= 2).Select(a => new[] { new TextChange(a.Arguments[0].Span, a.Arguments[1].ToString()), new TextChange(a.Arguments[1].Span, a.Arguments[0].ToString()) })),
        new("argument missing", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count >= 1).Select(a => Without(a.Arguments, s.Random.Next(a.Arguments.Count)))),
        new("argument surplus", s => s.Of<ArgumentListSyntax>().Select(a => Insert(a.CloseParenToken.SpanStart, a.Arguments.Count == 0 ? "0" : ", 0"))),
        new("parameter missing", s => s.Of<ParameterListSyntax>().Where(a => a.Parameters.Count >= 1 && a.Parent is MethodDeclarationSyntax).Select(a => Without(a.Parameters, s.Random.Next(a.Parameters.Count)))),
        new("call without ( )", s => s.Of<InvocationExpressionSyntax>().Where(i => i.ArgumentList.Arguments.Count == 0).Select(i => Replace(i.ArgumentList, ""))),
        new("property with ( )", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m) is IPropertySymbol).Select(m => Insert(m.Span.End, "()"))),
        new("index with ( )", s => s.Of<ElementAccessExpressionSyntax>().Select(e => Replace(e.ArgumentList, $"({e.ArgumentList.Arguments})"))),
        new("missing new", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o.ArgumentList is not null).Select(o => RemoveWord(o.NewKeyword))),
        new("type arguments missing", s => s.Of<GenericNameSyntax>().Select(g => Replace(g.TypeArgumentList, ""))),
        new("type argument count", s => s.Of<GenericNameSyntax>().Select(g => g.Arity > 1 ? Replace(g.TypeArgumentList, $"<{g.TypeArgumentList.Arguments[0]}>") : Replace(g.TypeArgumentList, $"<{g.TypeArgumentList.Arguments[0]}, int>"))),
        new("type argument wrong", s => s.Of<GenericNameSyntax>().Where(g => g.Arity == 1).Select(g => Replace(g.TypeArgumentList, g.TypeArgumentList.ToString() == "<string>" ? "<int>" : "<string>"))),
        new("nullable .Value missing", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text == "Value" && s.TypeOf(m.Expression)?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T).Select(m => Replace(m, m.Expression.ToString()))),
        new("nullable ? missing", s => s.Of<NullableTypeSyntax>().Where(n => s.TypeOf(n)?.IsValueType == true).Select(n => Remove(n.QuestionToken))),
        new("?? missing", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.CoalesceExpression)).Select(b => Replace(b, b.Left.ToString()))),
        new("missing await", s => s.Of<AwaitExpressionSyntax>().Select(a => RemoveWord(a.AwaitKeyword))),
        new("missing async", s => s.Tokens(SyntaxKind.AsyncKeyword).Select(RemoveWord)),
        new("Task result missing", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString().StartsWith("Task", StringComparison.Ordinal)).Select(m => Replace(m.ReturnType, m.ReturnType is GenericNameSyntax g ? g.TypeArgumentList.Arguments.ToString() : "int"))),
        new("missing yield", s => s.Of<YieldStatementSyntax>().Select(y => RemoveWord(y.YieldKeyword))),
        new("ref / out missing at call", s => s.Of<ArgumentSyntax>().Where(a => a.RefKindKeyword.Span.Length > 0 && a.Expression is not DeclarationExpressionSyntax).Select(a => RemoveWord(a.RefKindKeyword))),
        new("ref / out missing at parameter", s => s.Of<ParameterSyntax>().SelectMany(p => p.Modifiers.Where(m => m.Text is "ref" or "out")).Select(RemoveWord)),
        new("ref surplus at call", s => s.Of<ArgumentSyntax>().Where(a => a.Expression is IdentifierNameSyntax && a.RefKindKeyword.Span.Length == 0 && a.Parent is ArgumentListSyntax).Select(a => Insert(a.SpanStart, "ref "))),
        new("local declared twice", s => s.Of<ExpressionStatementSyntax>().Where(e => e.Expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax, OperatorToken.Text: "=" } a && s.SymbolOf(a.Left) is ILocalSymbol).Select(e => Insert(e.SpanStart, "var "))),
        new("line doubled", s => s.Of<LocalDeclarationStatementSyntax>().Select(d => Insert(d.FullSpan.End, d.ToFullString()))),
        new("shadowing", s => s.Of<ForStatementSyntax>().Where(f => f.Declaration is not null).Select(f => Insert(f.SpanStart, $"var {f.Declaration!.Variables[0].Identifier} = 0; "))),
        new("missing break", s => s.Of<BreakStatementSyntax>().Where(b => b.Parent is SwitchSectionSyntax).Select(b => Replace(b.FullSpan, ""))),
        new("missing throw keyword", s => s.Of<ThrowStatementSyntax>().Where(t => t.Expression is not null).Select(t => RemoveWord(t.ThrowKeyword))),
        new("catch order", s => s.Of<TryStatementSyntax>().Where(t => t.Catches.Count > 1).Select(t => new[] { new TextChange(t.Catches[0].Span, t.Catches[^1].ToString()), new TextChange(t.Catches[^1].Span, t.Catches[0].ToString()) })),
        new("const of a computed value", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration is { Type.IsVar: false, Variables: [{ Initializer: not null }] }).Select(d => Insert(d.SpanStart, "const "))),
        new("suffix missing", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.NumericLiteralExpression) && char.ToLowerInvariant(l.Token.Text[^1]) is 'm' or 'f' && !l.Token.Text.StartsWith("0x", StringComparison.Ordinal)).Select(l => Replace(l, l.Token.Text[..^1]))),
    ];

    private static TextChange[] Without<T>(SeparatedSyntaxList<T> list, int at) where T : SyntaxNode =>
        Replace(new TextSpan(list.Span.Start, list.Span.Length), string.Join(", ", list.Where((_, i) => i != at)));
}
