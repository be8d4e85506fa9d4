using System.Collections.Frozen;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Finds <c>using</c> directives for namespaces that neither the files nor the references declare.</summary>
internal sealed class ExternalPackages
{
    /// <summary>Errors that an unreferenced package causes elsewhere in a file that uses it.</summary>
    public static readonly FrozenSet<string> Consequences = FrozenSet.ToFrozenSet(
        ["CS0246", "CS0234", "CS0103", "CS1061", "CS0400", "CS0432", "CS0305", "CS0308", "CS0115", "CS0534", "CS0012", "CS0616", "CS0538", "CS0535", "CS0117", "CS0411", "CS8179", "CS1503", "CS1501", "CS1729"]);

    // Roots whose namespaces are all in the framework: an unknown one below them is a slip, not a package.
    private static readonly string[] FrameworkRoots = ["System"];

    // ... except these, which carry the framework's name and come as packages.
    private static readonly string[] SystemPackages =
    [
        "System.Data.SqlClient", "System.Data.SQLite", "System.Data.OleDb", "System.Data.Odbc", "System.Data.Entity", "System.Drawing", "System.Management",
        "System.IO.Ports", "System.ServiceModel", "System.Windows", "System.Runtime.Caching", "System.Configuration", "System.Web", "System.Reactive",
        "System.DirectoryServices", "System.CommandLine", "System.IO.Abstractions", "System.ServiceProcess", "System.Speech", "System.Linq.Dynamic", "System.IdentityModel",
    ];

    private readonly Dictionary<SyntaxTree, List<(string Namespace, int Line)>> used = [];

    /// <summary>The unknown namespaces of a file with the lines of their directives.</summary>
    public IReadOnlyList<(string Namespace, int Line)> UsedBy(SyntaxTree tree) => used.GetValueOrDefault(tree) ?? [];

    /// <summary>Looks through the directives of all files.</summary>
    public static ExternalPackages Find(Compilation compilation, IReadOnlyList<SyntaxTree> trees, CancellationToken token)
    {
        var found = new ExternalPackages();
        var roots = compilation.GlobalNamespace.GetNamespaceMembers().Select(n => n.Name).ToList();
        var globals = new List<(string, int)>();
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var directive in tree.GetRoot(token).DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>())
            {
                if (directive.Name is null || directive.Alias is not null || !IsExternal(directive.Name, model, roots, token))
                    continue;
                var entry = (directive.Name.ToString(), directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
                if (directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
                    globals.Add(entry);
                else
                    found.Add(tree, entry);
            }
        }
        foreach (var entry in globals)
            trees.ToList().ForEach(t => found.Add(t, entry));
        return found;
    }

    private void Add(SyntaxTree tree, (string, int) entry)
    {
        if (!used.TryGetValue(tree, out var list))
            used[tree] = list = [];
        list.Add(entry);
    }

    private static bool IsExternal(NameSyntax name, SemanticModel model, List<string> roots, CancellationToken token)
    {
        if (model.GetSymbolInfo(name, token).Symbol is not null)
            return false;
        var root = name.ToString().Split('.')[0];
        if (FrameworkRoots.Contains(root))
            return SystemPackages.Any(p => name.ToString() == p || name.ToString().StartsWith(p + ".", StringComparison.Ordinal));
        // `using Sytem.Linq;` is a slip of the pen: one or two letters from a root that exists.
        return !roots.Any(r => r != root && Math.Abs(r.Length - root.Length) <= 2 && EditDistance.Between(r, root) <= Math.Max(1, Math.Min(2, root.Length / 4)));
    }
}
