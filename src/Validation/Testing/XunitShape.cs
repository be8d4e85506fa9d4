using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Recognises xunit tests, and fills in the marker attributes that a course or a team keeps in a package of its own.</summary>
internal static class XunitShape
{
    private static readonly string[] TestAttributes = ["Fact", "Theory", "FactAttribute", "TheoryAttribute"];

    /// <summary>True when a method carries a test attribute.</summary>
    public static bool Matches(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>().Any(a => TestAttributes.Contains(LastName(a.Name)));

    /// <summary>
    /// Files that declare the unknown attributes of test methods as markers without effect, and unknown namespaces of the tests' own
    /// directives as empty ones. Only tests get this; unknown names in the code stay errors.
    /// </summary>
    public static IEnumerable<SyntaxTree> Fillers(Compilation compilation, IReadOnlyList<SyntaxTree> tests, CancellationToken token)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tree in tests)
        {
            var model = compilation.GetSemanticModel(tree);
            var root = tree.GetRoot(token);
            names.UnionWith(root.DescendantNodes().OfType<AttributeSyntax>()
                .Where(a => a.Name is IdentifierNameSyntax && IsUnknown(model, a, token))
                .Select(a => LastName(a.Name)));
            namespaces.UnionWith(root.DescendantNodes().OfType<UsingDirectiveSyntax>()
                .Where(u => u.Name is not null && u.Alias is null && u.StaticKeyword.IsKind(SyntaxKind.None) && model.GetSymbolInfo(u.Name, token).Symbol is null)
                .Select(u => u.Name!.ToString()));
        }
        var text = string.Concat(names.Select(n => $"internal sealed class {Full(n)} : System.Attribute {{ public {Full(n)}(params object[] arguments) {{ }} }}\n"))
            + string.Concat(namespaces.Select(n => $"namespace {n} {{ internal static class TestMarker {{ }} }}\n"));
        if (text.Length > 0)
            yield return CSharpCompiler.Parse("TestMarkers.g.cs", "#nullable disable\n" + text, token);
    }

    // Also a name that means something else: with the usual imports [Task(1)] finds System.Threading.Tasks.Task, which is no attribute.
    private static bool IsUnknown(SemanticModel model, AttributeSyntax attribute, CancellationToken token) =>
        model.GetSymbolInfo(attribute, token) is { Symbol: null } info
        && (info.CandidateReason == CandidateReason.NotAnAttributeType || model.GetTypeInfo(attribute, token).Type is null or IErrorTypeSymbol);

    private static string Full(string name) => name.EndsWith("Attribute", StringComparison.Ordinal) ? name : name + "Attribute";

    private static string LastName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax q => q.Right.Identifier.Text,
        AliasQualifiedNameSyntax a => a.Name.Identifier.Text,
        SimpleNameSyntax s => s.Identifier.Text,
        _ => name.ToString(),
    };
}
