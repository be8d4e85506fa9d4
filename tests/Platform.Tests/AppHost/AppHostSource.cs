using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Tests.AppHost;

/// <summary>AppHost/apphost.cs as a syntax tree, and what it says to its processes.</summary>
internal sealed class AppHostSource
{
    private AppHostSource(string root, CompilationUnitSyntax tree, IReadOnlyList<Diagnostic> errors)
    {
        Root = root;
        Tree = tree;
        Errors = errors;
    }

    /// <summary>Folder of the solution.</summary>
    public string Root { get; }

    public CompilationUnitSyntax Tree { get; }

    public IReadOnlyList<Diagnostic> Errors { get; }

    /// <summary>Every string in it; of an interpolated one the text before the first hole, with <c>*</c>.</summary>
    public IEnumerable<string> Strings => Tree.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression)).Select(literal => literal.Token.ValueText);

    public IEnumerable<InvocationExpressionSyntax> Calls(string method) => Tree.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => NameOf(call) == method);

    /// <summary>Names of the variables it sets, <c>Peers__*</c> for an interpolated one.</summary>
    public IEnumerable<string> EnvironmentNames =>
        Calls("WithEnvironment").Select(call => TextOf(call.ArgumentList.Arguments[0].Expression))
            .Concat(Tree.DescendantNodes().OfType<ArgumentSyntax>().Where(argument => argument.NameColon?.Name.Identifier.Text == "env").Select(argument => TextOf(argument.Expression)));

    /// <summary>First arguments of a method's calls, those that are strings.</summary>
    public IEnumerable<string> Named(string method) => Calls(method).Select(call => call.ArgumentList.Arguments[0].Expression).OfType<LiteralExpressionSyntax>().Select(TextOf);

    /// <summary>Statements in which a variable is declared, or is the object of calls.</summary>
    public IEnumerable<StatementSyntax> StatementsOn(string variable) => Tree.DescendantNodes().OfType<StatementSyntax>().Where(statement => statement switch
    {
        LocalDeclarationStatementSyntax local => local.Declaration.Variables.Any(one => one.Identifier.Text == variable),
        ExpressionStatementSyntax expression => expression.Expression.ToString().StartsWith($"{variable}.", StringComparison.Ordinal),
        _ => false,
    });

    public static AppHostSource Read()
    {
        var root = FindRoot();
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);
        var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, "AppHost", "apphost.cs")), options);
        return new AppHostSource(root, tree.GetCompilationUnitRoot(), [.. tree.GetDiagnostics()]);
    }

    public static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        IdentifierNameSyntax name => name.Identifier.Text,
        var other => other.ToString(),
    };

    public static string TextOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(part => part is InterpolatedStringTextSyntax fixedPart ? fixedPart.TextToken.ValueText : "*")),
        var other => throw new InvalidOperationException($"'{other}' is no text that can be checked; write the name as a literal."),
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Platform.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
