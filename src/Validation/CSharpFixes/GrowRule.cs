using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>+= and -= on what grows by a method: a text builder, a list, a set, a queue.</summary>
internal sealed class GrowRule : ICSharpRule
{
    private static readonly string[] More = ["Append", "Add", "AddRange", "UnionWith", "Enqueue", "Push", "AddLast"];
    private static readonly string[] Less = ["Remove", "ExceptWith"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0019", "CS0029", "CS0191", "CS0200", "CS0266", "CS0272", "CS8852", "CS0198", "CS1604", "CS1656", "CS0201", "CS0021"))
            yield break;
        var found = fault.Node.AncestorsAndSelf().Concat(fault.Node.DescendantNodes()).OfType<ExpressionSyntax>().Take(8).Select(Parts).FirstOrDefault(p => p is not null);
        if (found is not { } parts || fault.Model.GetTypeInfo(parts.Left).Type is not { } type)
            yield break;
        var (whole, left, right, more) = parts;
        // The methods of a string take places and not parts: nothing like += or -= is among them.
        if (type.SpecialType == SpecialType.System_String)
            yield break;
        foreach (var (name, i) in (more ? More : Less).Select((n, i) => (n, i)))
        {
            if (Named(type, name).FirstOrDefault(m => m is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, Parameters.Length: 1 }) is { } method)
                yield return fault.Replace(whole, $"{(Copies(method, type) ? $"{left} = " : "")}{left}.{name}({right})", $"{(more ? "+=" : "-=")} -> {name}", $"'{type.Name}' has no such operator; it changes by its method {name}.", 0.6 + 0.05 * i);
        }
    }

    // A method that gives its own type leaves the object as it is, as the immutable collections do; the text builder gives itself.
    private static bool Copies(IMethodSymbol method, ITypeSymbol type) => type.Name != "StringBuilder" && SymbolEqualityComparer.Default.Equals(method.ReturnType, type);

    private static (ExpressionSyntax Whole, ExpressionSyntax Left, ExpressionSyntax Right, bool More)? Parts(ExpressionSyntax expression) => expression switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression or (int)SyntaxKind.LeftShiftAssignmentExpression } a => (a, a.Left, a.Right, true),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SubtractAssignmentExpression } a => (a, a.Left, a.Right, false),
        // items = items + item, and the stream's items << item
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum } a when sum.Left.ToString() == a.Left.ToString() => (a, a.Left, sum.Right, true),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LeftShiftExpression, Parent: ExpressionStatementSyntax } b => (b, b.Left, b.Right, true),
        _ => null,
    };

    private static IEnumerable<IMethodSymbol> Named(ITypeSymbol type, string name)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            foreach (var method in one.GetMembers(name).OfType<IMethodSymbol>())
                yield return method;
        }
        foreach (var method in type.TypeKind == TypeKind.Interface ? type.AllInterfaces.SelectMany(i => i.GetMembers(name)).OfType<IMethodSymbol>() : [])
            yield return method;
    }
}
