using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A name that lacks its owner, has the wrong one, or has one too many: <c>Sqrt(2)</c>, <c>Red</c>, <c>Type.instanceMember</c>, <c>value.StaticMember</c>.</summary>
internal sealed class QualifyRule : ICSharpRule
{
    private const int MaxCandidates = 8;
    private static readonly string[] Known = ["System.Math", "System.Console", "System.String", "System.Char", "System.Linq.Enumerable", "System.Convert", "System.IO.File", "System.IO.Path", "System.Array", "System.Threading.Tasks.Task", "System.Environment", "System.Text.RegularExpressions.Regex", "System.Int32", "System.Double", "System.DateTime", "System.TimeSpan", "System.Decimal", "System.Tuple", "System.Guid", "System.BitConverter", "System.Globalization.CultureInfo", "System.Numerics.BigInteger", "System.Collections.Generic.KeyValuePair", "System.Text.Encoding", "System.Random", "System.Int64", "System.Enum", "System.IO.Directory", "System.Text.Json.JsonSerializer", "System.GC", "System.Threading.Thread", "System.Threading.Interlocked", "System.DateOnly", "System.StringComparer", "System.StringComparison", "System.Boolean", "System.Buffer", "System.Nullable"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        // The compiler points at `this`, not at the name behind it.
        if (fault.Is("CS0026", "CS0176") && fault.Token.Parent is ThisExpressionSyntax { Parent: MemberAccessExpressionSyntax through })
            return [fault.Replace(through, through.Name.ToString(), $"{through} -> {through.Name}", $"'{through.Name}' belongs to the type and is reached without this.", 0.7)];
        if (!fault.Is("CS0103", "CS0120", "CS0176", "CS1061", "CS0117", "CS0234", "CS0246", "CS0119", "CS1929", "CS0026", "CS0150", "CS0104") || NameUse.At(fault, token) is not { } use)
            return [];
        var found = use.Receiver is { } receiver ? WithReceiver(fault, use, receiver) : Alone(fault, use);
        return found.OrderBy(c => c.Cost).Take(MaxCandidates);
    }

    private static IEnumerable<FixCandidate> Alone(CSharpFault fault, NameUse use)
    {
        var at = use.Name.SpanStart;
        foreach (var type in SourceTypes(fault.Compilation.Assembly.GlobalNamespace).Where(t => t.GetMembers(use.Text).Any(m => m.IsStatic)))
            yield return Qualify(type.ToMinimalDisplayString(fault.Model, at), 1.4);
        var place = (ExpressionSyntax?)use.Call ?? use.Name;
        var wanted = place.Parent is MemberAccessExpressionSyntax ? [] : TargetType.Of(fault.Model, place).ToList();
        foreach (var type in Known.Select(fault.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>())
        {
            foreach (var member in type.GetMembers().Where(m => m.IsStatic && m.DeclaredAccessibility == Accessibility.Public && m.Name.Equals(use.Text, StringComparison.OrdinalIgnoreCase)).DistinctBy(m => m.Name))
                yield return fault.Replace(use.Name.Identifier.Span, $"{type.ToMinimalDisplayString(fault.Model, at)}.{member.Name}", $"{use.Text} -> {type.Name}.{member.Name}", $"'{member.Name}' belongs to '{type.Name}' and must be called on it.", Gives(member, wanted) ? 1.4 : 2.4);
        }
        foreach (var value in Values(fault, at).Where(v => v.Name != use.Text && fault.Model.LookupSymbols(at, TypeOf(v), use.Text).Length > 0).Take(4))
            yield return Qualify(value.Name, 2.6);

        FixCandidate Qualify(string owner, double cost) =>
            fault.Insert(at, owner + ".", $"{use.Text} -> {owner}.{use.Text}", $"'{use.Text}' belongs to '{owner}' and is not in reach by its bare name.", cost);
    }

    // Of all types with a Parse, the one whose Parse gives what is asked for here.
    private static bool Gives(ISymbol member, List<ITypeSymbol> wanted)
    {
        var given = member switch { IMethodSymbol m => m.ReturnType, IPropertySymbol p => p.Type, IFieldSymbol f => f.Type, _ => null };
        return given is not null && wanted.Any(w => w.OriginalDefinition.Equals(given.OriginalDefinition, SymbolEqualityComparer.Default));
    }

    private static IEnumerable<FixCandidate> WithReceiver(CSharpFault fault, NameUse use, ExpressionSyntax receiver)
    {
        var symbol = fault.Model.GetSymbolInfo(use.Name).Symbol ?? fault.Model.GetSymbolInfo(use.Name).CandidateSymbols.FirstOrDefault();
        if (fault.Is("CS0176") && symbol?.ContainingType is { } owner)
        {
            var name = owner.ToMinimalDisplayString(fault.Model, receiver.SpanStart);
            yield return fault.Replace(receiver, name, $"{receiver} -> {name}", $"'{use.Text}' is static: it belongs to the type '{name}', not to one of its values.", 1);
        }
        if (fault.Is("CS0120", "CS0117") && fault.Model.GetSymbolInfo(receiver).Symbol is INamedTypeSymbol type)
        {
            foreach (var value in Values(fault, receiver.SpanStart).Where(v => SymbolEqualityComparer.Default.Equals(TypeOf(v), type)).Take(3))
                yield return fault.Replace(receiver, value.Name, $"{receiver} -> {value.Name}", $"'{use.Text}' needs a value of '{type.Name}'; '{value.Name}' is one.", 1.4);
            if (type.InstanceConstructors.Any(c => c.Parameters.Length == 0) && !type.IsAbstract && type.TypeKind is TypeKind.Class or TypeKind.Struct)
                yield return fault.Replace(receiver, $"new {receiver}()", $"{receiver} -> new {receiver}()", $"'{use.Text}' needs a value of '{type.Name}', so one is made.", 3.5);
        }
        // The receiver itself is off: another value in reach has the member.
        if (fault.Is("CS1061", "CS0117", "CS1929"))
        {
            foreach (var value in Values(fault, receiver.SpanStart).Where(v => v.Name != receiver.ToString() && TypeOf(v) is { } t && fault.Model.LookupSymbols(receiver.SpanStart, t, use.Text, includeReducedExtensionMethods: true).Length > 0).Take(6))
                yield return fault.Replace(receiver, value.Name, $"{receiver} -> {value.Name}", $"'{receiver}' has no '{use.Text}'; '{value.Name}' has.", NameDistance.Of(receiver.ToString(), value.Name) + 0.3 ?? 3.4);
        }
        // `this.x` for a local, or a wrong owner for something in reach.
        if (fault.Is("CS1061", "CS0117", "CS0234") && fault.Model.LookupSymbols(receiver.SpanStart, name: use.Text).Length > 0)
            yield return fault.Replace(receiver.Parent!, use.Name.ToString(), $"{receiver.Parent} -> {use.Name}", $"'{receiver}' has no '{use.Text}', but '{use.Text}' itself is in reach.", 2.2);
        foreach (var other in SourceTypes(fault.Compilation.Assembly.GlobalNamespace).Where(t => fault.Is("CS0117", "CS0234") && t.GetMembers(use.Text).Any(m => m.IsStatic)).Take(3))
            yield return fault.Replace(receiver, other.ToMinimalDisplayString(fault.Model, receiver.SpanStart), $"{receiver} -> {other.Name}", $"'{use.Text}' is a member of '{other.Name}'.", 2.2);
    }

    private static IEnumerable<ISymbol> Values(CSharpFault fault, int at) =>
        fault.Model.LookupSymbols(at).Where(s => s is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol && s.CanBeReferencedByName && s.Locations.Any(l => l.IsInSource));

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static IEnumerable<INamedTypeSymbol> SourceTypes(INamespaceSymbol space) =>
        space.GetMembers().SelectMany(m => m is INamespaceSymbol inner ? SourceTypes(inner) : m is INamedTypeSymbol type ? [type, .. type.GetTypeMembers()] : Array.Empty<INamedTypeSymbol>());
}
