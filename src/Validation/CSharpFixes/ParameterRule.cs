using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Parameters that a declaration lost: a name its body uses, the <c>this</c> of an extension, and kinds of types that were mistaken.</summary>
internal sealed class ParameterRule : ICSharpRule
{
    private static readonly string[] Usual = ["int", "string", "double", "bool", "char", "int[]", "string[]", "decimal", "object"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0103" => Lost(fault),
        "CS1061" or "CS1929" => Extension(fault),
        "CS0225" or "CS1729" => Params(fault),
        "CS1988" or "CS1623" or "CS1628" => ByValue(fault),
        "CS1737" or "CS0231" => Order(fault),
        "CS8983" or "CS0527" or "CS0522" or "CS0155" or "CS0452" or "CS0568" or "CS8958" or "CS0573" or "CS0509" => Kind(fault),
        _ => [],
    };

    private static IEnumerable<FixCandidate> Lost(CSharpFault fault)
    {
        if (fault.Node is not IdentifierNameSyntax name || name.Parent is InvocationExpressionSyntax call && call.Expression == name || fault.Member is not { } member)
            yield break;
        var list = member switch { BaseMethodDeclarationSyntax m => m.ParameterList, _ => null };
        if (list is null || !char.IsLower(name.Identifier.Text[0]))
            yield break;
        // A parameter or variable of that name elsewhere tells the type; the usual ones are tried else.
        var wanted = name.Identifier.Text;
        var known = fault.Root.DescendantNodes().Select(n => n switch
        {
            ParameterSyntax p when p.Identifier.Text == wanted => p.Type,
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax d } v when v.Identifier.Text == wanted && !d.Type.IsVar => d.Type,
            _ => null,
        }).OfType<TypeSyntax>().Select(t => t.ToString()).ToList();
        var inFile = fault.Root.DescendantNodes().OfType<ParameterSyntax>().Select(p => p.Type?.ToString()).OfType<string>();
        var why = $"The body uses '{wanted}' and nothing declares it; as a parameter the caller gives it.";
        foreach (var (type, i) in known.Concat(Usual).Concat(inFile).Distinct().Take(14).Select((t, i) => (t, i)))
        {
            var cost = (known.Contains(type) ? 2.2 : 3) + 0.1 * i;
            foreach (var at in Enumerable.Range(0, list.Parameters.Count + 1).Reverse().Take(3))
            {
                var texts = list.Parameters.Select(p => p.ToString()).ToList();
                texts.Insert(at, $"{type} {wanted}");
                yield return fault.Replace(list, $"({string.Join(", ", texts)})", $"add the parameter {type} {wanted}", why, cost + 0.3 * (list.Parameters.Count - at));
            }
        }
    }

    private static IEnumerable<FixCandidate> Params(CSharpFault fault) => fault.Node.FirstAncestorOrSelf<ParameterSyntax>() is { Type: { } type } several && several.Modifiers.Any(SyntaxKind.ParamsKeyword)
        ? [fault.Insert(type.Span.End, "[]", $"params {type}[]", "params takes any number of values, which arrive as an array.", 0.7)]
        : [];

    // Async methods, iterators and functions that outlive the call cannot keep a reference to the caller's variable.
    private static IEnumerable<FixCandidate> ByValue(CSharpFault fault)
    {
        var named = fault.Node.FirstAncestorOrSelf<ParameterSyntax>() ?? fault.Declarations(fault.Model.GetSymbolInfo(fault.Node).Symbol).OfType<ParameterSyntax>().FirstOrDefault();
        foreach (var modifier in named?.Modifiers.Where(m => m.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword) ?? [])
            yield return fault.Change(named!.SyntaxTree, $"remove {modifier}", "The parameter is kept longer than the call lasts, so it is handed over by value.", 0.9, new TextChange(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), ""));
    }

    // What may be left out, and what takes any number, stands behind what must be given.
    private static IEnumerable<FixCandidate> Order(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<BaseParameterListSyntax>() is not { } list)
            yield break;
        const string why = "Parameters that may be left out stand behind those that must be given.";
        var ordered = list.Parameters.OrderBy(p => p.Modifiers.Any(SyntaxKind.ParamsKeyword) ? 2 : p.Default is null ? 0 : 1);
        yield return fault.Replace(new TextSpan(list.Parameters.Span.Start, list.Parameters.Span.Length), string.Join(", ", ordered), "order the parameters", why, 0.8);
        foreach (var early in list.Parameters.Where(p => p.Default is not null).Take(1))
            yield return fault.Replace(early.Default!, "", $"{early.Identifier} without a default", why, 1.4);
    }

    private static IEnumerable<FixCandidate> Extension(CSharpFault fault)
    {
        if (NameUse.At(fault, default) is not { IsMember: true } use)
            yield break;
        foreach (var method in fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()).Where(m => m.Identifier.Text == use.Text && Modifiers.Has(m, "static") && m.ParameterList.Parameters.Count > 0 && m.ParameterList.Parameters[0].Modifiers.Count == 0))
            yield return fault.Change(method.SyntaxTree, $"this on the first parameter of {method.Identifier}", "A static method that is called on a value says this at its first parameter.", 0.8, new TextChange(new TextSpan(method.ParameterList.Parameters[0].SpanStart, 0), "this "));
    }

    private static IEnumerable<FixCandidate> Kind(CSharpFault fault)
    {
        foreach (var type in fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<StructDeclarationSyntax>()))
            yield return fault.Change(type.SyntaxTree, $"struct {type.Identifier} -> class", "What derives from a class, is thrown, or may be null is a class itself.", 1.3, new TextChange(type.Keyword.Span, "class"));
        if (fault.Is("CS0527", "CS0509"))
        {
            foreach (var type in fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()).Where(t => fault.Message.Contains($"'{t.Identifier}'", StringComparison.Ordinal)))
                yield return fault.Change(type.SyntaxTree, $"class {type.Identifier} -> interface", "Only interfaces may stand here.", 2.6, new TextChange(type.Keyword.Span, "interface"));
        }
    }
}
