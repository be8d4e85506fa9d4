using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>One C# error with the syntax and meaning around it, and the ways to write a candidate.</summary>
internal sealed class CSharpFault
{
    private readonly FixContext context;
    private readonly HashSet<string> own;

    private CSharpFault(FixContext context, CSharpCompilation compilation, SyntaxTree tree, TextSpan span, CancellationToken token)
    {
        this.context = context;
        own = [.. context.Files.Select(f => f.Path)];
        (Compilation, Tree, Span) = (compilation, tree, span);
        Text = tree.GetText(token);
        Root = (CompilationUnitSyntax)tree.GetRoot(token);
        Model = compilation.GetSemanticModel(tree);
        Token = Root.FindToken(Math.Min(span.Start, Math.Max(0, Root.FullSpan.End - 1)));
        Node = Root.FindNode(span.Start <= Root.FullSpan.End && span.End <= Root.FullSpan.End ? span : new TextSpan(0, 0), getInnermostNodeForTie: true);
    }

    /// <summary>The error id.</summary>
    public string Id => context.Error.Code;

    /// <summary>The compiler's words.</summary>
    public string Message => context.Error.Message;

    /// <summary>The compilation that reported it.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The tree it stands in; one of the tests' when they show it.</summary>
    public SyntaxTree Tree { get; }

    /// <summary>Its place.</summary>
    public TextSpan Span { get; }

    /// <summary>The text of the tree.</summary>
    public SourceText Text { get; }

    /// <summary>The root of the tree.</summary>
    public CompilationUnitSyntax Root { get; }

    /// <summary>The meaning of the tree.</summary>
    public SemanticModel Model { get; }

    /// <summary>The token at the error, or the last one before the end.</summary>
    public SyntaxToken Token { get; }

    /// <summary>The innermost node at the error.</summary>
    public SyntaxNode Node { get; }

    /// <summary>True when the parser itself reported it.</summary>
    public bool IsSyntax => Tree.GetDiagnostics().Any(d => d.Id == Id && d.Location.SourceSpan.Start == Span.Start);

    /// <summary>The name at the error, if a name stands there: for <c>a.B()</c> the compiler points at <c>B</c>.</summary>
    public SimpleNameSyntax? Name => Token.Parent?.AncestorsAndSelf().OfType<SimpleNameSyntax>().FirstOrDefault();

    /// <summary>The member that surrounds the error: method, property, field, constructor.</summary>
    public MemberDeclarationSyntax? Member => Node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault(m => m is not BaseTypeDeclarationSyntax and not BaseNamespaceDeclarationSyntax);

    /// <summary>The type that surrounds the error.</summary>
    public TypeDeclarationSyntax? Type => Node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().FirstOrDefault();

    /// <summary>Compiles the files as they stand, with the tests if the error came with them, and finds the error's place.</summary>
    public static CSharpFault Of(FixContext context, CSharpCompilation compilation, CancellationToken token)
    {
        var tree = compilation.SyntaxTrees.First(t => t.FilePath == context.File.Path);
        var text = tree.GetText(token);
        var line = text.Lines[Math.Clamp(context.Error.Line - 1, 0, text.Lines.Count - 1)];
        var at = Math.Min(line.Start + Math.Max(0, context.Error.Column - 1), text.Length);
        var exact = compilation.GetSemanticModel(tree).GetDiagnostics(new TextSpan(Math.Max(0, at - 1), Math.Min(2, text.Length - Math.Max(0, at - 1))), token)
            .Concat(tree.GetDiagnostics(token))
            .FirstOrDefault(d => d.Id == context.Error.Code && d.Location.SourceSpan.Start == at);
        return new CSharpFault(context, compilation, tree, exact?.Location.SourceSpan ?? new TextSpan(at, 0), token);
    }

    /// <summary>The compilation that a context's errors came from.</summary>
    public static CSharpCompilation Compile(FixContext context, ValidationOptions options, CancellationToken token) =>
        context.Tests.Count > 0
            ? SuiteBuild.Diagnose([.. context.Files.Concat(context.Context).Where(f => f.Language == "csharp")], context.Tests, options.References, token)
            : Compile([.. context.Files.Concat(context.Context).Where(f => f.Language == "csharp").Select(f => CSharpCompiler.Parse(f, token))], options, token);

    private static CSharpCompilation Compile(IReadOnlyList<SyntaxTree> trees, ValidationOptions options, CancellationToken token) =>
        CSharpCompiler.Infer(options, o => CSharpCompiler.Compile(trees, o), token);

    /// <summary>True for one of these ids.</summary>
    public bool Is(params ReadOnlySpan<string> ids) => ids.Contains(Id);

    /// <summary>The n-th quoted part of the message, from 0; empty when there are fewer.</summary>
    public string Quoted(int n) => Message.Split('\'') is var parts && 2 * n + 1 < parts.Length ? parts[2 * n + 1] : "";

    /// <summary>The type that a message names, where it is one of the language's own or declared under that name; else null.</summary>
    public ITypeSymbol? TypeNamed(string name)
    {
        var type = SyntaxFactory.ParseTypeName(name);
        var known = Model.GetSpeculativeTypeInfo(Math.Min(Span.Start, Root.FullSpan.End), type, SpeculativeBindingOption.BindAsTypeOrNamespace).Type;
        return known is null or IErrorTypeSymbol ? null : known;
    }

    /// <summary>True for a tree that may be changed: not a test, not one of ours.</summary>
    public bool IsOwn(SyntaxTree tree) => own.Contains(tree.FilePath);

    /// <summary>The declarations of a symbol in files that may be changed.</summary>
    public IEnumerable<SyntaxNode> Declarations(ISymbol? symbol) =>
        symbol is null ? [] : symbol.OriginalDefinition.DeclaringSyntaxReferences.Where(r => IsOwn(r.SyntaxTree)).Select(r => r.GetSyntax());

    /// <summary>The model of any tree of the compilation.</summary>
    public SemanticModel ModelOf(SyntaxNode node) => node.SyntaxTree == Tree ? Model : Compilation.GetSemanticModel(node.SyntaxTree);

    /// <summary>A type as it would be written at a place.</summary>
    public string Write(ITypeSymbol type, int? at = null) => type.ToMinimalDisplayString(Model, NullableFlowState.None, Math.Min(at ?? Span.Start, Root.FullSpan.End));

    /// <summary>A candidate that replaces a span of this file.</summary>
    public FixCandidate Replace(TextSpan span, string with, string fix, string why, double cost) => Change(Tree, fix, why, cost, new TextChange(span, with));

    /// <summary>A candidate that replaces a node.</summary>
    public FixCandidate Replace(SyntaxNode node, string with, string fix, string why, double cost) => Change(node.SyntaxTree, fix, why, cost, new TextChange(node.Span, with));

    /// <summary>A candidate that inserts at a place of this file.</summary>
    public FixCandidate Insert(int at, string text, string fix, string why, double cost) => Replace(new TextSpan(at, 0), text, fix, why, cost);

    /// <summary>A candidate that makes several changes in one file.</summary>
    public FixCandidate Change(SyntaxTree tree, string fix, string why, double cost, params IEnumerable<TextChange> changes) =>
        new(tree.FilePath, tree.GetText().WithChanges(changes.OrderBy(c => c.Span.Start)).ToString(), fix, why) { Cost = cost };
}
