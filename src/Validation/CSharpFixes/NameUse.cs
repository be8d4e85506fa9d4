using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>How a name is used where it stands: on what, as a type or a value, called or not.</summary>
/// <param name="Name">The name.</param>
/// <param name="Container">What it is a member of; null when it stands alone or the container is unknown.</param>
/// <param name="IsMember">It follows a dot or stands in an initializer or property pattern.</param>
/// <param name="IsType">Only a type or namespace may stand here.</param>
/// <param name="Call">The call whose callee it is.</param>
internal sealed record NameUse(SimpleNameSyntax Name, INamespaceOrTypeSymbol? Container, bool IsMember, bool IsType, InvocationExpressionSyntax? Call)
{
    public string Text => Name.Identifier.Text;

    /// <summary>The receiver's expression: <c>a</c> of <c>a.B</c>.</summary>
    public ExpressionSyntax? Receiver => Name.Parent is MemberAccessExpressionSyntax access && access.Name == Name ? access.Expression : null;

    /// <summary>The use of the name at an error; null when no name stands there.</summary>
    public static NameUse? At(CSharpFault fault, CancellationToken token)
    {
        if (fault.Name is not { } name)
            return null;
        var model = fault.Model;
        var (container, member) = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => (ContainerOf(model, access.Expression, token), true),
            QualifiedNameSyntax qualified when qualified.Right == name => (ContainerOf(model, qualified.Left, token), true),
            MemberBindingExpressionSyntax binding => (NotNull(model.GetTypeInfo(Outer(binding), token).Type), true),
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: ExpressionSyntax created } } set when set.Left == name => (model.GetTypeInfo(created, token).Type ?? model.GetTypeInfo(created, token).ConvertedType, true),
            NameColonSyntax { Parent: SubpatternSyntax { Parent.Parent: RecursivePatternSyntax pattern } } => (model.GetTypeInfo(pattern, token).ConvertedType, true),
            _ => ((INamespaceOrTypeSymbol?)null, false),
        };
        var callee = name.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax ? name.Parent : name;
        var call = callee.Parent is InvocationExpressionSyntax i && i.Expression == callee ? i : null;
        return new NameUse(name, container, member, SyntaxFacts.IsInTypeOnlyContext(name) && call is null, call);
    }

    /// <summary>The symbols that could stand here by scope and accessibility.</summary>
    public IEnumerable<ISymbol> Reachable(CSharpFault fault)
    {
        if (IsMember && Container is null or IErrorTypeSymbol)
            return [];
        if (Name.Parent is NameColonSyntax { Parent: ArgumentSyntax { Parent.Parent: { } call } })
            return Methods(fault.Model.GetSymbolInfo(call)).SelectMany(m => m.Parameters);
        var found = IsType && !IsMember
            ? fault.Model.LookupNamespacesAndTypes(Name.SpanStart)
            : fault.Model.LookupSymbols(Name.SpanStart, Container, includeReducedExtensionMethods: Container is ITypeSymbol);
        return found.Where(s => s.CanBeReferencedByName);
    }

    /// <summary>All methods that a call may have meant.</summary>
    public static IEnumerable<IMethodSymbol> Methods(SymbolInfo info) =>
        (info.Symbol is null ? info.CandidateSymbols : [info.Symbol]).OfType<IMethodSymbol>();

    private static INamespaceOrTypeSymbol? ContainerOf(SemanticModel model, ExpressionSyntax left, CancellationToken token) =>
        model.GetSymbolInfo(left, token).Symbol is INamespaceOrTypeSymbol known ? known : NotNull(model.GetTypeInfo(left, token).Type);

    private static INamespaceOrTypeSymbol? NotNull(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, Name: "Nullable" } nullable && type.TypeKind == TypeKind.Struct ? nullable : type;

    private static ExpressionSyntax Outer(MemberBindingExpressionSyntax binding) =>
        binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>().First(c => c.WhenNotNull.Span.Contains(binding.Span)).Expression;
}
