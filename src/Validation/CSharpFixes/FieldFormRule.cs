using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A property written as a field: <c>public int Count = items.Count;</c>, which is worked out once, before there are any items.</summary>
internal sealed class FieldFormRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0236", "CS0027", "CS9105", "CS0844") || fault.Node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is not { Declaration.Variables: [{ Initializer: { } start } variable] } field)
            return [];
        if (field.Modifiers.Any(m => m.Kind() is SyntaxKind.ConstKeyword or SyntaxKind.VolatileKeyword))
            return [];
        var cost = Modifiers.Has(field, "public") || char.IsUpper(variable.Identifier.Text[0]) ? 0.6 : 1.6;
        var fixes = field.Modifiers.Where(m => m.IsKind(SyntaxKind.ReadOnlyKeyword)).Select(m => new TextChange(TextSpan.FromBounds(m.SpanStart, m.GetNextToken().SpanStart), ""));
        return [fault.Change(fault.Tree, $"{variable.Identifier} = -> =>", "What depends on other members is worked out when it is asked for: a property with an arrow.", cost, fixes.Append(new TextChange(start.EqualsToken.Span, "=>")))];
    }
}
