using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of how members are reached and declared: static and instance, access, duplicates, order, signatures that no longer agree.</summary>
internal static class MemberMutators
{
    public static readonly Mutator[] All =
    [
        new("member: all usings missing", s => s.Root.Usings.Count > 1 ? [Replace(s.Root.Usings.FullSpan, "")] : []),
        new("member: using below", s => s.Root.Usings.Count > 0 && s.Root.Members.Count > 0 ? [[new TextChange(s.Root.Usings[^1].FullSpan, ""), new TextChange(new TextSpan(s.Root.Members[^1].Span.End, 0), "\n" + s.Root.Usings[^1])]] : []),
        new("member: using in lower case", s => s.Root.Usings.Where(u => u.Name is not null).Select(u => Replace(u.Name!, u.Name!.ToString().ToLowerInvariant()))),
        new("member: using of a type", s => s.Root.Usings.Where(u => u.Name?.ToString() is "System.Collections.Generic" or "System.Text" or "System.Linq").Select(u => Replace(u.Name!, u.Name!.ToString() switch { "System.Text" => "System.Text.StringBuilder", "System.Linq" => "System.Linq.Enumerable", _ => "System.Collections.Generic.List" }))),
        new("member: name shortened", s => Locals(s).Where(n => n.Identifier.Text.Length > 4).Select(n => Replace(n.Identifier.Span, n.Identifier.Text[..1] + string.Concat(n.Identifier.Text.Skip(1).Where(c => !"aeiou".Contains(c)))))),
        new("member: name in snake case", s => s.Of<IdentifierNameSyntax>().Where(n => n.Identifier.Text.Skip(1).Any(char.IsUpper) && s.SymbolOf(n) is ILocalSymbol or IParameterSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol).Select(n => Replace(n.Identifier.Span, string.Concat(n.Identifier.Text.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()))))),
        new("member: local with a longer name", s => Locals(s).Select(n => Replace(n.Identifier.Span, "current" + char.ToUpperInvariant(n.Identifier.Text[0]) + n.Identifier.Text[1..]))),
        new("member: verb before the name", s => s.Of<InvocationExpressionSyntax>().Select(i => i.Expression).OfType<IdentifierNameSyntax>().Where(n => s.SymbolOf(n) is IMethodSymbol).Select(n => Replace(n.Identifier.Span, "Get" + n.Identifier.Text))),
        new("member: static through an object", s => s.Of<IdentifierNameSyntax>().Where(n => n.Parent is not MemberAccessExpressionSyntax && s.SymbolOf(n) is IMethodSymbol { IsStatic: true, MethodKind: MethodKind.Ordinary } or IFieldSymbol { IsStatic: true } && n.Ancestors().OfType<MemberDeclarationSyntax>().First().Modifiers.All(m => m.Text != "static")).Select(n => Insert(n.SpanStart, "this."))),
        new("member: this in static", s => s.Of<IdentifierNameSyntax>().Where(n => n.Parent is not MemberAccessExpressionSyntax && s.SymbolOf(n) is IMethodSymbol { IsStatic: true, MethodKind: MethodKind.Ordinary } or IFieldSymbol { IsStatic: true } && n.Ancestors().OfType<MemberDeclarationSyntax>().First().Modifiers.Any(m => m.Text == "static")).Select(n => Insert(n.SpanStart, "this."))),
        new("member: object through its type", s => s.Of<MemberAccessExpressionSyntax>().Where(m => m.Expression is IdentifierNameSyntax && s.SymbolOf(m.Expression) is ILocalSymbol or IParameterSymbol && s.SymbolOf(m) is { IsStatic: false } x and (IMethodSymbol { IsExtensionMethod: false } or IPropertySymbol) && x.ContainingType.Locations.Any(l => l.IsInSource)).Select(m => Replace(m.Expression, s.SymbolOf(m)!.ContainingType.Name))),
        new("member: static surplus on a property", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.Modifiers.All(m => m.Text is not "static" and not "override") && p.Parent is not InterfaceDeclarationSyntax).Select(p => Insert(p.Type.SpanStart, "static "))),
        new("member: static class surplus", s => s.Of<ClassDeclarationSyntax>().Where(c => c.Modifiers.All(m => m.Text is "public" or "internal") && c.BaseList is null).Select(c => Insert(c.Keyword.SpanStart, "static "))),
        new("member: protected for public", s => s.Of<MemberDeclarationSyntax>().Where(m => m is MethodDeclarationSyntax or PropertyDeclarationSyntax or ConstructorDeclarationSyntax).SelectMany(m => m.Modifiers.Where(t => t.Text == "public")).Select(t => Replace(t.Span, "protected"))),
        new("member: private type", s => s.Of<BaseTypeDeclarationSyntax>().Where(t => t.Parent is not BaseTypeDeclarationSyntax).SelectMany(t => t.Modifiers.Where(m => m.Text == "public")).Select(t => Replace(t.Span, s.Random.Next(2) == 0 ? "private" : "protected"))),
        new("member: access modifier on a local", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Modifiers.Count == 0).Select(l => Insert(l.SpanStart, s.Random.Next(3) switch { 0 => "public ", 1 => "private ", _ => "static " }))),
        new("member: readonly local", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Modifiers.Count == 0).Select(l => Insert(l.SpanStart, "readonly "))),
        new("member: const var", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Modifiers.Count == 0 && l.Declaration.Type.IsVar).Select(l => Insert(l.SpanStart, "const "))),
        new("member: public on an enum member", s => s.Of<EnumMemberDeclarationSyntax>().Select(e => Insert(e.SpanStart, "public "))),
        new("member: enum members with ;", s => s.Of<EnumDeclarationSyntax>().Where(e => e.Members.SeparatorCount > 0).Select(e => e.Members.GetSeparators().Select(c => new TextChange(c.Span, ";")).ToArray())),
        new("member: two access modifiers", s => s.Of<MemberDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "public")).Select(t => Insert(t.Span.End, " private"))),
        new("member: local named as a parameter", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null && m.ParameterList.Parameters.Count > 0).SelectMany(m => m.Body!.DescendantNodes().OfType<VariableDeclaratorSyntax>().Take(2).Select(v => Rename(s, m, v.Identifier.Text, m.ParameterList.Parameters[0].Identifier.Text, v.Identifier)))),
        new("member: lambda parameter as a local", s => s.Of<SimpleLambdaExpressionSyntax>().SelectMany(l => l.Ancestors().OfType<MethodDeclarationSyntax>().Take(1).SelectMany(m => m.ParameterList.Parameters.Take(1)).Select(p => Insert(l.Parameter.SpanStart, "int ")))),
        new("member: loop variable declared before", s => s.Of<ForEachStatementSyntax>().Select(f => Insert(f.SpanStart, $"{f.Type} {f.Identifier};\n        ")).Concat(s.Of<ForStatementSyntax>().Where(f => f.Declaration is not null).Select(f => Insert(f.SpanStart, $"int {f.Declaration!.Variables[0].Identifier};\n        ")))),
        new("member: field declared twice", s => s.Of<FieldDeclarationSyntax>().Select(f => Insert(f.FullSpan.End, f.ToFullString())).Concat(s.Of<PropertyDeclarationSyntax>().Select(f => Insert(f.FullSpan.End, f.ToFullString())))),
        new("member: case twice", s => s.Of<SwitchSectionSyntax>().Select(x => Insert(x.FullSpan.End, x.ToFullString())).Concat(s.Of<SwitchExpressionArmSyntax>().Where(a => a.Pattern is ConstantPatternSyntax).Select(a => Insert(a.FullSpan.End, ", " + a)))),
        new("member: named as its class", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Parent is ClassDeclarationSyntax && m.ExplicitInterfaceSpecifier is null && m.Modifiers.All(x => x.Text != "override")).Select(m => Replace(m.Identifier.Span, ((ClassDeclarationSyntax)m.Parent!).Identifier.Text))),
        new("member: abstract with a body", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.AbstractKeyword)).Select(m => Replace(m.SemicolonToken.Span, " { }"))),
        new("member: no body and not abstract", s => s.Of<MethodDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "abstract")).Select(RemoveWord)),
        new("member: abstract in a plain class", s => s.Of<ClassDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "abstract")).Select(t => Replace(t.Span, "sealed"))),
        new("member: new of something abstract", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => s.TypeOf(o) is { BaseType.IsAbstract: true } t && t.Locations.Any(l => l.IsInSource)).Select(o => Replace(o.Type, s.TypeOf(o)!.BaseType!.Name))
            .Concat(s.Of<ObjectCreationExpressionSyntax>().Where(o => o.Type is GenericNameSyntax { Identifier.Text: "List" or "Dictionary" }).Select(o => Insert(o.Type.SpanStart, "I")))),
        new("member: overridden with another type", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.OverrideKeyword)).Select(m => Replace(m.ReturnType, m.ReturnType.ToString() == "string" ? "object" : "string"))),
        new("member: overridden with another parameter", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.OverrideKeyword) && m.ParameterList.Parameters.Count > 0).Select(m => Replace(m.ParameterList.Parameters[0].Type!, "long")).Concat(s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.OverrideKeyword)).Select(m => Insert(m.ParameterList.CloseParenToken.SpanStart, (m.ParameterList.Parameters.Count > 0 ? ", " : "") + "int depth")))),
        new("member: promised with another parameter", s => Promised(s).OfType<MethodDeclarationSyntax>().Where(m => m.ParameterList.Parameters.Count > 0).Select(m => Replace(m.ParameterList.Parameters[0].Type!, "long"))),
        new("member: setter private", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.Kind() is SyntaxKind.SetAccessorDeclaration or SyntaxKind.InitAccessorDeclaration && a.Modifiers.Count == 0).Select(a => Insert(a.SpanStart, "private "))),
        new("member: field for property", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.Parent is InterfaceDeclarationSyntax).Select(p => Replace(p.AccessorList!, ";")).Concat(Promised(s).OfType<PropertyDeclarationSyntax>().Where(p => p.AccessorList is not null).Select(p => Replace(TextSpan.FromBounds(p.AccessorList!.SpanStart, p.Span.End), ";")))),
        new("member: method for property", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.ExpressionBody is not null).Select(p => Insert(p.Identifier.Span.End, "()"))),
        new("member: property for method", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ParameterList.Parameters.Count == 0 && m.ExpressionBody is not null).Select(m => Replace(m.ParameterList, ""))),
        new("member: constructor lost", s => s.Of<ConstructorDeclarationSyntax>().Where(c => c.ParameterList.Parameters.Count > 0).Select(c => Replace(c.FullSpan, ""))),
        new("member: arguments of base lost", s => s.Of<ConstructorInitializerSyntax>().Where(c => c.ArgumentList.Arguments.Count > 0).Select(c => Replace(c.ArgumentList, "()"))),
        new("member: named argument misspelt", s => s.Of<NameColonSyntax>().Where(n => n.Parent is ArgumentSyntax).Select(n => Replace(n.Name, s.Misspell(n.Name.Identifier.Text)))),
        new("member: out for ref", s => s.Of<ArgumentSyntax>().Where(a => a.RefKindKeyword.Text is "ref" or "out").Select(a => Replace(a.RefKindKeyword.Span, a.RefKindKeyword.Text == "ref" ? "out" : "ref")).Concat(s.Of<ParameterSyntax>().SelectMany(p => p.Modifiers.Where(m => m.Text is "ref" or "out")).Select(t => Replace(t.Span, t.Text == "ref" ? "in" : "ref")))),
        new("member: primary constructor lost", s => s.Of<TypeDeclarationSyntax>().Where(t => t.ParameterList is { Parameters.Count: > 0 }).Select(t => Replace(t.ParameterList!, ""))),
        new("member: class for record", s => s.Of<RecordDeclarationSyntax>().Select(r => Replace(r.Keyword.Span, "class"))),
        new("member: namespace misspelt in use", s => s.Of<QualifiedNameSyntax>().Where(q => q.Parent is not UsingDirectiveSyntax and not BaseNamespaceDeclarationSyntax and not QualifiedNameSyntax).Select(q => Replace(q.Left, s.Misspell(q.Left.ToString())))),
        new("member: statement outside of a method", s => s.Of<ExpressionStatementSyntax>().Where(e => e.Ancestors().OfType<MethodDeclarationSyntax>().Any()).Take(1).Select(e => Insert(e.Ancestors().OfType<MethodDeclarationSyntax>().First().FullSpan.End, "    " + e + "\n"))),
        new("member: entry point in small letters", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Identifier.Text == "Main").Select(m => Replace(m.Identifier.Span, "main"))),
        new("member: two entry points", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Identifier.Text == "Main").Select(m => Insert(m.FullSpan.End, "\n    public static int Main() => 0;\n"))),
    ];

    private static IEnumerable<IdentifierNameSyntax> Locals(Site s) => s.Of<IdentifierNameSyntax>().Where(n => s.SymbolOf(n) is ILocalSymbol or IParameterSymbol);

    private static TextChange[] Rename(Site s, SyntaxNode within, string from, string to, SyntaxToken declared) =>
        from == to ? [new TextChange(declared.Span, from)] : [.. within.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == from && (t == declared || s.SymbolOf(t.Parent!) is ILocalSymbol)).Select(t => new TextChange(t.Span, to))];

    private static IEnumerable<MemberDeclarationSyntax> Promised(Site s) => s.Of<MemberDeclarationSyntax>().Where(m => m is MethodDeclarationSyntax or PropertyDeclarationSyntax && s.Model.GetDeclaredSymbol(m) is { ContainingType: { TypeKind: not TypeKind.Interface } type } symbol
        && type.AllInterfaces.SelectMany(i => i.GetMembers()).Any(i => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(i), symbol)));
}
