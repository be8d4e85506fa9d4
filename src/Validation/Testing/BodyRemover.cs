using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Takes the work out of C#: every body throws, every declaration stays.</summary>
internal sealed class BodyRemover : CSharpSyntaxRewriter
{
    private static readonly BlockSyntax Throws = (BlockSyntax)SyntaxFactory.ParseStatement("{ throw new System.NotImplementedException(); }");
    private static readonly SyntaxToken None = SyntaxFactory.Token(SyntaxKind.None);

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) => HasBody(node) ? node.WithBody(Throws).WithExpressionBody(null).WithSemicolonToken(None) : node;

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) => HasBody(node) ? node.WithBody(Throws).WithExpressionBody(null).WithSemicolonToken(None) : node;

    public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node) => HasBody(node) ? node.WithBody(Throws).WithExpressionBody(null).WithSemicolonToken(None) : node;

    public override SyntaxNode? VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) => HasBody(node) ? node.WithBody(Throws).WithExpressionBody(null).WithSemicolonToken(None) : node;

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        node.Body is not null || node.ExpressionBody is not null ? node.WithBody(Throws).WithExpressionBody(null).WithSemicolonToken(None) : node;

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) => node.ExpressionBody is null
        ? base.VisitPropertyDeclaration(node)
        : node.WithExpressionBody(Thrown()).WithSemicolonToken(node.SemicolonToken);

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node) => node.ExpressionBody is null
        ? base.VisitIndexerDeclaration(node)
        : node.WithExpressionBody(Thrown()).WithSemicolonToken(node.SemicolonToken);

    private static bool HasBody(BaseMethodDeclarationSyntax node) => node.Body is not null || node.ExpressionBody is not null;

    private static ArrowExpressionClauseSyntax Thrown() => SyntaxFactory.ArrowExpressionClause(SyntaxFactory.ParseExpression("throw new System.NotImplementedException()"));
}
