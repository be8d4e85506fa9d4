using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Null where a value is, values that may be missing: ?, ??, .Value and ?. in the wrong place.</summary>
internal sealed class NullableRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0019", "CS0023", "CS0037", "CS1061", "CS0029", "CS0266", "CS0453", "CS8978", "CS0403", "CS0131", "CS8072", "CS1503", "CS0246", "CS8632", "CS8639", "CS0411", "CS8196", "CS8652"))
            yield break;
        var expression = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        foreach (var access in fault.Node.AncestorsAndSelf().OfType<ConditionalAccessExpressionSyntax>().Take(1).Concat(fault.Node.DescendantNodes().OfType<ConditionalAccessExpressionSyntax>().Take(1)))
        {
            // Where the author had null in mind, a fallback keeps it in mind; the plain dot would throw.
            var expected = fault.Model.GetTypeInfo(access.Expression, token).Nullability.FlowState == NullableFlowState.MaybeNull;
            yield return fault.Replace(access.OperatorToken.Span, "", "?. -> .", "The value cannot be null here, or null cannot be handed on.", expected ? 2.4 : 1.1);
            foreach (var fallback in new[] { "0", "false", "\"\"", "default" })
                yield return fault.Replace(access, $"({access} ?? {fallback})", $"fall back to {fallback}", "With ?. the result may be null; the fallback gives it a value.", expected ? 1.1 : 2) with { Invented = true };
        }
        if (expression is BinaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.QuestionQuestionToken } choice)
            yield return fault.Replace(choice, choice.Left.ToString(), "remove the fallback", "The left side is never null, so nothing can fall back.", 1.2);
        if (fault.Is("CS1061") && fault.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { Name.Identifier.Text: "Value" or "HasValue" } member)
            yield return fault.Replace(member, member.Name.Identifier.Text == "Value" ? member.Expression.ToString() : $"{member.Expression} != null", $"remove .{member.Name}", "The value is not wrapped, so there is nothing to unwrap.", 1.2);
        if (fault.Is("CS0453") && fault.Node.AncestorsAndSelf().OfType<NullableTypeSyntax>().FirstOrDefault() is { } nullable)
            yield return fault.Replace(nullable, nullable.ElementType.ToString(), "remove ?", "Only value types are wrapped by ?.", 1.4);
        if (fault.Is("CS0453") && fault.Node.FirstAncestorOrSelf<GenericNameSyntax>() is { Identifier.Text: "Nullable" } wrapped)
            yield return fault.Replace(wrapped, wrapped.TypeArgumentList.Arguments + "?", $"{wrapped} -> {wrapped.TypeArgumentList.Arguments}?", "Nullable wraps value types only.", 1);
        if (fault.Is("CS0019") && expression is BinaryExpressionSyntax { Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression } } test)
            yield return fault.Replace(test.Right, "default", "null -> default", "A value type is never null; its default takes that part.", 1.8);
    }
}
