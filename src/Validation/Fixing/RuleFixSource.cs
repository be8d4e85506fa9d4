namespace Platform.Validation;

/// <summary>Fixes known by rule, without memory or engine. Each rule names the error ids it understands.</summary>
internal sealed class RuleFixSource(ValidationOptions options) : IFixSource
{
    private static readonly ICSharpRule[] CSharpRules = [new MissingTokenRule(), new MissingUsingRule(), new MisspeltNameRule()];

    public string Name => "rule";

    public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
    {
        if (context.File.Language != "csharp")
            return Task.FromResult<IReadOnlyList<FixCandidate>>([]);
        var fault = CSharpFault.Of(context, options, token);
        IReadOnlyList<FixCandidate> found = [.. CSharpRules.Where(r => r.Understands.Contains(context.Error.Code)).SelectMany(r => r.Propose(fault, token))];
        return Task.FromResult(found);
    }
}

/// <summary>One kind of fix for C#.</summary>
internal interface ICSharpRule
{
    /// <summary>The compiler error ids that this rule can act on.</summary>
    IReadOnlySet<string> Understands { get; }

    /// <summary>Candidates, the most likely first.</summary>
    IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token);
}
