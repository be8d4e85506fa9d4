using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Adds, removes and replaces the modifiers of a declaration.</summary>
internal static class Modifiers
{
    private static readonly string[] Order = ["public", "private", "protected", "internal", "new", "static", "abstract", "virtual", "override", "sealed", "const", "readonly", "required", "async", "partial"];
    private static readonly string[] Access = ["public", "private", "protected", "internal"];

    /// <summary>The declaration that carries the modifiers: a field for its variable, the local statement for its local.</summary>
    public static SyntaxNode Carrier(SyntaxNode declaration) =>
        declaration is VariableDeclaratorSyntax { Parent.Parent: { } whole } ? whole : declaration;

    /// <summary>The modifiers of a declaration.</summary>
    public static SyntaxTokenList Of(SyntaxNode declaration) => declaration switch
    {
        MemberDeclarationSyntax member => member.Modifiers,
        LocalDeclarationStatementSyntax local => local.Modifiers,
        LocalFunctionStatementSyntax function => function.Modifiers,
        ParameterSyntax parameter => parameter.Modifiers,
        AccessorDeclarationSyntax accessor => accessor.Modifiers,
        _ => default,
    };

    /// <summary>True when the declaration has a modifier.</summary>
    public static bool Has(SyntaxNode declaration, string modifier) => Of(declaration).Any(m => m.Text == modifier);

    /// <summary>The change that adds a modifier where it usually stands.</summary>
    public static TextChange Add(SyntaxNode declaration, string modifier)
    {
        var rank = Array.IndexOf(Order, modifier);
        var after = Of(declaration).LastOrDefault(m => Array.IndexOf(Order, m.Text) < rank && Array.IndexOf(Order, m.Text) >= 0);
        var at = after.Span.Length > 0 ? after.GetNextToken().SpanStart : Start(declaration);
        return new TextChange(new TextSpan(at, 0), modifier + " ");
    }

    /// <summary>The change that removes a modifier and the space behind it.</summary>
    public static TextChange Remove(SyntaxNode declaration, string modifier)
    {
        var token = Of(declaration).First(m => m.Text == modifier);
        return new TextChange(TextSpan.FromBounds(token.SpanStart, token.GetNextToken().SpanStart), "");
    }

    /// <summary>The changes that give a declaration another accessibility; "" takes it away.</summary>
    public static IEnumerable<TextChange> WithAccess(SyntaxNode declaration, string access)
    {
        var old = Of(declaration).Where(m => Access.Contains(m.Text)).ToList();
        for (var i = 0; i < old.Count; i++)
            yield return i == 0 && access.Length > 0 ? new TextChange(old[i].Span, access) : new TextChange(TextSpan.FromBounds(old[i].SpanStart, old[i].GetNextToken().SpanStart), "");
        if (old.Count == 0 && access.Length > 0)
            yield return new TextChange(new TextSpan(Start(declaration), 0), access + " ");
    }

    private static int Start(SyntaxNode declaration)
    {
        var attributes = declaration switch
        {
            MemberDeclarationSyntax member => member.AttributeLists,
            ParameterSyntax parameter => parameter.AttributeLists,
            AccessorDeclarationSyntax accessor => accessor.AttributeLists,
            LocalFunctionStatementSyntax function => function.AttributeLists,
            _ => default,
        };
        return attributes.Count > 0 ? attributes.Last().GetLastToken().GetNextToken().SpanStart : declaration.SpanStart;
    }
}
