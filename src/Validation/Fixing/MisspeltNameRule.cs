using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A member, local, type or namespace whose name is a few letters off one that exists and is in reach.</summary>
internal sealed class MisspeltNameRule : ICSharpRule
{
    private const int MaxCandidates = 5;

    public IReadOnlySet<string> Understands { get; } = new HashSet<string> { "CS0103", "CS0117", "CS1061", "CS0246", "CS0234", "CS0426" };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Name is not { } name)
            return [];
        var wrong = name.Identifier.Text;
        return Reachable(fault, name, token)
            .Where(s => s.CanBeReferencedByName && s.Name != wrong)
            .Select(s => s.Name)
            .Distinct()
            .Select(n => (Name: n, Distance: EditDistance.Between(n, wrong)))
            .Where(n => n.Distance <= Allowed(wrong))
            .OrderBy(n => n.Distance).ThenBy(n => Math.Abs(n.Name.Length - wrong.Length)).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(MaxCandidates)
            .Select(n => fault.Replace(name.Identifier.Span, n.Name, $"{wrong} -> {n.Name}", $"There is no '{wrong}' here; '{n.Name}' exists and is {Steps(n.Distance)} away."))
            .ToList();
    }

    private static int Allowed(string name) => name.Length <= 3 ? 1 : name.Length <= 6 ? 2 : 3;

    private static string Steps(int distance) => distance switch { 0 => "only upper and lower case", 1 => "one letter", _ => $"{distance} letters" };

    private static IEnumerable<ISymbol> Reachable(CSharpFault fault, SimpleNameSyntax name, CancellationToken token)
    {
        var container = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => Container(fault.Model, access.Expression, token),
            QualifiedNameSyntax qualified when qualified.Right == name => Container(fault.Model, qualified.Left, token),
            MemberBindingExpressionSyntax binding when binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault() is { } outer
                => fault.Model.GetTypeInfo(outer.Expression, token).Type,
            _ => null,
        };
        var isMember = name.Parent is MemberAccessExpressionSyntax m && m.Name == name || name.Parent is QualifiedNameSyntax q && q.Right == name || name.Parent is MemberBindingExpressionSyntax;
        if (isMember && container is null)
            return [];
        return fault.Model.LookupSymbols(name.SpanStart, container, includeReducedExtensionMethods: container is ITypeSymbol);
    }

    private static INamespaceOrTypeSymbol? Container(SemanticModel model, ExpressionSyntax left, CancellationToken token) =>
        model.GetSymbolInfo(left, token).Symbol as INamespaceOrTypeSymbol ?? model.GetTypeInfo(left, token).Type;
}
