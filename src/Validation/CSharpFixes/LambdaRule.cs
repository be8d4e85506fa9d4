using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Functions handed over as arguments: the parameter missing, named otherwise than the body says, or the arrow lost altogether.</summary>
internal sealed class LambdaRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0103", "CS1593", "CS0411", "CS1503", "CS0029", "CS1061", "CS1501"))
            return [];
        var lambda = fault.Node.FirstAncestorOrSelf<LambdaExpressionSyntax>() ?? fault.Node.DescendantNodes().OfType<LambdaExpressionSyntax>().FirstOrDefault();
        return (lambda is null ? [] : Parameters(fault, lambda)).Concat(Lost(fault)).Concat(Bare(fault));
    }

    private static IEnumerable<FixCandidate> Parameters(CSharpFault fault, LambdaExpressionSyntax lambda)
    {
        var unknown = Unknown(fault, lambda.Body).ToList();
        if (lambda is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0 } bare)
        {
            foreach (var (name, i) in unknown.Append("_").Select((n, i) => (n, i)))
                yield return fault.Replace(bare.ParameterList, name, $"() -> {name}", "The function is given a value; its parameter names it.", 0.9 + 0.2 * i);
            yield return fault.Replace(bare.ParameterList, "(_, _)", "() -> (_, _)", "The function is given two values.", 1.8);
        }
        foreach (var parameter in Of(lambda).Where(p => Uses(lambda.Body, p.Identifier.Text) == 0))
        {
            foreach (var name in unknown)
                yield return fault.Replace(parameter.Identifier.Span, name, $"{parameter.Identifier} -> {name}", $"The body speaks of '{name}' and the parameter is called '{parameter.Identifier}'.", 0.8);
        }
        // The other way round: the body uses a name that the list of parameters does not have.
        foreach (var name in unknown)
        {
            foreach (var parameter in Of(lambda))
                yield return fault.Change(fault.Tree, $"{name} -> {parameter.Identifier}", $"The parameter is called '{parameter.Identifier}'.", 1.3,
                    lambda.Body.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == name).Select(t => new TextChange(t.Span, parameter.Identifier.Text)));
        }
    }

    // `Where(x, i => ...)`: several parameters stand in brackets.
    private static IEnumerable<FixCandidate> Bare(CSharpFault fault)
    {
        var list = fault.Node.AncestorsAndSelf().OfType<ArgumentListSyntax>().Concat(fault.Node.DescendantNodes().OfType<ArgumentListSyntax>()).FirstOrDefault(l => l.Arguments.Any(a => a.Expression is SimpleLambdaExpressionSyntax));
        if (list?.Arguments.FirstOrDefault(a => a.Expression is SimpleLambdaExpressionSyntax) is not { Expression: SimpleLambdaExpressionSyntax lambda } argument)
            yield break;
        for (var from = list.Arguments.IndexOf(argument) - 1; from >= 0 && list.Arguments[from].Expression is IdentifierNameSyntax; from--)
        {
            var names = TextSpan.FromBounds(list.Arguments[from].SpanStart, lambda.Parameter.Span.End);
            yield return fault.Replace(names, $"({fault.Text.ToString(names)})", $"({fault.Text.ToString(names)}) =>", "Several parameters of a function stand in brackets; without them only the last is its parameter.", 0.8);
        }
    }

    // `Where(x.Id > 3)`: the argument is the body of a function.
    private static IEnumerable<FixCandidate> Lost(CSharpFault fault)
    {
        foreach (var argument in fault.Node.AncestorsAndSelf().OfType<ArgumentSyntax>().Concat(fault.Node.DescendantNodes().OfType<ArgumentSyntax>()).Where(a => a.Expression is not LambdaExpressionSyntax).Take(4))
        {
            if (argument.Parent is not ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list)
                continue;
            var at = list.Arguments.IndexOf(argument);
            var wanted = NameUse.Methods(fault.Model.GetSymbolInfo(call)).Concat(fault.Model.GetMemberGroup(call.Expression).OfType<IMethodSymbol>())
                .Select(m => at < m.Parameters.Length ? (m.Parameters[at].Type as INamedTypeSymbol)?.DelegateInvokeMethod : null).OfType<IMethodSymbol>().Select(m => m.Parameters.Length).Distinct().ToList();
            if (wanted.Count == 0)
                continue;
            var names = Unknown(fault, argument.Expression).ToList();
            foreach (var name in wanted.Contains(1) ? names.Count == 0 ? ["_"] : names.Take(2) : [])
                yield return fault.Insert(argument.SpanStart, $"{name} => ", $"{name} => {argument}", "A function is asked for here; the arrow makes one of the expression.", 0.9);
            if (wanted.Contains(2) && names.Count >= 2)
                yield return fault.Insert(argument.SpanStart, $"({names[0]}, {names[1]}) => ", $"({names[0]}, {names[1]}) => {argument}", "A function of two values is asked for here.", 1);
            if (wanted.Contains(0) && names.Count == 0)
                yield return fault.Insert(argument.SpanStart, "() => ", $"() => {argument}", "A function is asked for here; the arrow makes one of the expression.", 1.2);
        }
    }

    private static IEnumerable<ParameterSyntax> Of(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => [simple.Parameter],
        ParenthesizedLambdaExpressionSyntax many => many.ParameterList.Parameters,
        _ => [],
    };

    private static int Uses(SyntaxNode body, string name) => body.DescendantTokens().Count(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == name);

    private static IEnumerable<string> Unknown(CSharpFault fault, SyntaxNode body) => body.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .Where(n => !(n.Parent is MemberAccessExpressionSyntax access && access.Name == n) && n.Parent is not InvocationExpressionSyntax and not NameColonSyntax and not MemberBindingExpressionSyntax && char.IsLower(n.Identifier.Text[0]))
        .Where(n => fault.Model.GetSymbolInfo(n).Symbol is null && fault.Model.LookupSymbols(n.SpanStart, name: n.Identifier.Text).Length == 0)
        .Select(n => n.Identifier.Text).Distinct();
}
