using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A member, local, type, namespace or keyword whose name is a little off one that exists and is in reach.</summary>
internal sealed class MisspeltNameRule : ICSharpRule
{
    private const int MaxCandidates = 8;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0103", "CS0117", "CS1061", "CS0246", "CS0234", "CS0426", "CS1739", "CS0122", "CS0117", "CS1955", "CS0201", "CS0841", "CS8803", "CS0400", "CS0305", "CS0308", "CS1579", "CS0539", "CS1929", "CS0144", "CS0118", "CS0119", "CS0120", "CS0165", "CS0136"))
            return [];
        if (NameUse.At(fault, token) is not { } use)
            return [];
        return Candidates(fault, use).OrderBy(c => c.Cost).Take(MaxCandidates);
    }

    private static IEnumerable<FixCandidate> Candidates(CSharpFault fault, NameUse use)
    {
        var wrong = use.Text;
        var near = use.Reachable(fault).Where(s => s.Name != wrong)
            .SelectMany(s => Spellings(s, use).Select(name => (Name: name, Cost: Cost(wrong, name, s, use))))
            .Concat(use.IsMember ? [] : Keywords.Near(wrong).Select(k => (Name: k.Word, Cost: (double?)(k.Distance + 0.3))))
            .Where(n => n.Cost is not null)
            .GroupBy(n => n.Name).Select(g => (Name: g.Key, Cost: g.Min(n => n.Cost!.Value)))
            .OrderBy(n => n.Cost).Take(MaxCandidates).ToList();
        var same = fault.Root.DescendantTokens().Count(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == wrong);
        foreach (var (name, cost) in near)
        {
            var why = $"There is no '{wrong}' that fits here; '{name}' exists, is in reach and is spelt almost the same.";
            yield return fault.Replace(use.Name.Identifier.Span, name, $"{wrong} -> {name}", why, cost);
            if (fault.Is("CS0103") && Unknown(fault, wrong) is { Count: > 1 } unknown && unknown.Count < same)
                yield return fault.Change(fault.Tree, $"{wrong} -> {name} where it is unknown", why, cost + 0.2, unknown.Select(n => new TextChange(n.Identifier.Span, name)));
            if (same > 1)
                yield return fault.Change(fault.Tree, $"{wrong} -> {name} everywhere", why, cost + 0.3,
                    fault.Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == wrong).Select(t => new TextChange(t.Span, name)));
        }
    }

    private static List<IdentifierNameSyntax> Unknown(CSharpFault fault, string name) =>
        fault.Member is not { } member ? [] : [.. member.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(n => n.Identifier.Text == name && n.Parent is not NameColonSyntax && !(n.Parent is MemberAccessExpressionSyntax access && access.Name == n) && fault.Model.LookupSymbols(n.SpanStart, name: name).Length == 0)];

    // A variable that was given a longer name, or a shorter one, and not at every place.
    private static bool Renamed(string wrong, string right) => Longer(wrong, right) || Longer(right, wrong);

    private static bool Longer(string name, string longer) =>
        longer.Length > name.Length && (longer.StartsWith(name, StringComparison.Ordinal) && !char.IsLower(longer[name.Length]) || longer.EndsWith(char.ToUpperInvariant(name[0]) + name[1..], StringComparison.Ordinal));

    private static IEnumerable<string> Spellings(ISymbol symbol, NameUse use)
    {
        yield return symbol.Name;
        if (use.Name.Parent is AttributeSyntax && symbol.Name.EndsWith("Attribute", StringComparison.Ordinal))
            yield return symbol.Name[..^"Attribute".Length];
    }

    private static double? Cost(string wrong, string right, ISymbol symbol, NameUse use)
    {
        var half = symbol is ILocalSymbol or IParameterSymbol && Renamed(wrong, right);
        if ((half ? Math.Min(1.2, NameDistance.Of(wrong, right) ?? 1.2) : NameDistance.Of(wrong, right)) is not { } distance)
            return null;
        var generic = use.Name is GenericNameSyntax;
        var fits = symbol switch
        {
            IMethodSymbol => use.Call is not null || !use.IsType,
            INamedTypeSymbol type => type.IsGenericType == generic || use.Name.Parent is MemberAccessExpressionSyntax,
            INamespaceSymbol => use.Call is null,
            ILocalSymbol local => local.Locations[0].SourceSpan.Start < use.Name.SpanStart,
            _ => true,
        };
        var called = use.Call is null == symbol is not IMethodSymbol;
        // What the code itself declares is meant more often than one of the framework's thousands.
        var foreign = symbol.Locations.All(l => l.IsInMetadata) && !use.IsMember ? 0.4 : 0;
        return distance + (fits ? 0 : 1) + (called || use.IsType ? 0 : 0.5) + foreign;
    }
}
