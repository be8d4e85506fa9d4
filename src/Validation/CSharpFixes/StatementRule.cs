using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Statements and declarations out of place: expressions that do nothing, undeclared variables, usings and catches in the wrong order.</summary>
internal sealed class StatementRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0201" => Expression(fault),
        "CS0103" => Undeclared(fault),
        "CS0163" or "CS8070" => Unthrown(fault),
        "CS0160" or "CS1017" or "CS0155" => Catch(fault),
        "CS1529" or "CS8803" or "CS0116" or "CS1671" => Order(fault),
        "CS1674" or "CS8410" => NotDisposable(fault),
        "CS0131" or "CS0445" or "CS1656" or "CS1059" => Assigned(fault),
        "CS0030" or "CS0446" or "CS1510" or "CS0815" or "CS8130" or "CS0819" or "CS0825" or "CS0822" => Declared(fault),
        "CS0234" or "CS0246" or "CS0138" => Import(fault),
        _ => [],
    };

    private static IEnumerable<FixCandidate> Expression(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement)
            yield break;
        if (statement.Expression is BinaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.EqualsEqualsToken } compared)
            yield return fault.Replace(compared.OperatorToken.Span, "=", "== -> =", "A comparison alone does nothing; = assigns.", 0.8);
        foreach (var text in new[] { "+", "-", "*" }.Where(o => statement.Expression is BinaryExpressionSyntax b && b.OperatorToken.Text == o))
            yield return fault.Replace(((BinaryExpressionSyntax)statement.Expression).OperatorToken.Span, text + "=", $"{text} -> {text}=", $"A sum alone does nothing; {text}= changes the variable.", 1);
        if (statement.Expression is SimpleNameSyntax or MemberAccessExpressionSyntax)
        {
            yield return fault.Insert(statement.Expression.Span.End, "()", "call it", "A name alone does nothing; parentheses call it.", 1);
            yield return fault.Insert(statement.Expression.Span.End, "++", "add ++", "A name alone does nothing; ++ changes it.", 2.4);
        }
        if (statement.Expression is ObjectCreationExpressionSyntax or IdentifierNameSyntax && fault.Model.GetTypeInfo(statement.Expression).Type is { } type && type.Name.EndsWith("Exception", StringComparison.Ordinal))
            yield return fault.Insert(statement.SpanStart, "throw ", "throw it", "An exception that is made and not thrown does nothing.", 0.7);
        yield return fault.Insert(statement.SpanStart, "_ = ", "discard the value", "The value of the expression is not used; said so, the statement is allowed.", 4.5);
        if (statement.Expression is LiteralExpressionSyntax or IdentifierNameSyntax)
            yield return fault.Replace(statement.FullSpan, "", "remove the statement", "It does nothing.", 3.5);
    }

    private static IEnumerable<FixCandidate> Unthrown(CSharpFault fault) =>
        fault.Node.FirstAncestorOrSelf<SwitchSectionSyntax>()?.Statements.LastOrDefault() is ExpressionStatementSyntax { Expression: ObjectCreationExpressionSyntax made } && made.Type.ToString().EndsWith("Exception", StringComparison.Ordinal)
            ? [fault.Insert(made.SpanStart, "throw ", "throw it", "An exception that is made and not thrown does nothing.", 0.6)]
            : [];

    private static IEnumerable<FixCandidate> Undeclared(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Left: IdentifierNameSyntax target, Parent: ExpressionStatementSyntax or ForStatementSyntax } set && target.Span == fault.Span && set.OperatorToken.IsKind(SyntaxKind.EqualsToken))
        {
            const string undeclared = "It is assigned and was never declared.";
            yield return fault.Insert(target.SpanStart, set.Parent is ForStatementSyntax ? "int " : "var ", $"declare {target}", undeclared, 1.6);
            if (set.Right is LiteralExpressionSyntax && fault.Model.GetTypeInfo(set.Right).Type is { } type)
                yield return fault.Insert(target.SpanStart, $"const {fault.Write(type)} ", $"declare the constant {target}", undeclared, 2);
        }
        if (fault.Node is IdentifierNameSyntax { Identifier.Text: "value" or "field" } && fault.Member is MethodDeclarationSyntax)
            yield break;
        if (fault.Node is IdentifierNameSyntax plain && plain.Parent is not MemberAccessExpressionSyntax and not InvocationExpressionSyntax && TargetType.Of(fault.Model, plain).Any(t => t.SpecialType == SpecialType.System_String))
            yield return fault.Replace(plain, $"\"{plain.Identifier.Text}\"", $"quotes around {plain}", "Text stands between quotes.", 3.4);
        // A loop variable or parameter of an outer member that is passed by position: the only unused one of the method.
        var unused = fault.Node.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is { } method
            ? method.ParameterList.Parameters.Where(p => method.DescendantTokens().Count(t => t.Text == p.Identifier.Text) == 1).ToList() : [];
        if (unused.Count == 1 && fault.Node is IdentifierNameSyntax lost && lost.Parent is not InvocationExpressionSyntax)
            yield return fault.Replace(unused[0].Identifier.Span, lost.Identifier.Text, $"parameter {unused[0].Identifier} -> {lost}", $"'{lost}' is used and not declared, '{unused[0].Identifier}' is declared and not used.", 2.6);
    }

    private static IEnumerable<FixCandidate> Catch(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<CatchClauseSyntax>() is not { Parent: TryStatementSyntax whole } late)
            yield break;
        var at = whole.Catches.IndexOf(late);
        for (var i = 0; i < at; i++)
            yield return fault.Change(fault.Tree, "move the special catch up", "An earlier catch already takes these exceptions; the more special one goes first.", 1 + 0.1 * i, new TextChange(new TextSpan(whole.Catches[i].FullSpan.Start, 0), late.ToFullString()), new TextChange(late.FullSpan, ""));
        yield return fault.Replace(late.FullSpan, "", "remove the catch", "It can never be reached.", 3);
        if (fault.Is("CS0155") && late.Declaration?.Type is { } type)
            yield return fault.Replace(type, "Exception", $"{type} -> Exception", "Only exceptions are caught.", 1.4);
    }

    private static IEnumerable<FixCandidate> Order(CSharpFault fault)
    {
        var strays = fault.Root.DescendantNodes().OfType<UsingDirectiveSyntax>().ToList();
        if (strays.Count > 0 && fault.Is("CS1529"))
            yield return fault.Change(fault.Tree, "move the usings to the top", "Imports stand before everything else.", 1, strays.Select(u => new TextChange(u.FullSpan, "")).Prepend(new TextChange(new TextSpan(0, 0), string.Concat(strays.Select(u => u.ToString() + "\n")))).GroupBy(c => c.Span.Start).Select(g => g.Count() == 1 ? g.First() : new TextChange(g.Last().Span, g.First().NewText!)));
        var statements = fault.Root.Members.OfType<GlobalStatementSyntax>().ToList();
        if (fault.Is("CS8803") && statements.Count > 0 && fault.Root.Members.FirstOrDefault(m => m is not GlobalStatementSyntax) is { } first)
            yield return fault.Change(fault.Tree, "move the statements to the top", "Statements of the program stand before its types.", 1.4, statements.Where(s => s.SpanStart > first.SpanStart).Select(s => new TextChange(s.FullSpan, "")).Prepend(new TextChange(new TextSpan(first.FullSpan.Start, 0), string.Concat(statements.Where(s => s.SpanStart > first.SpanStart).Select(s => s.ToFullString())))));
    }

    private static IEnumerable<FixCandidate> NotDisposable(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { UsingKeyword.RawKind: not 0 } local)
            yield return fault.Replace(TextSpan.FromBounds(local.UsingKeyword.SpanStart, local.Declaration.SpanStart), "", "remove using", "The value has nothing to dispose.", 1);
        if (fault.Type is not null && fault.Node.FirstAncestorOrSelf<UsingStatementSyntax>() is { Declaration: { } declaration, Statement: var body } block)
            yield return fault.Replace(block, $"{{ {declaration}; {body} }}", "remove using", "The value has nothing to dispose.", 2);
    }

    private static IEnumerable<FixCandidate> Assigned(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } set)
            yield return fault.Replace(set, $"{set.Right} = {set.Left}", "swap the sides", "The left side of an assignment must be a variable.", 1.8);
        if (fault.Is("CS1656") && fault.Node.FirstAncestorOrSelf<ForEachStatementSyntax>() is { Statement: BlockSyntax block } loop)
            yield return fault.Change(fault.Tree, $"a copy of {loop.Identifier}", "The variable of foreach cannot be changed; a copy can.", 2.4,
                loop.DescendantTokens().Where(t => t.Text == loop.Identifier.Text && t.SpanStart > block.SpanStart).Select(t => new TextChange(t.Span, loop.Identifier.Text + "Copy")).Prepend(new TextChange(new TextSpan(block.OpenBraceToken.Span.End, 0), $" var {loop.Identifier}Copy = {loop.Identifier};"))) with
            { Invented = true };
    }

    private static IEnumerable<FixCandidate> Declared(CSharpFault fault)
    {
        if (fault.Is("CS0819", "CS0825") && fault.Node.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { Variables.Count: > 1, Parent: LocalDeclarationStatementSyntax local } many)
            yield return fault.Replace(local, string.Join(" ", many.Variables.Select(v => $"{many.Type} {v};")), "one declaration each", "var declares one variable at a time.", 1.2);
    }

    // A namespace of our own that was renamed or is not there any more.
    private static IEnumerable<FixCandidate> Import(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } import && fault.Is("CS0138") && import.Name is QualifiedNameSyntax whole)
        {
            yield return fault.Replace(whole, whole.Left.ToString(), $"{whole} -> {whole.Left}", $"'{whole.Right}' is a type; using names the namespace it stands in.", 0.7);
            yield return fault.Insert(whole.SpanStart, "static ", "using static", "using static takes a type and makes its static members known.", 1.2);
        }
        else if (fault.Node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive)
            yield return fault.Replace(directive.FullSpan, "", $"remove {directive}", "There is no such namespace, and nothing in the file needs it.", 2.2);
    }
}
