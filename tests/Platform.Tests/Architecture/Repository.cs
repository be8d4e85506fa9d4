using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Tests.Architecture;

/// <summary>The sources of this repository, as they lie beside the tests.</summary>
internal static class Repository
{
    private static readonly string[] NotSources = ["bin", "obj", "node_modules", "artifacts", "out", "TestResults", ".git", ".platform"];

    /// <summary>The folder of Platform.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder, without what builds leave behind; paths relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string folder, string extension = "") =>
        [.. Walk(new DirectoryInfo(Path.Combine(Root, folder)))
            .Where(file => file.Name.EndsWith(extension, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>What is delivered: everything but the tests.</summary>
    public static IReadOnlyList<string> ProductFiles(string extension = "") =>
        [.. new[] { "src", "ServiceDefaults", "AppHost", "protos" }.SelectMany(folder => Files(folder, extension))];

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The syntax tree of a file.</summary>
    public static SyntaxNode Parse(string path) => CSharpSyntaxTree.ParseText(Read(path), cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken);

    /// <summary>The string literals of a file, without its comments; pieces of interpolated strings each on their own.</summary>
    public static IEnumerable<string> Literals(string path) => Parse(path).DescendantTokens()
        .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringTextToken)
        .Select(token => token.ValueText);

    /// <summary>The names that a file calls as methods.</summary>
    public static IEnumerable<string> Calls(string path) => Parse(path).DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Select(call => call.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
            SimpleNameSyntax name => name.Identifier.ValueText,
            _ => "",
        });

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        if (!folder.Exists)
            return [];
        return folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(each => !NotSources.Contains(each.Name)).SelectMany(Walk));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Platform.sln; these tests read the sources.");
    }
}
