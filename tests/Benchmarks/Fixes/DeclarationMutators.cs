using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks of declarations: modifiers, members that are promised, accessors, constraints.</summary>
internal static class DeclarationMutators
{
    public static readonly Mutator[] All =
    [
        new("private for public", s => Members(s).SelectMany(m => m.Modifiers.Where(t => t.Text is "public" or "internal")).Select(t => Replace(t.Span, "private"))),
        new("access modifier missing", s => Members(s).SelectMany(m => m.Modifiers.Where(t => t.Text is "public" or "internal")).Select(RemoveWord)),
        new("static missing", s => s.Of<MemberDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "static")).Select(RemoveWord)),
        new("static surplus", s => s.Of<MethodDeclarationSyntax>().Where(m => !m.Modifiers.Any(SyntaxKind.StaticKeyword) && !m.Modifiers.Any(SyntaxKind.OverrideKeyword)).Select(m => Insert(m.ReturnType.SpanStart, "static "))),
        new("static class missing", s => s.Of<ClassDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "static")).Select(RemoveWord)),
        new("virtual missing", s => s.Of<MemberDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "virtual")).Select(RemoveWord)),
        new("override missing", s => s.Of<MemberDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "override")).Select(RemoveWord)),
        new("override name misspelt", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.OverrideKeyword)).Select(m => Replace(m.Identifier.Span, s.Misspell(m.Identifier.Text)))),
        new("override access", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.OverrideKeyword)).SelectMany(m => m.Modifiers.Where(t => t.Text is "public" or "protected")).Select(t => Replace(t.Span, t.Text == "public" ? "protected" : "public"))),
        new("override surplus", s => s.Of<MethodDeclarationSyntax>().Where(m => !m.Modifiers.Any(SyntaxKind.OverrideKeyword) && !m.Modifiers.Any(SyntaxKind.StaticKeyword) && !m.Modifiers.Any(SyntaxKind.AbstractKeyword) && m.Parent is ClassDeclarationSyntax).Select(m => Insert(m.ReturnType.SpanStart, "override "))),
        new("abstract class missing", s => s.Of<ClassDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.Text == "abstract")).Select(RemoveWord)),
        new("sealed base", s => s.Of<ClassDeclarationSyntax>().Where(c => !c.Modifiers.Any(SyntaxKind.StaticKeyword) && !c.Modifiers.Any(SyntaxKind.AbstractKeyword)).Select(c => Insert(c.Keyword.SpanStart, "sealed "))),
        new("interface member missing", s => Promised(s, isInterface: true).Select(m => Replace(m.FullSpan, ""))),
        new("interface member misspelt", s => Promised(s, isInterface: true).OfType<MethodDeclarationSyntax>().Select(m => Replace(m.Identifier.Span, s.Misspell(m.Identifier.Text)))),
        new("interface member not public", s => Promised(s, isInterface: true).SelectMany(m => m.Modifiers.Where(t => t.Text == "public")).Select(t => Replace(t.Span, "internal"))),
        new("interface member type", s => Promised(s, isInterface: true).OfType<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() != "void").Select(m => Replace(m.ReturnType, "object"))),
        new("abstract member missing", s => Promised(s, isInterface: false).Select(m => Replace(m.FullSpan, ""))),
        new("base call missing", s => s.Of<ConstructorInitializerSyntax>().Select(c => Replace(c, ""))),
        new("member declared twice", s => s.Of<MethodDeclarationSyntax>().Select(m => Insert(m.FullSpan.End, m.ToFullString()))),
        new("type declared twice", s => s.Of<EnumDeclarationSyntax>().Select(m => Insert(m.FullSpan.End, "\n" + m.ToFullString()))),
        new("parameter named twice", s => s.Of<ParameterListSyntax>().Where(p => p.Parameters.Count >= 2 && p.Parameters[0].Type is not null).Select(p => Replace(p.Parameters[1].Identifier.Span, p.Parameters[0].Identifier.Text))),
        new("property without setter", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.Kind() is SyntaxKind.SetAccessorDeclaration or SyntaxKind.InitAccessorDeclaration && a.Body is null && a.ExpressionBody is null).Select(a => Replace(a, ""))),
        new("property without getter", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.Kind() is SyntaxKind.GetAccessorDeclaration && a.Parent is AccessorListSyntax { Accessors.Count: 2 }).Select(a => Replace(a, ""))),
        new("init for set", s => s.Of<AccessorDeclarationSyntax>().Where(a => a.Kind() is SyntaxKind.SetAccessorDeclaration).Select(a => Replace(a.Keyword.Span, "init"))),
        new("readonly field written", s => s.Of<FieldDeclarationSyntax>().Where(f => !f.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) && !f.Modifiers.Any(SyntaxKind.ConstKeyword)).Select(f => Insert(f.Declaration.SpanStart, "readonly "))),
        new("const field written", s => s.Of<FieldDeclarationSyntax>().Where(f => f.Declaration is { Type: PredefinedTypeSyntax, Variables: [{ Initializer: not null }] } && !f.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) && !f.Modifiers.Any(SyntaxKind.ConstKeyword) && !f.Modifiers.Any(SyntaxKind.StaticKeyword)).Select(f => Insert(f.Declaration.SpanStart, "const "))),
        new("const of a new object", s => s.Of<FieldDeclarationSyntax>().SelectMany(f => f.Modifiers.Where(m => m.Text == "readonly" && f.Modifiers.Any(SyntaxKind.StaticKeyword)).Select(m => Replace(TextSpan.FromBounds(f.Modifiers.First(x => x.Text == "static").SpanStart, m.Span.End), "const")))),
        new("partial missing", s => s.Tokens(SyntaxKind.PartialKeyword).Select(RemoveWord)),
        new("constraint missing", s => s.Of<TypeParameterConstraintClauseSyntax>().Select(c => Replace(c, ""))),
        new("type parameter missing", s => s.Of<MethodDeclarationSyntax>().Where(m => m.TypeParameterList is not null).Select(m => Replace(m.TypeParameterList!, ""))),
        new("class type parameter missing", s => s.Of<ClassDeclarationSyntax>().Where(m => m.TypeParameterList is not null).Select(m => Replace(m.TypeParameterList!, ""))),
        new("required member not set", s => s.Of<InitializerExpressionSyntax>().Where(i => i.Parent is BaseObjectCreationExpressionSyntax && i.Expressions.Count > 0 && i.Expressions.All(e => e is AssignmentExpressionSyntax)).Select(i => Replace(new TextSpan(i.Expressions.Span.Start, i.Expressions.Span.Length), string.Join(", ", i.Expressions.Skip(1))))),
        new("required surplus", s => s.Of<PropertyDeclarationSyntax>().Where(p => p.AccessorList?.Accessors.Any(a => a.Keyword.Text is "set" or "init") == true && !p.Modifiers.Any(SyntaxKind.RequiredKeyword)).Select(p => Insert(p.Type.SpanStart, "required "))),
        new("constructor name", s => s.Of<ConstructorDeclarationSyntax>().Select(c => Replace(c.Identifier.Span, s.Misspell(c.Identifier.Text)))),
        new("constructor with void", s => s.Of<ConstructorDeclarationSyntax>().Select(c => Insert(c.Identifier.SpanStart, "void "))),
        new("extension without static class", s => s.Of<MethodDeclarationSyntax>().Where(m => m.ParameterList.Parameters.Any(p => p.Modifiers.Any(SyntaxKind.ThisKeyword))).Select(m => m.Modifiers.FirstOrDefault(t => t.Text == "static")).Where(t => t.Span.Length > 0).Select(RemoveWord)),
        new("wrong entry point", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Identifier.Text == "Main" && m.Modifiers.Any(SyntaxKind.StaticKeyword)).SelectMany(m => new[] { Replace(m.ReturnType, "string"), RemoveWord(m.Modifiers.First(t => t.Text == "static")), Replace(m.ParameterList, "(int args)") })),
        new("inconsistent access", s => s.Of<BaseTypeDeclarationSyntax>().SelectMany(t => t.Modifiers.Where(m => m.Text == "public")).Select(t => Replace(t.Span, "internal"))),
        new("struct for class", s => s.Of<ClassDeclarationSyntax>().Where(c => !c.Modifiers.Any(SyntaxKind.StaticKeyword)).Select(c => Replace(c.Keyword.Span, "struct"))),
        new("this missing on extension", s => s.Of<ParameterSyntax>().SelectMany(p => p.Modifiers.Where(m => m.IsKind(SyntaxKind.ThisKeyword))).Select(RemoveWord)),
        new("namespace member misplaced", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Parent is ClassDeclarationSyntax { Members.Count: > 1 }).Take(1).Select(m => new[] { new TextChange(m.FullSpan, ""), new TextChange(new TextSpan(m.Parent!.Span.End, 0), "\n" + m.ToFullString()) })),
    ];

    private static IEnumerable<MemberDeclarationSyntax> Members(Site s) =>
        s.Of<MemberDeclarationSyntax>().Where(m => m is MethodDeclarationSyntax or PropertyDeclarationSyntax or ConstructorDeclarationSyntax);

    private static IEnumerable<MemberDeclarationSyntax> Promised(Site s, bool isInterface) => s.Of<MemberDeclarationSyntax>().Where(m => m is MethodDeclarationSyntax or PropertyDeclarationSyntax && s.Model.GetDeclaredSymbol(m) is { ContainingType: { TypeKind: not TypeKind.Interface } type } symbol
        && (isInterface
            ? type.AllInterfaces.SelectMany(i => i.GetMembers()).Any(i => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(i), symbol))
            : symbol is IMethodSymbol { OverriddenMethod.IsAbstract: true } or IPropertySymbol { OverriddenProperty.IsAbstract: true }));
}
