using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>What engines and people get wrong every day, written down without a look at the rules.</summary>
internal static class EverydayMutators
{
    public static readonly Mutator[] All =
    [
        new("everyday: missing ToList", s => Calls(s, 0).Where(c => c.Name is "ToList" or "ToArray").Select(c => Replace(c.Call, c.Receiver.ToString()))),
        new("everyday: property with =", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.ExpressionBody is not null).Select(p => Replace(p.ExpressionBody!.ArrowToken.Span, "="))),
        new("everyday: => return", s => s.Of<ArrowExpressionClauseSyntax>().Select(a => Insert(a.Expression.SpanStart, "return "))),
        new("everyday: var = { }", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Variables is [{ Initializer: not null }]).SelectMany(d => d.DescendantNodes().OfType<InitializerExpressionSyntax>().Where(i => i.Kind() is SyntaxKind.ArrayInitializerExpression).Take(1), (d, i) => new[] { new TextChange(d.Declaration.Type.Span, "var"), new TextChange(d.Declaration.Variables[0].Initializer!.Value.Span, i.ToString()) })),
        new("everyday: catch without name", s => s.Of<CatchDeclarationSyntax>().Where(c => c.Identifier.Text.Length > 0).Select(c => Replace(TextSpan.FromBounds(c.Type.Span.End, c.Identifier.Span.End), ""))),
        new("everyday: return a, b", s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is TupleExpressionSyntax).Select(r => Replace(r.Expression!, ((TupleExpressionSyntax)r.Expression!).Arguments.ToString()))),
        new("everyday: static const", s => s.Of<FieldDeclarationSyntax>().Where(f => f.Modifiers.Any(SyntaxKind.ConstKeyword)).Select(f => Insert(f.Modifiers.First(m => m.IsKind(SyntaxKind.ConstKeyword)).SpanStart, "static "))),
        new("everyday: constructor not public", s => s.Of<ConstructorDeclarationSyntax>().SelectMany(c => c.Modifiers.Where(m => m.IsKind(SyntaxKind.PublicKeyword))).Select(RemoveWord)),
        new("everyday: Action for Func", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text == "Func").Select(g => Replace(g.Identifier.Span, "Action"))),
        new("everyday: readonly property", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.Parent is ClassDeclarationSyntax).Select(p => Insert(p.Type.SpanStart, "readonly "))),
        new("everyday: default of a parameter lost", s => s.Of<ParameterSyntax>().Where(p => p.Default is not null).Select(p => Replace(TextSpan.FromBounds(p.Identifier.Span.End, p.Default!.Span.End), ""))),
        new("everyday: enum as text", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m) is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum }).Select(m => Replace(m, $"\"{m.Name}\""))),
        new("everyday: async of a lambda lost", s => s.Of<AnonymousFunctionExpressionSyntax>().Where(l => l.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword)).Select(l => RemoveWord(l.AsyncKeyword))),
        new("everyday: yield in a list", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text == "IEnumerable" && g.Parent is MethodDeclarationSyntax m && m.DescendantNodes().OfType<YieldStatementSyntax>().Any()).Select(g => Replace(g.Identifier.Span, "List"))),
        new("everyday: builder += text", s => Calls(s, 1).Where(c => c.Name == "Append" && c.Call.Parent is ExpressionStatementSyntax && s.TypeOf(c.Receiver)?.Name == "StringBuilder").Select(c => Replace(c.Call, $"{c.Receiver} += {c.Call.ArgumentList.Arguments}"))),
        new("everyday: list += item", s => Calls(s, 1).Where(c => c.Name == "Add" && c.Call.Parent is ExpressionStatementSyntax && s.TypeOf(c.Receiver)?.Name == "List").Select(c => Replace(c.Call, $"{c.Receiver} += {c.Call.ArgumentList.Arguments}"))),
        new("everyday: separator.Join", s => Calls(s, 2).Where(c => c is { Name: "Join", Receiver: PredefinedTypeSyntax or IdentifierNameSyntax { Identifier.Text: "String" } }).Select(c => Replace(c.Call, s.Random.Next(2) == 0 ? $"{c.Call.ArgumentList.Arguments[0]}.Join({c.Call.ArgumentList.Arguments[1]})" : $"{c.Call.ArgumentList.Arguments[1]}.Join({c.Call.ArgumentList.Arguments[0]})"))),
        new("everyday: c.IsDigit()", s => Calls(s, 1).Where(c => c.Receiver.ToString() is "char" or "Char" && c.Call.ArgumentList.Arguments[0].Expression is IdentifierNameSyntax or ElementAccessExpressionSyntax).Select(c => Replace(c.Call, $"{c.Call.ArgumentList.Arguments[0]}.{c.Name}()"))),
        new("everyday: new string( ) lost", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o.Type.ToString() is "string" or "String" && o.ArgumentList is { Arguments.Count: 1 }).Select(o => Replace(o, o.ArgumentList!.Arguments[0].ToString()))),
        new("everyday: access modifier on a local function", s => s.Of<LocalFunctionStatementSyntax>().Select(f => Insert(f.SpanStart, s.Random.Next(2) == 0 ? "private " : "public "))),
        new("everyday: var = new()", s => s.Of<LocalDeclarationStatementSyntax>().Where(d => d.Declaration.Variables is [{ Initializer.Value: BaseObjectCreationExpressionSyntax { ArgumentList: not null } }]).Select(d => ((BaseObjectCreationExpressionSyntax)d.Declaration.Variables[0].Initializer!.Value, d)).Select(p => new[] { new TextChange(p.d.Declaration.Type.Span, "var"), new TextChange(TextSpan.FromBounds(p.Item1.NewKeyword.Span.End, p.Item1.ArgumentList!.SpanStart), "") })),
        new("everyday: entities", s => Whole(s, t => t.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal))),
        new("everyday: line numbers", s => Whole(s, t => s.Random.Next(2) == 0 ? Lines(t, (l, n) => $"{n,3}: {l}") : Lines(t, (l, n) => $"{n,4} | {l}"))),
        new("everyday: escaped quotes", s => Whole(s, t => t.Replace("\"", "\\\"", StringComparison.Ordinal))),
        new("everyday: file twice", s => Whole(s, t => t + "\n" + t)),
        new("everyday: words in between", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => Insert(m.FullSpan.End, s.Random.Next(2) == 0 ? "\nNow the rest of the class:\n\n" : "\nThe next method does the actual work.\n\n"))),
        new("everyday: namespace around", s => s.Of<BaseNamespaceDeclarationSyntax>().Any() || s.Root.Members.Count == 0 ? [] : [Insert(s.Root.Members[0].FullSpan.Start, "namespace Solution;\n\n")]),
        new("everyday: last line of two methods lost", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is { Statements.Count: > 1 }).Select(m => Replace(m.Body!.CloseBraceToken.Span, ""))),
        new("everyday: one using for another", s => s.Root.Usings.Where(u => u.Name?.ToString() is "System.Linq" or "System.Collections.Generic" or "System.Text").Select(u => Replace(u.Name!, u.Name!.ToString() switch { "System.Linq" => "System.Data.Linq", "System.Text" => "System.String", _ => "System.Collections" }))),
        new("everyday: member of a field lost", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m is { Expression: ThisExpressionSyntax, Parent: not InvocationExpressionSyntax }).Select(m => Replace(m.Name, "_" + m.Name))),
    ];

    internal static IEnumerable<(InvocationExpressionSyntax Call, ExpressionSyntax Receiver, string Name)> Calls(Site site, int arguments) =>
        site.Of<InvocationExpressionSyntax>().Where(c => c.Expression is MemberAccessExpressionSyntax && c.ArgumentList.Arguments.Count == arguments)
            .Select(c => (c, ((MemberAccessExpressionSyntax)c.Expression).Expression, ((MemberAccessExpressionSyntax)c.Expression).Name.Identifier.Text));

    internal static IEnumerable<TextChange[]> Whole(Site site, Func<string, string> change) => [Replace(site.Root.FullSpan, change(site.Root.ToFullString()))];

    internal static string Lines(string text, Func<string, int, string> change) => string.Join('\n', text.TrimEnd().Split('\n').Select((line, i) => change(line, i + 1)));
}
