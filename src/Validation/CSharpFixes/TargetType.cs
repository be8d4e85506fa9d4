using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Which type the place of an expression asks for.</summary>
internal static class TargetType
{
    /// <summary>The types that would fit; several for an argument of an overloaded method.</summary>
    public static IEnumerable<ITypeSymbol> Of(SemanticModel model, ExpressionSyntax expression)
    {
        var found = expression.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: false } declaration } } => [model.GetTypeInfo(declaration.Type).Type],
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => [model.GetTypeInfo(property.Type).Type],
            EqualsValueClauseSyntax { Parent: ParameterSyntax { Type: { } type } } => [model.GetTypeInfo(type).Type],
            AssignmentExpressionSyntax set when set.Right == expression => [model.GetTypeInfo(set.Left).Type],
            ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax => [Result(model, expression)],
            IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax => [Special(model, SpecialType.System_Boolean)],
            PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.LogicalNotExpression) => [Special(model, SpecialType.System_Boolean)],
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.LogicalAndExpression) || binary.IsKind(SyntaxKind.LogicalOrExpression) => [Special(model, SpecialType.System_Boolean)],
            BinaryExpressionSyntax binary => [model.GetTypeInfo(binary.Left == expression ? binary.Right : binary.Left).Type],
            ConditionalExpressionSyntax conditional when conditional.Condition == expression => [Special(model, SpecialType.System_Boolean)],
            ConditionalExpressionSyntax conditional => Of(model, conditional).Append(model.GetTypeInfo(conditional.WhenTrue == expression ? conditional.WhenFalse : conditional.WhenTrue).Type),
            SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax whole } => Of(model, whole),
            ParenthesizedExpressionSyntax inner => Of(model, inner),
            ConstantPatternSyntax or CaseSwitchLabelSyntax => [Governing(model, expression)],
            CastExpressionSyntax cast => [model.GetTypeInfo(cast.Type).Type],
            ArgumentSyntax argument => Parameters(model, argument),
            LambdaExpressionSyntax lambda => [(model.GetTypeInfo(lambda).ConvertedType as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType],
            _ => [],
        };
        return found.Append(model.GetTypeInfo(expression).ConvertedType).OfType<ITypeSymbol>()
            .Where(t => t is not IErrorTypeSymbol && t.SpecialType != SpecialType.System_Void).Distinct(SymbolEqualityComparer.Default).Cast<ITypeSymbol>();
    }

    // What a constant is compared with by a pattern or a case.
    private static ITypeSymbol? Governing(SemanticModel model, SyntaxNode node) => node.Ancestors().Select(n => n switch
    {
        SwitchExpressionSyntax s => s.GoverningExpression,
        SwitchStatementSyntax s => s.Expression,
        IsPatternExpressionSyntax i => i.Expression,
        _ => null,
    }).OfType<ExpressionSyntax>().Select(e => model.GetTypeInfo(e).Type).FirstOrDefault();

    /// <summary>What a return in the member around a node must give; the inner type in an async one.</summary>
    public static ITypeSymbol? Result(SemanticModel model, SyntaxNode node)
    {
        foreach (var outer in node.Ancestors())
        {
            switch (outer)
            {
                case LambdaExpressionSyntax lambda:
                    return Unwrap((model.GetTypeInfo(lambda).ConvertedType as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType, lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword));
                case LocalFunctionStatementSyntax local:
                    return Unwrap(model.GetTypeInfo(local.ReturnType).Type, local.Modifiers.Any(SyntaxKind.AsyncKeyword));
                case MethodDeclarationSyntax method:
                    return Unwrap(model.GetTypeInfo(method.ReturnType).Type, method.Modifiers.Any(SyntaxKind.AsyncKeyword));
                case BasePropertyDeclarationSyntax property:
                    return model.GetTypeInfo(property.Type).Type;
                case OperatorDeclarationSyntax op:
                    return model.GetTypeInfo(op.ReturnType).Type;
                case ConversionOperatorDeclarationSyntax conversion:
                    return model.GetTypeInfo(conversion.Type).Type;
            }
        }
        return null;
    }

    /// <summary>The parameters that an argument may belong to, over all overloads.</summary>
    public static IEnumerable<ITypeSymbol?> Parameters(SemanticModel model, ArgumentSyntax argument)
    {
        if (argument.Parent is not BaseArgumentListSyntax { Parent: { } call } list)
            return [];
        var at = list.Arguments.IndexOf(argument);
        var methods = call is ElementAccessExpressionSyntax element
            ? (model.GetTypeInfo(element.Expression).Type?.GetMembers().OfType<IPropertySymbol>().Where(p => p.IsIndexer).Select(p => p.Parameters) ?? []).Append([])
            : NameUse.Methods(model.GetSymbolInfo(call)).Concat(NameUse.Methods(model.GetSymbolInfo((call as InvocationExpressionSyntax)?.Expression ?? (ExpressionSyntax?)null ?? argument.Expression))).Select(m => m.Parameters);
        return methods.Select(p => Parameter(p, argument, at)?.Type);
    }

    private static IParameterSymbol? Parameter(System.Collections.Immutable.ImmutableArray<IParameterSymbol> parameters, ArgumentSyntax argument, int at) =>
        argument.NameColon is { } name ? parameters.FirstOrDefault(p => p.Name == name.Name.Identifier.Text) : at < parameters.Length ? parameters[at] : null;

    private static ITypeSymbol? Unwrap(ITypeSymbol? type, bool isAsync) =>
        isAsync && type is INamedTypeSymbol { IsGenericType: true, Name: "Task" or "ValueTask" } task ? task.TypeArguments[0] : type;

    private static ITypeSymbol Special(SemanticModel model, SpecialType type) => model.Compilation.GetSpecialType(type);
}
