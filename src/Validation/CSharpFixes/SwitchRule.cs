using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Switches: sections that fall through, labels that stand twice or can never be reached, break outside of anything.</summary>
internal sealed class SwitchRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0163", "CS8070", "CS0152", "CS8120", "CS8510", "CS0139", "CS1523", "CS0150", "CS8793", "CS0029"))
            yield break;
        if (fault.Is("CS0163", "CS8070") && fault.Node.FirstAncestorOrSelf<SwitchSectionSyntax>() is { Statements: [.., var last] })
        {
            var indent = last.GetLeadingTrivia().ToString().Split('\n')[^1];
            const string why = "A section of a switch must end with break, return or throw; it does not run on into the next one.";
            foreach (var (word, cost) in new[] { ("break", 0.8), ("continue", 2.5) })
                yield return fault.Insert(last.Span.End, $"\n{indent}{word};", $"end the section with {word}", why, cost);
            if (last is ExpressionStatementSyntax { Expression: not AssignmentExpressionSyntax } value)
                yield return fault.Insert(value.SpanStart, "return ", "insert return", why, 1);
            if (TargetType.Result(fault.Model, fault.Node) is null)
                yield return fault.Insert(last.Span.End, $"\n{indent}return;", "end the section with return", why, 2.6);
        }
        if (fault.Is("CS0152", "CS8120", "CS8510"))
        {
            const string why = "An earlier label already covers these values, so this one can never be reached.";
            if (fault.Node.FirstAncestorOrSelf<SwitchExpressionArmSyntax>() is { Parent: SwitchExpressionSyntax arms } arm)
            {
                yield return fault.Replace(WithComma(arm), "", "remove the arm", why, 1.6);
                var at = arms.Arms.IndexOf(arm);
                for (var i = 0; i < at; i++)
                    yield return fault.Change(fault.Tree, "move the arm up", why, 1.4 + 0.1 * i, new TextChange(new TextSpan(arms.Arms[i].SpanStart, 0), arm + ",\n" + new string(' ', 12)), new TextChange(WithComma(arm), ""));
            }
            if (fault.Node.FirstAncestorOrSelf<SwitchLabelSyntax>() is { Parent: SwitchSectionSyntax { Parent: SwitchStatementSyntax whole } section } label)
            {
                yield return fault.Replace(section.Labels.Count > 1 ? label.FullSpan : section.FullSpan, "", "remove the label that stands twice", why, 1.6);
                if (whole.Sections.IndexOf(section) is > 0 and var at)
                    yield return fault.Change(fault.Tree, "move the section up", why, 1.8, new TextChange(new TextSpan(whole.Sections[0].FullSpan.Start, 0), section.ToFullString()), new TextChange(section.FullSpan, ""));
            }
        }
        if (fault.Is("CS0139") && fault.Node.FirstAncestorOrSelf<StatementSyntax>() is { } jump)
        {
            yield return fault.Replace(jump, "return;", $"{jump} -> return", "There is no loop or switch to leave here; return leaves the method.", 1.6);
            yield return fault.Replace(jump.FullSpan, "", $"remove {jump}", "There is no loop or switch to leave here.", 2);
        }
        if (fault.Is("CS0150") && fault.Node.FirstAncestorOrSelf<CaseSwitchLabelSyntax>() is { Value: var computed } && fault.Node.FirstAncestorOrSelf<SwitchStatementSyntax>() is { } on)
            yield return fault.Replace(computed, $"var each when each == {computed}", "case with when", $"A case label is a constant; '{computed}' is compared when the switch on {on.Expression} runs.", 1.8);
        if (fault.Is("CS0150") && fault.Node.FirstAncestorOrSelf<ConstantPatternSyntax>() is { } pattern)
            yield return fault.Replace(pattern, $"var each when each == {pattern}", "pattern with when", "A pattern is a constant; a computed value is compared when the switch runs.", 1.9);
    }

    private static TextSpan WithComma(SwitchExpressionArmSyntax arm)
    {
        var next = arm.GetLastToken().GetNextToken();
        return next.Text == "," ? TextSpan.FromBounds(arm.FullSpan.Start, next.FullSpan.End) : arm.FullSpan;
    }
}
