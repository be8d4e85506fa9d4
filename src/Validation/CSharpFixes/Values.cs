using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Values of a type that are at hand at a place: variables in scope, then the type's own neutral values.</summary>
internal static class Values
{
    /// <summary>Expressions of a type with a cost each, the likeliest first; what bears the wanted name goes first.</summary>
    public static IEnumerable<(string Text, double Cost)> For(CSharpFault fault, ITypeSymbol type, int at, string name = "", ISymbol? except = null)
    {
        var wanted = type.OriginalDefinition is ITypeParameterSymbol ? null : type;
        var inReach = fault.Model.LookupSymbols(at).Where(s => s is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol && s.Locations.Any(l => l.IsInSource) && !SymbolEqualityComparer.Default.Equals(s, except))
            .Where(s => s is not ILocalSymbol || s.Locations[0].SourceSpan.Start < at)
            .Select(s => (s.Name, Type: TypeOf(s), Local: s is ILocalSymbol or IParameterSymbol))
            .Where(s => s.Type is not null && (wanted is null || fault.Compilation.ClassifyConversion(s.Type, wanted) is { Exists: true, IsImplicit: true }))
            .Select(s => (s.Name, Cost: (s.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? 1.5 : NameDistance.Of(s.Name, name) is <= 2 ? 1.8 : 2.3) + (s.Local ? 0 : 0.4) + (wanted is null || SymbolEqualityComparer.Default.Equals(s.Type, wanted) ? 0 : 0.4)))
            .OrderBy(s => s.Cost).ToList();
        return inReach.Concat(Elements(fault, wanted, at)).Concat(Neutral(fault, type, at).Select((text, i) => (text, 3.2 + 0.2 * i)));
    }

    // `items[i]` inside a loop over i.
    private static IEnumerable<(string, double)> Elements(CSharpFault fault, ITypeSymbol? wanted, int at)
    {
        var counter = fault.Node.Ancestors().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ForStatementSyntax>().FirstOrDefault()?.Declaration?.Variables[0].Identifier.Text;
        if (counter is null || wanted is null)
            return [];
        return fault.Model.LookupSymbols(at).Where(s => s is ILocalSymbol or IParameterSymbol or IFieldSymbol && s.Locations.Any(l => l.IsInSource))
            .Where(s => SymbolEqualityComparer.Default.Equals(Conversions.Element(fault, TypeOf(s)), wanted)).Select(s => ($"{s.Name}[{counter}]", 2.6)).Take(3);
    }

    /// <summary>True for a value that says nothing of the code it stands in.</summary>
    public static bool IsNeutral(string value) => value is "0" or "1" or "null" or "null!" or "default" or "default!" or "\"\"" or "' '" or "'\\0'" or "[]" or "true" or "false" || value.StartsWith("new ", StringComparison.Ordinal);

    /// <summary>The neutral values of a type: 0, "", false, null, an empty collection, a new object.</summary>
    public static IEnumerable<string> Neutral(CSharpFault fault, ITypeSymbol type, int at)
    {
        var written = fault.Write(type, at);
        switch (type.SpecialType)
        {
            case SpecialType.System_String:
                return ["\"\"", "null"];
            case SpecialType.System_Boolean:
                return ["false", "true"];
            case SpecialType.System_Char:
                return ["' '", "'\\0'"];
        }
        if (Conversions.IsNumber(type))
            return ["0", "1"];
        if (type is IArrayTypeSymbol || type.TypeKind == TypeKind.Interface && Conversions.Element(fault, type) is not null)
            return ["[]"];
        if (type is INamedTypeSymbol named && type.TypeKind is TypeKind.Class && !type.IsAbstract && named.InstanceConstructors.Any(c => c.Parameters.Length == 0))
            return [$"new {written.TrimEnd('?')}()", "null!"];
        return type.IsReferenceType ? ["null!", "default!"] : ["default"];
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
        IPropertySymbol { IsIndexer: false } property => property.Type,
        _ => null,
    };
}
