using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of types and values: truth of numbers and objects, null where nothing may be null, conversions, tasks, collections, branches without a value.</summary>
internal static class TypeMutators
{
    public static readonly Mutator[] All =
    [
        new("type: number as condition", s => Comparisons(s).Where(b => b.Right.ToString() == "0" && b.OperatorToken.Text is ">" or "!=").Select(b => Replace(b, b.Left.ToString()))),
        new("type: object as condition", s => Comparisons(s).Where(b => b.Right.ToString() == "null" && b.OperatorToken.Text is "!=").Select(b => Replace(b, b.Left.ToString()))
            .Concat(Comparisons(s).Where(b => b.Right.ToString() == "null" && b.OperatorToken.Text is "==").Select(b => Replace(b, "!" + b.Left)))),
        new("type: collection as condition", s => s.Of<InvocationExpressionSyntax>().Where(i => i is { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Any" }, ArgumentList.Arguments.Count: 0 }).Select(i => Replace(i, ((MemberAccessExpressionSyntax)i.Expression).Expression.ToString()))),
        new("type: ! of a number", s => Comparisons(s).Where(b => b.Right.ToString() == "0" && b.OperatorToken.Text is "==").Select(b => Replace(b, "!" + b.Left))),
        new("type: null for a value", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Text is "0" or "false" or "-1" && l.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: false } } }).Select(l => Replace(l, "null"))),
        new("type: ?? on a value", s => s.Of<IdentifierNameSyntax>().Where(n => s.TypeOf(n)?.SpecialType == SpecialType.System_Int32 && n.Parent is ReturnStatementSyntax or ArgumentSyntax or EqualsValueClauseSyntax).Select(n => Replace(n, $"{n} ?? 0"))),
        new("type: ?. where . stood", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Parent is not InvocationExpressionSyntax and not MemberAccessExpressionSyntax && s.SymbolOf(m) is IPropertySymbol { IsStatic: false, Type.IsValueType: true } && s.TypeOf(m.Expression)?.IsReferenceType == true).Select(m => Insert(m.OperatorToken.SpanStart, "?"))),
        new("type: .Value on a value", s => s.Of<IdentifierNameSyntax>().Where(n => s.SymbolOf(n) is ILocalSymbol or IParameterSymbol && s.TypeOf(n)?.SpecialType == SpecialType.System_Int32 && n.Parent is not AssignmentExpressionSyntax and not PrefixUnaryExpressionSyntax and not PostfixUnaryExpressionSyntax).Select(n => Replace(n, $"{n}.Value"))),
        new("type: int for double", s => Keyword(s, "double", "int").Concat(Keyword(s, "decimal", "int")).Concat(Keyword(s, "long", "int")).Concat(Keyword(s, "ulong", "int"))),
        new("type: double for int", s => s.Of<PredefinedTypeSyntax>().Where(p => p.Keyword.Text == "int").Select(p => Replace(p, "double"))),
        new("type: char for string", s => Keyword(s, "char", "string").Concat(Keyword(s, "string", "char"))),
        new("type: object for it", s => s.Of<ParameterSyntax>().Where(p => p.Type is not null && p.Modifiers.Count == 0).Select(p => Replace(p.Type!, "object"))),
        new("type: array for list", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text is "List" or "IEnumerable" or "IList" && g.Parent is not ObjectCreationExpressionSyntax).Select(g => Replace(g, g.TypeArgumentList.Arguments + "[]"))),
        new("type: list for array", s => s.Of<ArrayTypeSyntax>().Where(a => a.RankSpecifiers.Count == 1 && a.Parent is not ArrayCreationExpressionSyntax).Select(a => Replace(a, $"List<{a.ElementType}>"))),
        new("type: IEnumerable for list", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text is "List" && g.Parent is not ObjectCreationExpressionSyntax).Select(g => Replace(g.Identifier.Span, "IEnumerable"))),
        new("type: parts of a dictionary turned", s => s.Of<GenericNameSyntax>().Where(g => g.Arity == 2 && g.Identifier.Text.Contains("Dictionary", StringComparison.Ordinal)).Select(g => Replace(g.TypeArgumentList, $"<{g.TypeArgumentList.Arguments[1]}, {g.TypeArgumentList.Arguments[0]}>"))),
        new("type: var with a value later", s => Valued(s).Select(d => Replace(d.Parent!, $"var {d.Variables[0].Identifier}; {d.Variables[0].Identifier} = {d.Variables[0].Initializer!.Value};"))),
        new("type: var = null, a value later", s => Valued(s).Where(d => s.TypeOf(d.Variables[0].Initializer!.Value)?.IsReferenceType == true).Select(d => Replace(d.Parent!, $"var {d.Variables[0].Identifier} = null; {d.Variables[0].Identifier} = {d.Variables[0].Initializer!.Value};"))),
        new("type: var field", s => s.Of<FieldDeclarationSyntax>().Where(f => f.Declaration.Variables is [{ Initializer: not null }]).Select(f => Replace(f.Declaration.Type, "var"))),
        new("type: var as parameter", s => s.Of<ParameterSyntax>().Where(p => p.Type is not null && p.Parent!.Parent is MethodDeclarationSyntax).Select(p => Replace(p.Type!, "var"))),
        new("type: var as result", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() != "void").Select(m => Replace(m.ReturnType, "var"))),
        new("type: var = [ ]", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Variables is [{ Initializer.Value: ObjectCreationExpressionSyntax { Type: GenericNameSyntax { Identifier.Text: "List" }, ArgumentList.Arguments.Count: 0, Initializer: null } }] && d.Declaration.Type.IsVar).Select(d => Replace(d.Declaration.Variables[0].Initializer!.Value, "[]"))),
        new("type: array in ( )", s => s.Of<InitializerExpressionSyntax>().Where(i => i.IsKind(SyntaxKind.ArrayInitializerExpression) && i.Expressions.Count > 1).Select(i => Replace(i.Parent is ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax ? i.Parent : i, $"({i.Expressions})"))),
        new("type: branch without return", s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null && r.Parent is BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax or ElseClauseSyntax }).Select(r => Replace(r, ""))),
        new("type: return of nothing", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() == "void" && m.Body is { Statements.Count: > 0 }).Select(m => Insert(m.Body!.CloseBraceToken.SpanStart, "return true;\n    "))),
        new("type: out not assigned", s => s.Of<ExpressionStatementSyntax>().Where(e => e.Expression is AssignmentExpressionSyntax a && s.SymbolOf(a.Left) is IParameterSymbol { RefKind: RefKind.Out }).Select(e => Replace(e, ""))),
        new("type: assigned on one way", s => s.Of<ElseClauseSyntax>().Where(e => e.Statement is BlockSyntax { Statements: [ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax }] }).Select(e => Replace(e, ""))),
        new("type: float without f", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Value is double && l.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax d } } && d.Type.ToString() == "double").Select(l => Replace(((VariableDeclarationSyntax)l.Parent!.Parent!.Parent!).Type, s.Random.Next(2) == 0 ? "float" : "decimal"))),
        new("type: await of a value", s => s.Of<InvocationExpressionSyntax>().Where(i => i.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault()?.Modifiers.Any(SyntaxKind.AsyncKeyword) == true && s.TypeOf(i)?.Name is not "Task" && i.Parent is not MemberAccessExpressionSyntax and not ExpressionStatementSyntax).Select(i => Insert(i.SpanStart, "await "))),
        new("type: Task for Task<T>", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text == "Task" && g.Parent is MethodDeclarationSyntax).Select(g => Replace(g.TypeArgumentList, ""))),
        new("type: Task<T> for Task", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() == "Task").Select(m => Insert(m.ReturnType.Span.End, "<int>"))),
        new("type: text times number", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o.Type.ToString() is "string" or "String" && o.ArgumentList?.Arguments.Count == 2).Select(o => Replace(o, $"({o.ArgumentList!.Arguments[0]} * {o.ArgumentList.Arguments[1]})"))),
        new("type: char + for text", s => s.Of<InvocationExpressionSyntax>().Where(i => i.ArgumentList.Arguments.Count == 0 && i.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "ToString" } m && s.TypeOf(m.Expression)?.SpecialType == SpecialType.System_Char).Select(i => Replace(i, ((MemberAccessExpressionSyntax)i.Expression).Expression.ToString()))),
        new("type: comparison of chain", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.LogicalAndExpression) && b.Left is BinaryExpressionSyntax { OperatorToken.Text: ">=" or ">" or "<" or "<=" } l && b.Right is BinaryExpressionSyntax { OperatorToken.Text: "<" or "<=" or ">" or ">=" } r && l.Left.ToString() == r.Left.ToString()).Select(b => Replace(b, $"{((BinaryExpressionSyntax)b.Left).Right} {(((BinaryExpressionSyntax)b.Left).OperatorToken.Text[0] == '>' ? "<" : ">")}{((BinaryExpressionSyntax)b.Left).OperatorToken.Text[1..]} {b.Right}"))),
        new("type: lambda without parameter", s => s.Of<SimpleLambdaExpressionSyntax>().Select(l => Replace(TextSpan.FromBounds(l.SpanStart, l.ArrowToken.SpanStart), "() "))),
        new("type: lambda lost", s => s.Of<SimpleLambdaExpressionSyntax>().Where(l => l.ExpressionBody is not null).Select(l => Replace(TextSpan.FromBounds(l.SpanStart, l.ArrowToken.Span.End), ""))),
        new("type: predicate forgotten name", s => s.Of<SimpleLambdaExpressionSyntax>().Where(l => l.ExpressionBody is not null).Select(l => Replace(l.Parameter.Identifier.Span, l.Parameter.Identifier.Text == "x" ? "item" : "x"))),
        new("type: constraint on the wrong parameter", s => s.Of<TypeParameterConstraintClauseSyntax>().Select(c => Replace(c.Name, "TItem"))),
        new("type: type parameter not declared", s => s.Of<TypeParameterSyntax>().Select(t => Replace(t, t.Identifier.Text + "Key"))),
    ];

    private static IEnumerable<BinaryExpressionSyntax> Comparisons(Site s) => s.Of<BinaryExpressionSyntax>().Where(b => b.Parent is IfStatementSyntax or WhileStatementSyntax or ReturnStatementSyntax or ConditionalExpressionSyntax or ArrowExpressionClauseSyntax or BinaryExpressionSyntax { OperatorToken.Text: "&&" or "||" });

    private static IEnumerable<VariableDeclarationSyntax> Valued(Site s) => s.Of<VariableDeclarationSyntax>().Where(d => d is { Parent: LocalDeclarationStatementSyntax { Modifiers.Count: 0, UsingKeyword.RawKind: 0 }, Variables: [{ Initializer.Value: not InitializerExpressionSyntax }] });

    private static IEnumerable<TextChange[]> Keyword(Site s, string right, string wrong) => s.Of<PredefinedTypeSyntax>().Where(p => p.Keyword.Text == right && p.Parent is not MemberAccessExpressionSyntax).Select(p => Replace(p, wrong));
}
