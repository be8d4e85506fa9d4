using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of names: misspelt, foreign, without their owner or their using.</summary>
internal static class NameMutators
{
    private static readonly Dictionary<string, string[]> Foreign = new()
    {
        ["Add"] = ["push", "append", "add"],
        ["Append"] = ["append", "push"],
        ["ToUpper"] = ["toUpperCase", "upper"],
        ["ToLower"] = ["toLowerCase", "lower"],
        ["Contains"] = ["includes", "contains", "has"],
        ["IndexOf"] = ["indexOf", "find"],
        ["Substring"] = ["substr", "slice", "substring"],
        ["StartsWith"] = ["startsWith", "startswith"],
        ["EndsWith"] = ["endsWith", "endswith"],
        ["Replace"] = ["replaceAll", "gsub"],
        ["Split"] = ["split"],
        ["Select"] = ["map", "collect"],
        ["Where"] = ["filter"],
        ["ToString"] = ["toString", "to_s"],
        ["Trim"] = ["strip", "trim"],
        ["OrderBy"] = ["sortBy", "sorted"],
        ["Any"] = ["some", "exists"],
        ["All"] = ["every"],
        ["Aggregate"] = ["reduce", "fold"],
        ["ContainsKey"] = ["has", "containsKey", "hasKey"],
        ["Remove"] = ["delete", "erase"],
        ["First"] = ["head", "first"],
        ["Distinct"] = ["unique", "uniq"],
    };

    public static readonly Mutator[] All =
    [
        new("missing using", s => s.Root.Usings.Select(u => Replace(u.FullSpan, ""))),
        new("namespace misspelt", s => s.Root.Usings.Where(u => u.Name is not null).Select(u => Replace(u.Name!, Tail(s, u.Name!.ToString())))),
        new("type misspelt", s => Names(s).Where(n => n.Symbol is INamedTypeSymbol).Select(n => Replace(n.Name.Identifier.Span, s.Misspell(n.Name.Identifier.Text)))),
        new("member misspelt", s => Names(s).Where(n => n.Symbol is IMethodSymbol or IPropertySymbol or IFieldSymbol).Select(n => Replace(n.Name.Identifier.Span, s.Misspell(n.Name.Identifier.Text)))),
        new("local misspelt", s => Names(s).Where(n => n.Symbol is ILocalSymbol or IParameterSymbol).Select(n => Replace(n.Name.Identifier.Span, s.Misspell(n.Name.Identifier.Text)))),
        new("local misspelt where declared", s => s.Of<LocalDeclarationStatementSyntax>().Select(d => Replace(d.Declaration.Variables[0].Identifier.Span, s.Misspell(d.Declaration.Variables[0].Identifier.Text)))),
        new("method misspelt where declared", s => s.Of<MethodDeclarationSyntax>().Select(m => Replace(m.Identifier.Span, s.Misspell(m.Identifier.Text)))),
        new("type misspelt where declared", s => s.Of<BaseTypeDeclarationSyntax>().Select(m => Replace(m.Identifier.Span, s.Misspell(m.Identifier.Text)))),
        new("parameter misspelt where declared", s => s.Of<ParameterSyntax>().Where(p => p.Type is not null).Select(m => Replace(m.Identifier.Span, s.Misspell(m.Identifier.Text)))),
        new("wrong case", s => Names(s).Where(n => n.Symbol is IMethodSymbol or IPropertySymbol && char.IsUpper(n.Name.Identifier.Text[0])).Select(n => Replace(n.Name.Identifier.Span, char.ToLowerInvariant(n.Name.Identifier.Text[0]) + n.Name.Identifier.Text[1..]))),
        new("all lower case", s => Names(s).Where(n => n.Symbol is IMethodSymbol or INamedTypeSymbol && n.Name.Identifier.Text.Skip(1).Any(char.IsUpper)).Select(n => Replace(n.Name.Identifier.Span, n.Name.Identifier.Text.ToLowerInvariant()))),
        new("plural / singular", s => Names(s).Where(n => n.Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol).Select(n => Replace(n.Name.Identifier.Span, n.Name.Identifier.Text.EndsWith('s') ? n.Name.Identifier.Text[..^1] : n.Name.Identifier.Text + "s"))),
        new("underscore", s => Names(s).Where(n => n.Symbol is IFieldSymbol or IParameterSymbol).Select(n => Replace(n.Name.Identifier.Span, n.Name.Identifier.Text.StartsWith('_') ? n.Name.Identifier.Text[1..] : "_" + n.Name.Identifier.Text))),
        new("Length / Count", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text is "Length" or "Count").SelectMany(m => Sizes(s, m))),
        new("size() / len()", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text is "Length" or "Count" && m.Parent is not InvocationExpressionSyntax).Select(m => s.Random.Next(2) == 0 ? Replace(m.Name, "size()") : Replace(m, $"len({m.Expression})"))),
        new("foreign member", s => Names(s).Where(n => n.Symbol is IMethodSymbol && Foreign.ContainsKey(n.Name.Identifier.Text)).Select(n => Replace(n.Name.Identifier.Span, Foreign[n.Name.Identifier.Text][s.Random.Next(Foreign[n.Name.Identifier.Text].Length)]))),
        new("foreign function", s => s.Of<InvocationExpressionSyntax>().SelectMany(i => Function(s, i))),
        new("foreign type", s => Names(s).Where(n => n.Symbol is INamedTypeSymbol).SelectMany(n => n.Name.Identifier.Text switch
        {
            "Dictionary" => ["HashMap", "Map", "Dict"], "List" => ["ArrayList", "Vector"], "HashSet" => ["Set"], "StringBuilder" => ["StringBuffer"],
            "ArgumentException" => ["IllegalArgumentException", "ValueError"], "InvalidOperationException" => ["IllegalStateException"], "Exception" => ["Error"], "ArgumentOutOfRangeException" => ["IndexError"], "IEnumerable" => ["Iterable"],
            _ => Array.Empty<string>(),
        }, (n, other) => Replace(n.Name.Identifier.Span, other))),
        new("foreign keyword type", s => s.Of<PredefinedTypeSyntax>().Where(p => p.Keyword.Text is "bool" or "int" or "string").Select(p => Replace(p, p.Keyword.Text switch { "bool" => "boolean", "int" => "Integer", _ => s.Random.Next(2) == 0 ? "String" : "str" }))),
        new("null / true of other languages", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Text is "null" or "true" or "false").Select(l => Replace(l, l.Token.Text switch { "null" => s.Random.Next(2) == 0 ? "None" : "nil", "true" => "True", _ => "False" }))),
        new("self for this", s => s.Of<ThisExpressionSyntax>().Select(t => Replace(t, "self"))),
        new("missing owner", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m.Expression) is INamedTypeSymbol && m.Parent is not MemberAccessExpressionSyntax).Select(m => Replace(m, m.Name.ToString()))),
        new("missing enum owner", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m) is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum }).Select(m => Replace(m, m.Name.ToString()))),
    ];

    private static IEnumerable<(SimpleNameSyntax Name, ISymbol Symbol)> Names(Site s) =>
        s.Of<SimpleNameSyntax>().Where(n => n.Identifier.Text.Length > 2 && n.Identifier.Text != "var" && n.Parent is not UsingDirectiveSyntax and not QualifiedNameSyntax).Select(n => (n, Symbol: s.SymbolOf(n)!)).Where(n => n.Symbol is not null);

    private static string Tail(Site s, string name) => name.LastIndexOf('.') is var dot and > 0 ? name[..(dot + 1)] + s.Misspell(name[(dot + 1)..]) : s.Misspell(name);

    private static IEnumerable<TextChange[]> Sizes(Site s, MemberAccessExpressionSyntax m)
    {
        if (m.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } call)
            yield return Replace(TextSpan.FromBounds(m.Name.SpanStart, call.Span.End), s.Random.Next(2) == 0 ? "Length" : "Count");
        else if (m.Parent is not InvocationExpressionSyntax)
            yield return Replace(m.Name, m.Name.Identifier.Text == "Length" ? "Count" : "Length");
    }

    private static IEnumerable<TextChange[]> Function(Site s, InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.ToString();
        return call.Expression.ToString() switch
        {
            "Console.WriteLine" => [Replace(call, "println" + arguments), Replace(call, "print" + arguments), Replace(call, "console.log" + arguments), Replace(call, "System.out.println" + arguments)],
            "int.Parse" => [Replace(call, "parseInt" + arguments), Replace(call, "Integer.parseInt" + arguments), Replace(call, "int" + arguments)],
            "Math.Max" => [Replace(call, "max" + arguments)],
            "Math.Min" => [Replace(call, "min" + arguments)],
            "Math.Abs" => [Replace(call, "abs" + arguments)],
            "Math.Sqrt" => [Replace(call, "sqrt" + arguments)],
            "Math.Pow" => [Replace(call, "pow" + arguments)],
            "Math.Floor" => [Replace(call, "floor" + arguments)],
            _ => s.SymbolOf(call) is IMethodSymbol { Name: "ToString", Parameters.Length: 0 } && call.Expression is MemberAccessExpressionSyntax m ? [Replace(call, $"str({m.Expression})")] : [],
        };
    }
}
