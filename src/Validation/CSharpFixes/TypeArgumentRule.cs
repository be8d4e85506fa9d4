using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Type arguments: missing, too many, too few, or that the compiler cannot infer.</summary>
internal sealed class TypeArgumentRule : ICSharpRule
{
    private const string Why = "A generic type or method is named with as many type arguments as it declares.";
    private static readonly string[] Usual = ["int", "string", "object", "double", "char", "bool"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0305", "CS0308", "CS0411", "CS0307", "CS0246", "CS7003", "CS0029", "CS1503", "CS0266", "CS1950", "CS0304", "CS0403", "CS0103"))
            return [];
        var names = fault.Node.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Concat(fault.Node.AncestorsAndSelf().OfType<SimpleNameSyntax>()).Distinct();
        return (fault.Is("CS0029", "CS1503", "CS0266", "CS1950") ? Wrong(fault) : names.Take(2).SelectMany(n => For(fault, n))).Concat(Undeclared(fault));
    }

    private static IEnumerable<FixCandidate> For(CSharpFault fault, SimpleNameSyntax name)
    {
        if (name is GenericNameSyntax generic)
        {
            var arguments = generic.TypeArgumentList.Arguments;
            if (fault.Is("CS0308", "CS0307"))
                yield return fault.Replace(generic.TypeArgumentList, "", $"{generic} -> {generic.Identifier}", $"'{generic.Identifier}' takes no type arguments.", 1.4);
            for (var i = 0; fault.Is("CS0305", "CS0308") && arguments.Count > 1 && i < arguments.Count; i++)
                yield return fault.Replace(generic.TypeArgumentList, $"<{string.Join(", ", arguments.Where((_, at) => at != i))}>", $"remove the type argument {arguments[i]}", Why, 1.4);
            foreach (var (type, cost) in fault.Is("CS0305") ? Likely(fault, name) : [])
            {
                yield return fault.Replace(generic.TypeArgumentList, $"<{string.Join(", ", arguments.Select(a => a.ToString()).Append(type))}>", $"add the type argument {type}", Why, cost + 0.2);
                yield return fault.Replace(generic.TypeArgumentList, $"<{string.Join(", ", arguments.Select(a => a.ToString()).Prepend(type))}>", $"add the type argument {type}", Why, cost + 0.3);
            }
        }
        else if (fault.Is("CS0305", "CS0411", "CS0103", "CS0246") && (fault.Is("CS0305", "CS0411") || NameIndex.Of(fault.Compilation).NamespacesOfType(name.Identifier.Text, 1).Count > 0))
        {
            foreach (var (type, cost) in Likely(fault, name))
            {
                yield return fault.Insert(name.Span.End, $"<{type}>", $"{name} -> {name}<{type}>", Why, cost);
                if (!fault.Message.Contains("requires 1", StringComparison.Ordinal) && !fault.Is("CS0246", "CS0103"))
                {
                    foreach (var (second, more) in Likely(fault, name).Take(4))
                        yield return fault.Insert(name.Span.End, $"<{type}, {second}>", $"{name} -> {name}<{type}, {second}>", Why, cost + more / 2);
                }
            }
            // The same type with its arguments stands on the other side, or elsewhere in the file.
            foreach (var twin in fault.Root.DescendantNodes().OfType<GenericNameSyntax>().Where(g => g.Identifier.Text == name.Identifier.Text || g.Identifier.Text == "I" + name.Identifier.Text).Select(g => g.TypeArgumentList.ToString()).Distinct().Take(4).Select((text, i) => (text, i)))
                yield return fault.Insert(name.Span.End, twin.text, $"{name} -> {name}{twin.text}", Why, 0.9 + 0.1 * twin.i);
        }
    }

    // List<int> where List<string> is asked for: the type arguments follow the place.
    private static IEnumerable<FixCandidate> Wrong(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<ExpressionSyntax>() is not { } expression)
            yield break;
        if (expression is ObjectCreationExpressionSyntax { Type: GenericNameSyntax made })
        {
            foreach (var to in TargetType.Of(fault.Model, expression).OfType<INamedTypeSymbol>().Where(t => t.TypeArguments.Length == made.Arity))
                yield return fault.Replace(made.TypeArgumentList, $"<{string.Join(", ", to.TypeArguments.Select(a => fault.Write(a)))}>", "take the type arguments of the place", "The type arguments differ from those that are asked for.", 1.1);
        }
        var given = fault.Model.GetTypeInfo(expression).Type;
        foreach (var receiver in expression.Ancestors().OfType<InvocationExpressionSyntax>().Select(i => (i.Expression as MemberAccessExpressionSyntax)?.Expression).OfType<ExpressionSyntax>().Take(1))
        {
            foreach (var declared in fault.Declarations(fault.Model.GetSymbolInfo(receiver).Symbol).SelectMany(d => (d.Parent ?? d).DescendantNodesAndSelf().OfType<GenericNameSyntax>()).Where(g => g.Arity == 1 && given is not null and not IErrorTypeSymbol).Take(2))
                yield return fault.Change(declared.SyntaxTree, $"{declared} -> {declared.Identifier}<{fault.Write(given!)}>", $"What is put in is '{fault.Write(given!)}'.", 2.2, declared.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { } whole
                    ? whole.DescendantNodes().OfType<GenericNameSyntax>().Where(g => g.ToString() == declared.ToString()).Select(g => new TextChange(g.TypeArgumentList.Span, $"<{fault.Write(given!)}>"))
                    : [new TextChange(declared.TypeArgumentList.Span, $"<{fault.Write(given!)}>")]);
        }
    }

    // `T` used in a method or type that does not declare it.
    private static IEnumerable<FixCandidate> Undeclared(CSharpFault fault)
    {
        if (!fault.Is("CS0246") || fault.Name?.Identifier.Text is not { Length: > 0 } name || name[0] != 'T' || name.Length > 1 && !char.IsUpper(name[1]))
            yield break;
        const string why = "A type parameter must be declared by the method or type that uses it.";
        if (fault.Member is MethodDeclarationSyntax method)
            yield return method.TypeParameterList is { } own ? fault.Insert(own.GreaterThanToken.SpanStart, $", {name}", $"declare {name} on {method.Identifier}", why, 1.2) : fault.Insert(method.Identifier.Span.End, $"<{name}>", $"declare {name} on {method.Identifier}", why, 1.2);
        if (fault.Type is { } type)
            yield return type.TypeParameterList is { } list ? fault.Insert(list.GreaterThanToken.SpanStart, $", {name}", $"declare {name} on {type.Identifier}", why, 1.3) : fault.Insert(type.Identifier.Span.End, $"<{name}>", $"declare {name} on {type.Identifier}", why, 1.1);
    }

    private static IEnumerable<(string, double)> Likely(CSharpFault fault, SimpleNameSyntax name)
    {
        var inFile = fault.Root.DescendantNodes().OfType<TypeArgumentListSyntax>().SelectMany(l => l.Arguments).Select(a => a.ToString());
        var target = name.FirstAncestorOrSelf<ExpressionSyntax>(e => e is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax) is { } made
            ? TargetType.Of(fault.Model, made).OfType<INamedTypeSymbol>().SelectMany(t => t.TypeArguments).Select(a => fault.Write(a)) : [];
        var parameters = fault.Type?.TypeParameterList?.Parameters.Select(p => p.Identifier.Text) ?? [];
        var own = (fault.Member as MethodDeclarationSyntax)?.TypeParameterList?.Parameters.Select(p => p.Identifier.Text) ?? [];
        return target.Concat(own).Concat(parameters).Concat(inFile.GroupBy(t => t).OrderByDescending(g => g.Count()).Select(g => g.Key)).Concat(Usual).Append(fault.Type?.Identifier.Text ?? "object").Distinct().Take(9).Select((t, i) => (t, 1.1 + 0.1 * i));
    }
}
