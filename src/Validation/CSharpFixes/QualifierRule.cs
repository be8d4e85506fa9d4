using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A known type behind the wrong namespace: <c>System.Collections.List&lt;int></c>, <c>Microsoft.Math</c>, <c>std::List</c>. At all places that say the same.</summary>
internal sealed class QualifierRule : ICSharpRule
{
    private const int MaxSpaces = 2;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0234", "CS0246", "CS0426", "CS0103", "CS0117", "CS0432", "CS0431", "CS0400", "CS0687", "CS7000", "CS0308", "CS0305", "CS0305", "CS0119"))
            yield break;
        foreach (var (whole, left, right) in Chains(fault))
        {
            var places = fault.Root.DescendantNodes().Where(n => n.RawKind == whole.RawKind && Left(n) is { } l && l.ToString() == left.ToString() && Right(n)?.Identifier.Text == right.Identifier.Text).Select(n => Left(n)!).ToList();
            var arity = (right as GenericNameSyntax)?.Arity ?? 0;
            if (IsOwn(fault, right.Identifier.Text) || left is AliasQualifiedNameSyntax || whole is AliasQualifiedNameSyntax)
                yield return fault.Change(fault.Tree, $"{left}.{right.Identifier.Text} -> {right.Identifier.Text}", $"'{right.Identifier.Text}' does not stand in '{left}' and is in reach by its bare name.", 0.9, places.Select(p => Without(p)));
            if (whole is AliasQualifiedNameSyntax)
                yield return fault.Change(fault.Tree, ":: -> .", "Only an alias stands before ::, everything else before a dot.", 0.8, places.Select(p => new TextChange(((AliasQualifiedNameSyntax)p.Parent!).ColonColonToken.Span, ".")));
            foreach (var space in NameIndex.Of(fault.Compilation).NamespacesOfType(right.Identifier.Text, arity).Where(s => s != left.ToString()).Take(MaxSpaces))
            {
                var why = $"'{right.Identifier.Text}' is declared in {space}, not in '{left}'.";
                yield return fault.Change(fault.Tree, $"{left}.{right.Identifier.Text} -> {space}.{right.Identifier.Text}", why, 0.8, places.Select(p => new TextChange(Without(p).Span, space + ".")));
            }
        }
    }

    // The dotted names around the error, the longest left side last: in System.Core.DateTime.Now the type may be the second or the third.
    private static IEnumerable<(SyntaxNode Whole, SyntaxNode Left, SimpleNameSyntax Right)> Chains(CSharpFault fault)
    {
        foreach (var node in fault.Node.AncestorsAndSelf().Concat(fault.Token.Parent?.AncestorsAndSelf() ?? []).Distinct().TakeWhile(n => n is not StatementSyntax and not MemberDeclarationSyntax))
        {
            if (Left(node) is { } left && Right(node) is { } right && IsDotted(left) && !IsValue(fault, left))
                yield return (node, left, right);
        }
    }

    private static bool IsDotted(SyntaxNode node) => node is IdentifierNameSyntax || Left(node) is { } left && Right(node) is IdentifierNameSyntax && IsDotted(left);

    // A variable, or a type that exists: what follows is a member of it, and other rules know those.
    private static bool IsValue(CSharpFault fault, SyntaxNode left) => fault.Model.GetSymbolInfo(left).Symbol is not null and not INamespaceSymbol;

    private static bool IsOwn(CSharpFault fault, string name) => fault.Compilation.GetSymbolsWithName(name, SymbolFilter.Type).Any();

    private static TextChange Without(SyntaxNode left) => new(TextSpan.FromBounds(left.SpanStart, Right(left.Parent!)!.SpanStart), "");

    private static SyntaxNode? Left(SyntaxNode node) => node switch
    {
        QualifiedNameSyntax name => name.Left,
        AliasQualifiedNameSyntax name => name.Alias,
        MemberAccessExpressionSyntax access => access.Expression,
        _ => null,
    };

    private static SimpleNameSyntax? Right(SyntaxNode node) => node switch
    {
        QualifiedNameSyntax name => name.Right,
        AliasQualifiedNameSyntax name => name.Name,
        MemberAccessExpressionSyntax access => access.Name,
        _ => null,
    };
}
