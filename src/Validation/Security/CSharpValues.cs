using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>What can be said of an expression: its constant text, whether it is built from values, the name of its type even when that is not known.</summary>
internal sealed class CSharpValues(SemanticModel model, CancellationToken token)
{
    private const int Deepest = 20;

    private static readonly HashSet<string> Shells = new(StringComparer.OrdinalIgnoreCase) { "cmd", "cmd.exe", "bash", "sh", "zsh", "dash", "powershell", "powershell.exe", "pwsh" };

    /// <summary>The last part of a name; empty for anything else.</summary>
    public static string NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    /// <summary>What a method is called on, as written, when it is a plain name.</summary>
    public static string ReceiverOf(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Expression: SimpleNameSyntax or MemberAccessExpressionSyntax } access ? access.Expression.ToString() : "";

    /// <summary>True for the name of a command interpreter, with or without a folder.</summary>
    public static bool IsShell(string program) => Shells.Contains(program[(program.LastIndexOfAny(['/', '\\']) + 1)..]);

    /// <summary>True for a function that answers yes to everything.</summary>
    public static bool AlwaysTrue(ExpressionSyntax value) => value switch
    {
        AnonymousFunctionExpressionSyntax { ExpressionBody: { } body } => body.IsKind(SyntaxKind.TrueLiteralExpression),
        AnonymousFunctionExpressionSyntax { Block.Statements: [.., ReturnStatementSyntax] statements } =>
            statements.SelectMany(s => s.DescendantNodesAndSelf()).All(n => n is not (ThrowStatementSyntax or ThrowExpressionSyntax) && (n is not ReturnStatementSyntax r || r.Expression.IsKind(SyntaxKind.TrueLiteralExpression))),
        _ => false,
    };

    /// <summary>The constant text of an expression; null when it has none.</summary>
    public string? Text(ExpressionSyntax expression) => model.GetConstantValue(expression, token) is { HasValue: true, Value: string text } ? text : null;

    /// <summary>True when an expression cannot change from outside: constants, and locals that are given only such.</summary>
    public bool Fixed(ExpressionSyntax expression, int depth = 0)
    {
        if (depth > Deepest)
            return false;
        return model.GetConstantValue(expression, token).HasValue || expression switch
        {
            ParenthesizedExpressionSyntax inner => Fixed(inner.Expression, depth + 1),
            BinaryExpressionSyntax binary => Fixed(binary.Left, depth + 1) && Fixed(binary.Right, depth + 1),
            ConditionalExpressionSyntax choice => Fixed(choice.WhenTrue, depth + 1) && Fixed(choice.WhenFalse, depth + 1),
            InterpolatedStringExpressionSyntax text => text.Contents.OfType<InterpolationSyntax>().All(i => Fixed(i.Expression, depth + 1)),
            IdentifierNameSyntax name => Given(name) is { Count: > 0 } given && given.All(g => g is not null && g != expression && Fixed(g, depth + 1)),
            MemberAccessExpressionSyntax access => model.GetSymbolInfo(access, token).Symbol is IFieldSymbol { IsReadOnly: true, IsStatic: true },
            _ => false,
        };
    }

    /// <summary>True when a text is put together from a literal and something that is not fixed, here or where the local was given its value.</summary>
    public bool Built(ExpressionSyntax expression) => Source(expression) is not null;

    /// <summary>The expression that puts such a text together; null when there is none.</summary>
    public ExpressionSyntax? Source(ExpressionSyntax expression, int depth = 0)
    {
        if (depth > Deepest || Fixed(expression))
            return null;
        return expression switch
        {
            ParenthesizedExpressionSyntax inner => Source(inner.Expression, depth + 1),
            InterpolatedStringExpressionSyntax => expression,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => HasText(sum) ? sum : null,
            InvocationExpressionSyntax call when NameOf(call.Expression) is "Format" or "Concat" or "Join" or "Replace" or "AppendFormat" && HasText(call) => call,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call when NameOf(call.Expression) is "ToString" or "Trim" => Source(access.Expression, depth + 1),
            IdentifierNameSyntax name => Given(name).OfType<ExpressionSyntax>().Where(g => g != expression).Select(g => Source(g, depth + 1)).FirstOrDefault(s => s is not null),
            _ => null,
        };
    }

    /// <summary>The simple name of an expression's type, also of one that is not referenced; empty when it cannot be told.</summary>
    public string TypeOf(ExpressionSyntax expression) => model.GetTypeInfo(expression, token).Type?.Name ?? "";

    /// <summary>The simple name of the type that is created.</summary>
    public string TypeName(BaseObjectCreationExpressionSyntax creation) => creation is ObjectCreationExpressionSyntax { Type: var type }
        ? type switch { QualifiedNameSyntax q => q.Right.Identifier.Text, SimpleNameSyntax s => s.Identifier.Text, _ => "" }
        : TypeOf(creation);

    /// <summary>True for a call on System.Random.</summary>
    public bool IsRandom(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax access && TypeOf(access.Expression) == "Random";

    private static bool HasText(SyntaxNode node) => node.DescendantNodes().Any(n => n.IsKind(SyntaxKind.StringLiteralExpression) || n is InterpolatedStringExpressionSyntax);

    /// <summary>Everything a local is given in its method; null among them for what cannot be known, and nothing for what is no local.</summary>
    private List<ExpressionSyntax?> Given(IdentifierNameSyntax name)
    {
        if (model.GetSymbolInfo(name, token).Symbol is not ILocalSymbol local || local.DeclaringSyntaxReferences is not [var declared])
            return [];
        var declaration = declared.GetSyntax(token);
        var scope = declaration.Ancestors().FirstOrDefault(a => a is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or CompilationUnitSyntax or AnonymousFunctionExpressionSyntax);
        var given = new List<ExpressionSyntax?> { declaration is VariableDeclaratorSyntax v ? v.Initializer?.Value : null };
        if (given[0] is null && declaration is VariableDeclaratorSyntax)
            given.Clear();
        given.AddRange(scope?.DescendantNodes().OfType<AssignmentExpressionSyntax>().Where(a => NameOf(a.Left) == local.Name).Select(a => a.Right) ?? []);
        var passed = scope?.DescendantNodes().OfType<ArgumentSyntax>().Any(a => !a.RefKindKeyword.IsKind(SyntaxKind.None) && NameOf(a.Expression) == local.Name) == true;
        return passed ? [.. given, null] : given;
    }
}
