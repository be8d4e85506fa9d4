using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A way through a method that ends without a value: a forgotten return keyword, statement or branch.</summary>
internal sealed class ReturnRule : ICSharpRule
{
    private const string Why = "Every way through the method must end with a value of its result type; this one did not.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0201", "CS0161", "CS1643", "CS0126", "CS1662", "CS8070"))
        {
            foreach (var candidate in Keyword(fault))
                yield return candidate;
        }
        if (!fault.Is("CS0161", "CS1643", "CS0126"))
            yield break;
        var body = Body(fault);
        if (body is null || (TargetType.Result(fault.Model, body) ?? TargetType.Result(fault.Model, body.Statements.FirstOrDefault() ?? (SyntaxNode)body)) is not { } type)
            yield break;
        var bare = fault.Is("CS0126") ? fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>() : null;
        var at = bare?.SpanStart ?? body.CloseBraceToken.SpanStart;
        foreach (var (value, cost) in Candidates(fault, body, type, at))
        {
            if (bare is not null)
                yield return fault.Replace(bare, $"return {value};", $"return {value}", Why, cost) with { Invented = Values.IsNeutral(value) };
            else
                yield return fault.Insert(body.CloseBraceToken.SpanStart, $"{Indent(fault, body, 1)}return {value};\n{Indent(fault, body)}", $"return {value} at the end", Why, cost) with { Invented = Values.IsNeutral(value) };
        }
        if (bare is null)
            yield return fault.Insert(body.CloseBraceToken.SpanStart, $"{Indent(fault, body, 1)}throw new NotImplementedException();\n{Indent(fault, body)}", "throw at the end",
                "The method has a way without a value and nothing tells which value was meant: it now says so when it gets there. Replace the exception by the right value.", 7);
        if (fault.Is("CS0161") && fault.Member is MethodDeclarationSyntax { ReturnType: { } result } && !body.DescendantNodes(n => n is not LambdaExpressionSyntax and not LocalFunctionStatementSyntax).OfType<ReturnStatementSyntax>().Any(r => r.Expression is not null))
            yield return fault.Replace(result, result is GenericNameSyntax { Identifier.Text: "Task" } ? "Task" : "void", $"{result} -> void", "The method returns nothing, so it has no result type.", 2.5);
    }

    // `x + 1;` for `return x + 1;`, also as the last call of a method.
    private static IEnumerable<FixCandidate> Keyword(CSharpFault fault)
    {
        IEnumerable<ExpressionStatementSyntax> statements = fault.Is("CS0201")
            ? fault.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } one ? [one] : []
            : Body(fault)?.DescendantNodes().OfType<ExpressionStatementSyntax>().Reverse().Take(12) ?? [];
        foreach (var (statement, i) in statements.Select((s, i) => (s, i)))
        {
            var given = fault.Model.GetTypeInfo(statement.Expression).Type;
            if (given is { SpecialType: SpecialType.System_Void })
                continue;
            var last = statement.Parent is BlockSyntax block && block.Statements.Last() == statement || statement.Parent is not BlockSyntax;
            yield return fault.Insert(statement.SpanStart, "return ", "insert return", Why, (last ? 0.8 : 1.6) + 0.1 * i + (statement.Expression is AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax ? 2 : 0));
        }
    }

    private static IEnumerable<(string, double)> Candidates(CSharpFault fault, BlockSyntax body, ITypeSymbol type, int at)
    {
        var names = Values.For(fault, type, at).ToList();
        // The variable that the method builds: declared at its top level, changed further down, and of exactly the type.
        var built = body.Statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(d => d.Declaration.Variables).Select(v => v.Identifier.Text).ToList();
        foreach (var (text, cost) in names.Where(n => built.Contains(n.Text)))
            yield return (text, 1.2 + 0.1 * (built.Count - built.IndexOf(text)) + (Changed(body, text) ? 0 : 0.6) + (cost > 2.5 ? 0.5 : 0));
        var element = Conversions.Element(fault, type);
        foreach (var name in built.Where(b => names.All(n => n.Text != b)))
        {
            var symbol = fault.Model.LookupSymbols(at, name: name).OfType<ILocalSymbol>().FirstOrDefault();
            if (symbol is null)
                continue;
            foreach (var way in Conversions.Ways(fault, SyntaxFactory.IdentifierName(name), symbol.Type, type).Take(2).Where(w => element is not null || type.SpecialType == SpecialType.System_String))
                yield return (way.Text, 1.6 + way.Cost / 4);
        }
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            var returned = body.DescendantNodes().OfType<ReturnStatementSyntax>().Select(r => r.Expression?.ToString()).ToList();
            yield return ("true", returned.Contains("false") && !returned.Contains("true") ? 1.1 : 2.6);
            yield return ("false", returned.Contains("true") && !returned.Contains("false") ? 1.1 : 2.5);
        }
        foreach (var (text, cost) in names.Where(n => !built.Contains(n.Text)).Take(8))
            yield return (text, cost + 0.4);
    }

    private static bool Changed(BlockSyntax body, string name) => body.DescendantNodes().Any(n => n switch
    {
        AssignmentExpressionSyntax a => a.Left.ToString().StartsWith(name, StringComparison.Ordinal),
        PostfixUnaryExpressionSyntax p => p.Operand.ToString() == name,
        InvocationExpressionSyntax i => i.Expression.ToString().StartsWith(name + ".", StringComparison.Ordinal),
        _ => false,
    });

    private static BlockSyntax? Body(CSharpFault fault)
    {
        foreach (var node in fault.Node.AncestorsAndSelf())
        {
            switch (node)
            {
                case AnonymousFunctionExpressionSyntax f: return f.Block;
                case LocalFunctionStatementSyntax l: return l.Body;
                case BaseMethodDeclarationSyntax m: return m.Body;
                case AccessorDeclarationSyntax a: return a.Body;
            }
        }
        return null;
    }

    private static string Indent(CSharpFault fault, BlockSyntax body, int deeper = 0)
    {
        var line = fault.Text.Lines.GetLineFromPosition(body.CloseBraceToken.SpanStart).ToString();
        var own = line[..(line.Length - line.TrimStart().Length)];
        // The close brace already stands behind its own indentation.
        return deeper == 0 ? own : "    ";
    }
}
