using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>One name for two things: declared twice, shadowing, a copy left over, a using twice, an ambiguous name.</summary>
internal sealed class DuplicateRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0128", "CS0136", "CS0841", "CS0412", "CS0135", "CS1931", "CS1930"))
            return Local(fault);
        if (fault.Is("CS0100", "CS0101", "CS0102", "CS0111", "CS0579", "CS1912", "CS0692", "CS0140", "CS0229", "CS0542", "CS8863", "CS0756", "CS1007", "CS1008", "CS8646", "CS0082", "CS8773", "CS0694"))
            return Declared(fault);
        return fault.Is("CS0104", "CS0121", "CS0576", "CS1537", "CS0105") ? Ambiguous(fault) : [];
    }

    private static IEnumerable<FixCandidate> Local(CSharpFault fault)
    {
        var name = fault.Token.Text;
        const string why = "The name already means another variable that is in reach here.";
        if (fault.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } variable && declaration.Parent is LocalDeclarationStatementSyntax statement)
        {
            if (variable.Initializer is not null)
                yield return fault.Replace(TextSpan.FromBounds(statement.SpanStart, variable.SpanStart), "", $"assign to {name}", "The variable is declared already; this line gives it another value.", 1.1);
            yield return fault.Replace(statement.FullSpan, "", $"remove the second {name}", why, variable.Initializer is null || IsCopy(fault, variable) ? 0.9 : 1.8);
        }
        else if (fault.Node.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { Parent: ForStatementSyntax } loop)
            yield return fault.Replace(TextSpan.FromBounds(loop.SpanStart, loop.Variables[0].SpanStart), "", $"use the {name} that exists", "The variable is declared already; the loop can use it.", 2);
        if (fault.Node.FirstAncestorOrSelf<DeclarationExpressionSyntax>() is { } inline)
            yield return fault.Replace(inline, name, $"use the {name} that exists", "The variable is declared already.", 1.2);
        var scope = Scope(fault);
        if (scope is null)
            yield break;
        foreach (var other in Free(fault, name).Take(2))
            yield return fault.Change(fault.Tree, $"{name} -> {other} in its scope", "The name already means another variable here; under a name of its own this one is kept apart.", 1.6,
                scope.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == name && t.SpanStart >= fault.Span.Start && !IsMember(t)).Select(t => new TextChange(t.Span, other)));
        // Its own first value may still speak of the other one.
        if (fault.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Initializer.Value: { } start } && start.DescendantTokens().Any(t => t.Text == name))
        {
            foreach (var other in Free(fault, name).Take(1))
                yield return fault.Change(fault.Tree, $"{name} -> {other} after its declaration", "The name already means another variable here, which gives this one its value.", 1.5,
                    scope.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == name && t.SpanStart >= fault.Span.Start && !IsMember(t) && !start.Span.Contains(t.Span)).Select(t => new TextChange(t.Span, other)));
        }
    }

    private static bool IsCopy(CSharpFault fault, VariableDeclaratorSyntax variable) =>
        variable.FirstAncestorOrSelf<BlockSyntax>()?.Statements.OfType<LocalDeclarationStatementSyntax>().Count(d => d.Declaration.Variables[0].ToString() == variable.ToString()) > 1;

    private static IEnumerable<FixCandidate> Declared(CSharpFault fault)
    {
        const string why = "Two declarations bear one name; only one of them is needed, or the other needs a name of its own.";
        var node = fault.Node.AncestorsAndSelf().FirstOrDefault(n => n is ParameterSyntax or AttributeSyntax or MemberDeclarationSyntax or AssignmentExpressionSyntax or TypeParameterSyntax);
        if (node is ParameterSyntax parameter && parameter.Parent is ParameterListSyntax list)
        {
            yield return fault.Replace(list, $"({string.Join(", ", list.Parameters.Where(p => p != parameter))})", $"remove the second {parameter.Identifier}", why, 2);
            var unknown = fault.Model.GetDiagnostics(parameter.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>()?.Span).FirstOrDefault(d => d.Id == "CS0103");
            foreach (var name in unknown is null ? Free(fault, parameter.Identifier.Text).Take(1) : [fault.Text.ToString(unknown.Location.SourceSpan)])
            {
                yield return fault.Replace(parameter.Identifier.Span, name, $"{parameter.Identifier} -> {name}", why, unknown is null ? 1.8 : 1);
                foreach (var first in list.Parameters.Where(p => p != parameter && p.Identifier.Text == parameter.Identifier.Text))
                    yield return fault.Replace(first.Identifier.Span, name, $"first {parameter.Identifier} -> {name}", why, unknown is null ? 2 : 1.1);
            }
        }
        else if (node is AttributeSyntax { Parent: AttributeListSyntax attributes } attribute)
            yield return fault.Replace(attributes.Attributes.Count == 1 ? attributes.FullSpan : attribute.FullSpan, "", $"remove the second [{attribute.Name}]", why, 1);
        else if (node is MemberDeclarationSyntax member)
        {
            foreach (var candidate in Member(fault, member, why))
                yield return candidate;
        }
        if (fault.Is("CS1912") && node is AssignmentExpressionSyntax set && set.Parent is InitializerExpressionSyntax values)
            yield return fault.Replace(new TextSpan(values.Expressions.Span.Start, values.Expressions.Span.Length), string.Join(", ", values.Expressions.Where(e => e != set)), $"remove the second {set.Left}", why, 1.2);
        if (fault.Is("CS1007", "CS1008") && fault.Node.FirstAncestorOrSelf<AccessorDeclarationSyntax>() is { } accessor)
            yield return fault.Replace(accessor.FullSpan, "", "remove the second accessor", why, 1);
    }

    private static IEnumerable<FixCandidate> Member(CSharpFault fault, MemberDeclarationSyntax member, string why)
    {
        var peers = member.Parent?.ChildNodes().OfType<MemberDeclarationSyntax>().Where(m => m != member).ToList() ?? [];
        var body = Bare(member);
        var copy = peers.Any(p => Bare(p) == body);
        if (member is not EnumMemberDeclarationSyntax)
            yield return fault.Replace(member.FullSpan, "", "remove the second declaration", why, copy ? 0.8 : 2.6);
        foreach (var twin in peers.Where(p => Name(p).Text == Name(member).Text && Name(member).Text.Length > 0 && p.Kind() == member.Kind()).Take(2))
        {
            if (!copy)
                yield return fault.Replace(twin.FullSpan, "", "remove the first declaration", why, 2.7);
        }
        var name = Name(member);
        if (name.Text.Length == 0)
            yield break;
        if (member is TypeDeclarationSyntax type && !copy)
            yield return fault.Change(fault.Tree, "make both partial", "Two parts of one type say partial.", 2.4, fault.Compilation.SyntaxTrees.Where(t => t == fault.Tree).SelectMany(t => t.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
                .Where(t => t.Identifier.Text == type.Identifier.Text && !Modifiers.Has(t, "partial")).Select(t => new TextChange(new TextSpan(t.Keyword.SpanStart, 0), "partial ")));
        foreach (var unknown in fault.Compilation.GetDiagnostics().Where(d => d.Id is "CS0103" or "CS0117" or "CS1061" or "CS0246" && d.Location.SourceTree is { } tree).Select(d => d.Location.SourceTree!.GetText().ToString(d.Location.SourceSpan)).Distinct().Where(SyntaxFacts.IsValidIdentifier).Take(3))
            yield return fault.Replace(name.Span, unknown, $"{name} -> {unknown}", $"'{unknown}' is used and not declared, while '{name}' is declared twice.", 1.2);
        foreach (var other in Free(fault, name.Text).Take(1))
            yield return fault.Replace(name.Span, other, $"{name} -> {other}", why, fault.Is("CS0542") ? 2 : 2.8);
        if (fault.Is("CS0542") && member is MethodDeclarationSyntax { ReturnType: var result } method)
            yield return fault.Replace(TextSpan.FromBounds(result.SpanStart, method.Identifier.SpanStart), "", "a constructor", "A method with its class's name is a constructor, and that has no result type.", 0.9);
    }

    private static IEnumerable<FixCandidate> Ambiguous(CSharpFault fault)
    {
        var info = fault.Name is { } name ? fault.Model.GetSymbolInfo(name) : default;
        foreach (var (type, i) in info.CandidateSymbols.OfType<INamedTypeSymbol>().OrderByDescending(t => t.ContainingNamespace.ToDisplayString() is "System" or "System.Collections.Generic").Select((t, i) => (t, i)))
            yield return fault.Replace(fault.Name!.Identifier.Span, $"{type.ContainingNamespace.ToDisplayString()}.{type.Name}", $"{type.Name} -> {type.ContainingNamespace}.{type.Name}", "Two imported namespaces have a type of this name; with its namespace it is one of them.", 1.2 + 0.2 * i);
        foreach (var twice in fault.Root.Usings.GroupBy(u => u.ToString()).SelectMany(g => g.Skip(1)))
            yield return fault.Replace(twice.FullSpan, "", $"remove the second {twice}", "The namespace is imported twice.", 1);
    }

    private static SyntaxNode? Scope(CSharpFault fault) => fault.Node.AncestorsAndSelf().FirstOrDefault(n => n is BlockSyntax or ForStatementSyntax or CommonForEachStatementSyntax or LambdaExpressionSyntax or LocalFunctionStatementSyntax or CatchClauseSyntax or SwitchSectionSyntax or QueryExpressionSyntax or BaseMethodDeclarationSyntax && n.Span.Length > fault.Span.Length);

    private static IEnumerable<string> Free(CSharpFault fault, string name)
    {
        var taken = fault.Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.Text).ToHashSet(StringComparer.Ordinal);
        return new[] { name + "2", "inner" + char.ToUpperInvariant(name[0]) + name[1..], name + "3" }.Where(n => !taken.Contains(n));
    }

    private static bool IsMember(SyntaxToken token) => token.Parent is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name && access.Name == name;

    private static SyntaxToken Name(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax m => m.Identifier,
        PropertyDeclarationSyntax p => p.Identifier,
        BaseTypeDeclarationSyntax t => t.Identifier,
        FieldDeclarationSyntax f => f.Declaration.Variables[0].Identifier,
        EnumMemberDeclarationSyntax e => e.Identifier,
        DelegateDeclarationSyntax d => d.Identifier,
        _ => default,
    };

    private static string Bare(SyntaxNode node) => string.Concat(node.DescendantTokens().Select(t => t.Text));
}
