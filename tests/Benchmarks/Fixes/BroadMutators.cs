using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.EverydayMutators;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>One form of each common sort of mistake, from imports to setters, written before the rules were looked at, so that they are measured on what they were not made for.</summary>
internal static class BroadMutators
{
    private static readonly Dictionary<string, string> Scripted = new()
    {
        ["Select"] = "map",
        ["Where"] = "filter",
        ["Any"] = "some",
        ["All"] = "every",
        ["Aggregate"] = "reduce",
        ["ToUpper"] = "toUpperCase",
        ["ToLower"] = "toLowerCase",
        ["Contains"] = "includes",
        ["ToList"] = "toList",
        ["ToArray"] = "toArray",
        ["Replace"] = "replace",
        ["Trim"] = "trim",
        ["Substring"] = "substring",
        ["Split"] = "split",
        ["Add"] = "push",
        ["OrderBy"] = "sortBy",
        ["Reverse"] = "reverse",
        ["ToString"] = "toString",
        ["GroupBy"] = "groupBy",
        ["Sum"] = "sum",
    };

    private static readonly Dictionary<string, string> Neighbours = new()
    {
        ["ContainsKey"] = "Contains",
        ["Append"] = "Add",
        ["Enqueue"] = "Push",
        ["Dequeue"] = "Pop",
        ["Push"] = "Add",
        ["Pop"] = "Remove",
        ["StartsWith"] = "BeginsWith",
        ["EndsWith"] = "FinishesWith",
        ["First"] = "Head",
        ["Sum"] = "Total",
        ["Any"] = "Exists",
        ["Where"] = "Filter",
        ["Select"] = "Map",
        ["Distinct"] = "Unique",
        ["IsLetter"] = "IsAlpha",
        ["IsDigit"] = "IsNumeric",
        ["AddRange"] = "AddAll",
        ["Max"] = "Maximum",
        ["Join"] = "Implode",
        ["OrderByDescending"] = "OrderByDesc",
    };

    private static readonly string[] Sizes = [".length", ".Size", ".size", ".len()", ".GetLength()", ".length()", ".Size()", ".Len"];

    public static readonly Mutator[] All =
    [
        new("broad: using of an absent package", s => [Insert(s.Root.FullSpan.Start, s.Random.Next(3) switch { 0 => "using Newtonsoft.Json;\n", 1 => "using System.Collections.Generics;\n", _ => "using Xunit.Abstractions.Helpers;\n" })]),
        new("broad: type misspelt between < > or after new", s => s.Of<SimpleNameSyntax>().Where(n => n.Identifier.Text.Length > 3 && n.Parent is TypeArgumentListSyntax or BaseTypeSyntax or ObjectCreationExpressionSyntax or CastExpressionSyntax).Select(n => Replace(n.Identifier.Span, s.Misspell(n.Identifier.Text)))),
        new("broad: member misspelt in a lambda", s => s.Of<LambdaExpressionSyntax>().SelectMany(l => l.DescendantNodes().OfType<MemberAccessExpressionSyntax>()).Where(m => m.Name.Identifier.Text.Length > 3).Select(m => Replace(m.Name.Identifier.Span, s.Misspell(m.Name.Identifier.Text)))),
        new("broad: member misspelt everywhere", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text.Length > 4).GroupBy(m => m.Name.Identifier.Text).Where(g => g.Count() > 1).Select(g => (g, s.Misspell(g.Key))).Select(p => p.g.Select(m => new TextChange(m.Name.Identifier.Span, p.Item2)).ToArray())),
        new("broad: half renamed", s => s.Of<VariableDeclaratorSyntax>().Select(v => (v, Uses(s, v))).Where(p => p.Item2.Count > 1).Select(p => (p, p.v.Identifier.Text + (s.Random.Next(2) == 0 ? "Value" : "2"))).Select(q => q.p.Item2.Take(q.p.Item2.Count / 2).Append(q.p.v.Identifier).Select(t => new TextChange(t.Span, q.Item2)).ToArray())),
        new("broad: type in the wrong namespace", s => s.Of<GenericNameSyntax>().Where(g => g.Parent is not QualifiedNameSyntax and not MemberAccessExpressionSyntax && g.Identifier.Text is "List" or "Dictionary" or "HashSet" or "IEnumerable" or "Queue" or "Stack").Select(g => Insert(g.SpanStart, s.Random.Next(2) == 0 ? "System.Collections." : "System.Generic."))),
        new("broad: missing ; after }", s => s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.GetPreviousToken().IsKind(SyntaxKind.CloseBraceToken)).Select(Remove)),
        new("broad: missing ) of a condition that ends with )", s => s.Tokens(SyntaxKind.CloseParenToken).Where(t => t.Parent is IfStatementSyntax or WhileStatementSyntax or ForEachStatementSyntax && t.GetPreviousToken().IsKind(SyntaxKind.CloseParenToken)).Select(Remove)),
        new("broad: missing ) in a chain", s => s.Of<LambdaExpressionSyntax>().Select(l => l.Span.End).SelectMany(end => s.Tokens(SyntaxKind.CloseParenToken).Where(t => t.SpanStart == end)).Select(Remove)),
        new("broad: missing } of an inner block", s => s.Of<BlockSyntax>().Where(b => b.Parent is IfStatementSyntax or ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax or ElseClauseSyntax).Select(b => Replace(b.CloseBraceToken.FullSpan, "")).Concat(s.Of<SwitchStatementSyntax>().Select(b => Replace(b.CloseBraceToken.FullSpan, "")))),
        new("broad: missing \" at the start", s => s.Tokens(SyntaxKind.StringLiteralToken).Where(t => t.Text.Length > 3 && t.Text[0] == '"').Select(t => Replace(new TextSpan(t.SpanStart, 1), ""))),
        new("broad: default of a switch lost", s => s.Of<SwitchSectionSyntax>().Where(x => x.Labels.Any(l => l is DefaultSwitchLabelSyntax)).Select(x => Replace(x.FullSpan, ""))),
        new("broad: last throw lost", s => s.Of<ThrowStatementSyntax>().Where(t => t.Parent is BlockSyntax b && b.Statements[^1] == t).Select(t => Replace(t, ""))),
        new("broad: declared inside the loop", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Declaration.Variables.Count == 1).Select(l => (l, Next(l))).Where(p => p.Item2 is not null).Select(p => new[] { new TextChange(p.l.FullSpan, ""), new TextChange(new TextSpan(p.Item2!.OpenBraceToken.Span.End, 0), "\n" + p.l.ToFullString()) })),
        new("broad: declared in the branches", s => s.Of<ExpressionStatementSyntax>().Where(e => e.Expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax } a && s.SymbolOf(a.Left) is ILocalSymbol && e.Parent?.Parent is IfStatementSyntax or ElseClauseSyntax).Select(e => Insert(e.SpanStart, "var "))),
        new("broad: cast of the first part alone", s => s.Of<CastExpressionSyntax>().Where(c => c.Expression is ParenthesizedExpressionSyntax { Expression: BinaryExpressionSyntax }).Select(c => Replace(c.Expression, ((ParenthesizedExpressionSyntax)c.Expression).Expression.ToString()))),
        new("broad: int.Parse of a char", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.SubtractExpression) && b.Right.ToString() == "'0'").Select(b => Replace(b, $"int.Parse({b.Left})")).Concat(Calls(s, 1).Where(c => c.Name == "Parse" && c.Call.ArgumentList.Arguments[0].Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ToString" } }).Select(c => Replace(((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)c.Call.ArgumentList.Arguments[0].Expression).Expression).OperatorToken.Span.Start is var at ? TextSpan.FromBounds(at, c.Call.ArgumentList.Arguments[0].Span.End) : default, "")))),
        new("broad: async Task<> lost", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.AsyncKeyword)).Select(m => Replace(TextSpan.FromBounds(m.Modifiers.First(t => t.IsKind(SyntaxKind.AsyncKeyword)).SpanStart, m.ReturnType.Span.End), m.ReturnType is GenericNameSyntax g ? g.TypeArgumentList.Arguments[0].ToString() : "void"))),
        new("broad: Async at the end of a call lost", s => s.Of<InvocationExpressionSyntax>().Select(i => i.Expression).Where(e => e.ToString().EndsWith("Async", StringComparison.Ordinal)).Select(e => Replace(TextSpan.FromBounds(e.Span.End - 5, e.Span.End), ""))),
        new("broad: arguments of new or base swapped", s => s.Of<ArgumentListSyntax>().Where(a => a.Arguments.Count > 1 && a.Parent is ObjectCreationExpressionSyntax or ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax).Select(a => new[] { new TextChange(a.Arguments[0].Span, a.Arguments[1].ToString()), new TextChange(a.Arguments[1].Span, a.Arguments[0].ToString()) })),
        new("broad: arguments of a library call swapped", s => Calls(s, 2).Where(c => c.Name is "Join" or "Aggregate" or "Range" or "Repeat" or "ToDictionary" or "Zip" or "Pow" or "Insert" or "PadLeft").Select(c => new[] { new TextChange(c.Call.ArgumentList.Arguments[0].Span, c.Call.ArgumentList.Arguments[1].ToString()), new TextChange(c.Call.ArgumentList.Arguments[1].Span, c.Call.ArgumentList.Arguments[0].ToString()) })),
        new("broad: first argument of a library call lost", s => Calls(s, 2).Where(c => c.Name is "Range" or "Join" or "Repeat").Select(c => Replace(c.Call.ArgumentList.Arguments.FullSpan, c.Call.ArgumentList.Arguments[1].ToString()))),
        new("broad: interface or abstract class grows", s => s.Of<InterfaceDeclarationSyntax>().Select(i => Insert(i.CloseBraceToken.SpanStart, "    void Reset();\n")).Concat(s.Of<ClassDeclarationSyntax>().Where(c => c.Modifiers.Any(SyntaxKind.AbstractKeyword)).Select(c => Insert(c.CloseBraceToken.SpanStart, "    public abstract int Rank { get; }\n")))),
        new("broad: interface not implemented by the class", s => s.Of<ClassDeclarationSyntax>().Where(c => c.BaseList is null && !c.Modifiers.Any(SyntaxKind.StaticKeyword)).Select(c => Insert(c.ParameterList?.Span.End ?? c.Identifier.Span.End, $" : {(s.Random.Next(2) == 0 ? "IDisposable" : $"IComparable<{c.Identifier}{c.TypeParameterList}>")}"))),
        new("broad: virtual for override", s => s.Tokens(SyntaxKind.OverrideKeyword).Select(t => Replace(t.Span, "virtual"))),
        new("broad: virtual for abstract", s => s.Of<MemberDeclarationSyntax>().Where(m => m is not TypeDeclarationSyntax).SelectMany(m => m.Modifiers.Where(t => t.IsKind(SyntaxKind.AbstractKeyword))).Select(t => Replace(t.Span, "virtual"))),
        new("broad: private get", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.IsKind(SyntaxKind.GetAccessorDeclaration) && a.Modifiers.Count == 0).Select(a => Insert(a.SpanStart, "private "))),
        new("broad: new of a static owner", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Expression is IdentifierNameSyntax && s.SymbolOf(m.Expression) is INamedTypeSymbol { TypeKind: not TypeKind.Enum }).Select(m => Replace(m.Expression, $"new {m.Expression}()"))),
        new("broad: static field in an object, reached through this", s => s.Of<IdentifierNameSyntax>().Where(n => n.Parent is not MemberAccessExpressionSyntax && s.SymbolOf(n) is IFieldSymbol { IsStatic: true } && !n.Ancestors().Any(a => a is AttributeSyntax)).Select(n => Insert(n.SpanStart, "this."))),
        new("broad: enum member twice", s => s.Of<EnumMemberDeclarationSyntax>().Select(m => Insert(m.SpanStart, m + ",\n    "))),
        new("broad: method twice, other parameter names", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ParameterList.Parameters.Count == 1 && m.Body is not null).Select(m => Insert(m.FullSpan.End, "\n" + m.ReplaceTokens(m.DescendantTokens().Where(t => t.Text == m.ParameterList.Parameters[0].Identifier.Text), (t, _) => SyntaxFactory.Identifier(t.LeadingTrivia, t.Text + "1", t.TrailingTrivia)).ToFullString()))),
        new("broad: inner loop with the outer name", s => s.Of<ForStatementSyntax>().Where(f => f.Declaration is not null).SelectMany(f => f.DescendantNodes().OfType<ForStatementSyntax>().Where(i => i.Declaration is not null).Select(i => Replace(i.Declaration!.Variables[0].Identifier.Span, f.Declaration!.Variables[0].Identifier.Text)))),
        new("broad: in before a parameter that is written", s => s.Of<ParameterSyntax>().Where(p => p.Type is not null && p.Modifiers.Count == 0 && p.Parent?.Parent is BaseMethodDeclarationSyntax).Select(p => Insert(p.SpanStart, "in "))),
        new("broad: const local that is written", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Modifiers.Count == 0 && l.Declaration.Variables is [{ Initializer.Value: LiteralExpressionSyntax }] && !l.Declaration.Type.IsVar).Select(l => Insert(l.SpanStart, "const "))),
        new("broad: new of an array lost", s => s.Of<ArrayCreationExpressionSyntax>().Where(a => a.Initializer is not null).Select(a => RemoveWord(a.NewKeyword)).Concat(s.Of<ImplicitArrayCreationExpressionSyntax>().Select(a => RemoveWord(a.NewKeyword)))),
        new("broad: > of nested type arguments lost", s => s.Of<TypeArgumentListSyntax>().Where(t => t.Parent?.Parent is TypeArgumentListSyntax).Select(t => Remove(t.GreaterThanToken)).Concat(s.Of<TypeArgumentListSyntax>().Select(t => Remove(t.GreaterThanToken)))),
        new("broad: constraint of another sort", s => s.Of<TypeParameterConstraintClauseSyntax>().Select(c => Replace(c.Constraints.FullSpan, "class"))),
        new("broad: result made nullable", s => s.Of<MethodDeclarationSyntax>().Where(m => s.TypeOf(m.ReturnType) is { IsValueType: true } && m.ReturnType.ToString() is not "void" && !m.ReturnType.ToString().EndsWith('?')).Select(m => Insert(m.ReturnType.Span.End, "?"))),
        new("broad: HasValue of an object", s => s.Of<BinaryExpressionSyntax>().Where(b => b.Kind() is SyntaxKind.NotEqualsExpression or SyntaxKind.EqualsExpression && b.Right.IsKind(SyntaxKind.NullLiteralExpression) && s.TypeOf(b.Left) is { IsReferenceType: true }).Select(b => Replace(b, (b.IsKind(SyntaxKind.EqualsExpression) ? "!" : "") + $"{b.Left}.HasValue")).Concat(s.Of<IsPatternExpressionSyntax>().Where(p => p.Pattern.ToString() == "null").Select(p => Replace(p, $"!{p.Expression}.HasValue")))),
        new("broad: required without a setter", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.AccessorList is { Accessors.Count: 2 } && p.Modifiers.Any(SyntaxKind.PublicKeyword) && p.Initializer is null).Select(p => new[] { new TextChange(p.AccessorList!.Span, "{ get; }"), new TextChange(new TextSpan(p.Type.SpanStart, 0), p.Modifiers.Any(SyntaxKind.RequiredKeyword) ? "" : "required ") })),
        new("broad: switch arms with ;", s => s.Of<SwitchExpressionSyntax>().Where(x => x.Arms.SeparatorCount > 0).Select(x => x.Arms.GetSeparators().Select(c => new TextChange(c.Span, ";")).ToArray())),
        new("broad: case a || b", s => s.Of<SwitchSectionSyntax>().Where(x => x.Labels.Count > 1 && x.Labels.All(l => l is CaseSwitchLabelSyntax)).Select(x => Replace(TextSpan.FromBounds(x.Labels[0].SpanStart, x.Labels[^1].Span.End), $"case {string.Join(" || ", x.Labels.Cast<CaseSwitchLabelSyntax>().Select(l => l.Value))}:"))),
        new("broad: break of every case lost", s => s.Of<SwitchStatementSyntax>().Select(x => x.Sections.SelectMany(c => c.Statements).OfType<BreakStatementSyntax>().Select(b => new TextChange(b.FullSpan, "")).ToArray()).Where(c => c.Length > 1)),
        new("broad: size of other languages", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text is "Length" or "Count" && m.Parent is not InvocationExpressionSyntax).Select(m => Replace(TextSpan.FromBounds(m.OperatorToken.SpanStart, m.Span.End), Sizes[s.Random.Next(Sizes.Length)]))),
        new("broad: whole chain of another language", s => s.Of<StatementSyntax>().Cast<SyntaxNode>().Concat(s.Of<ArrowExpressionClauseSyntax>()).Where(n => n is not BlockSyntax).Select(n => n.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(m => Scripted.ContainsKey(m.Name.Identifier.Text) && m.Parent is InvocationExpressionSyntax).Select(m => new TextChange(m.Name.Identifier.Span, Scripted[m.Name.Identifier.Text])).ToArray()).Where(c => c.Length > 1)),
        new("broad: member of a neighbour", s => s.Of<MemberAccessExpressionSyntax>().Where(m => Neighbours.ContainsKey(m.Name.Identifier.Text) && m.Parent is InvocationExpressionSyntax).Select(m => Replace(m.Name.Identifier.Span, Neighbours[m.Name.Identifier.Text]))),
        new("broad: all chars of a method as texts", s => s.Of<MethodDeclarationSyntax>().Select(m => m.DescendantTokens().Where(t => t.IsKind(SyntaxKind.CharacterLiteralToken) && t.Text is not "'\"'").Select(t => new TextChange(t.Span, $"\"{t.Text[1..^1]}\"")).ToArray()).Where(c => c.Length > 1)),
        new("broad: empty text as ''", s => s.Tokens(SyntaxKind.StringLiteralToken).Where(t => t.Text == "\"\"").Select(t => Replace(t.Span, "''")).Concat(s.Of<MemberAccessExpressionSyntax>().Where(m => m.ToString() is "string.Empty" or "String.Empty").Select(m => Replace(m, "''")))),
        new("broad: = for == in a lambda, return or choice", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.EqualsExpression) && (b.Parent is LambdaExpressionSyntax or ArrowExpressionClauseSyntax or ReturnStatementSyntax or ConditionalExpressionSyntax or WhileStatementSyntax || b.Parent is BinaryExpressionSyntax { OperatorToken.Text: "&&" or "||" })).Select(b => Replace(b.OperatorToken.Span, "="))),
        new("broad: == for = where declared or initialized", s => s.Of<EqualsValueClauseSyntax>().Where(e => e.Parent is VariableDeclaratorSyntax or PropertyDeclarationSyntax).Select(e => Replace(e.EqualsToken.Span, "==")).Concat(s.Of<AssignmentExpressionSyntax>().Where(a => a.Parent is InitializerExpressionSyntax).Select(a => Replace(a.OperatorToken.Span, "==")))),
        new("broad: yield without return", s => s.Of<YieldStatementSyntax>().Where(y => y.Expression is not null).Select(y => RemoveWord(y.ReturnOrBreakKeyword))),
        new("broad: interpolation closed by another bracket", s => s.Of<InterpolationSyntax>().Select(i => Replace(i.CloseBraceToken.Span, s.Random.Next(3) switch { 0 => ")", 1 => "]", _ => "}}" }))),
        new("broad: quote inside an interpolation", s => s.Of<InterpolatedStringExpressionSyntax>().Where(i => i.Contents.LastOrDefault() is InterpolationSyntax).Select(i => Replace(TextSpan.FromBounds(i.Contents[^1].Span.End - 1, i.Span.End), "\"}"))),
        new("broad: entry point of another form", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Identifier.Text == "Main").SelectMany(m => new[] { Replace(m.ParameterList, "(string args)"), Replace(m.ReturnType, "void"), Replace(m.Identifier.Span, "Start") })),
        new("broad: partial in the wrong place", s => s.Tokens(SyntaxKind.PartialKeyword).Where(t => t.GetPreviousToken().IsKind(SyntaxKind.PublicKeyword)).Select(t => Replace(TextSpan.FromBounds(t.GetPreviousToken().SpanStart, t.Span.End), "partial public"))),
        new("broad: property whose setter is private init", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.IsKind(SyntaxKind.SetAccessorDeclaration) && a.Body is null && a.ExpressionBody is null).Select(a => Replace(a, "private init;"))),
        new("broad: property without its braces", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.AccessorList is not null && p.AccessorList.Accessors.All(a => a.Body is null && a.ExpressionBody is null)).Select(p => Replace(p.AccessorList!, p.AccessorList!.Accessors.ToString()))),
        new("broad: record parameters with ;", s => s.Of<RecordDeclarationSyntax>().Where(r => r.ParameterList is { Parameters.Count: > 1 }).Select(r => r.ParameterList!.Parameters.GetSeparators().Select(c => new TextChange(c.Span, ";")).ToArray())),
        new("broad: type of a second parameter lost", s => s.Of<ParameterListSyntax>().Where(p => p.Parameters.Count > 1 && p.Parent is BaseMethodDeclarationSyntax && p.Parameters[1].Modifiers.Count == 0).Select(p => RemoveType(p.Parameters[1]))),
        new("broad: ( ) of lambda parameters lost", s => s.Of<ParenthesizedLambdaExpressionSyntax>().Where(l => l.ParameterList.Parameters.Count > 1 && l.ParameterList.Parameters.All(p => p.Type is null)).Select(l => Replace(l.ParameterList, l.ParameterList.Parameters.ToString()))),
        new("broad: ToList for ToArray", s => s.Of<IdentifierNameSyntax>().Where(n => n.Identifier.Text is "ToList" or "ToArray").Select(n => Replace(n, n.Identifier.Text == "ToList" ? "ToArray" : "ToList"))),
        new("broad: ; in a chain", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Expression is InvocationExpressionSyntax && m.OperatorToken.GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia)).Select(m => Insert(m.Expression.Span.End, ";"))),
        new("broad: method with =", s => s.Of<ArrowExpressionClauseSyntax>().Where(a => a.Parent is MethodDeclarationSyntax).Select(a => Replace(a.ArrowToken.Span, "="))),
        new("broad: is !null, not is", s => s.Of<IsPatternExpressionSyntax>().Where(p => p.Pattern is UnaryPatternSyntax).Select(p => Replace(p, s.Random.Next(2) == 0 ? $"{p.Expression} is !{((UnaryPatternSyntax)p.Pattern).Pattern}" : $"{p.Expression} not is {((UnaryPatternSyntax)p.Pattern).Pattern}"))),
        new("broad: element as a call", s => s.Of<ElementAccessExpressionSyntax>().Where(e => e.ArgumentList.Arguments.Count == 1 && e.Parent is not AssignmentExpressionSyntax and not PrefixUnaryExpressionSyntax and not PostfixUnaryExpressionSyntax).Select(e => Replace(e.ArgumentList, s.Random.Next(2) == 0 ? $".ElementAt[{e.ArgumentList.Arguments}]" : $".Get({e.ArgumentList.Arguments})"))),
    ];

    private static List<SyntaxToken> Uses(Site s, VariableDeclaratorSyntax declared) =>
        s.Model.GetDeclaredSymbol(declared) is not ILocalSymbol local ? [] : [.. s.Of<IdentifierNameSyntax>().Where(n => n.Identifier.Text == local.Name && SymbolEqualityComparer.Default.Equals(s.SymbolOf(n), local)).Select(n => n.Identifier)];

    // The body of the loop that follows a declaration.
    private static BlockSyntax? Next(LocalDeclarationStatementSyntax local) =>
        local.Parent is BlockSyntax block && block.Statements.IndexOf(local) is var at && at + 1 < block.Statements.Count
            ? block.Statements[at + 1] switch { ForEachStatementSyntax { Statement: BlockSyntax b } => b, ForStatementSyntax { Statement: BlockSyntax b } => b, WhileStatementSyntax { Statement: BlockSyntax b } => b, _ => null }
            : null;

    private static TextChange[] RemoveType(ParameterSyntax parameter) => Replace(TextSpan.FromBounds(parameter.Type!.SpanStart, parameter.Identifier.SpanStart), "");
}
