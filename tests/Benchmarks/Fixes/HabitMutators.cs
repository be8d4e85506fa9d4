using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>Breaks by habit: Java, JavaScript and Python written into C#, what engines put around code, several slips at once.</summary>
internal static class HabitMutators
{
    public static readonly Mutator[] All =
    [
        new("habit: three slips at once", s => Several(s, 3)),
        new("habit: two slips at once", s => Several(s, 2)),
        new("habit: getter for property", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m) is IPropertySymbol { IsIndexer: false } && m.Parent is not (AssignmentExpressionSyntax or InvocationExpressionSyntax)).Select(m => Replace(m.Name, $"get{m.Name}()"))),
        new("habit: setter for property", s => s.Of<AssignmentExpressionSyntax>().Where(a => a is { Left: MemberAccessExpressionSyntax, OperatorToken.Text: "=", Parent: ExpressionStatementSyntax } && s.SymbolOf(a.Left) is IPropertySymbol).Select(a => Replace(a, $"{((MemberAccessExpressionSyntax)a.Left).Expression}.set{((MemberAccessExpressionSyntax)a.Left).Name}({a.Right})"))),
        new("habit: final", s => s.Of<FieldDeclarationSyntax>().SelectMany(f => f.Modifiers.Where(m => m.Text is "readonly")).Select(m => Replace(m.Span, "final")).Concat(s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Modifiers.Count == 0).Select(l => Insert(l.SpanStart, "final ")))),
        new("habit: extends / implements", s => s.Of<ClassDeclarationSyntax>().Where(c => c.BaseList is not null).Select(c => Replace(c.BaseList!.ColonToken.Span, s.TypeOf(c.BaseList.Types[0].Type)?.TypeKind == TypeKind.Interface ? "implements" : "extends"))),
        new("habit: @Override", s => s.Of<MethodDeclarationSyntax>().SelectMany(m => m.Modifiers.Where(t => t.IsKind(SyntaxKind.OverrideKeyword)).Select(t => new[] { new TextChange(new TextSpan(m.SpanStart, 0), "@Override\n    "), RemoveWord(t)[0] }))),
        new("habit: throws", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => Insert(m.ParameterList.Span.End, " throws Exception"))),
        new("habit: instanceof", s => s.Tokens(SyntaxKind.IsKeyword).Select(t => Replace(t.Span, "instanceof"))),
        new("habit: function", s => s.Of<MethodDeclarationSyntax>().Where(m => m.TypeParameterList is null && m.Body is not null).Select(m => Replace(m.ReturnType, "function"))),
        new("habit: .equals()", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.EqualsExpression) && s.TypeOf(b.Left)?.SpecialType == SpecialType.System_String && b.Left is IdentifierNameSyntax or MemberAccessExpressionSyntax && !b.Right.IsKind(SyntaxKind.NullLiteralExpression)).Select(b => Replace(b, $"{b.Left}.equals({b.Right})"))),
        new("habit: for (x : xs)", s => s.Of<ForEachStatementSyntax>().Select(f => new[] { new TextChange(f.ForEachKeyword.Span, "for"), new TextChange(f.InKeyword.Span, ":") })),
        new("habit: for x in xs:", s => s.Of<ForEachStatementSyntax>().Select(f => Replace(TextSpan.FromBounds(f.SpanStart, f.CloseParenToken.Span.End), $"for {f.Identifier} in {f.Expression}"))),
        new("habit: undefined", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.NullLiteralExpression)).Select(l => Replace(l, "undefined"))),
        new("habit: # comment", s => s.Of<BlockSyntax>().Where(b => b.Statements.Count > 0).Select(b => Insert(b.Statements[0].SpanStart, "# look at each value\n        "))),
        new("habit: except", s => s.Tokens(SyntaxKind.CatchKeyword).Select(t => Replace(t.Span, "except"))),
        new("habit: raise", s => s.Tokens(SyntaxKind.ThrowKeyword).Where(t => t.Parent is ThrowStatementSyntax).Select(t => Replace(t.Span, "raise"))),
        new("habit: a if c else b", s => s.Of<ConditionalExpressionSyntax>().Select(c => Replace(c, $"{c.WhenTrue} if {c.Condition} else {c.WhenFalse}"))),
        new("habit: while without ( )", s => s.Of<WhileStatementSyntax>().Select(w => new[] { new TextChange(w.OpenParenToken.Span, ""), new TextChange(w.CloseParenToken.Span, "") })),
        new("habit: number in quotes", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Value is int && l.Parent is EqualsValueClauseSyntax or ArgumentSyntax or ReturnStatementSyntax).Select(l => Replace(l, $"\"{l}\""))),
        new("habit: 1 for true", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Text is "true" or "false" && l.Parent is ReturnStatementSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax).Select(l => Replace(l, l.Token.Text == "true" ? "1" : "0"))),
        new("habit: import", s => s.Root.Usings.Where(u => u.StaticKeyword.Span.Length == 0).Select(u => Replace(u.UsingKeyword.Span, "import"))),
        new("habit: from .. import", s => s.Root.Usings.Where(u => u.Name is not null && u.StaticKeyword.Span.Length == 0).Select(u => Replace(u.Span, $"from {u.Name} import *"))),
        new("habit: out without var", s => s.Of<ArgumentSyntax>().Where(a => a is { RefKindKeyword.Text: "out", Expression: DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax } }).Select(a => Replace(a.Expression, ((SingleVariableDesignationSyntax)((DeclarationExpressionSyntax)a.Expression).Designation).Identifier.Text))),
        new("habit: base list missing", s => s.Of<ClassDeclarationSyntax>().Where(c => c.BaseList is not null).Select(c => Replace(c.BaseList!, ""))),
        new("habit: Task.FromResult missing", s => s.Of<InvocationExpressionSyntax>().Where(i => i.Expression.ToString() == "Task.FromResult").Select(i => Replace(i, i.ArgumentList.Arguments[0].ToString()))),
        new("habit: @ of verbatim text missing", s => s.Of<LiteralExpressionSyntax>().Where(l => l.Token.Text.StartsWith("@\"", StringComparison.Ordinal) && l.Token.Text.Contains('\\')).Select(l => Replace(new TextSpan(l.SpanStart, 1), ""))),
        new("habit: text over two lines", s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.StringLiteralExpression) && l.Token.Text[0] == '"' && l.Token.Text.IndexOf(' ') > 1 && !l.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal)).Select(l => Replace(new TextSpan(l.SpanStart + l.Token.Text.IndexOf(' '), 1), "\n"))),
        new("habit: : for ;", s => s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is not ForStatementSyntax).Select(t => Replace(t.Span, ":"))),
        new("habit: , for ;", s => s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is ExpressionStatementSyntax or ReturnStatementSyntax).Select(t => Replace(t.Span, ","))),
        new("habit: keyword with capital", s => s.Root.DescendantTokens().Where(t => t.Text is "return" or "public" or "if" or "foreach" or "private" or "static" or "else" or "new" or "while").Select(t => Replace(t.Span, char.ToUpperInvariant(t.Text[0]) + t.Text[1..]))),
        new("habit: fences left", s => [[new TextChange(new TextSpan(0, 0), "```csharp\n"), new TextChange(new TextSpan(s.Root.FullSpan.End, 0), "\n```\n")]]),
        new("habit: words before the code", s => [[new TextChange(new TextSpan(0, 0), "Here is the corrected code:\n\n")]]),
        new("habit: renamed where declared", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.PrivateKeyword)).Select(m => Replace(m.Identifier.Span, "Compute" + m.Identifier.Text))),
        new("habit: field renamed where declared", s => s.Of<FieldDeclarationSyntax>().Select(f => f.Declaration.Variables[0].Identifier).Select(i => Replace(i.Span, "_" + i.Text.TrimStart('_') + "Value"))),
        new("habit: println", s => s.Of<InvocationExpressionSyntax>().Where(i => i.Expression.ToString() == "Console.WriteLine").Select(i => Replace(i.Expression, s.Random.Next(3) switch { 0 => "System.out.println", 1 => "console.log", _ => "print" }))),
        new("habit: name with space", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Identifier.Text.Skip(1).Any(char.IsUpper)).Select(m => m.Identifier).Select(i => Insert(i.SpanStart + 1 + i.Text.Skip(1).TakeWhile(c => !char.IsUpper(c)).Count(), " "))),
        new("habit: name: type", s => s.Of<ParameterSyntax>().Where(p => p.Type is not null && p.Parent is ParameterListSyntax { Parent: MethodDeclarationSyntax }).Select(p => Replace(p, $"{p.Identifier}: {p.Type}"))),
        new("habit: result type behind", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => new[] { new TextChange(TextSpan.FromBounds(m.ReturnType.SpanStart, m.Identifier.SpanStart), ""), new TextChange(new TextSpan(m.ParameterList.Span.End, 0), $": {m.ReturnType}") })),
        new("habit: ArrayList<Integer>", s => s.Of<GenericNameSyntax>().Where(g => g.Identifier.Text is "List" && g.TypeArgumentList.Arguments is [PredefinedTypeSyntax { Keyword.Text: "int" or "string" }]).Select(g => Replace(g, g.TypeArgumentList.Arguments[0].ToString() == "int" ? "ArrayList<Integer>" : "ArrayList<String>"))),
        new("habit: charAt", s => s.Of<ElementAccessExpressionSyntax>().Where(e => s.TypeOf(e.Expression)?.SpecialType == SpecialType.System_String && e.ArgumentList.Arguments.Count == 1 && e.ArgumentList.Arguments[0].Expression is not (RangeExpressionSyntax or PrefixUnaryExpressionSyntax)).Select(e => Replace(e, $"{e.Expression}.charAt({e.ArgumentList.Arguments})"))),
        new("habit: = true", s => s.Of<IfStatementSyntax>().Where(i => i.Condition is IdentifierNameSyntax && s.TypeOf(i.Condition)?.SpecialType == SpecialType.System_Boolean).Select(i => Replace(i.Condition, $"{i.Condition} = true"))),
    ];

    // Slips of different kinds in different places of one file.
    private static IEnumerable<TextChange[]> Several(Site site, int count)
    {
        var slips = new List<TextChange[]>();
        Take(site.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is ExpressionStatementSyntax or ReturnStatementSyntax or LocalDeclarationStatementSyntax).Select(Remove));
        Take(site.Of<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text.Length > 3).Select(m => Replace(m.Name.Identifier.Span, site.Misspell(m.Name.Identifier.Text))));
        Take(site.Of<IdentifierNameSyntax>().Where(n => n.Identifier.Text.Length > 3 && site.SymbolOf(n) is ILocalSymbol or IParameterSymbol).Select(n => Replace(n.Identifier.Span, site.Misspell(n.Identifier.Text))));
        Take(site.Tokens(SyntaxKind.CloseParenToken).Where(t => t.Parent is ArgumentListSyntax).Select(Remove));
        Take(site.Root.Usings.Select(u => Replace(u.FullSpan, "")));
        Take(site.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null).Select(r => RemoveWord(r.ReturnKeyword)));
        for (var i = 0; i < 3; i++)
        {
            var chosen = slips.OrderBy(_ => site.Random.Next()).Take(count).SelectMany(c => c).OrderBy(c => c.Span.Start).ToArray();
            if (chosen.Length == count && chosen.Zip(chosen.Skip(1)).All(p => p.First.Span.End < p.Second.Span.Start))
                yield return chosen;
        }

        void Take(IEnumerable<TextChange[]> found)
        {
            if (found.OrderBy(_ => site.Random.Next()).FirstOrDefault() is { } one)
                slips.Add(one);
        }
    }
}
