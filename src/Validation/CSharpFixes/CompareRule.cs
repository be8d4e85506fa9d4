using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Values that are compared by a method and not by an operator: texts, type parameters, what implements IComparable.</summary>
internal sealed class CompareRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0019") || fault.Node.FirstAncestorOrSelf<BinaryExpressionSyntax>() is not { } compared || fault.Model.GetTypeInfo(compared.Left).Type is not { } type)
            yield break;
        // Equals and CompareTo of another type compile and are never right.
        if (fault.Model.GetTypeInfo(compared.Right).Type is { } other and not IErrorTypeSymbol && type is not ITypeParameterSymbol && !fault.Compilation.ClassifyConversion(other, type).IsImplicit && other is not ITypeParameterSymbol)
            yield break;
        var (left, right, op) = (Atom(compared.Left), compared.Right.ToString(), compared.OperatorToken.Text);
        if (op is "<" or ">" or "<=" or ">=")
        {
            var written = fault.Write(type);
            if (type.SpecialType == SpecialType.System_String)
                yield return fault.Replace(compared, $"string.CompareOrdinal({compared.Left}, {right}) {op} 0", "compare by CompareOrdinal", "Texts have no order of their own operators; CompareOrdinal gives one.", 1.2);
            if (Comparable(type))
                yield return fault.Replace(compared, $"{left}.CompareTo({right}) {op} 0", "compare by CompareTo", $"'{type.Name}' has no operator {op}; CompareTo says which comes first.", type.SpecialType == SpecialType.System_String ? 1.3 : 0.7);
            if (type is ITypeParameterSymbol)
                yield return fault.Replace(compared, $"Comparer<{written}>.Default.Compare({compared.Left}, {right}) {op} 0", "compare by the default comparer", "The compiler knows nothing of the type's order; its default comparer does.", Comparable(type) ? 1.2 : 0.9);
        }
        if (op is "==" or "!=" && (type is ITypeParameterSymbol || fault.Model.GetTypeInfo(compared.Right).Type is ITypeParameterSymbol || type.TypeKind == TypeKind.Struct))
        {
            var not = op == "==" ? "" : "!";
            if (type is ITypeParameterSymbol)
                yield return fault.Replace(compared, $"{not}EqualityComparer<{fault.Write(type)}>.Default.Equals({compared.Left}, {right})", "compare by the default comparer", "The compiler knows no == for the type; its default comparer does.", 0.9);
            yield return fault.Replace(compared, $"{not}{left}.Equals({right})", "compare by Equals", "The type has no == of its own; Equals compares.", type is ITypeParameterSymbol ? 1.1 : 1);
        }
    }

    private static bool Comparable(ITypeSymbol type) =>
        (type is ITypeParameterSymbol p ? p.ConstraintTypes.SelectMany(c => c.AllInterfaces.Append(c as INamedTypeSymbol)) : type.AllInterfaces).Any(i => i?.Name == "IComparable");

    private static string Atom(ExpressionSyntax e) => e is BinaryExpressionSyntax or ConditionalExpressionSyntax or CastExpressionSyntax ? $"({e})" : e.ToString();
}
