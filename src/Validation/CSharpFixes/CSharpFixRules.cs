using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>One kind of fix for C#.</summary>
internal interface ICSharpRule
{
    /// <summary>Candidates for an error; empty when the rule has nothing to say about it.</summary>
    IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token);
}

/// <summary>All rules for C#. An error of the parser is for the rules of tokens, everything else for the rules of meaning.</summary>
internal static class CSharpFixRules
{
    private const int MaxCandidates = 60;

    private static readonly ICSharpRule[] Syntax =
        [new MissingTokenRule(), new BraceRule(), new QuoteRule(), new ForeignSyntaxRule(), new DeclaredTypeRule()];

    private static readonly ICSharpRule[] Meaning =
    [
        new MissingUsingRule(), new MisspeltNameRule(), new DeclaredNameRule(), new ForeignNameRule(), new QualifyRule(),
        new ConversionRule(), new OperatorRule(), new DeclaredTypeRule(), new ArgumentRule(), new CallRule(),
        new ReturnRule(), new InitialValueRule(), new AsyncRule(), new YieldRule(), new SwitchRule(),
        new ModifierRule(), new AccessorRule(), new OverrideRule(), new MissingMemberRule(), new DuplicateRule(),
        new TypeArgumentRule(), new ConstraintRule(), new NullableRule(), new RequiredMemberRule(), new StatementRule(), new EntryPointRule(), new ForeignSyntaxRule(), new ParameterRule(),
    ];

    /// <summary>Candidates of all rules that understand the error.</summary>
    public static IReadOnlyList<FixCandidate> Propose(FixContext context, CSharpCompilation compilation, CancellationToken token)
    {
        var fault = CSharpFault.Of(context, compilation, token);
        var rules = fault.IsSyntax ? Syntax : Meaning;
        return [.. rules.SelectMany(r => r.Propose(fault, token)).GroupBy(c => (c.Path, c.Text)).Select(g => g.MinBy(c => c.Cost)!).OrderBy(c => c.Cost).Take(MaxCandidates)];
    }
}
