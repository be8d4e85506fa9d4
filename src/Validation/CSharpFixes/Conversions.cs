using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A way to write an expression of one type where another is asked for.</summary>
/// <param name="Text">The new expression.</param>
/// <param name="What">What was added, in a few words.</param>
/// <param name="Cost">How bold it is.</param>
internal sealed record ConversionWay(string Text, string What, double Cost);

/// <summary>Conversions by pair of types: casts, parsing, ToString, collections, nullable values, tasks.</summary>
internal static class Conversions
{
    /// <summary>Ways from one type to another, the most natural first.</summary>
    public static IEnumerable<ConversionWay> Ways(CSharpFault fault, ExpressionSyntax expression, ITypeSymbol? from, ITypeSymbol to)
    {
        var text = expression.ToString();
        var atom = IsAtom(expression) ? text : $"({text})";
        var target = fault.Write(to, expression.SpanStart);
        foreach (var way in Literal(fault, expression, Inner(to, "Nullable") ?? to).Concat(from is null ? [] : ByPair(fault, expression, atom, text, from, to, target)))
            yield return way;
        if (from is null || from is IErrorTypeSymbol)
            yield break;
        var conversion = fault.Compilation.ClassifyConversion(from, to);
        // A cast that the compiler knows to be explicit is what its message asks for; one it does not know may still mend what hides behind.
        if (conversion.Exists && !conversion.IsImplicit && to.SpecialType != SpecialType.System_Void)
            yield return new ConversionWay($"({target}){(IsUnary(expression) ? text : $"({text})")}", $"cast to {target}", Inner(from, "Nullable") is null ? 1.2 : 1.6);
    }

    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression is ParenthesizedExpressionSyntax inner ? Bare(inner.Expression) : expression;

    private static string Repeated(CSharpFault fault, BinaryExpressionSyntax times) =>
        fault.Model.GetTypeInfo(times.Left).Type?.SpecialType == SpecialType.System_Char ? $"new string({times.Left}, {times.Right})" : $"string.Concat(Enumerable.Repeat({times.Left}, {times.Right}))";

    private static IEnumerable<ConversionWay> ByPair(CSharpFault fault, ExpressionSyntax expression, string atom, string text, ITypeSymbol from, ITypeSymbol to, string target)
    {
        if (to.SpecialType == SpecialType.System_String)
        {
            if (Element(fault, from)?.SpecialType == SpecialType.System_Char)
            {
                yield return new ConversionWay($"string.Concat({text})", "join the characters", 1.3);
                if (from is IArrayTypeSymbol)
                    yield return new ConversionWay($"new string({text})", "make a string of the characters", 1.25);
            }
            else if (Element(fault, from) is not null && from.SpecialType != SpecialType.System_String)
            {
                foreach (var (separator, cost) in new[] { ("", 1.5), (" ", 1.7), ("\\n", 1.8), (", ", 1.9), (",", 2), ("\\n\\n", 2.1) })
                    yield return new ConversionWay($"string.Join(\"{separator}\", {text})", "join the strings", cost);
            }
            if (from.SpecialType != SpecialType.System_String)
                yield return new ConversionWay($"{atom}.ToString()", "add ToString()", SaysItself(from) ? 1.4 : 3.5);
        }
        if (from.SpecialType == SpecialType.System_String && Parses(to))
            yield return new ConversionWay($"{target.TrimEnd('?')}.Parse({text})", $"parse with {target.TrimEnd('?')}.Parse", 1.5);
        if (from.SpecialType == SpecialType.System_String && to.TypeKind == TypeKind.Enum)
            yield return new ConversionWay($"Enum.Parse<{target}>({text})", "parse the enum value", 2);
        if (from.SpecialType == SpecialType.System_String && to.SpecialType == SpecialType.System_Char)
            yield return new ConversionWay($"{atom}[0]", "take the first character", 2);
        if (from.SpecialType == SpecialType.System_Char && IsNumber(to))
            yield return new ConversionWay($"{atom} - '0'", "value of the digit", 2.2);
        if (to.SpecialType == SpecialType.System_Char && IsNumber(from))
            yield return new ConversionWay($"(char)({text})", "cast to char", 1.4);
        if (to.SpecialType == SpecialType.System_Boolean && IsNumber(from))
            yield return new ConversionWay($"{atom} != 0", "compare with 0", 1.6);
        // Other languages take a text or a list for true when there is something in it.
        if (to.SpecialType == SpecialType.System_Boolean && from.SpecialType == SpecialType.System_String)
            yield return new ConversionWay($"!string.IsNullOrEmpty({text})", "ask whether there is any text", 1.8);
        else if (to.SpecialType == SpecialType.System_Boolean && Element(fault, from) is not null)
            yield return new ConversionWay(from is IArrayTypeSymbol ? $"{atom}.Length > 0" : $"{atom}.Any()", "ask whether there is any", 1.5);
        if (to.SpecialType == SpecialType.System_Boolean && from is { IsReferenceType: true })
            yield return new ConversionWay($"{atom} != null", "compare with null", 1.9);
        if (to is IArrayTypeSymbol && Element(fault, from) is not null)
            yield return new ConversionWay($"{atom}.ToArray()", "add ToArray()", 1.2);
        if (to is INamedTypeSymbol { IsGenericType: true } wanted && Element(fault, from) is not null)
        {
            if (wanted.Name is "List" or "IList" or "ICollection" or "IReadOnlyList" or "IReadOnlyCollection")
                yield return new ConversionWay($"{atom}.ToList()", "add ToList()", 1.2);
            if (wanted.Name is "HashSet" or "ISet" or "IReadOnlySet")
                yield return new ConversionWay($"{atom}.ToHashSet()", "add ToHashSet()", 1.2);
            if (wanted.Name is "Dictionary" or "IDictionary")
                yield return new ConversionWay($"{atom}.ToDictionary()", "add ToDictionary()", 1.5);
            if (wanted.Name is "Queue" or "Stack" or "SortedSet" or "LinkedList")
                yield return new ConversionWay($"new {target}({text})", $"make a {wanted.Name} of it", 1.5);
            if (wanted.Name == "IOrderedEnumerable")
                yield return new ConversionWay($"{atom}.Order()", "order it", 2.5);
        }
        if (Element(fault, to) is { } one && to.SpecialType != SpecialType.System_String && fault.Compilation.ClassifyConversion(from, one).IsImplicit)
            yield return new ConversionWay($"new[] {{ {text} }}", "wrap it in an array", 2.2);
        if (Element(fault, from) is { } element && from.SpecialType != SpecialType.System_String && fault.Compilation.ClassifyConversion(element, to).IsImplicit)
        {
            yield return new ConversionWay($"{atom}.First()", "take the first", 2.8);
            yield return new ConversionWay($"{atom}.Single()", "take the only one", 3);
        }
        if (IsNumber(to) && Element(fault, from) is not null)
            yield return new ConversionWay($"{atom}.Count()", "count them", 2.6);
        if (Inner(from, "Nullable") is { } value && fault.Compilation.ClassifyConversion(value, to).Exists)
        {
            yield return new ConversionWay($"{atom}.Value", "take the value", 1.3);
            yield return new ConversionWay($"{atom} ?? default", "fall back to the default", 1.7);
            yield return new ConversionWay($"{atom}.GetValueOrDefault()", "take the value or the default", 1.8);
        }
        if (Inner(from, "Task", "ValueTask") is not null)
        {
            yield return new ConversionWay($"await {atom}", "await it", 0.9);
            yield return new ConversionWay($"{atom}.Result", "wait for the result", 2.6);
        }
        if (Inner(to, "Task") is not null)
            yield return new ConversionWay($"Task.FromResult({text})", "wrap it in a finished task", 1.6);
        if (Inner(to, "ValueTask") is not null)
            yield return new ConversionWay($"new {target}({text})", "wrap it in a finished task", 1.6);
        if (Inner(to, "Lazy") is not null)
            yield return new ConversionWay($"new {target}(() => {text})", "make it lazy", 2);
        if (to is INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
            yield return new ConversionWay(invoke.Parameters.Length == 0 ? $"() => {text}" : invoke.Parameters.Length == 1 ? $"_ => {text}" : $"({string.Join(", ", invoke.Parameters.Select((_, i) => "_" + i))}) => {text}", "make it a function", 2);
        if (from is INamedTypeSymbol { DelegateInvokeMethod: { } called } && called.Parameters.Length == 0)
            yield return new ConversionWay($"{atom}()", "call it", 1.5);
        if (from.TypeKind == TypeKind.Enum && to.SpecialType == SpecialType.System_String)
            yield return new ConversionWay($"{atom}.ToString()", "add ToString()", 1.3);
        if (expression is TupleExpressionSyntax { Arguments: var parts } && Element(fault, to) is not null && to.SpecialType != SpecialType.System_String)
            yield return new ConversionWay($"[{parts}]", "square brackets for a list", 0.9);
        if (to.SpecialType == SpecialType.System_String && Bare(expression) is BinaryExpressionSyntax { OperatorToken.Text: "*" } times)
            yield return new ConversionWay(Repeated(fault, times), "repeat the text", 1);
        foreach (var member in Bridges(fault, from, to))
            yield return new ConversionWay($"{atom}.{member}", $"take {member}", 2.4);
        if (to is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } made && made.InstanceConstructors.Any(c => c.Parameters.Length == 1 && !c.IsImplicitlyDeclared && fault.Compilation.ClassifyConversion(from, c.Parameters[0].Type).IsImplicit))
            yield return new ConversionWay($"new {target}({text})", $"make a {made.Name} of it", 2);
    }

    // Text in the wrong quotes, numbers without their suffix, null for a value.
    private static IEnumerable<ConversionWay> Literal(CSharpFault fault, ExpressionSyntax expression, ITypeSymbol to)
    {
        if (expression is not LiteralExpressionSyntax literal)
            yield break;
        var text = literal.Token.Text;
        if (literal.IsKind(SyntaxKind.StringLiteralExpression))
        {
            foreach (var member in to.TypeKind == TypeKind.Enum ? to.GetMembers().OfType<IFieldSymbol>().Where(f => f.Name.Equals(literal.Token.ValueText.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) : [])
                yield return new ConversionWay($"{fault.Write(to, literal.SpanStart)}.{member.Name}", "the member of that name", 0.7);
            if (to.SpecialType == SpecialType.System_Char && literal.Token.ValueText.Length == 1)
                yield return new ConversionWay(SymbolDisplay.FormatLiteral(literal.Token.ValueText[0], quote: true), "single quotes for a character", 0.7);
            if (IsNumber(to) && double.TryParse(literal.Token.ValueText, System.Globalization.CultureInfo.InvariantCulture, out _))
                yield return new ConversionWay(literal.Token.ValueText, "a number without quotes", 0.9);
            if (to.SpecialType == SpecialType.System_Boolean && literal.Token.ValueText is "true" or "false")
                yield return new ConversionWay(literal.Token.ValueText, "true or false without quotes", 0.9);
        }
        else if (literal.IsKind(SyntaxKind.CharacterLiteralExpression) && to.SpecialType == SpecialType.System_String)
            yield return new ConversionWay($"\"{(text == "'\"'" ? "\\\"" : text[1..^1])}\"", "double quotes for a string", 0.7);
        else if (literal.IsKind(SyntaxKind.NumericLiteralExpression))
        {
            var bare = text.TrimEnd('f', 'F', 'd', 'D', 'm', 'M', 'l', 'L', 'u', 'U');
            var suffix = to.SpecialType switch { SpecialType.System_Single => "f", SpecialType.System_Decimal => "m", SpecialType.System_Int64 => "L", SpecialType.System_Double => "d", _ => "" };
            if (suffix.Length > 0 || bare != text)
                yield return new ConversionWay(bare + suffix, $"suffix for {to.Name}", 0.8);
            if (to.SpecialType == SpecialType.System_String)
                yield return new ConversionWay($"\"{text}\"", "quotes around the text", 1);
            if (to.SpecialType == SpecialType.System_Boolean && text is "0" or "1")
                yield return new ConversionWay(text == "0" ? "false" : "true", "true or false", 1);
            if (to.SpecialType == SpecialType.System_Char && text.Length == 1)
                yield return new ConversionWay($"'{text}'", "quotes around the character", 1.2);
        }
        else if (literal.IsKind(SyntaxKind.NullLiteralExpression) && to is ITypeParameterSymbol)
            yield return new ConversionWay("default", "a type parameter may stand for a value", 0.7);
        else if (literal.IsKind(SyntaxKind.NullLiteralExpression) && to.IsValueType)
        {
            yield return new ConversionWay(to.SpecialType == SpecialType.System_Boolean ? "false" : IsNumber(to) ? "0" : "default", "a value type has no null", 1.6);
        }
    }

    // A member of one type that is the other: the Key of a pair, the Value of a wrapper, an own property.
    private static IEnumerable<string> Bridges(CSharpFault fault, ITypeSymbol from, ITypeSymbol to)
    {
        if (from is not INamedTypeSymbol || from.SpecialType != SpecialType.None || from.TypeKind == TypeKind.Enum)
            return [];
        return from.GetMembers().Where(m => m is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true })
            .Where(m => SymbolEqualityComparer.Default.Equals((m as IPropertySymbol)?.Type ?? (m as IFieldSymbol)?.Type, to) && m is not IPropertySymbol { IsIndexer: true })
            .Select(m => m.Name).Take(3);
    }

    // A type that does not say how it reads as text gives only its own name.
    private static bool SaysItself(ITypeSymbol type)
    {
        for (var t = type; t is not null && t.SpecialType != SpecialType.System_Object; t = t.BaseType)
        {
            if (t.SpecialType != SpecialType.System_ValueType && t.GetMembers("ToString").Any(m => m is IMethodSymbol { IsOverride: true }))
                return true;
        }
        return type.TypeKind == TypeKind.Enum || type.IsRecord;
    }

    /// <summary>The element type of a sequence or array; null for anything else.</summary>
    public static ITypeSymbol? Element(CSharpFault fault, ITypeSymbol? type)
    {
        if (type is IArrayTypeSymbol array)
            return array.ElementType;
        var sequence = fault.Compilation.GetSpecialType(SpecialType.System_Collections_Generic_IEnumerable_T);
        return type is null ? null : type.AllInterfaces.Concat(type is INamedTypeSymbol self ? [self] : []).FirstOrDefault(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, sequence))?.TypeArguments[0];
    }

    /// <summary>The type argument of a type of one of these names.</summary>
    public static ITypeSymbol? Inner(ITypeSymbol? type, params ReadOnlySpan<string> names) =>
        type is INamedTypeSymbol { TypeArguments: [var inner] } named && names.Contains(named.Name) ? inner : null;

    /// <summary>True for a type with arithmetic.</summary>
    public static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Double;

    private static bool Parses(ITypeSymbol type) => IsNumber(type) || type.SpecialType is SpecialType.System_Boolean or SpecialType.System_DateTime || type.Name is "Guid" or "TimeSpan" or "DateOnly" or "DateTimeOffset" or "BigInteger";

    private static bool IsUnary(ExpressionSyntax expression) => IsAtom(expression) || expression is CastExpressionSyntax;

    private static bool IsAtom(ExpressionSyntax expression) => expression is SimpleNameSyntax or LiteralExpressionSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax
        or ParenthesizedExpressionSyntax or ElementAccessExpressionSyntax or ThisExpressionSyntax or InterpolatedStringExpressionSyntax or TypeOfExpressionSyntax or TupleExpressionSyntax;
}
