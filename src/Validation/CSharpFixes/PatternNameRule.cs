using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A test for a type that gives the value no name, though the code behind it uses one: <c>x is Circle</c> for <c>x is Circle circle</c>, <c>case Circle:</c>.</summary>
internal sealed class PatternNameRule : ICSharpRule
{
    private const int MaxPatterns = 5;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0103") || fault.Name is not IdentifierNameSyntax { Identifier.Text: var name } || fault.Member is not { } member)
            yield break;
        // What stands nearest above the use is meant most likely.
        foreach (var (type, i) in member.DescendantNodes().Select(n => Tested(fault, n, token)).OfType<SyntaxNode>().Where(t => t.Span.End <= fault.Span.Start).Reverse().Take(MaxPatterns).Select((t, i) => (t, i)))
            yield return fault.Insert(type.Span.End, " " + name, $"{type} -> {type} {name}", $"'{name}' is the value as a '{type}': the test for the type gives it that name.", 1 + 0.3 * i);
    }

    private static SyntaxNode? Tested(CSharpFault fault, SyntaxNode node, CancellationToken token) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression, Right: TypeSyntax type } => type,
        TypePatternSyntax { Parent: not BinaryPatternSyntax and not UnaryPatternSyntax } pattern => pattern,
        ConstantPatternSyntax pattern when fault.Model.GetSymbolInfo(pattern.Expression, token).Symbol is ITypeSymbol => pattern,
        RecursivePatternSyntax { Designation: null } pattern => pattern,
        CaseSwitchLabelSyntax label when fault.Model.GetSymbolInfo(label.Value, token).Symbol is ITypeSymbol || label.Value is PredefinedTypeSyntax => label.Value,
        _ => null,
    };
}
