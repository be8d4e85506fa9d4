using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Patterns;

/// <summary>C# by Roslyn: each member with its documentation and the type it belongs to; small types stay whole.</summary>
internal sealed class CSharpChunker : IChunker
{
    /// <summary>A type of up to this many lines says more whole than in pieces.</summary>
    private const int WholeTypeLines = 12;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Regular);

    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var root = CSharpSyntaxTree.ParseText(source.Text, Options).GetRoot();
        var chunks = new List<Chunk>();
        Visit(root, "", source, chunks);
        return Gaps.Fill(source, chunks);
    }

    /// <summary>Every method, property and type, also those of a type that stays whole.</summary>
    public IReadOnlyList<Declared> Declarations(SourceText source) =>
    [
        .. CSharpSyntaxTree.ParseText(source.Text, Options).GetRoot().DescendantNodes()
            .Where(n => n is BaseTypeDeclarationSyntax or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or LocalFunctionStatementSyntax)
            .OrderByDescending(n => n is not BaseTypeDeclarationSyntax).ThenByDescending(n => n.Span.Length)
            .Select(n => n is LocalFunctionStatementSyntax local
                ? new Declared(local.Identifier.Text, local.ParameterList.ToString())
                : new Declared(NameOf((MemberDeclarationSyntax)n), source.Text[n.SpanStart..SignatureEnd((MemberDeclarationSyntax)n)])),
    ];

    private static void Visit(SyntaxNode node, string context, SourceText source, List<Chunk> chunks)
    {
        foreach (var child in node.ChildNodes())
        {
            switch (child)
            {
                case BaseNamespaceDeclarationSyntax space:
                    Visit(space, context, source, chunks);
                    break;
                case TypeDeclarationSyntax type when LinesOf(type, source) > WholeTypeLines && type.Members.Any(m => m is not FieldDeclarationSyntax):
                    VisitType(type, context, source, chunks);
                    break;
                case MemberDeclarationSyntax member and not FieldDeclarationSyntax:
                    chunks.Add(Make(member, member.SpanStart, context, source));
                    break;
            }
        }
    }

    private static void VisitType(TypeDeclarationSyntax type, string context, SourceText source, List<Chunk> chunks)
    {
        var name = Join(context, type.Identifier.Text);
        var (from, _) = Span(type, source);
        var firstMember = type.Members.FirstOrDefault(m => m is not FieldDeclarationSyntax);
        var to = firstMember is null ? from : Math.Max(from, Span(firstMember, source).From - 1);
        chunks.Add(Chunk.Of(source, KindOf(type), name, type.Identifier.Text + type.BaseList, from, to));
        Visit(type, name, source, chunks);
    }

    private static Chunk Make(MemberDeclarationSyntax member, int start, string context, SourceText source)
    {
        var (from, to) = Span(member, source);
        var signature = source.Text[start..SignatureEnd(member)];
        return Chunk.Of(source, KindOf(member), Join(context, NameOf(member)), signature, from, to);
    }

    /// <summary>Lines of a member from the first line of its comment, counted from 0.</summary>
    private static (int From, int To) Span(SyntaxNode node, SourceText source)
    {
        var lines = node.SyntaxTree.GetText().Lines;
        var start = node.SpanStart;
        foreach (var trivia in node.GetLeadingTrivia().Reverse())
        {
            if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
                start = trivia.SpanStart;
            else if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                break;
        }

        var last = source.Lines.Count - 1;
        return (Math.Min(lines.GetLineFromPosition(start).LineNumber, last), Math.Min(lines.GetLineFromPosition(node.Span.End).LineNumber, last));
    }

    private static int LinesOf(SyntaxNode node, SourceText source) => Span(node, source) is var (from, to) ? to - from + 1 : 0;

    private static int SignatureEnd(MemberDeclarationSyntax member) => member switch
    {
        BaseMethodDeclarationSyntax { Body: { } body } => body.SpanStart,
        BaseMethodDeclarationSyntax { ExpressionBody: { } body } => body.SpanStart,
        PropertyDeclarationSyntax { AccessorList: { } accessors } => accessors.SpanStart,
        BaseTypeDeclarationSyntax { OpenBraceToken.Span.Length: > 0 } type => type.OpenBraceToken.SpanStart,
        _ => member.Span.End,
    };

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        DestructorDeclarationSyntax d => d.Identifier.Text,
        PropertyDeclarationSyntax p => p.Identifier.Text,
        IndexerDeclarationSyntax => "this",
        EventDeclarationSyntax e => e.Identifier.Text,
        OperatorDeclarationSyntax o => $"operator {o.OperatorToken.Text}",
        ConversionOperatorDeclarationSyntax c => $"operator {c.Type}",
        DelegateDeclarationSyntax d => d.Identifier.Text,
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        _ => "",
    };

    private static string KindOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax => "method",
        ConstructorDeclarationSyntax => "constructor",
        PropertyDeclarationSyntax or IndexerDeclarationSyntax => "property",
        InterfaceDeclarationSyntax => "interface",
        RecordDeclarationSyntax => "record_type",
        StructDeclarationSyntax => "struct",
        EnumDeclarationSyntax => "enum",
        ClassDeclarationSyntax => "class",
        GlobalStatementSyntax => "statement",
        _ => "member",
    };

    private static string Join(string context, string name) => context.Length == 0 ? name : name.Length == 0 ? context : $"{context}.{name}";
}
