using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A type or extension method whose namespace is not imported.</summary>
internal sealed class MissingUsingRule : ICSharpRule
{
    private const int MaxCandidates = 6;

    public IReadOnlySet<string> Understands { get; } = new HashSet<string> { "CS0246", "CS0103", "CS1061", "CS0308", "CS0305", "CS0616", "CS1935" };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var index = NameIndex.Of(fault.Compilation);
        IEnumerable<string> spaces = fault.Error.Code switch
        {
            "CS1935" => ["System.Linq"],
            "CS1061" => index.NamespacesOfExtension(fault.Name?.Identifier.Text ?? ""),
            _ => index.NamespacesOfType(fault.Name?.Identifier.Text ?? ""),
        };
        var imported = ((CompilationUnitSyntax)fault.Root).Usings.Select(u => u.Name?.ToString()).ToHashSet();
        foreach (var space in spaces.Where(s => !imported.Contains(s)).Take(MaxCandidates))
        {
            var (at, newline) = Place((CompilationUnitSyntax)fault.Root);
            yield return fault.Insert(at, $"{newline}using {space};\n", $"add using {space}",
                $"{fault.Name?.Identifier.Text ?? "The query"} is declared in {space}, which the file did not import.");
        }
    }

    // After the last directive; in a file without any, before the first member but below a leading comment.
    private static (int At, string Newline) Place(CompilationUnitSyntax root)
    {
        if (root.Usings.LastOrDefault() is { } last)
            return last.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) ? (last.FullSpan.End, "") : (last.Span.End, "\n");
        return ((root.Externs.LastOrDefault()?.FullSpan.End) ?? root.GetFirstToken().SpanStart, "");
    }
}
