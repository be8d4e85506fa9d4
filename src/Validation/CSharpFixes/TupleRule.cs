using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Several values at once: taken apart without parentheses, or read by names that the tuple was declared without.</summary>
internal sealed class TupleRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0819" or "CS0818" => Apart(fault),
        "CS1061" => Named(fault),
        _ => [],
    };

    // var a, b = Both();
    private static IEnumerable<FixCandidate> Apart(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { Type.IsVar: true, Variables: { Count: > 1 } variables } declaration && variables.Last().Initializer is { } last && variables.Take(variables.Count - 1).All(v => v.Initializer is null))
            yield return fault.Replace(declaration, $"var ({string.Join(", ", variables.Select(v => v.Identifier))}) {last}", "parentheses around the variables", "One value of several parts goes into several variables between parentheses.", 0.6);
    }

    private static IEnumerable<FixCandidate> Named(CSharpFault fault)
    {
        if (NameUse.At(fault, default) is not { IsMember: true, Receiver: { } receiver, Container: INamedTypeSymbol { IsTupleType: true } tuple } use)
            yield break;
        var types = tuple.TupleElements.Select(e => fault.Write(e.Type)).ToList();
        foreach (var declared in Declared(fault, receiver, tuple).Where(t => t.Elements.Count == types.Count).Distinct().Take(3))
        {
            // The same parts with their names stand elsewhere.
            foreach (var twin in fault.Root.DescendantNodes().OfType<TupleTypeSyntax>().Where(t => t.Elements.Any(e => e.Identifier.Text == use.Text) && t.Elements.Select(e => e.Type.ToString()).SequenceEqual(declared.Elements.Select(e => e.Type.ToString()))).Take(1))
                yield return fault.Replace(declared, twin.ToString(), $"{declared} -> {twin}", "The parts are read by name, so the tuple names them.", 0.7);
            foreach (var (element, i) in declared.Elements.Select((e, i) => (e, i)).Where(e => e.e.Identifier.Span.Length == 0))
                yield return fault.Replace(element, $"{element.Type} {use.Text}", $"{element.Type} {use.Text}", "The parts are read by name, so the tuple names them.", 1 + 0.1 * i + (Fits(fault, use, tuple.TupleElements[i].Type) ? 0 : 0.5));
        }
        for (var i = 0; i < types.Count; i++)
            yield return fault.Replace(use.Name.Identifier.Span, $"Item{i + 1}", $"{use.Text} -> Item{i + 1}", "A tuple without names calls its parts Item1, Item2 and so on.", 1.3 + 0.1 * i + (Fits(fault, use, tuple.TupleElements[i].Type) ? 0 : 0.5));
    }

    private static bool Fits(CSharpFault fault, NameUse use, ITypeSymbol type) =>
        use.Name.Parent is ExpressionSyntax whole && TargetType.Of(fault.Model, whole).Any(t => SymbolEqualityComparer.Default.Equals(t, type));

    private static IEnumerable<TupleTypeSyntax> Declared(CSharpFault fault, ExpressionSyntax receiver, INamedTypeSymbol tuple)
    {
        var own = fault.Declarations(fault.Model.GetSymbolInfo(receiver).Symbol).SelectMany(d => (d is VariableDeclaratorSyntax ? d.Parent! : d).DescendantNodes().OfType<TupleTypeSyntax>().Take(2));
        var written = string.Join(',', tuple.TupleElements.Select(e => fault.Write(e.Type)));
        return own.Concat(fault.Root.DescendantNodes().OfType<TupleTypeSyntax>().Where(t => string.Join(',', t.Elements.Select(e => e.Type.ToString())) == written));
    }
}
