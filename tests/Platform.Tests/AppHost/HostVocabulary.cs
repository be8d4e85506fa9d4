using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Tests.AppHost;

/// <summary>Every word the host's sources use for a setting: parts of their strings, and properties of their options.</summary>
internal sealed class HostVocabulary
{
    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);

    private HostVocabulary()
    {
    }

    /// <summary>The words of a setting that nothing in the host knows.</summary>
    /// <param name="setting">A setting in environment spelling, <c>Section__Key</c>; a part <c>*</c> stands for any.</param>
    public IEnumerable<string> Unknown(string setting) => setting.Split("__").Where(word => word != "*" && !_words.Contains(word));

    /// <summary>Reads what the server executable is built from.</summary>
    public static HostVocabulary Read(string root)
    {
        var vocabulary = new HostVocabulary();
        var folders = new[] { "src/Host", "src/Contracts", "src/Storage", "src/Privacy", "src/Router", "src/Inference", "src/Patterns", "src/Maya", "src/Metrics", "src/Runner", "ServiceDefaults" };
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)).Where(IsSource))
            vocabulary.Take(CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot());
        return vocabulary;
    }

    private static bool IsSource(string file) => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj");

    private void Take(CompilationUnitSyntax unit)
    {
        foreach (var literal in unit.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression)))
            _words.UnionWith(literal.Token.ValueText.Split(':', ' '));
        foreach (var options in unit.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => type.Identifier.Text.EndsWith("Options", StringComparison.Ordinal)))
            _words.UnionWith(options.Members.OfType<PropertyDeclarationSyntax>().Select(property => property.Identifier.Text));
    }
}
