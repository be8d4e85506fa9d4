using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A parameter without its type: what the callers hand over, or what parameters of that name are elsewhere, tells it.</summary>
internal sealed class UntypedParameterRule : ICSharpRule
{
    private const int MaxCandidates = 8;
    private static readonly string[] Usual = ["int", "string", "double", "bool", "char", "object"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1001", "CS1003"))
            return [];
        var place = fault.Root.FindToken(fault.Span.Start).GetPreviousToken().Parent?.FirstAncestorOrSelf<ParameterSyntax>() ?? fault.Node.FirstAncestorOrSelf<ParameterSyntax>();
        if (place is not { Type: IdentifierNameSyntax name, Identifier.Text.Length: 0, Parent: ParameterListSyntax list })
            return [];
        var given = Given(fault, list, list.Parameters.IndexOf(place)).Concat(Namesakes(fault, name.Identifier.Text)).Distinct().ToList();
        return given.Concat(Usual).Distinct().Take(MaxCandidates)
            .Select((type, i) => fault.Insert(name.SpanStart, type + " ", $"{type} {name}", "Every parameter says its type before its name.", (given.Contains(type) ? 0.8 : 1.6) + 0.1 * i));
    }

    // The types of what stands at that place in the calls.
    private static IEnumerable<string> Given(CSharpFault fault, ParameterListSyntax list, int at)
    {
        var (name, skipped) = list.Parent switch
        {
            MethodDeclarationSyntax m => (m.Identifier.Text, m.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(w => w.Text == "this") == true ? 1 : 0),
            LocalFunctionStatementSyntax f => (f.Identifier.Text, 0),
            ConstructorDeclarationSyntax c => (c.Identifier.Text, 0),
            TypeDeclarationSyntax t => (t.Identifier.Text, 0),
            _ => ("", 0),
        };
        foreach (var tree in fault.Compilation.SyntaxTrees)
        {
            var model = fault.Compilation.GetSemanticModel(tree);
            foreach (var (called, arguments) in tree.GetRoot().DescendantNodes().Select(Call).Where(c => c.Name == name && c.Arguments is not null))
            {
                foreach (var index in new[] { at, at - skipped }.Distinct().Where(i => i >= 0 && i < arguments!.Arguments.Count))
                {
                    if (model.GetTypeInfo(arguments!.Arguments[index].Expression).Type is { } type and not IErrorTypeSymbol)
                        yield return fault.Write(type, list.SpanStart);
                }
            }
        }
    }

    private static (string Name, ArgumentListSyntax? Arguments) Call(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call => (access.Name.Identifier.Text, call.ArgumentList),
        InvocationExpressionSyntax { Expression: SimpleNameSyntax simple } call => (simple.Identifier.Text, call.ArgumentList),
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax made } creation => (made.Identifier.Text, creation.ArgumentList),
        _ => ("", null),
    };

    private static IEnumerable<string> Namesakes(CSharpFault fault, string name) => fault.Root.DescendantNodes().Select(n => n switch
    {
        ParameterSyntax p when p.Identifier.Text == name => p.Type,
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax d } v when v.Identifier.Text == name && !d.Type.IsVar => d.Type,
        PropertyDeclarationSyntax p when p.Identifier.Text.Equals(name, StringComparison.OrdinalIgnoreCase) => p.Type,
        _ => null,
    }).OfType<TypeSyntax>().Select(t => t.ToString());
}
