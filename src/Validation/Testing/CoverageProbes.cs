using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>
/// Puts a probe before every statement of C# code, on the statement's own line so that traces keep their line numbers. Bodies written with an arrow become
/// blocks. Statements of the program outside of types are left alone.
/// </summary>
internal sealed class CoverageProbes
{
    /// <summary>The type in the suite that holds what was reached; the test host reads it by this name.</summary>
    public const string TypeName = "PlatformCoverageProbes";

    private readonly List<(string Path, int Line)> probes = [];

    /// <summary>What each probe stands for.</summary>
    public IReadOnlyList<(string Path, int Line)> Probes => probes;

    /// <summary>A file with probes.</summary>
    public SyntaxTree Add(SyntaxTree tree, CancellationToken token)
    {
        var root = new Rewriter(this, tree).Visit(tree.GetRoot(token));
        return CSharpCompiler.Parse(tree.FilePath, root.ToFullString(), token);
    }

    /// <summary>The file that the probes call.</summary>
    public SyntaxTree Recorder() => CSharpCompiler.Parse("CoverageProbes.g.cs",
        $"internal static class {TypeName} {{ public static readonly bool[] Reached = new bool[{probes.Count}]; public static void At(int n) {{ Reached[n] = true; }} }}");

    /// <summary>What was reached, by file.</summary>
    public Coverage Read(IEnumerable<int> reached)
    {
        var hit = reached.Where(n => n >= 0 && n < probes.Count).Select(n => probes[n]).ToHashSet();
        return new Coverage([.. probes.Distinct().GroupBy(p => p.Path).Select(g => new FileCoverage(g.Key, g.Count(), [.. g.Where(p => !hit.Contains(p)).Select(p => p.Line).Order()]))]);
    }

    private string Probe(SyntaxTree tree, SyntaxNode node)
    {
        probes.Add((tree.FilePath, tree.GetLineSpan(node.Span).StartLinePosition.Line + 1));
        return $"global::{TypeName}.At({probes.Count - 1});";
    }

    private sealed class Rewriter(CoverageProbes owner, SyntaxTree tree) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitBlock(BlockSyntax node) => node.WithStatements(Probed(node.Statements));

        public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements(Probed(node.Statements));

        public override SyntaxNode? VisitIfStatement(IfStatementSyntax node) => node.WithStatement(Embedded(node.Statement)).WithElse((ElseClauseSyntax?)Visit(node.Else));

        public override SyntaxNode? VisitElseClause(ElseClauseSyntax node) => node.Statement is IfStatementSyntax ? base.VisitElseClause(node) : node.WithStatement(Embedded(node.Statement));

        public override SyntaxNode? VisitForStatement(ForStatementSyntax node) => node.WithStatement(Embedded(node.Statement));

        public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) => node.WithStatement(Embedded(node.Statement));

        public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) => node.WithStatement(Embedded(node.Statement));

        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
        {
            if (node.ExpressionBody is not { } arrow || node.ReturnType is RefTypeSyntax)
                return base.VisitMethodDeclaration(node);
            var isAsync = node.Modifiers.Any(SyntaxKind.AsyncKeyword);
            var gives = node.ReturnType.ToString() != "void" && !(isAsync && node.ReturnType is IdentifierNameSyntax);
            return node.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Body(arrow, gives, node.SemicolonToken));
        }

        public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node)
        {
            if (node.ExpressionBody is not { } arrow || node.Type is RefTypeSyntax)
                return base.VisitPropertyDeclaration(node);
            var getter = SyntaxFactory.ParseMemberDeclaration($"int P {{ get {Body(arrow, gives: true, default)} }}") is PropertyDeclarationSyntax made ? made.AccessorList! : null;
            return getter is null ? node : node.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(getter.WithTrailingTrivia(node.SemicolonToken.TrailingTrivia));
        }

        private BlockSyntax Body(ArrowExpressionClauseSyntax arrow, bool gives, SyntaxToken end)
        {
            var probe = owner.Probe(tree, arrow.Expression);
            var expression = (ExpressionSyntax)Visit(arrow.Expression)!;
            var text = expression is ThrowExpressionSyntax thrown ? $"throw {thrown.Expression.ToFullString()};" : $"{(gives ? "return " : "")}{expression.ToFullString()};";
            // The line ends of the expression stay where they were, so that what follows keeps its lines.
            return (BlockSyntax)SyntaxFactory.ParseStatement($"{{ {probe} {arrow.ArrowToken.TrailingTrivia.ToFullString().TrimStart(' ')}{text} }}").WithTrailingTrivia(end.TrailingTrivia);
        }

        private SyntaxList<StatementSyntax> Probed(SyntaxList<StatementSyntax> statements)
        {
            var all = new List<StatementSyntax>();
            foreach (var statement in statements)
            {
                var visited = (StatementSyntax)Visit(statement)!;
                if (statement is not (LocalFunctionStatementSyntax or BlockSyntax or EmptyStatementSyntax))
                {
                    all.Add(SyntaxFactory.ParseStatement(owner.Probe(tree, statement) + " ").WithLeadingTrivia(visited.GetLeadingTrivia()));
                    visited = visited.WithoutLeadingTrivia();
                }
                all.Add(visited);
            }
            return SyntaxFactory.List(all);
        }

        private StatementSyntax Embedded(StatementSyntax statement)
        {
            var visited = (StatementSyntax)Visit(statement)!;
            if (statement is BlockSyntax or EmptyStatementSyntax)
                return visited;
            var probe = owner.Probe(tree, statement);
            return SyntaxFactory.ParseStatement($"{visited.GetLeadingTrivia().ToFullString()}{{ {probe} {visited.WithoutLeadingTrivia().WithoutTrailingTrivia().ToFullString()} }}").WithTrailingTrivia(visited.GetTrailingTrivia());
        }
    }
}
