using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>The value is right and the declared type is wrong: of a variable, field, property, parameter or result.</summary>
internal sealed class DeclaredTypeRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS1520"))
            return Missing(fault);
        if (fault.Is("CS0127", "CS8030", "CS1997"))
            return Result(fault, Returned(fault));
        if (!fault.Is("CS0029", "CS0266", "CS0037", "CS0031", "CS1503", "CS0815", "CS0818", "CS0019", "CS0121", "CS0664", "CS0411", "CS0815", "CS0407", "CS1579", "CS8131", "CS8130", "CS0030", "CS0173", "CS8506", "CS0845", "CS1656", "CS1061", "CS0021", "CS0821", "CS1929", "CS8121", "CS0161", "CS0428"))
            return [];
        var expression = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        var from = expression is null ? null : fault.Model.GetTypeInfo(expression, token).Type;
        if (fault.Is("CS0019") && expression is BinaryExpressionSyntax sum)
            return Operands(fault, sum);
        if (fault.Message.Contains("'void'", StringComparison.Ordinal))
            return Void(fault, expression);
        return Places(fault, expression).SelectMany(place => Types(fault, place, from).Select(type => Retype(fault, place, type)));
    }

    private static IEnumerable<FixCandidate> Operands(CSharpFault fault, BinaryExpressionSyntax sum)
    {
        var (left, right) = (fault.Model.GetTypeInfo(sum.Left).Type, fault.Model.GetTypeInfo(sum.Right).Type);
        foreach (var (operand, other) in new[] { (sum.Left, right), (sum.Right, left) })
        {
            foreach (var place in Declared(fault, operand).Where(_ => other is not null and not IErrorTypeSymbol))
                yield return Retype(fault, place, (fault.Write(other!, place.SpanStart), 1.8));
            if (other?.SpecialType == SpecialType.System_Char && Letter(fault, operand) is { } letter)
                yield return letter;
        }
    }

    // A text of one letter that is compared with letters was meant as one.
    private static FixCandidate? Letter(CSharpFault fault, ExpressionSyntax operand)
    {
        var declared = fault.Declarations(fault.Model.GetSymbolInfo(operand).Symbol).OfType<VariableDeclaratorSyntax>().FirstOrDefault();
        if (declared is not { Parent: VariableDeclarationSyntax { Variables.Count: 1 } whole, Initializer.Value: LiteralExpressionSyntax { Token.Value: string { Length: 1 } text } literal })
            return null;
        var type = whole.Type.IsVar ? "var" : "char";
        return fault.Change(declared.SyntaxTree, $"{literal} -> {SymbolDisplay.FormatLiteral(text[0], quote: true)} where {declared.Identifier} is declared", "Single characters stand between single quotes; a text of one letter is not a character.", 0.8,
            new TextChange(whole.Type.Span, type), new TextChange(literal.Span, SymbolDisplay.FormatLiteral(text[0], quote: true)));
    }

    // A method that says void and whose value is used: its body tells what it gives.
    private static IEnumerable<FixCandidate> Void(CSharpFault fault, ExpressionSyntax? expression)
    {
        foreach (var method in expression?.DescendantNodesAndSelf().SelectMany(n => fault.Declarations(fault.Model.GetSymbolInfo(n).Symbol)).OfType<MethodDeclarationSyntax>().Where(m => m.ReturnType.ToString() == "void").Distinct() ?? [])
        {
            var model = fault.ModelOf(method);
            var values = method.DescendantNodes().OfType<ReturnStatementSyntax>().Select(r => r.Expression).Append(method.ExpressionBody?.Expression).OfType<ExpressionSyntax>();
            foreach (var type in values.Select(v => model.GetTypeInfo(v).Type).OfType<ITypeSymbol>().Where(t => t is not IErrorTypeSymbol && t.SpecialType != SpecialType.System_Void).Distinct(SymbolEqualityComparer.Default).Cast<ITypeSymbol>())
                yield return Retype(fault, method.ReturnType, (type.ToMinimalDisplayString(model, method.SpanStart), 1));
        }
    }

    private static FixCandidate Retype(CSharpFault fault, TypeSyntax place, (string Name, double Cost) type) =>
        fault.Replace(place, type.Name, $"type {place} -> {type.Name}", $"What is put there is '{type.Name}', not '{place}'; with the right type declared they agree.", type.Cost);

    private static IEnumerable<(string, double)> Types(CSharpFault fault, TypeSyntax place, ITypeSymbol? from)
    {
        var at = place.SpanStart;
        if (from is { SpecialType: not SpecialType.System_Void, CanBeReferencedByName: true } or IArrayTypeSymbol or INamedTypeSymbol { IsTupleType: true } && from is not IErrorTypeSymbol)
            yield return (fault.Write(from, at), 1.9);
        if (fault.Is("CS0037") || from is null)
            yield return (place + "?", 1.5);
        if (place.Parent is VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax } && place.ToString() != "var" && !fault.Is("CS0818"))
            yield return ("var", 2);
        // What it is made as can more than what it is declared as.
        if (fault.Is("CS1061", "CS0021", "CS0428") && place.Parent is VariableDeclarationSyntax { Variables: [{ Initializer.Value: { } made }] } && fault.ModelOf(made).GetTypeInfo(made).Type is { } type and not IErrorTypeSymbol && type.ToString() != place.ToString())
            yield return (fault.Write(type, at), 0.9);
        // Only a value that may be missing is asked whether it is there.
        if (fault.Is("CS1061") && fault.Token.Text is "HasValue" or "Value" or "GetValueOrDefault")
            yield return (place + "?", 1);
        if (fault.Is("CS0815", "CS0411", "CS8130", "CS0173", "CS0818"))
        {
            yield return ("string", 2.6);
            yield return ("int", 2.7);
            yield return ("object?", 3.2);
        }
        // A number of the wrong size, most often after an overflow or a division.
        if (fault.Is("CS0266", "CS0031", "CS0664") && from is null or { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double })
        {
            foreach (var wider in new[] { "long", "double", "decimal" }.Where(w => w != place.ToString()))
                yield return (wider, 2.6);
        }
    }

    private static IEnumerable<TypeSyntax> Places(CSharpFault fault, ExpressionSyntax? expression)
    {
        foreach (var node in fault.Node.AncestorsAndSelf().Take(6))
        {
            switch (node)
            {
                case VariableDeclarationSyntax declaration: yield return declaration.Type; break;
                case PropertyDeclarationSyntax property: yield return property.Type; break;
                case ForEachStatementSyntax loop when fault.Is("CS0030", "CS1656"): yield return loop.Type; break;
                case ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax when ResultType(node) is { } type: yield return type; break;
                case ParameterSyntax { Type: { } type }: yield return type; break;
                case AssignmentExpressionSyntax set: foreach (var place in Declared(fault, set.Left)) yield return place; break;
            }
        }
        if (expression?.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: ExpressionSyntax call } list } argument)
        {
            foreach (var method in NameUse.Methods(fault.Model.GetSymbolInfo(call)))
            {
                foreach (var parameter in fault.Declarations(method).OfType<BaseMethodDeclarationSyntax>().SelectMany(m => m.ParameterList.Parameters.Skip(list.Arguments.IndexOf(argument)).Take(1)))
                {
                    if (parameter is { Type: { } type })
                        yield return type;
                }
            }
        }
        if (fault.Is("CS1061", "CS0428") && expression?.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { } access)
        {
            foreach (var place in Declared(fault, access.Expression))
                yield return place;
        }
        if (expression is not null)
        {
            foreach (var place in Declared(fault, expression).Where(_ => fault.Is("CS1503", "CS0019", "CS1061", "CS0021")))
                yield return place;
        }
    }

    private static IEnumerable<TypeSyntax> Declared(CSharpFault fault, ExpressionSyntax target) =>
        fault.Declarations(fault.Model.GetSymbolInfo(target).Symbol).Select(d => d switch
        {
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type,
            PropertyDeclarationSyntax property => property.Type,
            ParameterSyntax parameter => parameter.Type,
            _ => null,
        }).OfType<TypeSyntax>();

    private static TypeSyntax? ResultType(SyntaxNode node) => node.Ancestors().Select(a => a switch
    {
        LocalFunctionStatementSyntax local => local.ReturnType,
        MethodDeclarationSyntax method => method.ReturnType,
        BasePropertyDeclarationSyntax property => property.Type,
        OperatorDeclarationSyntax op => op.ReturnType,
        _ => null,
    }).FirstOrDefault(t => t is not null);

    private static ITypeSymbol? Returned(CSharpFault fault) =>
        fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>()?.Expression is { } value ? fault.Model.GetTypeInfo(value).Type : null;

    private static IEnumerable<FixCandidate> Result(CSharpFault fault, ITypeSymbol? type)
    {
        if (type is null || ResultType(fault.Node) is not { } place)
            yield break;
        var name = fault.Write(type, place.SpanStart);
        var isAsync = fault.Member?.Modifiers.Any(SyntaxKind.AsyncKeyword) == true;
        yield return Retype(fault, place, (isAsync ? $"Task<{name}>" : name, 1));
        if (fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>() is { Expression: { } value } back)
            yield return fault.Replace(back, value is InvocationExpressionSyntax or AssignmentExpressionSyntax ? $"{value}; return;" : "return;", "return without a value", "A method that gives nothing back cannot return a value.", 3);
    }

    // A method without a type: what it returns says which; a constructor that does not bear its class's name.
    private static IEnumerable<FixCandidate> Missing(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not { } method)
            yield break;
        var values = method.DescendantNodes().OfType<ReturnStatementSyntax>().Select(r => r.Expression).OfType<ExpressionSyntax>().Append(method.ExpressionBody?.Expression).OfType<ExpressionSyntax>().ToList();
        var types = values.Select(v => fault.Model.GetTypeInfo(v).Type).OfType<ITypeSymbol>().Where(t => t is not IErrorTypeSymbol).Select(t => fault.Write(t, method.SpanStart));
        const string why = "Every method says what it gives back, and a constructor bears the name of its class.";
        foreach (var (name, i) in types.Concat(values.Count == 0 ? ["void"] : ["string", "int", "bool", "double", "void"]).Distinct().Select((t, i) => (t, i)))
            yield return fault.Insert(method.Identifier.SpanStart, name + " ", $"insert the result type {name}", why, 1 + 0.2 * i);
        if (fault.Type is { } type)
            yield return fault.Replace(method.Identifier.Span, type.Identifier.Text, $"{method.Identifier} -> {type.Identifier}", why, NameDistance.Of(method.Identifier.Text, type.Identifier.Text) ?? 3.5);
    }
}
