using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Public types and extension methods of the reference set by name, with the namespaces to import for them.</summary>
internal sealed class NameIndex
{
    private static NameIndex? framework;

    private readonly Dictionary<string, List<string>> types = [];
    private readonly Dictionary<string, List<string>> extensions = [];

    /// <summary>The index of the framework's references, built once per process.</summary>
    public static NameIndex Of(Compilation compilation) => framework ??= new NameIndex(compilation);

    private NameIndex(Compilation compilation)
    {
        var open = new Stack<INamespaceSymbol>([compilation.GlobalNamespace]);
        while (open.TryPop(out var space))
        {
            foreach (var inner in space.GetNamespaceMembers())
                open.Push(inner);
            if (space.IsGlobalNamespace)
                continue;
            foreach (var type in space.GetTypeMembers().Where(t => t.DeclaredAccessibility == Accessibility.Public && t.Locations.All(l => l.IsInMetadata)))
                Add(space.ToDisplayString(), type);
        }
    }

    /// <summary>Namespaces that hold a type of this name, the shortest and most common first.</summary>
    public IReadOnlyList<string> NamespacesOfType(string name) => types.GetValueOrDefault(name) ?? [];

    /// <summary>Namespaces with an extension method of this name, the shortest first.</summary>
    public IReadOnlyList<string> NamespacesOfExtension(string name) => extensions.GetValueOrDefault(name) ?? [];

    private void Add(string space, INamedTypeSymbol type)
    {
        Add(types, type.Name, space);
        if (type.Name.EndsWith("Attribute", StringComparison.Ordinal))
            Add(types, type.Name[..^"Attribute".Length], space);
        if (!type.MightContainExtensionMethods)
            return;
        foreach (var name in type.GetMembers().OfType<IMethodSymbol>().Where(m => m.IsExtensionMethod).Select(m => m.Name).Distinct())
            Add(extensions, name, space);
    }

    private static void Add(Dictionary<string, List<string>> index, string name, string space)
    {
        if (!index.TryGetValue(name, out var spaces))
            index[name] = spaces = [];
        if (spaces.Contains(space))
            return;
        spaces.Add(space);
        spaces.Sort((a, b) => Rank(a).CompareTo(Rank(b)));
    }

    // System.Collections.Generic before System.Reflection.Metadata: everyday namespaces are short and begin with System.
    private static int Rank(string space) => space.Length + (space.StartsWith("System", StringComparison.Ordinal) ? 0 : 100);
}
