using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Overrides, interface implementations and bodies that do not match what they answer to.</summary>
internal sealed class OverrideRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0115" or "CS0506" or "CS0507" or "CS0508" or "CS0239" or "CS1715" or "CS0533" or "CS0544" or "CS0505" or "CS8830" => Override(fault),
        "CS0534" or "CS0535" or "CS0738" or "CS0737" or "CS0736" or "CS0539" or "CS0540" => Member(fault),
        "CS0500" or "CS0501" or "CS0531" or "CS0528" or "CS0527" or "CS1722" or "CS0509" or "CS8861" or "CS0527" or "CS1721" => Body(fault),
        _ => [],
    };

    private static IEnumerable<FixCandidate> Override(CSharpFault fault)
    {
        if (fault.Member is not { } member || fault.Model.GetDeclaredSymbol(member) is not { } symbol || symbol.ContainingType is not { } type)
            yield break;
        var bases = Bases(type).SelectMany(b => b.GetMembers()).Where(m => m is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol).ToList();
        var word = member.Modifiers.FirstOrDefault(m => m.IsKind(SyntaxKind.OverrideKeyword));
        foreach (var overridden in bases.Where(b => b.Name == symbol.Name))
        {
            const string why = "An override must match the base member in visibility, type and parameters, and the base must allow it.";
            foreach (var declared in fault.Declarations(overridden).Where(d => !Modifiers.Has(d, "virtual") && !Modifiers.Has(d, "abstract") && !Modifiers.Has(d, "override")))
                yield return fault.Change(declared.SyntaxTree, $"add virtual to {overridden.ContainingType.Name}.{overridden.Name}", why, 1, Modifiers.Has(declared, "private") || overridden.DeclaredAccessibility == Accessibility.Private ? [.. Modifiers.WithAccess(declared, "protected virtual")] : [Modifiers.Add(declared, "virtual")]);
            foreach (var declared in fault.Declarations(overridden).Where(d => Modifiers.Has(d, "sealed")))
                yield return fault.Change(declared.SyntaxTree, $"remove sealed from {overridden.Name}", why, 1, Modifiers.Remove(declared, "sealed"));
            if (overridden.DeclaredAccessibility != symbol.DeclaredAccessibility && overridden.DeclaredAccessibility is not Accessibility.Private)
                yield return fault.Change(fault.Tree, $"make it {Written(overridden.DeclaredAccessibility)}", why, 0.9, Modifiers.WithAccess(member, Written(overridden.DeclaredAccessibility)));
            if (TypeOf(overridden) is { } wanted && ResultOf(member) is { } result && fault.Write(wanted, result.SpanStart) is var text && text != result.ToString())
                yield return fault.Replace(result, text, $"{result} -> {text}", why, 1.1);
            if (overridden is IMethodSymbol method && member is MethodDeclarationSyntax { ParameterList: var list })
                yield return fault.Replace(list, Parameters(fault, method, list), "take the base's parameters", why, 1.5);
            if (overridden is IMethodSymbol && member is PropertyDeclarationSyntax { ExpressionBody: not null } property)
                yield return fault.Insert(property.Identifier.Span.End, "()", "a method, as in the base", why, 1.2);
        }
        if (!word.IsKind(SyntaxKind.None) && fault.Is("CS0506", "CS0239", "CS0505", "CS0544"))
            yield return fault.Replace(word.Span, "new", "override -> new", "The base member cannot be overridden; new hides it instead.", 1.8);
        if (fault.Is("CS0533") && word.IsKind(SyntaxKind.None))
            yield return fault.Change(fault.Tree, "add override", "The base member is abstract: it is overridden, not hidden.", 1, Modifiers.Add(member, "override"));
        if (!fault.Is("CS0115"))
            yield break;
        var name = (member as MethodDeclarationSyntax)?.Identifier ?? (member as PropertyDeclarationSyntax)?.Identifier ?? default;
        foreach (var near in bases.Where(b => b.IsVirtual || b.IsAbstract || b.IsOverride).Select(b => (b.Name, Cost: NameDistance.Of(name.Text, b.Name))).Where(n => n.Cost is not null).DistinctBy(n => n.Name).OrderBy(n => n.Cost).Take(4))
            yield return fault.Replace(name.Span, near.Name, $"{name.Text} -> {near.Name}", $"The base has no '{name.Text}' to override; '{near.Name}' is spelt almost the same.", near.Cost!.Value);
    }

    // A member that is there and does not count: misspelt, not public, static, or of another type.
    private static IEnumerable<FixCandidate> Member(CSharpFault fault)
    {
        if (fault.Type is not { } declaration || fault.Model.GetDeclaredSymbol(declaration) is not INamedTypeSymbol type)
            yield break;
        var why = "The type promises this member; what it has differs in name, visibility or type.";
        foreach (var wanted in Unanswered(type).Where(m => fault.Message.Contains(m.Name, StringComparison.Ordinal)))
        {
            var isInterface = wanted.ContainingType.TypeKind == TypeKind.Interface;
            foreach (var have in type.GetMembers().Where(m => m.Kind == wanted.Kind && !m.IsImplicitlyDeclared && m is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }))
            {
                if (fault.Declarations(have).FirstOrDefault() is not { } node)
                    continue;
                if (have.Name != wanted.Name)
                {
                    var identifier = (node as MethodDeclarationSyntax)?.Identifier ?? (node as PropertyDeclarationSyntax)?.Identifier ?? default;
                    var alike = NameDistance.Of(have.Name, wanted.Name) ?? (SameShape(have, wanted) ? 3.6 : null);
                    if (alike is { } cost && identifier.Span.Length > 0)
                        yield return fault.Change(node.SyntaxTree, $"{have.Name} -> {wanted.Name}", why, cost, new TextChange(identifier.Span, wanted.Name));
                    continue;
                }
                if (isInterface && have.DeclaredAccessibility != Accessibility.Public)
                    yield return fault.Change(node.SyntaxTree, $"make {have.Name} public", why, 0.8, Modifiers.WithAccess(node, "public"));
                if (isInterface && have.IsStatic)
                    yield return fault.Change(node.SyntaxTree, $"remove static from {have.Name}", why, 0.8, Modifiers.Remove(node, "static"));
                if (!isInterface && !have.IsOverride)
                    yield return fault.Change(node.SyntaxTree, $"add override to {have.Name}", why, 0.8, Modifiers.Has(node, "new") ? [Modifiers.Remove(node, "new"), Modifiers.Add(node, "override")] : Modifiers.Has(node, "virtual") ? [Modifiers.Remove(node, "virtual"), Modifiers.Add(node, "override")] : [Modifiers.Add(node, "override")]);
                if (TypeOf(wanted) is { } result && ResultOf(node) is { } place && fault.Write(result, place.SpanStart) is var text && text != place.ToString())
                    yield return fault.Change(node.SyntaxTree, $"{place} -> {text}", why, 1.1, new TextChange(place.Span, text));
                if (wanted is IMethodSymbol method && node is MethodDeclarationSyntax { ParameterList: var list } && Parameters(fault, method, list) is var parameters && parameters != list.ToString())
                    yield return fault.Change(node.SyntaxTree, "take the promised parameters", why, 1.4, new TextChange(list.Span, parameters));
            }
        }
        if (fault.Is("CS0540", "CS0539") && fault.Member is { } explicitly && explicitly.ChildNodes().OfType<ExplicitInterfaceSpecifierSyntax>().FirstOrDefault() is { } of)
            yield return fault.Change(fault.Tree, $"remove {of}", "The type does not implement that interface, so the member stands for itself.", 1.6, [new TextChange(of.Span, ""), .. explicitly.Modifiers.Count == 0 ? Modifiers.WithAccess(explicitly, "public") : []]);
    }

    private static IEnumerable<FixCandidate> Body(CSharpFault fault)
    {
        if (fault.Member is MethodDeclarationSyntax { SemicolonToken.RawKind: not 0, Body: null, ExpressionBody: null } bare && fault.Is("CS0501"))
            yield return fault.Replace(bare.SemicolonToken.Span, " => throw new System.NotImplementedException();", "give it a body that throws", "The method has no body and nothing tells what it should do: it now says so when it is called. Write the real body.", 6);
        if (fault.Member is MethodDeclarationSyntax { Body: { } body } full && fault.Is("CS0500", "CS0531"))
            yield return fault.Replace(TextSpan.FromBounds(full.ParameterList.Span.End, body.Span.End), ";", "remove the body", "What is abstract or only promised has no body.", 2);
        foreach (var entry in fault.Node.AncestorsAndSelf().OfType<BaseTypeSyntax>().Take(1))
        {
            var list = (BaseListSyntax)entry.Parent!;
            if (fault.Is("CS1722") && list.Types.Count > 1)
                yield return fault.Replace(new TextSpan(list.Types.Span.Start, list.Types.Span.Length), string.Join(", ", list.Types.Where(t => t == entry).Concat(list.Types.Where(t => t != entry))), "put the base class first", "The base class stands before the interfaces.", 0.8);
            var rest = list.Types.Where(t => t != entry).ToList();
            yield return fault.Replace(list, rest.Count == 0 ? "" : ": " + string.Join(", ", rest), $"remove {entry} from the bases", "This base is not allowed here, or stands twice.", 2.4);
        }
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var b = type.BaseType; b is not null; b = b.BaseType)
            yield return b;
    }

    /// <summary>Interface members without an implementation and abstract members without an override.</summary>
    public static IEnumerable<ISymbol> Unanswered(INamedTypeSymbol type)
    {
        var promised = type.AllInterfaces.SelectMany(i => i.GetMembers()).Where(m => m.IsAbstract && IsPlain(m));
        var inherited = Bases(type).SelectMany(b => b.GetMembers()).Where(m => m.IsAbstract && IsPlain(m));
        return promised.Where(m => !Implements(type.FindImplementationForInterfaceMember(m), m))
            .Concat(inherited.Where(m => !Bases(type).Prepend(type).SelectMany(t => t.GetMembers(m.Name)).Any(o => o.IsOverride && SameShape(o, m))));
    }

    private static bool IsPlain(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IEventSymbol;

    private static bool Implements(ISymbol? found, ISymbol promised) => found switch
    {
        null => false,
        IMethodSymbol { ExplicitInterfaceImplementations.Length: > 0 } or IPropertySymbol { ExplicitInterfaceImplementations.Length: > 0 } => true,
        _ => found.IsStatic == promised.IsStatic && found.DeclaredAccessibility == Accessibility.Public,
    };

    private static bool SameShape(ISymbol a, ISymbol b) => (a, b) switch
    {
        (IMethodSymbol x, IMethodSymbol y) => x.Parameters.Length == y.Parameters.Length && x.Parameters.Zip(y.Parameters).All(p => p.First.Type.Name == p.Second.Type.Name) && x.ReturnType.Name == y.ReturnType.Name,
        (IPropertySymbol x, IPropertySymbol y) => x.Type.Name == y.Type.Name && x.Parameters.Length == y.Parameters.Length,
        _ => false,
    };

    private static string Parameters(CSharpFault fault, IMethodSymbol method, ParameterListSyntax old) =>
        $"({string.Join(", ", method.Parameters.Select((p, i) => $"{(p.RefKind == RefKind.None ? "" : p.RefKind.ToString().ToLowerInvariant() + " ")}{fault.Write(p.Type, old.SpanStart)} {(i < old.Parameters.Count ? old.Parameters[i].Identifier.Text : p.Name)}"))})";

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch { IMethodSymbol m => m.ReturnType, IPropertySymbol p => p.Type, _ => null };

    private static TypeSyntax? ResultOf(SyntaxNode node) => node switch { MethodDeclarationSyntax m => m.ReturnType, PropertyDeclarationSyntax p => p.Type, _ => null };

    private static string Written(Accessibility accessibility) => accessibility switch
    {
        Accessibility.ProtectedOrInternal => "protected internal",
        Accessibility.ProtectedAndInternal => "private protected",
        _ => accessibility.ToString().ToLowerInvariant(),
    };
}
