using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A method without its parentheses, a property with them, a type called without new, an index in the wrong brackets.</summary>
internal sealed class CallRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0428", "CS0019", "CS1955", "CS0149", "CS0118", "CS0119", "CS0201", "CS1503", "CS8917", "CS0023", "CS0246", "CS0103", "CS0029", "CS0815", "CS0117", "CS0144", "CS0021", "CS1061", "CS0407", "CS0446", "CS1656", "CS1579", "CS1660", "CS0411", "CS8934", "CS0266", "CS0030", "CS0305", "CS0547", "CS0712"))
            yield break;
        foreach (var candidate in Declared(fault))
            yield return candidate;
        var expression = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        foreach (var group in Near(expression).Where(e => e is SimpleNameSyntax or MemberAccessExpressionSyntax && IsMethodGroup(fault, e)).Take(3))
        {
            var whole = group.Parent is MemberAccessExpressionSyntax access && access.Name == group ? access : group;
            yield return fault.Insert(whole.Span.End, "()", $"call {whole}()", $"'{whole}' is a method; without parentheses it is named, not called.", 0.9);
        }
        if (Near(expression).Concat(Near(expression?.Parent as ExpressionSyntax)).OfType<InvocationExpressionSyntax>().FirstOrDefault() is { } call)
        {
            if (call.ArgumentList.Arguments.Count == 0)
                yield return fault.Replace(call.ArgumentList, "", $"{call.Expression} without ()", $"'{call.Expression}' is no method; it is read without parentheses.", 0.9);
            if (fault.Is("CS1955", "CS0149", "CS0118", "CS0119", "CS0103", "CS0246", "CS0117", "CS1061", "CS0305"))
                yield return fault.Insert(call.SpanStart, "new ", $"new {call.Expression}(...)", "A type is not called like a method; new makes a value of it.", 0.9);
            if (call.ArgumentList.Arguments.Count is 1 or 2 && fault.Is("CS1955", "CS0149", "CS0118"))
                yield return fault.Replace(call.ArgumentList, $"[{call.ArgumentList.Arguments}]", "( ) -> [ ]", "Elements are read with square brackets.", 1.1);
        }
        if (fault.Is("CS0144") && fault.Node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { } made)
        {
            foreach (var candidate in Concrete(fault, made))
                yield return candidate;
        }
        if (fault.Is("CS0021") && expression?.FirstAncestorOrSelf<ElementAccessExpressionSyntax>() is { } element)
        {
            yield return fault.Replace(element.ArgumentList, $"({element.ArgumentList.Arguments})", "[ ] -> ( )", "This is called, not indexed.", 1.4);
            if (element.Expression is MemberAccessExpressionSyntax of)
                yield return fault.Replace(TextSpan.FromBounds(of.OperatorToken.SpanStart, of.Span.End), "", $"{of.Name}[ ] -> [ ]", $"'{of.Name}' is a method; square brackets alone read an element of '{of.Expression}'.", 1.1);
        }
        if (fault.Is("CS0712") && fault.Node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { } useless)
            yield return fault.Replace(useless, useless.Type.ToString(), $"{useless} -> {useless.Type}", $"'{useless.Type}' is static: there are no values of it, and its members are reached by its name.", 0.7);
        if (fault.Is("CS0118", "CS0119", "CS0246", "CS0103") && expression is SimpleNameSyntax or MemberAccessExpressionSyntax && expression.Parent is not InvocationExpressionSyntax and not MemberAccessExpressionSyntax)
            yield return fault.Replace(expression, $"new {expression}()", $"new {expression}()", "A type stands where a value is needed; new makes one.", 1.6);
        if (fault.Is("CS0119", "CS0118") && expression is not null)
            yield return fault.Replace(expression, $"typeof({expression})", $"typeof({expression})", "A type stands where a value is needed; typeof gives the value that describes it.", 2);
    }

    // It is declared as a method and read as a value everywhere, or the other way round; the tests are not for us to change.
    private static IEnumerable<FixCandidate> Declared(CSharpFault fault)
    {
        if (fault.Is("CS0547") && fault.Member is PropertyDeclarationSyntax { ExpressionBody: not null } empty)
            yield return fault.Insert(empty.Identifier.Span.End, "()", $"{empty.Identifier}()", "What gives no value is a method.", 0.7);
        var cost = fault.IsOwn(fault.Tree) ? 2.4 : 1.1;
        foreach (var node in fault.Node.DescendantNodesAndSelf().Take(6).Concat(fault.Node.Ancestors().Take(2)))
        {
            var symbol = fault.Model.GetSymbolInfo(node);
            foreach (var method in symbol.CandidateSymbols.Append(symbol.Symbol).SelectMany(fault.Declarations).OfType<MethodDeclarationSyntax>().Where(m => m is { ExpressionBody: not null, ParameterList.Parameters.Count: 0, TypeParameterList: null } && node is not InvocationExpressionSyntax))
                yield return fault.Change(method.SyntaxTree, $"{method.Identifier} without ()", "It is read everywhere and called nowhere, so it is a property.", cost, new TextChange(method.ParameterList.Span, ""));
            foreach (var property in symbol.CandidateSymbols.Append(symbol.Symbol).SelectMany(fault.Declarations).OfType<PropertyDeclarationSyntax>().Where(p => p.ExpressionBody is not null && fault.Is("CS1955")))
                yield return fault.Change(property.SyntaxTree, $"{property.Identifier}()", "It is called everywhere, so it is a method.", cost, new TextChange(new TextSpan(property.Identifier.Span.End, 0), "()"));
        }
    }

    private static IEnumerable<ExpressionSyntax> Near(ExpressionSyntax? expression) =>
        expression is null ? [] : expression.DescendantNodesAndSelf(n => n is not LambdaExpressionSyntax).OfType<ExpressionSyntax>().Take(20).Append(expression.Parent as ExpressionSyntax).OfType<ExpressionSyntax>();

    private static bool IsMethodGroup(CSharpFault fault, ExpressionSyntax expression) =>
        expression.Parent is not InvocationExpressionSyntax && !(expression.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access && access.Name == expression)
        && fault.Model.GetMemberGroup(expression).Any(s => s is IMethodSymbol);

    private static IEnumerable<FixCandidate> Concrete(CSharpFault fault, ObjectCreationExpressionSyntax made)
    {
        var type = fault.Model.GetTypeInfo(made.Type).Type as INamedTypeSymbol;
        var known = type?.Name switch
        {
            "IList" or "ICollection" or "IEnumerable" or "IReadOnlyList" or "IReadOnlyCollection" => "List",
            "IDictionary" or "IReadOnlyDictionary" => "Dictionary",
            "ISet" or "IReadOnlySet" => "HashSet",
            "Array" => "List",
            _ => null,
        };
        if (known is not null && made.Type is GenericNameSyntax generic)
            yield return fault.Replace(generic.Identifier.Span, known, $"{type!.Name} -> {known}", $"'{type.Name}' only describes; '{known}' is a collection that can be made.", 1.2);
        foreach (var derived in fault.Compilation.GetSymbolsWithName(_ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(t => !t.IsAbstract && t.TypeKind is TypeKind.Class or TypeKind.Struct && type is not null && fault.Compilation.ClassifyConversion(t, type).IsImplicit).Take(4))
            yield return fault.Replace(made.Type, fault.Write(derived), $"{made.Type} -> {derived.Name}", $"'{made.Type}' is abstract; '{derived.Name}' derives from it and can be made.", 2.4);
    }
}
