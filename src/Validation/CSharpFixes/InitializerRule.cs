using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Values that a new object, array or dictionary begins with, in the wrong form: in parentheses, without brackets around a key, one too many for the length.</summary>
internal sealed class InitializerRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS1729" or "CS1739" or "CS0103" or "CS7036" or "CS0118" or "CS9035" => Members(fault).Concat(Entries(fault)),
        "CS0131" or "CS0747" or "CS1503" or "CS1501" or "CS1950" or "CS1921" or "CS0029" => Entries(fault),
        "CS0847" => Length(fault),
        _ => [],
    };

    // new Work(Id = 1) and new Work(Id: 1) for new Work { Id = 1 }
    private static IEnumerable<FixCandidate> Members(CSharpFault fault)
    {
        foreach (var made in fault.Node.AncestorsAndSelf().Concat(fault.Node.DescendantNodes()).OfType<BaseObjectCreationExpressionSyntax>().Where(o => o is { ArgumentList.Arguments.Count: > 0, Initializer: null }).Take(2))
        {
            if (fault.Model.GetTypeInfo(made).Type is not INamedTypeSymbol type)
                continue;
            var values = made.ArgumentList!.Arguments.Select(a => a switch
            {
                { NameColon: { } label } => (Name: label.Name.Identifier.Text, Value: a.Expression.ToString()),
                { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax left, Right: var right } } => (Name: left.Identifier.Text, Value: right.ToString()),
                _ => (Name: "", Value: ""),
            }).ToList();
            if (values.All(v => type.GetMembers(v.Name).Any(m => m is IPropertySymbol or IFieldSymbol)))
                yield return fault.Replace(made.ArgumentList, $" {{ {string.Join(", ", values.Select(v => $"{v.Name} = {v.Value}"))} }}", "( ) -> { }", $"'{type.Name}' has no such constructor; its members are set between braces.", 0.6);
        }
    }

    private static IEnumerable<FixCandidate> Entries(CSharpFault fault)
    {
        const string why = "An entry of a dictionary is { key, value } or [key] = value.";
        if (fault.Node.AncestorsAndSelf().OfType<InitializerExpressionSyntax>().FirstOrDefault(i => i.Kind() is SyntaxKind.CollectionInitializerExpression or SyntaxKind.ObjectInitializerExpression) is not { } list)
            yield break;
        var bare = list.Expressions.OfType<AssignmentExpressionSyntax>().Where(a => a.Left is not ImplicitElementAccessSyntax and not IdentifierNameSyntax).ToList();
        var keys = list.Expressions.OfType<AssignmentExpressionSyntax>().Where(a => a.Left is IdentifierNameSyntax).ToList();
        if (bare.Count > 0)
            yield return fault.Change(fault.Tree, "brackets around the keys", why, 0.6, bare.Select(a => new TextChange(a.Left.Span, $"[{a.Left}]")));
        else if (keys.Count > 0 && list.Parent is ExpressionSyntax whole && Maps(fault, whole))
            yield return fault.Change(fault.Tree, "brackets around the keys", why, 0.9, keys.Select(a => new TextChange(a.Left.Span, $"[{a.Left}]")));
        if (!list.IsKind(SyntaxKind.CollectionInitializerExpression))
            yield break;
        var tuples = list.Expressions.OfType<TupleExpressionSyntax>().ToList();
        if (tuples.Count > 0)
            yield return fault.Change(fault.Tree, "( ) -> { } around the entries", why, 0.7, tuples.Select(t => new TextChange(t.Span, $"{{ {t.Arguments} }}")));
        var pairs = new List<TextChange>();
        for (var i = 0; i < list.Expressions.Count; i++)
        {
            if (list.Expressions[i] is InitializerExpressionSyntax or TupleExpressionSyntax or AssignmentExpressionSyntax || i + 1 >= list.Expressions.Count || list.Expressions[i + 1] is InitializerExpressionSyntax)
                continue;
            pairs.Add(new TextChange(TextSpan.FromBounds(list.Expressions[i].SpanStart, list.Expressions[i + 1].Span.End), $"{{ {list.Expressions[i]}, {list.Expressions[i + 1]} }}"));
            i++;
        }
        if (pairs.Count > 0)
            yield return fault.Change(fault.Tree, "{ } around key and value", why, 0.8, pairs);
    }

    private static bool Maps(CSharpFault fault, ExpressionSyntax whole) =>
        (fault.Model.GetTypeInfo(whole).Type ?? fault.Model.GetTypeInfo(whole).ConvertedType)?.AllInterfaces.Any(i => i.Name == "IDictionary") == true;

    private static IEnumerable<FixCandidate> Length(CSharpFault fault)
    {
        foreach (var sizes in fault.Node.AncestorsAndSelf().OfType<ArrayCreationExpressionSyntax>().Take(1).SelectMany(a => a.Type.RankSpecifiers.Take(1)))
            yield return fault.Replace(sizes, $"[{new string(',', sizes.Rank - 1)}]", "leave out the length", "The values between the braces say how many there are.", 0.6);
    }
}
