using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
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
        [new MissingTokenRule(), new BraceRule(), new QuoteRule(), new BracketRule(), new JoinedWordsRule(), new ProseRule(), new ForeignSyntaxRule(), new DeclaredTypeRule(), new UntypedParameterRule(), new SignsRule(), new SmallFormsRule()];

    private static readonly ICSharpRule[] Meaning =
    [
        new MissingUsingRule(), new OutVariableRule(), new MisspeltNameRule(), new DeclaredNameRule(), new ForeignNameRule(), new QualifyRule(),
        new ConversionRule(), new OperatorRule(), new DeclaredTypeRule(), new ArgumentRule(), new CallRule(),
        new ReturnRule(), new InitialValueRule(), new AsyncRule(), new YieldRule(), new SwitchRule(),
        new ModifierRule(), new AccessorRule(), new OverrideRule(), new MissingMemberRule(), new DuplicateRule(),
        new TypeArgumentRule(), new ConstraintRule(), new NullableRule(), new RequiredMemberRule(), new StatementRule(), new EntryPointRule(), new ForeignSyntaxRule(), new ParameterRule(), new JoinedWordsRule(), new VarRule(), new ProseRule(), new LambdaRule(), new ConstructorRule(),
        new StaticCallRule(), new GrowRule(), new NewTypeRule(), new FieldFormRule(), new DelegateRule(), new NamespaceRule(), new InitializerRule(), new TupleRule(), new CompareRule(), new ChainRule(),
        new QualifierRule(), new PatternNameRule(), new VoidValueRule(), new SurplusMemberRule(), new MemberShapeRule(), new SmallFormsRule(),
    ];

    /// <summary>Candidates of all rules that understand the error.</summary>
    public static IReadOnlyList<FixCandidate> Propose(FixContext context, CSharpCompilation compilation, CancellationToken token)
    {
        var fault = CSharpFault.Of(context, compilation, token);
        // What the parser cannot read has no reliable meaning: its errors come first.
        if (!fault.IsSyntax && compilation.SyntaxTrees.Any(t => fault.IsOwn(t) && t.GetDiagnostics(token).Any(d => d.Severity == DiagnosticSeverity.Error)))
            return [];
        // A transcript is wrong in every line; what undoes it leaves the other rules nothing to look for. Twice the same type need not be twice the same file.
        var undone = Ask(new TranscriptRule(), fault, token);
        if (undone.Count > 0 && fault.IsSyntax)
            return undone;
        var rules = fault.IsSyntax ? Syntax : Meaning;
        return [.. rules.SelectMany(r => Ask(r, fault, token)).Concat(undone).GroupBy(c => (c.Path, c.Text)).Select(g => g.MinBy(c => c.Cost)!).OrderBy(c => c.Cost).Take(MaxCandidates)];
    }

    // A pattern that takes too long on odd code costs that rule's proposals, not the others'.
    private static List<FixCandidate> Ask(ICSharpRule rule, CSharpFault fault, CancellationToken token)
    {
        try
        {
            return [.. rule.Propose(fault, token)];
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }
}
