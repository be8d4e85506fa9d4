using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>One C# error with the syntax and meaning around it.</summary>
internal sealed record CSharpFault(SourceFile File, CodeDiagnostic Error, Compilation Compilation, SemanticModel Model, SyntaxNode Root, SourceText Text, int Position)
{
    /// <summary>Compiles the files as they stand and finds the error's place.</summary>
    public static CSharpFault Of(FixContext context, ValidationOptions options, CancellationToken token)
    {
        var trees = context.Files.Where(f => f.Language == "csharp").ToDictionary(f => f.Path, f => CSharpCompiler.Parse(f.Path, f.Text, token));
        var compilation = CSharpCompiler.Compile(trees.Values, options);
        var tree = trees[context.File.Path];
        var text = tree.GetText(token);
        var line = text.Lines[Math.Clamp(context.Error.Line - 1, 0, text.Lines.Count - 1)];
        var position = Math.Min(line.Start + Math.Max(0, context.Error.Column - 1), text.Length);
        return new CSharpFault(context.File, context.Error, compilation, compilation.GetSemanticModel(tree), tree.GetRoot(token), text, position);
    }

    /// <summary>The token at the error, or the last one before the end.</summary>
    public SyntaxToken Token => Root.FindToken(Math.Min(Position, Math.Max(0, Root.FullSpan.End - 1)));

    /// <summary>The name at the error, if a name stands there: for <c>a.B()</c> the compiler points at <c>B</c>.</summary>
    public SimpleNameSyntax? Name => Token.Parent?.AncestorsAndSelf().OfType<SimpleNameSyntax>().FirstOrDefault();

    /// <summary>A candidate that replaces a span of this file.</summary>
    public FixCandidate Replace(TextSpan span, string with, string fix, string explanation) =>
        new(File.Path, Text.Replace(span, with).ToString(), fix, explanation);

    /// <summary>A candidate that inserts at a place of this file.</summary>
    public FixCandidate Insert(int at, string text, string fix, string explanation) => Replace(new TextSpan(at, 0), text, fix, explanation);
}
