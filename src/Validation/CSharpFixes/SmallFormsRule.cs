using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>
/// Expressions whose form belongs to another type: <c>tuple[1]</c>, texts joined by <c>..</c>, a method handed over with <c>()</c>, the items of a collection in <c>( )</c>; and statements behind
/// the types of a file.
/// </summary>
internal sealed class SmallFormsRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) =>
        Elements(fault).Concat(Joined(fault)).Concat(Groups(fault)).Concat(Items(fault)).Concat(Entries(fault)).Concat(Statements(fault));

    private static IEnumerable<FixCandidate> Elements(CSharpFault fault)
    {
        if (fault.Is("CS0021") && fault.Node.FirstAncestorOrSelf<ElementAccessExpressionSyntax>() is { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: int at and >= 0 and < 7 } }] } element
            && fault.Model.GetTypeInfo(element.Expression).Type is { Name: "Tuple" or "ValueTuple" } or { IsTupleType: true })
            yield return fault.Replace(element.ArgumentList, $".Item{at + 1}", $"[{at}] -> .Item{at + 1}", "The parts of a tuple have names and no numbers.", 0.8);
    }

    private static IEnumerable<FixCandidate> Joined(CSharpFault fault)
    {
        if (fault.Is("CS0029", "CS0019", "CS1503") && fault.Node.AncestorsAndSelf().OfType<RangeExpressionSyntax>().FirstOrDefault() is { LeftOperand: { }, RightOperand: { } } range)
            yield return fault.Replace(range.OperatorToken.Span, " + ", ".. -> +", "C# joins texts with +.", 1);
        if (fault.Is("CS0019") && fault.Node.FirstAncestorOrSelf<BinaryExpressionSyntax>() is { OperatorToken.Text: "&" or "|" or "-" or "/" or "<<" } joined && IsText(fault, joined.Left) | IsText(fault, joined.Right))
            yield return fault.Replace(joined.OperatorToken.Span, "+", $"{joined.OperatorToken} -> +", "C# joins texts with +.", 1) with { Invented = joined.OperatorToken.Text is "-" or "/" };
    }

    private static bool IsText(CSharpFault fault, ExpressionSyntax value) => fault.Model.GetTypeInfo(value).Type?.SpecialType == SpecialType.System_String;

    private static IEnumerable<FixCandidate> Groups(CSharpFault fault)
    {
        if (!fault.Is("CS1501", "CS7036", "CS0411", "CS1503", "CS0123", "CS0029"))
            yield break;
        foreach (var call in fault.Node.AncestorsAndSelf().Concat(fault.Node.DescendantNodes()).OfType<InvocationExpressionSyntax>().Where(c => c.ArgumentList.Arguments.Count == 0 && c.Parent is ArgumentSyntax or AssignmentExpressionSyntax or EqualsValueClauseSyntax).Take(2))
            yield return fault.Replace(call.ArgumentList, "", $"{call} -> {call.Expression}", "The function itself is handed over; ( ) would call it.", 1.2);
    }

    private static IEnumerable<FixCandidate> Items(CSharpFault fault)
    {
        if (fault.Is("CS1729", "CS1503", "CS1739") && fault.Node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { ArgumentList: { Arguments.Count: > 0 } list, Initializer: null } made
            && fault.Model.GetTypeInfo(made).Type is INamedTypeSymbol type && Conversions.Element(fault, type) is not null && type.GetMembers("Add").Length > 0)
            yield return fault.Replace(list, $" {{ {list.Arguments} }}", "the items between { }", "The items of a new collection stand between braces; between parentheses stand the arguments of its constructor.", 0.9);
    }

    // { key => value } is a lambda to the parser.
    private static IEnumerable<FixCandidate> Entries(CSharpFault fault)
    {
        if (fault.Is("CS7036", "CS1660", "CS1503", "CS0136", "CS1501", "CS1729", "CS8917", "CS0103") && fault.Node.FirstAncestorOrSelf<InitializerExpressionSyntax>() is { } list
            && list.Expressions.OfType<SimpleLambdaExpressionSyntax>().Where(l => l.ExpressionBody is not null).ToList() is { Count: > 0 } entries)
            yield return fault.Change(fault.Tree, "key => value -> { key, value }", "An entry of a dictionary is { key, value } or [key] = value.", 0.8, entries.Select(e => new TextChange(e.Span, $"{{ {e.Parameter}, {e.ExpressionBody} }}")));
    }

    // An example of its use behind the types: as a program it goes first; where there are tests it is in the way.
    private static IEnumerable<FixCandidate> Statements(CSharpFault fault)
    {
        var statements = fault.Is("CS8803", "CS8805", "CS8802") ? fault.Root.Members.OfType<GlobalStatementSyntax>().ToList() : [];
        // Where the parser is lost otherwise, what seems to stand outside has only lost its bracket.
        if (statements.Count == 0 || fault.Tree.GetDiagnostics().Any(d => d.Id is not "CS8803" and not "CS8805" and not "CS8802" && d.Severity == DiagnosticSeverity.Error) || fault.Root.Members.FirstOrDefault(m => m is not GlobalStatementSyntax) is not { } first)
            yield break;
        var late = statements.Where(s => s.SpanStart > first.SpanStart).ToList();
        if (late.Count > 0)
            yield return fault.Change(fault.Tree, "move the statements before the types", "The statements of a program stand before its types.", 1.6, late.Select(s => new TextChange(s.FullSpan, "")).Prepend(new TextChange(new TextSpan(first.FullSpan.Start, 0), string.Concat(late.Select(s => s.ToFullString())).TrimStart() + "\n")));
        yield return fault.Change(fault.Tree, "remove the statements outside of all types", "The file declares types; the statements beside them are an example of their use.", 1.9, statements.Select(s => new TextChange(s.FullSpan, "")));
    }
}
