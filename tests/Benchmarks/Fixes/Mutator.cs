using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Benchmarks.Fixes;

/// <summary>One realistic way to break code: every place where it can be done.</summary>
internal sealed record Mutator(string Kind, Func<Site, IEnumerable<TextChange[]>> Find);

/// <summary>Right code with its meaning, for mutators to look at.</summary>
internal sealed class Site(CompilationUnitSyntax root, SemanticModel model, Random random)
{
    public CompilationUnitSyntax Root { get; } = root;

    public SemanticModel Model { get; } = model;

    public Random Random { get; } = random;

    public IEnumerable<T> Of<T>() where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public IEnumerable<SyntaxToken> Tokens(SyntaxKind kind) => Root.DescendantTokens().Where(t => t.IsKind(kind) && t.Span.Length > 0);

    public IEnumerable<SyntaxToken> Identifiers => Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken));

    public ITypeSymbol? TypeOf(SyntaxNode node) => Model.GetTypeInfo(node).Type;

    public ISymbol? SymbolOf(SyntaxNode node) => Model.GetSymbolInfo(node).Symbol;

    public static TextChange[] Replace(TextSpan span, string text) => [new TextChange(span, text)];

    public static TextChange[] Replace(SyntaxNode node, string text) => Replace(node.Span, text);

    public static TextChange[] Remove(SyntaxToken token) => Replace(token.Span, "");

    public static TextChange[] RemoveWord(SyntaxToken token) => Replace(TextSpan.FromBounds(token.SpanStart, token.GetNextToken().SpanStart), "");

    public static TextChange[] Insert(int at, string text) => Replace(new TextSpan(at, 0), text);

    /// <summary>A name as a hurried hand types it: two letters swapped, one dropped, doubled or next to the right one.</summary>
    public string Misspell(string name)
    {
        if (name.Length < 3)
            return name + name[^1];
        var at = Random.Next(1, name.Length - 1);
        return Random.Next(5) switch
        {
            0 when name[at] != name[at + 1] => name[..at] + name[at + 1] + name[at] + name[(at + 2)..],
            1 => name[..at] + name[(at + 1)..],
            2 => name[..at] + name[at] + name[at..],
            3 => name[..at] + (char)(name[at] == 'z' ? 'a' : name[at] + 1) + name[(at + 1)..],
            _ => name[^1] == 's' ? name[..^1] : name + "s",
        };
    }
}
