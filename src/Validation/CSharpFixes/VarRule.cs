using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary><c>var</c> where the type must be written: fields, parameters, results, constants, variables that get their value later.</summary>
internal sealed class VarRule : ICSharpRule
{
    private const string Why = "var takes its type from the value on the same line, and only for local variables; here the type must be written.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0822") && fault.Node.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { } constant)
        {
            yield return fault.Change(fault.Tree, "remove const", "The value is only known when the program runs, so it is a variable.", 1, Modifiers.Remove(constant, "const"));
            if (Of(fault, constant.Declaration.Variables[0].Initializer?.Value) is { } type)
                yield return fault.Replace(constant.Declaration.Type, type, $"var -> {type}", Why, 0.9);
        }
        if (fault.Is("CS0818", "CS0815") && fault.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Parent: VariableDeclarationSyntax late } variable)
        {
            foreach (var type in Assigned(fault, variable).Distinct().Take(3))
                yield return fault.Replace(late.Type, fault.Is("CS0815") && !type.EndsWith('?') ? type + "?" : type, $"var -> {type}", Why, 1);
        }
        if (fault.Is("CS9176") && fault.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Initializer.Value: CollectionExpressionSyntax list } empty)
        {
            if (list.Elements.Count > 0 && list.Elements.All(e => e is ExpressionElementSyntax))
                yield return fault.Replace(list, $"new[] {{ {list.Elements} }}", "an array of them", "Square brackets alone have no type; an array of these values has.", 0.9);
            foreach (var (type, i) in Elements(fault, empty, list).Distinct().Take(4).Select((t, i) => (t, i)))
                yield return fault.Replace(list, list.Elements.Count == 0 ? $"new List<{type}>()" : $"new List<{type}> {{ {list.Elements} }}", $"a list of {type}", "Square brackets alone have no type; a list of what is put into it has.", 1 + 0.2 * i);
        }
        if (!fault.Is("CS0825") || fault.Node.FirstAncestorOrSelf<TypeSyntax>() is not { } place)
            yield break;
        foreach (var (type, i) in Written(fault, place).OfType<string>().Distinct().Take(6).Select((t, i) => (t, i)))
            yield return fault.Replace(place, type, $"var -> {type}", Why, 0.9 + 0.2 * i);
    }

    private static IEnumerable<string?> Written(CSharpFault fault, TypeSyntax place)
    {
        switch (place.Parent)
        {
            case VariableDeclarationSyntax { Variables: [{ Initializer.Value: var value }] }:
                return [value is InitializerExpressionSyntax { Expressions: [var first, ..] } ? Of(fault, first) + "[]" : Of(fault, value)];
            case PropertyDeclarationSyntax property:
                return [Of(fault, property.Initializer?.Value), Of(fault, property.ExpressionBody?.Expression), "string", "int"];
            case MethodDeclarationSyntax method:
                var given = method.DescendantNodes(n => n is not LambdaExpressionSyntax).OfType<ReturnStatementSyntax>().Select(r => r.Expression).Append(method.ExpressionBody?.Expression).OfType<ExpressionSyntax>().ToList();
                return given.Count == 0 ? ["void"] : given.Select(e => Of(fault, e)).Concat(given.Select(e => Of(fault, e) is { } t ? t + "?" : null));
            case ParameterSyntax { Parent: ParameterListSyntax { Parent: MethodDeclarationSyntax owner } list } parameter:
                return Passed(fault, owner, list.Parameters.IndexOf(parameter)).Concat(["string", "int", "double", "bool", "object"]);
            default:
                return [];
        }
    }

    // What the calls hand over for a parameter.
    private static IEnumerable<string?> Passed(CSharpFault fault, MethodDeclarationSyntax owner, int at) =>
        fault.Compilation.SyntaxTrees.SelectMany(t => t.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Where(c => c.Expression.ToString().Split('.')[^1] == owner.Identifier.Text && c.ArgumentList.Arguments.Count > at)
            .Select(c => Of(fault, c.ArgumentList.Arguments[at].Expression)).Take(8);

    private static IEnumerable<string> Elements(CSharpFault fault, VariableDeclaratorSyntax variable, CollectionExpressionSyntax list)
    {
        var own = list.Elements.OfType<ExpressionElementSyntax>().Select(e => Of(fault, e.Expression));
        var added = variable.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>()?.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(c => c.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" or "Insert" } m && m.Expression.ToString() == variable.Identifier.Text)
            .Select(c => Of(fault, c.ArgumentList.Arguments.LastOrDefault()?.Expression)) ?? [];
        var result = TargetType.Result(fault.Model, variable) is { } whole && Conversions.Element(fault, whole) is { } one ? fault.Write(one) : null;
        return own.Concat(added).Append(result).Append("int").Append("string").OfType<string>();
    }

    private static IEnumerable<string> Assigned(CSharpFault fault, VariableDeclaratorSyntax variable) =>
        variable.FirstAncestorOrSelf<BlockSyntax>()?.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(a => a.Left is IdentifierNameSyntax left && left.Identifier.Text == variable.Identifier.Text)
            .Select(a => Of(fault, a.Right)).OfType<string>() ?? [];

    private static string? Of(CSharpFault fault, ExpressionSyntax? value) =>
        value is not null && fault.ModelOf(value).GetTypeInfo(value).Type is { } type and not IErrorTypeSymbol && type.SpecialType != SpecialType.System_Void && (type.CanBeReferencedByName || type is IArrayTypeSymbol || type.IsTupleType) ? fault.Write(type) : null;
}
