using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Types and extension methods whose namespace is not imported: one at a time, and all of a file at once.</summary>
internal sealed class MissingUsingRule : ICSharpRule
{
    private const int MaxCandidates = 4;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!Curable(fault.Id) || !fault.IsOwn(fault.Tree))
            yield break;
        var index = NameIndex.Of(fault.Compilation);
        var imported = fault.Root.Usings.Where(u => u.Alias is null).Select(u => u.Name?.ToString()).ToHashSet();
        var all = Wanted(fault, index, imported, token).Distinct().ToList();
        if (all.Count > 1)
            yield return Add(fault, all, "The file uses names from these namespaces without importing them.", 1.2);
        var name = NameAt(fault, fault.Span);
        foreach (var space in Spaces(index, fault.Id, name).Where(s => !imported.Contains(s)).Take(MaxCandidates))
            yield return Add(fault, [space], $"{(name is null ? "A query" : "'" + name.Identifier.Text + "'")} is declared in {space}, which the file did not import.", 1 + (space == "System" || all.Contains(space) ? 0 : 0.6));
        if (name is null || name.Parent is MemberAccessExpressionSyntax access && access.Name == name || name.Parent is QualifiedNameSyntax)
            yield break;
        foreach (var (near, distance) in index.EverydayTypes.Select(t => (t, NameDistance.Of(name.Identifier.Text, t))).Where(t => t.Item2 is <= 2).OrderBy(t => t.Item2).Take(MaxCandidates))
        {
            var space = index.NamespacesOfType(near)[0];
            if (!imported.Contains(space))
                yield return fault.Change(fault.Tree, $"{name.Identifier.Text} -> {near}, add using {space}", $"There is no '{name.Identifier.Text}'; '{near}' of {space} is spelt almost the same.", distance!.Value + 1.4,
                    new TextChange(name.Identifier.Span, near), Directive(fault.Root, [space]));
        }
    }

    private static bool Curable(string id) => id is "CS0246" or "CS0103" or "CS1061" or "CS0308" or "CS0305" or "CS0616" or "CS1935" or "CS1936" or "CS0117" or "CS1929" or "CS0234" or "CS0119" or "CS0019" or "CS1501" or "CS1503";

    // The namespace of every unknown name that only one everyday namespace explains.
    private static IEnumerable<string> Wanted(CSharpFault fault, NameIndex index, HashSet<string?> imported, CancellationToken token)
    {
        foreach (var error in fault.Model.GetDiagnostics(cancellationToken: token).Where(d => d.Severity == DiagnosticSeverity.Error && Curable(d.Id)))
        {
            var spaces = Spaces(index, error.Id, NameAt(fault, error.Location.SourceSpan));
            if (spaces.Count > 0 && !imported.Contains(spaces[0]))
                yield return spaces[0];
        }
    }

    private static SimpleNameSyntax? NameAt(CSharpFault fault, TextSpan span) =>
        fault.Root.FindToken(Math.Min(span.Start, fault.Root.FullSpan.End - 1)).Parent?.AncestorsAndSelf().OfType<SimpleNameSyntax>().FirstOrDefault();

    private static IReadOnlyList<string> Spaces(NameIndex index, string id, SimpleNameSyntax? name) => (id, name) switch
    {
        ("CS1935" or "CS1936", _) => ["System.Linq"],
        (_, null) => [],
        ("CS1061" or "CS0117" or "CS1929" or "CS1501" or "CS1503" or "CS0019", _) => index.NamespacesOfExtension(name.Identifier.Text),
        (_, GenericNameSyntax generic) => index.NamespacesOfType(name.Identifier.Text, generic.Arity),
        _ => index.NamespacesOfType(name.Identifier.Text),
    };

    private static FixCandidate Add(CSharpFault fault, IReadOnlyList<string> spaces, string why, double cost) =>
        fault.Change(fault.Tree, "add using " + string.Join(", ", spaces), why, cost, Directive(fault.Root, spaces));

    // After the last directive; in a file without any, before the first member but below a leading comment.
    private static TextChange Directive(CompilationUnitSyntax root, IReadOnlyList<string> spaces)
    {
        var text = string.Concat(spaces.Order(StringComparer.Ordinal).Select(s => $"using {s};\n"));
        if (root.Usings.LastOrDefault() is not { } last)
            return new TextChange(new TextSpan(root.Externs.LastOrDefault()?.FullSpan.End ?? root.GetFirstToken().SpanStart, 0), text);
        var ownLine = last.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia);
        return new TextChange(new TextSpan(ownLine ? last.FullSpan.End : last.Span.End, 0), ownLine ? text : "\n" + text);
    }
}
