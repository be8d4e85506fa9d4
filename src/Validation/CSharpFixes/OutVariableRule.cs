using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>An argument passed by out whose variable is declared nowhere: it may be declared in its place.</summary>
internal sealed class OutVariableRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0103") && fault.Name is { Parent: ArgumentSyntax { RefKindKeyword.Text: "out" } } name)
            yield return fault.Replace(name.Identifier.Span, "var " + name.Identifier.Text, $"out {name.Identifier.Text} -> out var {name.Identifier.Text}", $"'{name.Identifier.Text}' is declared nowhere; an out argument may declare its variable.", 0.6);
    }
}
