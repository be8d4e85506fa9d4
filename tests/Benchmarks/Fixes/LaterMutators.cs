using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.EverydayMutators;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>A second list of daily mistakes, kept apart from the first, so that rules which grew with that one are measured on something else.</summary>
internal static class LaterMutators
{
    public static readonly Mutator[] All =
    [
        new("later: array length wrong", s => s.Of<ArrayCreationExpressionSyntax>().Where(a => a is { Initializer.Expressions.Count: > 1, Type.RankSpecifiers: [{ Sizes: [OmittedArraySizeExpressionSyntax] }] }).Select(a => Replace(a.Type.RankSpecifiers[0], $"[{a.Initializer!.Expressions.Count - 1}]"))),
        new("later: null of a type parameter", s => s.Of<ExpressionSyntax>().Where(e => e is DefaultExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression } && s.Model.GetTypeInfo(e).ConvertedType is ITypeParameterSymbol).Select(e => Replace(e, "null"))),
        new("later: < of comparables", s => s.Of<BinaryExpressionSyntax>().Where(b => b.Right.ToString() == "0" && b.Left is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "CompareTo" }, ArgumentList.Arguments.Count: 1 }).Select(b => (b, (InvocationExpressionSyntax)b.Left)).Select(p => Replace(p.b, $"{((MemberAccessExpressionSyntax)p.Item2.Expression).Expression} {p.b.OperatorToken} {p.Item2.ArgumentList.Arguments}"))),
        new("later: !x is T", s => s.Of<IsPatternExpressionSyntax>().Where(p => p.Pattern is UnaryPatternSyntax).Select(p => Replace(p, $"!{p.Expression} is {((UnaryPatternSyntax)p.Pattern).Pattern}"))),
        new("later: with ( )", s => s.Of<WithExpressionSyntax>().Select(w => Replace(w.Initializer, $"({w.Initializer.Expressions})"))),
        new("later: var a, b = ..", s => s.Of<ParenthesizedVariableDesignationSyntax>().Select(d => Replace(d, d.Variables.ToString()))),
        new("later: params of no array", s => s.Of<ParameterSyntax>().Where(p => p.Modifiers.Any(SyntaxKind.ParamsKeyword) && p.Type is ArrayTypeSyntax).Select(p => Replace(p.Type!, ((ArrayTypeSyntax)p.Type!).ElementType.ToString()))),
        new("later: optional parameter first", s => s.Of<ParameterListSyntax>().Where(l => l.Parameters.Count > 1 && l.Parameters[^1].Default is not null && l.Parameters[^2].Default is null).Select(l => new[] { new TextChange(l.Parameters[^2].Span, l.Parameters[^1].ToString()), new TextChange(l.Parameters[^1].Span, l.Parameters[^2].ToString()) })),
        new("later: named argument misspelt", s => s.Of<NameColonSyntax>().Where(n => n.Parent is ArgumentSyntax).Select(n => Replace(n.Name, s.Misspell(n.Name.ToString())))),
        new("later: return in an iterator", s => s.Of<YieldStatementSyntax>().Select(y => Replace(y, y.Expression is null ? "return null;" : $"return {y.Expression};"))),
        new("later: indexer with ( )", s => s.Of<IndexerDeclarationSyntax>().Select(i => Replace(i.ParameterList, $"({i.ParameterList.Parameters})"))),
        new("later: operator not static", s => s.Of<MemberDeclarationSyntax>().Where(m => m is OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax).SelectMany(m => m.Modifiers.Where(w => w.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.PublicKeyword)).Select(RemoveWord)),
        new("later: operator without its partner", s => s.Of<OperatorDeclarationSyntax>().Where(o => o.OperatorToken.Text is "!=" or ">" or ">=").Select(o => Replace(o.FullSpan, "\n"))),
        new("later: #region without end", s => s.Of<MethodDeclarationSyntax>().Select(m => Insert(m.GetLocation().GetLineSpan().StartLinePosition.Line is var line ? m.SyntaxTree.GetText().Lines[line].Start : 0, "#region Details\n"))),
        new("later: static function as a member", s => Calls(s, 1).Where(c => c.Receiver.ToString() is "Array" or "string" or "String" or "Math" && s.SymbolOf(c.Call) is IMethodSymbol { IsStatic: true }).Select(c => Replace(c.Call, $"{c.Call.ArgumentList.Arguments[0]}.{c.Name}()"))),
        new("later: quoted lines", s => Whole(s, t => Lines(t, (l, _) => "> " + l))),
        new("later: invisible letter", s => s.Identifiers.Where(t => t.Text.Length > 3).Select(t => Insert(t.Span.End, s.Random.Next(2) == 0 ? "\u200B" : "\u00A0\u00A0"))),
        new("later: virtual and private", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(w => w.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.StaticKeyword) && m.Parent is ClassDeclarationSyntax).Select(m => Insert(m.ReturnType.SpanStart, "virtual "))),
        new("later: for without type", s => s.Of<ForStatementSyntax>().Where(f => f.Declaration is not null).Select(f => Replace(TextSpan.FromBounds(f.Declaration!.Type.SpanStart, f.Declaration.Variables[0].SpanStart), ""))),
        new("later: out declared before", s => s.Of<DeclarationExpressionSyntax>().Where(d => d.Parent is ArgumentSyntax && d.Designation is SingleVariableDesignationSyntax && d.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax }).Select(d => Insert(d.FirstAncestorOrSelf<StatementSyntax>()!.SpanStart, $"{s.TypeOf(d)} {d.Designation};\n        "))),
        new("later: while .. do", s => s.Of<WhileStatementSyntax>().Select(w => Insert(w.CloseParenToken.Span.End, " do"))),
        new("later: body of a lambda without return", s => s.Of<LambdaExpressionSyntax>().Where(l => l.Block is { Statements: [.., ReturnStatementSyntax { Expression: not null }] }).Select(l => RemoveWord(((ReturnStatementSyntax)l.Block!.Statements[^1]).ReturnKeyword)).Concat(s.Of<LambdaExpressionSyntax>().Where(l => l.ExpressionBody is not null).Select(l => Replace(l.ExpressionBody!, $"{{ {l.ExpressionBody} }}")))),
        new("later: object initializer in ( )", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o is { ArgumentList: null or { Arguments.Count: 0 }, Initializer.RawKind: (int)SyntaxKind.ObjectInitializerExpression } && o.Initializer.Expressions.All(e => e is AssignmentExpressionSyntax { Left: IdentifierNameSyntax })).Select(o => Replace(TextSpan.FromBounds(o.Type.Span.End, o.Span.End), $"({o.Initializer!.Expressions})"))),
        new("later: entries of a dictionary", s => s.Of<InitializerExpressionSyntax>().Where(i => i.IsKind(SyntaxKind.ComplexElementInitializerExpression)).Select(i => Replace(i, s.Random.Next(2) == 0 ? i.Expressions.ToString() : $"({i.Expressions})")).Concat(s.Of<ImplicitElementAccessSyntax>().Select(a => Replace(a, a.ArgumentList.Arguments.ToString())))),
        new("later: type argument of a call lost", s => s.Of<GenericNameSyntax>().Where(g => g.FirstAncestorOrSelf<InvocationExpressionSyntax>()?.Expression.Span.End == g.Span.End).Select(g => Replace(g.TypeArgumentList, ""))),
        new("later: names of a tuple lost", s => s.Of<TupleTypeSyntax>().Where(t => t.Elements.All(e => e.Identifier.Text.Length > 0)).Select(t => Replace(t, $"({string.Join(", ", t.Elements.Select(e => e.Type))})"))),
        new("later: condition and body in one line, no )", s => s.Of<IfStatementSyntax>().Where(i => i.Statement is not BlockSyntax).Select(i => Remove(i.CloseParenToken))),
        new("later: field with a different case than its use", s => s.Of<FieldDeclarationSyntax>().Where(f => f.Declaration.Variables is [var v] && char.IsLower(v.Identifier.Text[0])).Select(f => Replace(f.Declaration.Variables[0].Identifier.Span, char.ToUpperInvariant(f.Declaration.Variables[0].Identifier.Text[0]) + f.Declaration.Variables[0].Identifier.Text[1..]))),
        new("later: method in the wrong case where declared", s => s.Of<MethodDeclarationSyntax>().Where(m => char.IsUpper(m.Identifier.Text[0])).Select(m => Replace(m.Identifier.Span, char.ToLowerInvariant(m.Identifier.Text[0]) + m.Identifier.Text[1..]))),
        new("later: null for a missing result", s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null && s.TypeOf(r.Expression) is { SpecialType: SpecialType.System_String }).Select(r => Replace(r.Expression!, $"{r.Expression}.Value"))),
    ];
}
