using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>
/// A closing bracket that stands behind the rest of a chain: <c>xs.Where(x => x.Id.Select(...))</c>. The parser is content with it, and what
/// follows the dot is looked for on the wrong value.
/// </summary>
internal sealed class ChainRule : ICSharpRule
{
    private const int MaxArguments = 3;
    private const int MaxDots = 6;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1929", "CS1061", "CS0411", "CS1503", "CS0019", "CS0029", "CS0023", "CS0266", "CS1501", "CS7036", "CS1660", "CS1662", "CS1593", "CS0121"))
            yield break;
        foreach (var argument in fault.Node.AncestorsAndSelf().OfType<ArgumentSyntax>().Concat(fault.Node.DescendantNodes().OfType<ArgumentSyntax>()).Take(MaxArguments))
        {
            if (argument.Parent is not ArgumentListSyntax { CloseParenToken.Span.Length: > 0 } list || list.Arguments[^1] != argument)
                continue;
            foreach (var end in Ends(argument.Expression).Take(MaxDots))
            {
                yield return fault.Change(fault.Tree, $"close ( before {fault.Text.ToString(TextSpan.FromBounds(end, list.CloseParenToken.SpanStart)).Trim().Split('(')[0]}", "What follows the dot belongs to the result of the whole call, so the bracket closes before it.", 1.3,
                    new TextChange(new TextSpan(end, 0), ")"), new TextChange(list.CloseParenToken.Span, ""));
            }
        }
    }

    // The ends of the values that dots follow, along the right edge of an expression, the last dot first.
    private static IEnumerable<int> Ends(ExpressionSyntax? expression)
    {
        while (expression is not null)
        {
            if (expression is MemberAccessExpressionSyntax { Expression: var left })
                yield return left.Span.End;
            expression = expression switch
            {
                LambdaExpressionSyntax lambda => lambda.ExpressionBody,
                BinaryExpressionSyntax binary => binary.Right,
                ConditionalExpressionSyntax choice => choice.WhenFalse,
                AssignmentExpressionSyntax set => set.Right,
                PrefixUnaryExpressionSyntax unary => unary.Operand,
                InvocationExpressionSyntax call => call.Expression,
                ElementAccessExpressionSyntax element => element.Expression,
                MemberAccessExpressionSyntax access => access.Expression,
                _ => null,
            };
        }
    }
}
