using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A name that is right where it is used and misspelt where it is declared: when more uses, or the tests, agree with each other.</summary>
internal sealed class DeclaredNameRule : ICSharpRule
{
    private const int MaxCandidates = 6;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0103", "CS0117", "CS1061", "CS0246", "CS0234", "CS0426", "CS1739", "CS0535", "CS0534", "CS0115", "CS5001", "CS0122"))
            return [];
        var wanted = fault.Is("CS0535", "CS0534") ? "" : fault.Is("CS5001") ? "Main" : NameUse.At(fault, token)?.Text ?? "";
        if (wanted.Length == 0)
            return [];
        var container = fault.Is("CS0117", "CS1061", "CS0122") ? NameUse.At(fault, token)?.Container as INamedTypeSymbol : null;
        return Candidates(fault, wanted, container).Concat(fault.Is("CS0103") ? Loop(fault, wanted) : []).OrderBy(c => c.Cost).Take(MaxCandidates);
    }

    private static IEnumerable<FixCandidate> Candidates(CSharpFault fault, string wanted, INamedTypeSymbol? container)
    {
        foreach (var tree in fault.Compilation.SyntaxTrees.Where(fault.IsOwn))
        {
            var identifiers = tree.GetRoot().DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).ToList();
            if (identifiers.Count == 0)
                continue;
            foreach (var declared in identifiers.Where(Declares).Where(t => IsIn(t, container)).DistinctBy(t => t.Text))
            {
                var cost = NameDistance.Of(wanted, declared.Text) ?? (container is not null && Unused(identifiers, declared) && !fault.IsOwn(fault.Tree) ? 4 : null);
                if (cost is null)
                    continue;
                var all = identifiers.Where(t => t.Text == declared.Text).ToList();
                var declarations = all.Where(Declares).ToList();
                var why = $"'{wanted}' is used but '{declared.Text}' is declared; with one spelling they are the same thing.";
                yield return fault.Change(tree, $"{declared.Text} -> {wanted} where it is declared", why, cost.Value + 0.5 + 0.2 * (all.Count - declarations.Count),
                    declarations.Select(t => new TextChange(t.Span, wanted)));
                if (all.Count > declarations.Count)
                    yield return fault.Change(tree, $"{declared.Text} -> {wanted} everywhere", why, cost.Value + 0.8, all.Select(t => new TextChange(t.Span, wanted)));
            }
        }
    }

    // `for (int j = 0; i < n; i++)`: the condition and the step of a loop speak of its own variable.
    private static IEnumerable<FixCandidate> Loop(CSharpFault fault, string wanted) => fault.Node.AncestorsAndSelf().OfType<ForStatementSyntax>()
        .Where(f => f is { Declaration.Variables.Count: 1, Condition: not null } && f.Condition.DescendantTokens().Any(t => t.Text == wanted) && f.Condition.DescendantTokens().All(t => t.Text != f.Declaration.Variables[0].Identifier.Text))
        .Take(1).Select(f => fault.Replace(f.Declaration!.Variables[0].Identifier.Span, wanted, $"{f.Declaration.Variables[0].Identifier} -> {wanted} where it is declared", $"The loop counts with '{wanted}' and declares another name.", 0.8));

    private static bool Unused(List<SyntaxToken> identifiers, SyntaxToken declared) => identifiers.Count(t => t.Text == declared.Text) == 1;

    private static bool IsIn(SyntaxToken token, INamedTypeSymbol? container) =>
        container is null || token.Parent!.Ancestors().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text == container.Name;

    private static bool Declares(SyntaxToken token) => token.Parent switch
    {
        VariableDeclaratorSyntax d => d.Identifier == token,
        ParameterSyntax p => p.Identifier == token,
        MethodDeclarationSyntax m => m.Identifier == token,
        ConstructorDeclarationSyntax c => c.Identifier == token,
        PropertyDeclarationSyntax p => p.Identifier == token,
        BaseTypeDeclarationSyntax t => t.Identifier == token,
        DelegateDeclarationSyntax d => d.Identifier == token,
        EnumMemberDeclarationSyntax e => e.Identifier == token,
        SingleVariableDesignationSyntax s => s.Identifier == token,
        ForEachStatementSyntax f => f.Identifier == token,
        TypeParameterSyntax t => t.Identifier == token,
        LocalFunctionStatementSyntax f => f.Identifier == token,
        CatchDeclarationSyntax c => c.Identifier == token,
        FromClauseSyntax f => f.Identifier == token,
        LetClauseSyntax l => l.Identifier == token,
        _ => false,
    };
}
