using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Type parameters that lack a constraint for what is done with them, or have one too many.</summary>
internal sealed class ConstraintRule : ICSharpRule
{
    private static readonly string[] Known = ["IComparable<{0}>", "class", "struct", "new()", "notnull", "IEquatable<{0}>", "System.IComparable<{0}>", "System.Numerics.INumber<{0}>", "IDisposable", "Enum"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0304", "CS0310", "CS0311", "CS0314", "CS0315", "CS0452", "CS0453", "CS0403", "CS0413", "CS1061", "CS0019", "CS0029", "CS0080", "CS0449", "CS0401", "CS8377", "CS0312", "CS0313", "CS8714", "CS0037", "CS0702", "CS0706", "CS0405", "CS7036", "CS1501", "CS1503"))
            yield break;
        // Errors of calls are about constraints only where the receiver is of a type parameter's type.
        foreach (var (parameter, owner) in Parameters(fault).Take(fault.Is("CS7036", "CS1501", "CS1503", "CS1061") && fault.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is null ? 0 : 3))
        {
            var name = parameter.Name;
            foreach (var (constraint, i) in Wanted(fault, name).Select((c, i) => (c, i)))
            {
                var why = $"What is done with '{name}' needs more than any type can do; the constraint '{constraint}' says which types are meant.";
                foreach (var change in Add(owner, name, constraint))
                    yield return fault.Change(owner.SyntaxTree, $"where {name} : {constraint}", why, 1.2 + 0.15 * i, change);
            }
        }
        // The declaration asks for more than its users have.
        foreach (var clause in Symbols(fault).SelectMany(fault.Declarations).SelectMany(d => d.ChildNodes().OfType<TypeParameterConstraintClauseSyntax>()).Distinct().Take(3))
        {
            const string why = "The type argument does not do what the constraint asks for, and the code does not need it.";
            yield return fault.Change(clause.SyntaxTree, $"remove {clause}", why, 2.4, new TextChange(clause.FullSpan, ""));
            foreach (var one in clause.Constraints.Where(_ => clause.Constraints.Count > 1))
                yield return fault.Change(clause.SyntaxTree, $"remove the constraint {one}", why, 2.2, new TextChange(clause.Span, $"where {clause.Name} : {string.Join(", ", clause.Constraints.Where(c => c != one))}"));
        }
        if (fault.Is("CS0449", "CS0401", "CS0405") && fault.Node.FirstAncestorOrSelf<TypeParameterConstraintClauseSyntax>() is { } order)
            yield return fault.Replace(order, $"where {order.Name} : {string.Join(", ", order.Constraints.OrderBy(Rank).Select(c => c.ToString()).Distinct())}", "put the constraints in order", "class or struct stands first, then types, and new() last.", 1);
        if (fault.Is("CS0080") && fault.Node.FirstAncestorOrSelf<TypeParameterConstraintClauseSyntax>() is { } surplus)
        {
            yield return fault.Replace(surplus.FullSpan, " ", "remove the constraint", "Only a generic declaration has constraints.", 1.6);
            if (surplus.Parent is MethodDeclarationSyntax method)
                yield return fault.Insert(method.Identifier.Span.End, $"<{surplus.Name}>", $"declare {surplus.Name}", "Only a generic declaration has constraints.", 1.4);
            if (surplus.Parent is TypeDeclarationSyntax type)
                yield return fault.Insert(type.Identifier.Span.End, $"<{surplus.Name}>", $"declare {surplus.Name}", "Only a generic declaration has constraints.", 1.4);
        }
    }

    private static int Rank(TypeParameterConstraintSyntax constraint) => constraint switch { ClassOrStructConstraintSyntax => 0, ConstructorConstraintSyntax => 2, _ => 1 };

    private static IEnumerable<string> Wanted(CSharpFault fault, string name)
    {
        var asked = fault.Id switch
        {
            "CS0304" or "CS0310" => ["new()"],
            "CS0452" or "CS0413" => ["class"],
            "CS0453" or "CS8377" => ["struct"],
            "CS8714" => ["notnull"],
            "CS0403" or "CS0037" => ["class"],
            _ => Array.Empty<string>(),
        };
        // The constraints of what is called, with its own parameter's name replaced by ours.
        var called = Symbols(fault).SelectMany(s => (s as IMethodSymbol)?.TypeParameters ?? (s as INamedTypeSymbol)?.TypeParameters ?? [])
            .SelectMany(p => p.ConstraintTypes.Select(c => fault.Write(c).Replace(p.Name, name, StringComparison.Ordinal)).Concat(p.HasConstructorConstraint ? ["new()"] : []).Concat(p.HasReferenceTypeConstraint ? ["class"] : []).Concat(p.HasValueTypeConstraint ? ["struct"] : []));
        return asked.Concat(called).Concat(Known.Select(k => string.Format(System.Globalization.CultureInfo.InvariantCulture, k, name))).Distinct().Take(10);
    }

    private static IEnumerable<ISymbol> Symbols(CSharpFault fault) => fault.Node.AncestorsAndSelf().Take(3).SelectMany(n => fault.Model.GetSymbolInfo(n) is var info ? info.CandidateSymbols.Prepend(info.Symbol) : []).OfType<ISymbol>();

    private static IEnumerable<(ITypeParameterSymbol Name, SyntaxNode Owner)> Parameters(CSharpFault fault)
    {
        var used = fault.Node.DescendantNodesAndSelf().Concat(fault.Node.Ancestors().OfType<ExpressionSyntax>().Take(1)).Concat(fault.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { } access ? [access.Expression] : []).SelectMany(n => new[] { fault.Model.GetTypeInfo(n).Type, fault.Model.GetSymbolInfo(n).Symbol as ITypeSymbol })
            .OfType<ITypeParameterSymbol>().Distinct(SymbolEqualityComparer.Default).Cast<ITypeParameterSymbol>();
        return used.SelectMany(p => fault.Declarations(p).Select(d => (p, Owner: d.Parent?.Parent))).Where(x => x.Owner is not null).Select(x => (x.p, x.Owner!));
    }

    private static IEnumerable<TextChange> Add(SyntaxNode owner, string name, string constraint)
    {
        var clauses = owner.ChildNodes().OfType<TypeParameterConstraintClauseSyntax>().ToList();
        if (clauses.FirstOrDefault(c => c.Name.Identifier.Text == name) is { } clause)
        {
            if (clause.Constraints.Any(c => c.ToString() == constraint))
                yield break;
            yield return constraint is "class" or "struct" or "notnull"
                ? new TextChange(new TextSpan(clause.Constraints.Span.Start, 0), constraint + ", ")
                : new TextChange(new TextSpan(clause.Constraints.Last() is ConstructorConstraintSyntax last && clause.Constraints.Count > 0 ? last.SpanStart : clause.Span.End, 0), clause.Constraints.Last() is ConstructorConstraintSyntax ? constraint + ", " : ", " + constraint);
            yield break;
        }
        SyntaxNodeOrToken before = owner switch
        {
            MethodDeclarationSyntax m => m.ParameterList,
            LocalFunctionStatementSyntax l => l.ParameterList,
            TypeDeclarationSyntax { BaseList: { } bases } => bases,
            TypeDeclarationSyntax { ParameterList: { } list } => list,
            TypeDeclarationSyntax t => t.TypeParameterList,
            _ => default(SyntaxNodeOrToken),
        };
        if (before.Span.Length > 0)
            yield return new TextChange(new TextSpan(before.Span.End, 0), $" where {name} : {constraint}");
    }
}
