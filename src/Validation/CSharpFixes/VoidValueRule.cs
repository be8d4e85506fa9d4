using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>The result of a call that gives none: <c>xs = xs.Add(x)</c>, <c>var sorted = xs.Sort()</c>, <c>return xs.Reverse()</c>. The call changes its object, and that is the result.</summary>
internal sealed class VoidValueRule : ICSharpRule
{
    private const int MaxValues = 6;
    private const string Why = "The call gives nothing back; it changes what it is called on.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0029", "CS0815", "CS0127", "CS1503", "CS0019", "CS8031", "CS0023", "CS8208", "CS0411")
            || fault.Node.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().Concat(fault.Node.DescendantNodes().OfType<InvocationExpressionSyntax>()).FirstOrDefault(c => fault.Model.GetTypeInfo(c, token).Type?.SpecialType == SpecialType.System_Void) is not { } call)
            return [];
        var receiver = (call.Expression as MemberAccessExpressionSyntax)?.Expression;
        return call.Parent switch
        {
            AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } set when set.Right == call => [fault.Replace(set, call.ToString(), $"remove {set.Left} {set.OperatorToken}", Why, 0.8) with { Invented = set.Left.ToString() != receiver?.ToString() }],
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax local } } when receiver is not null =>
                [fault.Replace(local, $"{call};\n{Indent(fault, local)}{local.ToString().Replace(call.ToString(), receiver.ToString(), StringComparison.Ordinal)}", $"call first, then take {receiver}", Why, 1)],
            ReturnStatementSyntax back => Returned(fault, back, call, receiver),
            _ => [],
        };
    }

    private static IEnumerable<FixCandidate> Returned(CSharpFault fault, ReturnStatementSyntax back, InvocationExpressionSyntax call, ExpressionSyntax? receiver)
    {
        var result = TargetType.Result(fault.Model, back);
        if (result is null or { SpecialType: SpecialType.System_Void })
        {
            yield return fault.Replace(back, $"{call};", "remove return", Why, 1);
            yield break;
        }
        var values = Values.For(fault, result, back.SpanStart).Select(v => (v.Text, Cost: v.Cost - 0.6)).Take(MaxValues);
        if (receiver is not null && fault.Model.GetTypeInfo(receiver).Type is { } type && fault.Compilation.HasImplicitConversion(type, result))
            values = values.Where(v => v.Text != receiver.ToString()).Prepend((receiver.ToString(), 0.9));
        // A body of its own where the return stood alone behind an if.
        var (open, close) = back.Parent is BlockSyntax or SwitchSectionSyntax ? ("", "") : ("{ ", " }");
        foreach (var (value, cost) in values)
            yield return fault.Replace(back, $"{open}{call};\n{Indent(fault, back)}return {value};{close}", $"call first, then return {value}", Why, cost) with { Invented = cost >= 2.6 };
    }

    private static string Indent(CSharpFault fault, SyntaxNode node)
    {
        var line = fault.Text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line[..(line.Length - line.TrimStart().Length)];
    }
}
