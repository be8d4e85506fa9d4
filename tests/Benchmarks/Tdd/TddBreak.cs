using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Platform.Validation;

namespace Platform.Benchmarks.Tdd;

/// <summary>A way in which engines get code wrong: what it changes in right code, place by place.</summary>
/// <param name="Kind">What it is called.</param>
/// <param name="Find">The changes it could make.</param>
internal sealed record TddBreak(string Kind, Func<SyntaxNode, IEnumerable<TextChange>> Find)
{
    /// <summary>All of them: wrong results, unfinished code, code that does not compile, code that would take a process down.</summary>
    public static readonly IReadOnlyList<TddBreak> All =
    [
        new("off by one", r => Binary(r, t => t switch { "<" => "<=", "<=" => "<", ">" => ">=", ">=" => ">", _ => null })),
        new("wrong number", r => r.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(l => l.Token.Value is int).Select(l => Replace(l, $"{(int)l.Token.Value! + 1}"))),
        new("condition the wrong way round", r => r.DescendantNodes().OfType<IfStatementSyntax>().Select(i => Replace(i.Condition, $"!({i.Condition})"))
            .Concat(Binary(r, t => t switch { "==" => "!=", "!=" => "==", _ => null }))),
        new("wrong operator", r => Binary(r, t => t switch { "+" => "-", "*" => "+", "&&" => "||", "||" => "&&", "%" => "*", "/" => "*", _ => null })),
        new("method left unfinished", r => Bodies(r).Select(b => Replace(b, "{ throw new System.NotImplementedException(); }"))),
        new("always the same result", r => r.DescendantNodes().OfType<ReturnStatementSyntax>().Where(s => s.Expression is not null).Select(s => Replace(s.Expression!, "default!"))),
        new("text a little different", r => r.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.StringLiteralExpression) && l.Token.ValueText.Length > 2 && l.Token.Text[0] == '"').Select(l => Replace(l, $"\"{l.Token.Text[1..^1].ToUpperInvariant()} \""))),
        new("misspelt name", r => r.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(m => m.Name.Identifier.Text.Length > 3).Select(m => Insert(m.Name.Span.End - 1, "x"))),
        new("another name than the tests use", r => r.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(IsPublic).Select(m => Insert(m.Identifier.Span.End, "Value"))),
        new("missing }", r => r.DescendantTokens().Where(t => t.IsKind(SyntaxKind.CloseBraceToken)).TakeLast(1).Select(t => new TextChange(t.Span, ""))),
        new("endless loop", r => Bodies(r).Take(1).Select(b => Replace(b, "{ while (true) { } }"))),
        new("endless recursion", r => r.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => IsPublic(m) && m.Body is not null && m.TypeParameterList is null).Select(m => Replace(m.Body!, $"{{ {(m.ReturnType.ToString() == "void" ? "" : "return ")}{m.Identifier}({string.Join(", ", m.ParameterList.Parameters.Select(p => p.Identifier.Text))}); }}"))),
        new("process ended", r => Bodies(r).Take(1).Select(b => Replace(b, "{ System.Environment.Exit(0); throw null!; }"))),
        new("memory without end", r => Bodies(r).Take(1).Select(b => Replace(b, "{ var kept = new System.Collections.Generic.List<byte[]>(); while (true) { var more = new byte[64 << 20]; System.Array.Fill(more, (byte)1); kept.Add(more); } }"))),
    ];

    /// <summary>Kinds that cost a time limit each; a few of them are enough.</summary>
    public bool IsSlow => Kind is "endless loop" or "memory without end";

    /// <summary>The broken texts of this kind, in an order given by chance.</summary>
    public IEnumerable<string> Of(string text, Random random)
    {
        var tree = CSharpCompiler.Parse("Reference.cs", text);
        return Find(tree.GetRoot()).ToList().OrderBy(_ => random.Next()).Select(change => SourceText.From(text).WithChanges(change).ToString()).Where(t => t != text);
    }

    private static IEnumerable<TextChange> Binary(SyntaxNode root, Func<string, string?> other) =>
        root.DescendantNodes().OfType<BinaryExpressionSyntax>().Where(b => other(b.OperatorToken.Text) is not null).Select(b => new TextChange(b.OperatorToken.Span, other(b.OperatorToken.Text)!));

    private static IEnumerable<BlockSyntax> Bodies(SyntaxNode root) =>
        root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => m.Body is not null && IsPublic(m)).Select(m => m.Body!);

    private static bool IsPublic(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static TextChange Replace(SyntaxNode node, string text) => new(node.Span, text);

    private static TextChange Insert(int at, string text) => new(new TextSpan(at, 0), text);
}
