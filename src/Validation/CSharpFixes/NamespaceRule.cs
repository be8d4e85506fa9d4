using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Code in another namespace than the one its tests look in: one too many, one too few, or another name.</summary>
internal sealed class NamespaceRule : ICSharpRule
{
    private const string Why = "Code and tests must agree on the namespace; the tests are given.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0246", "CS0103", "CS0234", "CS0400") || fault.IsOwn(fault.Tree))
            return [];
        return Moved(fault).Concat(Wanted(fault));
    }

    // The type is there, in a namespace that the tests do not import.
    private static IEnumerable<FixCandidate> Moved(CSharpFault fault)
    {
        var name = fault.Name?.Identifier.Text;
        var imported = fault.Root.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(u => u.Name?.ToString()).Concat(Spaces(fault.Root).Select(n => n.Name.ToString())).OfType<string>().Where(n => !n.StartsWith("System", StringComparison.Ordinal) && !n.StartsWith("Xunit", StringComparison.Ordinal)).Distinct().ToList();
        foreach (var space in Own(fault).SelectMany(Spaces).Where(n => n.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Any(t => t.Identifier.Text == name)))
        {
            foreach (var other in imported.Where(i => i != space.Name.ToString()))
                yield return fault.Change(space.SyntaxTree, $"namespace {space.Name} -> {other}", Why, 0.8, new TextChange(space.Name.Span, other));
            if (space is FileScopedNamespaceDeclarationSyntax file)
                yield return fault.Change(space.SyntaxTree, $"without namespace {space.Name}", Why, 1, new TextChange(TextSpan.FromBounds(file.NamespaceKeyword.SpanStart, file.SemicolonToken.Span.End), ""));
            else if (space is NamespaceDeclarationSyntax block)
                yield return fault.Change(space.SyntaxTree, $"without namespace {space.Name}", Why, 1, new TextChange(TextSpan.FromBounds(block.NamespaceKeyword.SpanStart, block.OpenBraceToken.Span.End), ""), new TextChange(block.CloseBraceToken.Span, ""));
        }
    }

    // The tests import a namespace that nothing declares.
    private static IEnumerable<FixCandidate> Wanted(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not { Name: { } name })
            yield break;
        foreach (var root in Own(fault).Where(r => r.Members.Count > 0 && !Spaces(r).Any()))
        {
            var before = root.Usings.LastOrDefault() is { } last ? last.FullSpan.End : root.Members[0].SpanStart;
            yield return fault.Change(root.SyntaxTree, $"namespace {name}", Why, 1, new TextChange(new TextSpan(before, 0), $"namespace {name};\n\n"));
        }
        foreach (var space in Own(fault).SelectMany(Spaces))
            yield return fault.Change(space.SyntaxTree, $"namespace {space.Name} -> {name}", Why, 0.9, new TextChange(space.Name.Span, name.ToString()));
    }

    private static IEnumerable<CompilationUnitSyntax> Own(CSharpFault fault) => fault.Compilation.SyntaxTrees.Where(fault.IsOwn).Select(t => (CompilationUnitSyntax)t.GetRoot());

    private static IEnumerable<BaseNamespaceDeclarationSyntax> Spaces(CompilationUnitSyntax root) => root.Members.OfType<BaseNamespaceDeclarationSyntax>();
}
