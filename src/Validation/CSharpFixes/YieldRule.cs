using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Iterators: a return without its yield, a yield in a method that is no iterator.</summary>
internal sealed class YieldRule : ICSharpRule
{
    private const string Why = "A method that gives its elements one by one says yield return, and its type is a sequence.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1622", "CS0029", "CS0266", "CS1624", "CS0161", "CS1627", "CS1631", "CS1626", "CS1625", "CS0201"))
            yield break;
        var body = fault.Node.AncestorsAndSelf().Select(n => n switch { LocalFunctionStatementSyntax l => (SyntaxNode)l, BaseMethodDeclarationSyntax m => m, AccessorDeclarationSyntax a => a, _ => null }).FirstOrDefault(n => n is not null);
        var returns = body?.DescendantNodes(n => n is not AnonymousFunctionExpressionSyntax).OfType<ReturnStatementSyntax>().ToList() ?? [];
        if (fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>() is { Expression: { } value } one)
        {
            yield return fault.Insert(one.SpanStart, "yield ", "yield return", Why, 0.9);
            if (fault.Is("CS1622"))
                yield return fault.Replace(one, $"foreach (var each in {value})\n    yield return each;", "yield each element", Why, 2);
        }
        if (returns.Count > 1 && fault.Is("CS0029", "CS0266", "CS1622"))
            yield return fault.Change(fault.Tree, "yield in every return", Why, 1.1, returns.Select(r => new TextChange(new TextSpan(r.SpanStart, 0), r.Expression is null ? "" : "yield ")).Where(c => c.NewText!.Length > 0));
        if (fault.Is("CS1624", "CS0029") && body is MethodDeclarationSyntax { ReturnType: { } type } && body.DescendantNodes().OfType<YieldStatementSyntax>().FirstOrDefault(y => y.Expression is not null) is { } yielded)
        {
            var element = fault.Model.GetTypeInfo(yielded.Expression!).Type;
            var name = element is null or IErrorTypeSymbol ? type.ToString() : fault.Write(element, type.SpanStart);
            var sequence = body is MethodDeclarationSyntax m && m.Modifiers.Any(SyntaxKind.AsyncKeyword) ? "IAsyncEnumerable" : "IEnumerable";
            yield return fault.Replace(type, $"{sequence}<{name}>", $"{type} -> {sequence}<{name}>", Why, 1.1);
        }
        if (fault.Is("CS1624", "CS1627", "CS1625", "CS1626") && fault.Node.FirstAncestorOrSelf<YieldStatementSyntax>() is { } yield)
            yield return fault.Replace(TextSpan.FromBounds(yield.YieldKeyword.SpanStart, yield.ReturnOrBreakKeyword.SpanStart), "", "remove yield", "The method gives one value back, not a sequence.", 1.8);
        if (fault.Is("CS1624") && body is not null)
            yield return fault.Change(fault.Tree, "remove every yield", "The method gives one value back, not a sequence.", 2, body.DescendantNodes().OfType<YieldStatementSyntax>().Select(y => new TextChange(TextSpan.FromBounds(y.YieldKeyword.SpanStart, y.ReturnOrBreakKeyword.SpanStart), "")));
        if (fault.Is("CS0161") && body is MethodDeclarationSyntax iterator && iterator.ReturnType.ToString().Contains("Enumer", StringComparison.Ordinal))
        {
            foreach (var call in body.DescendantNodes().OfType<ExpressionStatementSyntax>().Take(4))
                yield return fault.Insert(call.SpanStart, "yield return ", "yield return", Why, 2);
        }
        if (fault.Is("CS0201") && fault.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } statement)
            yield return fault.Insert(statement.SpanStart, "yield return ", "yield return", Why, 1.2);
    }
}
