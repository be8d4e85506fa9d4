using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Public types and extension methods of the reference set by name, with the namespaces to import for them.</summary>
internal sealed class NameIndex
{
    // What code uses every day, before namespaces that merely have a short name.
    private static readonly string[] Everyday =
    [
        "System", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks", "System.Text", "System.IO", "System.Threading", "System.Collections",
        "System.Text.RegularExpressions", "System.Globalization", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Diagnostics", "System.Net.Http", "System.Text.Json",
        "System.Numerics", "System.Reflection", "System.Collections.ObjectModel", "System.ComponentModel", "System.Runtime.CompilerServices",
    ];

    private const int MostIndexes = 8;
    private static readonly ConditionalWeakTable<Compilation, NameIndex> Known = [];
    private static readonly ConcurrentDictionary<string, NameIndex> BySet = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<string>> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> extensions = new(StringComparer.Ordinal);

    private NameIndex(IEnumerable<IAssemblySymbol> assemblies)
    {
        var open = new Stack<INamespaceSymbol>(assemblies.Select(a => a.GlobalNamespace));
        while (open.TryPop(out var space))
        {
            foreach (var inner in space.GetNamespaceMembers())
                open.Push(inner);
            if (space.IsGlobalNamespace)
                continue;
            foreach (var type in space.GetTypeMembers().Where(t => t.DeclaredAccessibility == Accessibility.Public))
                Add(space.ToDisplayString(), type);
        }
        foreach (var spaces in types.Values.Concat(extensions.Values))
            spaces.Sort((a, b) => Rank(a).CompareTo(Rank(b)));
        EverydayTypes = [.. types.Where(t => !t.Key.Contains('`') && t.Value.Any(v => Rank(v) < Everyday.Length)).Select(t => t.Key)];
    }

    /// <summary>The index of a compilation's references but for the test kit, which is nothing to propose for code; built once for each set of references.</summary>
    public static NameIndex Of(Compilation compilation) => Known.GetValue(compilation, c =>
    {
        var references = c.References.Where(r => !CSharpReferences.Xunit.Contains(r)).ToList();
        var key = string.Join('\n', references.Skip(CSharpReferences.Framework.Count).Select(r => r.Display));
        if (BySet.Count >= MostIndexes && !BySet.ContainsKey(key))
            BySet.Clear();
        return BySet.GetOrAdd(key, _ => new NameIndex(references.Select(r => c.GetAssemblyOrModuleSymbol(r)).OfType<IAssemblySymbol>()));
    });

    /// <summary>Names of types in the namespaces of every day.</summary>
    public IReadOnlyList<string> EverydayTypes { get; }

    /// <summary>Namespaces that hold a type of this name, the most common first; with type arguments, only generic ones of that many.</summary>
    public IReadOnlyList<string> NamespacesOfType(string name, int arity = 0) => types.GetValueOrDefault(arity == 0 ? name : $"{name}`{arity}") ?? [];

    /// <summary>Namespaces with an extension method of this name, the most common first.</summary>
    public IReadOnlyList<string> NamespacesOfExtension(string name) => extensions.GetValueOrDefault(name) ?? [];

    private void Add(string space, INamedTypeSymbol type)
    {
        Add(types, type.Name, space);
        if (type.Arity > 0)
            Add(types, type.MetadataName, space);
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
        if (!spaces.Contains(space))
            spaces.Add(space);
    }

    private static int Rank(string space) => Array.IndexOf(Everyday, space) is var at and >= 0 ? at : space.Length + (space.StartsWith("System", StringComparison.Ordinal) ? 100 : 200);
}
