using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A static function called as if it were a member of its first or last argument: <c>c.IsDigit()</c>, <c>items.Join(", ")</c>, <c>numbers.Sort()</c>.</summary>
internal sealed class StaticCallRule : ICSharpRule
{
    private const int MaxCandidates = 8;
    private static readonly string[] Known = ["System.String", "System.Char", "System.Array", "System.Math", "System.Linq.Enumerable", "System.Convert", "System.Array", "System.IO.Path", "System.IO.File", "System.Double", "System.Int32", "System.Enum"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1501", "CS1061", "CS1503", "CS1929", "CS7036", "CS0176", "CS0411", "CS0023", "CS0117", "CS1955"))
            return [];
        return fault.Node.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().Take(2).SelectMany(c => Of(fault, c)).OrderBy(c => c.Cost).Take(MaxCandidates);
    }

    private static IEnumerable<FixCandidate> Of(CSharpFault fault, InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Expression: var receiver, Name.Identifier.Text: var name } || fault.Model.GetSymbolInfo(receiver).Symbol is INamespaceOrTypeSymbol || fault.Model.GetTypeInfo(receiver).Type is not { } type)
            yield break;
        var arguments = call.ArgumentList.Arguments.Select(a => a.ToString()).ToList();
        var own = type.SpecialType == SpecialType.None ? [] : new[] { type };
        foreach (var owner in own.Concat(Known.Select(fault.Compilation.GetTypeByMetadataName).OfType<ITypeSymbol>()).Distinct(SymbolEqualityComparer.Default).Cast<ITypeSymbol>())
        {
            var methods = owner.GetMembers().OfType<IMethodSymbol>().Where(m => m is { IsStatic: true, DeclaredAccessibility: Accessibility.Public, IsExtensionMethod: false } && m.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && m.Parameters.Length > 0).ToList();
            if (methods.Count == 0)
                continue;
            var written = fault.Write(owner, receiver.SpanStart);
            var why = $"'{methods[0].Name}' is a function of '{owner.Name}' and takes the value as an argument.";
            foreach (var (texts, cost) in new[] { (arguments.Prepend(receiver.ToString()), 0.9), (arguments.Append(receiver.ToString()), 0.95) }.Take(arguments.Count == 0 ? 1 : 2))
            {
                var at = cost < 0.92 ? 0 : arguments.Count;
                var fits = methods.Any(m => m.Parameters.Length > at && (m.IsGenericMethod || fault.Compilation.ClassifyConversion(type, m.Parameters[at].Type).IsImplicit));
                if (fits)
                    yield return fault.Replace(call, $"{written}.{methods[0].Name}({string.Join(", ", texts)})", $"{receiver}.{name} -> {owner.Name}.{methods[0].Name}", why, cost + (SymbolEqualityComparer.Default.Equals(owner, type) ? 0 : 0.2));
            }
        }
    }
}
