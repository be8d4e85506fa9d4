using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>An expression of one type where another is asked for: the conversion between them is inserted.</summary>
internal sealed class ConversionRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0029" or "CS0266" or "CS0037" or "CS0031" or "CS0664" or "CS0221" or "CS1662" or "CS0173" or "CS0403" or "CS0407" or "CS0030" or "CS8510" or "CS1736" or "CS1750"
            or "CS0133" or "CS0150" or "CS0815" or "CS8506" or "CS0151" or "CS8957" or "CS1061" or "CS0021" or "CS1579" or "CS1929" or "CS0841" => OfPlace(fault, token),
        "CS1503" or "CS1950" or "CS1502" or "CS7036" or "CS0411" or "CS0121" or "CS1660" => OfArguments(fault, token),
        "CS0019" or "CS0034" or "CS0023" => OfOperands(fault, token),
        _ => [],
    };

    private static IEnumerable<FixCandidate> OfPlace(CSharpFault fault, CancellationToken token)
    {
        var expression = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        if (fault.Is("CS1061", "CS0021", "CS1579", "CS1929"))
            return Receiver(fault, expression);
        if (expression is null)
            return [];
        if (fault.Is("CS0030") && expression is CastExpressionSyntax cast && fault.Model.GetTypeInfo(cast.Type, token).Type is { } wanted)
            return Between(fault, cast, cast.Expression, wanted);
        // The error may stand at the literal inside a larger expression; both are worth a look.
        var outer = expression.Parent as ExpressionSyntax;
        return One(expression).Concat(outer is BinaryExpressionSyntax or ConditionalExpressionSyntax or ParenthesizedExpressionSyntax ? One(outer) : []);

        IEnumerable<FixCandidate> One(ExpressionSyntax e) => TargetType.Of(fault.Model, e).SelectMany(to => Between(fault, e, e, to));
    }

    private static IEnumerable<FixCandidate> OfArguments(CSharpFault fault, CancellationToken token)
    {
        var argument = fault.Node.FirstAncestorOrSelf<ArgumentSyntax>();
        if (fault.Is("CS7036") && fault.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { } call)
            return Receiver(fault, call).Select(c => c with { Cost = c.Cost + 1 });
        if (argument is null)
            return fault.Node.FirstAncestorOrSelf<InitializerExpressionSyntax>() is { } list && fault.Node is ExpressionSyntax e && e.Parent == list
                ? Named(fault).Concat(TargetType.Of(fault.Model, e)).Concat(Added(fault, list)).Distinct(SymbolEqualityComparer.Default).SelectMany(to => Between(fault, e, e, (ITypeSymbol)to!))
                : [];
        var own = TargetType.Parameters(fault.Model, argument).OfType<ITypeSymbol>().Where(t => t is not IErrorTypeSymbol).Distinct(SymbolEqualityComparer.Default).Cast<ITypeSymbol>().Take(8);
        return own.SelectMany(to => Between(fault, argument.Expression, argument.Expression, to.OriginalDefinition is ITypeParameterSymbol ? to.OriginalDefinition : to));
    }

    private static IEnumerable<ITypeSymbol> Named(CSharpFault fault) => fault.Is("CS1503", "CS0029") && fault.TypeNamed(fault.Quoted(1)) is { } named ? [named] : [];

    private static IEnumerable<ITypeSymbol> Added(CSharpFault fault, InitializerExpressionSyntax list) =>
        list.Parent is ExpressionSyntax created && Conversions.Element(fault, fault.Model.GetTypeInfo(created).Type ?? fault.Model.GetTypeInfo(created).ConvertedType) is { } element ? [element] : [];

    private static IEnumerable<FixCandidate> OfOperands(CSharpFault fault, CancellationToken token)
    {
        if (fault.Node.FirstAncestorOrSelf<PrefixUnaryExpressionSyntax>() is { } unary && fault.Is("CS0023"))
            return Between(fault, unary.Operand, unary.Operand, fault.Compilation.GetSpecialType(SpecialType.System_Boolean)).Concat(Negated(fault, unary));
        var (left, right) = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>() switch
        {
            BinaryExpressionSyntax b => (b.Left, b.Right),
            AssignmentExpressionSyntax a => (a.Left, a.Right),
            _ => (null, null),
        };
        if (left is null || right is null)
            return [];
        var (a1, b1) = (fault.Model.GetTypeInfo(left, token).Type, fault.Model.GetTypeInfo(right, token).Type);
        var found = new List<FixCandidate>();
        if (b1 is not null && left.Parent is BinaryExpressionSyntax)
            found.AddRange(Between(fault, left, left, b1));
        if (a1 is not null)
            found.AddRange(Between(fault, right, right, a1));
        if (left.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression })
        {
            var truth = fault.Compilation.GetSpecialType(SpecialType.System_Boolean);
            foreach (var operand in new[] { left, right }.Where(o => fault.Model.GetTypeInfo(o).Type?.SpecialType != SpecialType.System_Boolean))
                found.AddRange(Between(fault, operand, operand, truth));
        }
        return found;
    }

    private static IEnumerable<FixCandidate> Negated(CSharpFault fault, PrefixUnaryExpressionSyntax unary)
    {
        var type = fault.Model.GetTypeInfo(unary.Operand).Type;
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && Conversions.IsNumber(type))
            yield return fault.Replace(unary, $"{unary.Operand} == 0", "! -> == 0", "C# does not take a number for true or false.", 1.2);
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && Conversions.IsNumber(type) && unary.Parent is BinaryExpressionSyntax { OperatorToken.Text: "%" or "&" or "/" or "-" } part && part.Left == unary)
            yield return fault.Replace(part, $"{unary.Operand} {part.OperatorToken} {part.Right} == 0", "! -> == 0", "C# does not take a number for true or false, and ! bound only to the first one.", 1.1);
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && type?.SpecialType != SpecialType.System_String && Conversions.Element(fault, type) is not null)
            yield return fault.Replace(unary, $"!{unary.Operand}.Any()", "ask whether there is any", "C# does not take a list for true or false; Any says whether there is something in it.", 1.3);
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && type?.SpecialType == SpecialType.System_String)
            yield return fault.Replace(unary, $"string.IsNullOrEmpty({unary.Operand})", "ask whether there is any text", "C# does not take a text for true or false.", 1.3);
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && type is { IsReferenceType: true })
            yield return fault.Replace(unary, $"{unary.Operand} == null", "! -> == null", "C# does not take an object for true or false.", 1.4);
        if (unary.IsKind(SyntaxKind.LogicalNotExpression) && unary.Parent is BinaryExpressionSyntax { Left: var left } whole && left == unary)
            yield return fault.Replace(whole, $"!({unary.Operand} {whole.OperatorToken} {whole.Right})", "parentheses after !", "! bound only to the first operand.", 1.4);
    }

    // The receiver is of a type without the member: a task, a nullable, a number, a sequence that cannot be indexed.
    private static IEnumerable<FixCandidate> Receiver(CSharpFault fault, ExpressionSyntax? at)
    {
        var receiver = at?.FirstAncestorOrSelf<ExpressionSyntax>(e => e is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax) switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            ElementAccessExpressionSyntax element => element.Expression,
            _ => fault.Is("CS1579") ? at : null,
        };
        if (receiver is null || fault.Model.GetTypeInfo(receiver).Type is not { } type)
            yield break;
        var text = receiver.ToString();
        var atom = receiver is BinaryExpressionSyntax or AwaitExpressionSyntax or CastExpressionSyntax ? $"({text})" : text;
        var why = $"'{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}' has no such member; what it holds or converts to has.";
        if (Conversions.Inner(type, "Task", "ValueTask") is not null)
            yield return fault.Replace(receiver, receiver.Parent is ForEachStatementSyntax ? $"await {text}" : $"(await {text})", "await it", why, 1);
        if (Conversions.Element(fault, type)?.SpecialType == SpecialType.System_Char && type.SpecialType != SpecialType.System_String && fault.Compilation.GetSpecialType(SpecialType.System_String).GetMembers(fault.Token.Text).Length > 0)
        {
            // A text was meant from the start, where its characters were put together.
            foreach (var start in fault.Declarations(fault.Model.GetSymbolInfo(receiver).Symbol).OfType<VariableDeclaratorSyntax>().Select(v => v.Initializer?.Value).OfType<ExpressionSyntax>())
                yield return fault.Replace(start, $"string.Concat({start})", "make a text of the characters", why, 1);
            yield return fault.Replace(receiver, $"string.Concat({text})", "make a text of the characters", why, 1.3);
        }
        if (Conversions.Inner(type, "Nullable") is not null)
            yield return fault.Replace(receiver, atom + ".Value", "take the value", why, 1.2);
        if (Conversions.IsNumber(type) || type.SpecialType is SpecialType.System_Char or SpecialType.System_Boolean || type.TypeKind == TypeKind.Enum)
            yield return fault.Replace(receiver, atom + ".ToString()", "add ToString()", why, 1.6);
        if (Conversions.Element(fault, type) is not null && type is not IArrayTypeSymbol)
        {
            yield return fault.Replace(receiver, atom + ".ToList()", "add ToList()", why, 1.5);
            yield return fault.Replace(receiver, atom + ".ToArray()", "add ToArray()", why, 1.6);
        }
        if (fault.Is("CS0021") && Conversions.Element(fault, type) is not null && receiver.Parent is ElementAccessExpressionSyntax { ArgumentList.Arguments: [var index] } element2)
            yield return fault.Replace(element2, $"{atom}.ElementAt({index})", "[i] -> ElementAt(i)", "A sequence has no indexer; ElementAt walks to the element.", 1.4);
        if (fault.Is("CS1579"))
        {
            foreach (var member in type.GetMembers().Where(m => m is IPropertySymbol { IsIndexer: false } or IFieldSymbol && m.CanBeReferencedByName && !m.IsStatic).Where(m => Conversions.Element(fault, (m as IPropertySymbol)?.Type ?? ((IFieldSymbol)m).Type) is not null))
                yield return fault.Replace(receiver, $"{atom}.{member.Name}", $"go through {member.Name}", why, 2);
            if (Conversions.IsNumber(type))
                yield return fault.Replace(receiver, $"Enumerable.Range(0, {text})", "Enumerable.Range", "A number cannot be walked through; the range up to it can.", 2);
        }
        if (type.SpecialType == SpecialType.System_Object && receiver.Parent is MemberAccessExpressionSyntax)
            yield return fault.Replace(receiver, atom + ".ToString()", "add ToString()", why, 3);
    }

    private static IEnumerable<FixCandidate> Between(CSharpFault fault, ExpressionSyntax replaced, ExpressionSyntax value, ITypeSymbol to)
    {
        var from = fault.Model.GetTypeInfo(value).Type;
        foreach (var way in Conversions.Ways(fault, value, from, to))
        {
            yield return fault.Replace(replaced, way.Text, way.What,
                $"The value is '{from?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "null"}' but '{to.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}' is asked for here; this converts it.", way.Cost);
        }
    }
}
