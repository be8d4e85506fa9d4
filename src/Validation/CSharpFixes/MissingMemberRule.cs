using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>
/// Members that an interface or abstract base asks for. Where the type's other members say what it must be, it is written so; where
/// nothing does, a member that throws is written, at a high cost, and says so: what it should do cannot be invented.
/// </summary>
internal sealed class MissingMemberRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0534", "CS0535", "CS0738", "CS0736", "CS0737") || fault.Type is not { } declaration || fault.Model.GetDeclaredSymbol(declaration) is not INamedTypeSymbol type)
            yield break;
        var missing = OverrideRule.Unanswered(type).Distinct(SymbolEqualityComparer.Default).Where(m => fault.Message.Contains(m.Name, StringComparison.Ordinal)).ToList();
        var written = missing.Select(m => (Symbol: m, Text: Known(fault, type, m, declaration.SpanStart))).Where(m => m.Text is not null).ToList();
        foreach (var (symbol, text) in written)
            yield return Append(fault, declaration, [text!], $"add {symbol.Name}", $"'{type.Name}' promises '{symbol.Name}'; its other members already do what it must do, so it hands on to them.", 1.5);
        foreach (var symbol in missing.Where(m => written.All(w => !SymbolEqualityComparer.Default.Equals(w.Symbol, m))))
            yield return Append(fault, declaration, [Stub(fault, symbol, declaration.SpanStart)], $"add {symbol.Name} that throws", $"'{type.Name}' promises '{symbol.Name}' and nothing tells what it should do: it now throws NotImplementedException when called. Write the real body.", 6);
        var all = OverrideRule.Unanswered(type).Distinct(SymbolEqualityComparer.Default).ToList();
        if (all.Count > 1)
            yield return Append(fault, declaration, [.. all.Select(m => Known(fault, type, m!, declaration.SpanStart) ?? Stub(fault, m!, declaration.SpanStart))], "add all missing members", "The type promises these members; those that nothing describes throw NotImplementedException. Write their real bodies.", 6 + all.Count);
        if (fault.Node.FirstAncestorOrSelf<BaseTypeSyntax>() is { Parent: BaseListSyntax list } entry)
        {
            var rest = list.Types.Where(t => t != entry).ToList();
            yield return fault.Replace(TextSpan.FromBounds(list.SpanStart, list.Span.End), rest.Count == 0 ? "" : ": " + string.Join(", ", rest), $"remove {entry} from the bases", $"'{type.Name}' does not do what '{entry}' asks for, so it no longer claims to. Check that nobody needs it.", 6.5);
        }
        if (fault.Is("CS0534") && declaration is ClassDeclarationSyntax)
            yield return fault.Change(fault.Tree, $"make {type.Name} abstract", "A type with abstract members is itself abstract.", 4, Modifiers.Add(declaration, "abstract"));
    }

    private static FixCandidate Append(CSharpFault fault, TypeDeclarationSyntax type, IReadOnlyList<string> members, string fix, string why, double cost)
    {
        var line = fault.Text.Lines.GetLineFromPosition(type.SpanStart).ToString();
        var indent = line[..(line.Length - line.TrimStart().Length)];
        var text = string.Concat(members.Select(m => $"\n{indent}    {m}\n"));
        if (type.CloseBraceToken.IsMissing || type.CloseBraceToken.IsKind(SyntaxKind.None))
            return fault.Change(type.SyntaxTree, fix, why, cost, new TextChange(new TextSpan(type.SemicolonToken.SpanStart, type.SemicolonToken.Span.Length), $"\n{indent}{{{text}{indent}}}"));
        var close = type.SyntaxTree.GetText().Lines.GetLineFromPosition(type.CloseBraceToken.SpanStart);
        var alone = close.ToString().Trim() == "}";
        return fault.Change(type.SyntaxTree, fix, why, cost, new TextChange(new TextSpan(alone ? close.Start : type.CloseBraceToken.SpanStart, 0), alone ? text : text + indent));
    }

    // What follows from the rest of the type: the untyped side of a typed interface, and its field of the same interface.
    private static string? Known(CSharpFault fault, INamedTypeSymbol type, ISymbol member, int at)
    {
        var owner = member.ContainingType;
        var has = type.GetMembers();
        if (member is IMethodSymbol { Name: "GetEnumerator" } && owner is { Name: "IEnumerable", Arity: 0 })
            return "System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();";
        if (member is IPropertySymbol { Name: "Current" } && owner is { Name: "IEnumerator", Arity: 0 })
            return "object System.Collections.IEnumerator.Current => Current!;";
        if (member is IMethodSymbol { Name: "CompareTo" } && owner is { Name: "IComparable", Arity: 0 } && has.OfType<IMethodSymbol>().Any(m => m.Name == "CompareTo"))
            return $"public int CompareTo(object? other) => CompareTo(({fault.Write(type, at)})other!);";
        if (member is IMethodSymbol { Name: "Equals" } && owner is { Name: "IEquatable" } && has.OfType<IMethodSymbol>().Any(m => m is { Name: "Equals", IsOverride: true }))
            return $"public bool Equals({fault.Write(type, at)}? other) => Equals((object?)other);";
        if (member is IMethodSymbol { Name: "Dispose" } && owner.Name == "IDisposable" && has.OfType<IMethodSymbol>().FirstOrDefault(m => m.Name is "Close" or "Cleanup" or "Release" && m.Parameters.Length == 0) is { } close)
            return $"public void Dispose() => {close.Name}();";
        if (member is IMethodSymbol { Name: "GetEnumerator" } && owner is { Name: "IEnumerable", Arity: 1 } && has.OfType<IFieldSymbol>().FirstOrDefault(f => !f.IsImplicitlyDeclared && SymbolEqualityComparer.Default.Equals(Conversions.Element(fault, f.Type), owner.TypeArguments[0])) is { } items)
            return $"public {fault.Write(((IMethodSymbol)member).ReturnType, at)} GetEnumerator() => ((IEnumerable<{fault.Write(owner.TypeArguments[0], at)}>){items.Name}).GetEnumerator();";
        return null;
    }

    private static string Stub(CSharpFault fault, ISymbol member, int at)
    {
        var isAbstract = member.ContainingType.TypeKind != TypeKind.Interface;
        var head = isAbstract ? $"{(member.DeclaredAccessibility == Accessibility.Protected ? "protected" : "public")} override " : "public ";
        const string body = "=> throw new System.NotImplementedException();";
        return member switch
        {
            IMethodSymbol m => $"{head}{(m.ReturnsVoid ? "void" : fault.Write(m.ReturnType, at))} {m.Name}{(m.TypeParameters.Length == 0 ? "" : "<" + string.Join(", ", m.TypeParameters.Select(t => t.Name)) + ">")}({string.Join(", ", m.Parameters.Select(p => $"{(p.RefKind == RefKind.None ? "" : p.RefKind.ToString().ToLowerInvariant() + " ")}{fault.Write(p.Type, at)} {p.Name}"))}) {body}",
            IPropertySymbol { IsIndexer: true } p => $"{head}{fault.Write(p.Type, at)} this[{string.Join(", ", p.Parameters.Select(x => $"{fault.Write(x.Type, at)} {x.Name}"))}] {{{(p.GetMethod is null ? "" : " get " + body)}{(p.SetMethod is null ? "" : " set " + body)} }}",
            IPropertySymbol p => $"{head}{fault.Write(p.Type, at)} {p.Name} {{{(p.GetMethod is null ? "" : " get " + body)}{(p.SetMethod is null ? "" : p.SetMethod.IsInitOnly ? " init " + body : " set " + body)} }}",
            IEventSymbol e => $"{head}event {fault.Write(e.Type, at)} {e.Name};",
            _ => "",
        };
    }
}
