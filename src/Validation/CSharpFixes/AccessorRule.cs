using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Properties that cannot be written or read where they are: a setter is missing, private, or for initializers only.</summary>
internal sealed class AccessorRule : ICSharpRule
{
    private const string Why = "The property is written where it has no setter for it; with one that is in reach the assignment is allowed.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0200", "CS0272", "CS8852", "CS0154", "CS0271", "CS0273", "CS0274", "CS0276", "CS8051", "CS0548", "CS0840", "CS8050", "CS0122", "CS0191", "CS1612", "CS8053", "CS9032", "CS0546", "CS0545", "CS0551", "CS0535", "CS8147", "CS8080", "CS9034", "CS0525"))
            yield break;
        if (fault.Is("CS0525") && fault.Node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } promised)
        {
            foreach (var (accessors, cost) in new[] { ("{ get; }", 0.9), ("{ get; set; }", 1.0) })
                yield return fault.Replace(promised.SemicolonToken.Span, " " + accessors, $"{promised.Declaration} {accessors}", "An interface promises properties, not fields.", cost);
        }
        var inside = fault.Member is ConstructorDeclarationSyntax or PropertyDeclarationSyntax;
        foreach (var property in Properties(fault).Distinct())
        {
            var list = property.AccessorList;
            var setter = list?.Accessors.FirstOrDefault(a => a.Kind() is SyntaxKind.SetAccessorDeclaration or SyntaxKind.InitAccessorDeclaration);
            var getter = list?.Accessors.FirstOrDefault(a => a.IsKind(SyntaxKind.GetAccessorDeclaration));
            if (fault.Is("CS0200", "CS0272", "CS8852", "CS0546", "CS0535", "CS8147", "CS9034"))
            {
                if (list is null && property.ExpressionBody is { } body)
                    yield return fault.Change(property.SyntaxTree, "give the property a value of its own", Why, 3, new TextChange(TextSpan.FromBounds(body.SpanStart, property.Span.End), "{ get; set; }"));
                else if (setter is null && list is not null)
                {
                    var own = fault.Type is { } t && property.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text == t.Identifier.Text;
                    foreach (var (text, cost) in new[] { (own && !inside ? "private set;" : "set;", 1.0), (own ? "set;" : "init;", 1.2), ("private set;", 1.4), ("init;", 1.5) })
                        yield return fault.Change(property.SyntaxTree, $"add {text} to {property.Identifier}", Why, cost, new TextChange(new TextSpan(list.Accessors.Last().Span.End, 0), " " + text));
                }
                else if (setter is not null)
                {
                    foreach (var word in setter.Modifiers)
                        yield return fault.Change(property.SyntaxTree, $"remove {word} from the setter", Why, 1, new TextChange(TextSpan.FromBounds(word.SpanStart, word.GetNextToken().SpanStart), ""));
                    if (setter.Keyword.Text == "init")
                        yield return fault.Change(property.SyntaxTree, "init -> set", "An init setter works in an initializer only; set works everywhere.", 1, new TextChange(setter.Keyword.Span, "set"));
                    foreach (var word in new[] { "internal", "protected" })
                        yield return fault.Change(property.SyntaxTree, $"make the setter {word}", Why, 1.5, Modifiers.WithAccess(setter, word));
                }
            }
            if (fault.Is("CS0154", "CS8051", "CS0840", "CS0548", "CS0545", "CS0271", "CS8080") && getter is null && list is not null)
                yield return fault.Change(property.SyntaxTree, $"add get to {property.Identifier}", "The property is read, so it needs a getter.", 1, new TextChange(new TextSpan(list.OpenBraceToken.Span.End, 0), " get;"));
            foreach (var accessor in (list?.Accessors ?? []).Where(a => a.Modifiers.Count > 0 && fault.Is("CS0271", "CS0273", "CS0274", "CS0276", "CS0122")))
                yield return fault.Change(property.SyntaxTree, $"remove {accessor.Modifiers}", "An accessor may only be less visible than its property, and only one of them.", 1, new TextChange(TextSpan.FromBounds(accessor.Modifiers[0].SpanStart, accessor.Keyword.SpanStart), ""));
            if (fault.Is("CS0840", "CS8050", "CS8053") && list is not null && property.Initializer is { } start)
                yield return fault.Change(property.SyntaxTree, "remove the initializer", "Only a property that keeps its own value can begin with one.", 2, new TextChange(TextSpan.FromBounds(start.SpanStart, property.Span.End), ""));
            if (fault.Is("CS0548") && list is not null)
                yield return fault.Change(property.SyntaxTree, "add get and set", "A property has at least one accessor.", 1.1, new TextChange(list.Span, "{ get; set; }"));
        }
        if (fault.Is("CS1612") && fault.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Left: MemberAccessExpressionSyntax { Expression: var value, Name: var member } } set && set.Parent is ExpressionStatementSyntax)
            yield return fault.Replace(set, $"{value} = {value} with {{ {member} = {set.Right} }}", "assign a changed copy", "The property gives a copy of the struct; the changed copy must be put back.", 1.6);
        if (fault.Is("CS1612"))
        {
            foreach (var type in fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<StructDeclarationSyntax>()))
                yield return fault.Change(type.SyntaxTree, "struct -> class", "A class is shared, not copied, so that a change to it stays.", 2, new TextChange(type.Keyword.Span, "class"));
        }
    }

    private static IEnumerable<PropertyDeclarationSyntax> Properties(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } here && fault.IsOwn(fault.Tree))
            yield return here;
        foreach (var node in fault.Node.AncestorsAndSelf().Take(3).Concat(fault.Node.DescendantNodes().Take(4)))
        {
            var info = fault.Model.GetSymbolInfo(node);
            foreach (var property in info.CandidateSymbols.Prepend(info.Symbol).OfType<IPropertySymbol>().SelectMany(fault.Declarations).OfType<PropertyDeclarationSyntax>())
                yield return property;
        }
        if (!fault.Is("CS0535"))
            yield break;
        foreach (var property in (fault.Type?.Members ?? []).OfType<PropertyDeclarationSyntax>().Where(p => fault.Message.Contains("." + p.Identifier.Text, StringComparison.Ordinal)))
            yield return property;
    }
}
