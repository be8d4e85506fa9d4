using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Arguments that do not fit any signature: missing, too many, in the wrong order, without ref or out, or a parameter that the declaration lacks.</summary>
internal sealed class ArgumentRule : ICSharpRule
{
    private const int MaxMissing = 8;

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS1620", "CS1615", "CS1510", "CS0192", "CS8329", "CS1503", "CS1605", "CS0206", "CS1657"))
        {
            foreach (var candidate in Passing(fault))
                yield return candidate;
        }
        if (!fault.Is("CS7036", "CS1501", "CS1729", "CS1503", "CS1502", "CS1593", "CS1739", "CS1744", "CS8323", "CS1746", "CS1738", "CS1740", "CS0411", "CS0121", "CS1594", "CS1929", "CS8129", "CS0123", "CS1729"))
            yield break;
        var (call, list) = Call(fault);
        if (list is null)
            yield break;
        var methods = Signatures(fault, call).Take(12).ToList();
        foreach (var candidate in Reordered(fault, list).Concat(Fewer(fault, list)).Concat(More(fault, list, methods)).Concat(Declaration(fault, list, methods)))
            yield return candidate;
    }

    private static (SyntaxNode, ArgumentListSyntax?) Call(CSharpFault fault)
    {
        // What does not fit is the argument; a call that the argument itself makes is not the one to mend.
        var whole = fault.Is("CS1503") && fault.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument && argument.Expression.Span == fault.Span ? argument.Parent! : fault.Node;
        foreach (var node in whole.AncestorsAndSelf())
        {
            switch (node)
            {
                case InvocationExpressionSyntax i: return (i, i.ArgumentList);
                case BaseObjectCreationExpressionSyntax o: return (o, o.ArgumentList);
                case ConstructorInitializerSyntax c: return (c, c.ArgumentList);
                case PrimaryConstructorBaseTypeSyntax p: return (p, p.ArgumentList);
                case StatementSyntax or MemberDeclarationSyntax when node is not GlobalStatementSyntax: return (node, null);
            }
        }
        return (fault.Node, null);
    }

    private static IEnumerable<IMethodSymbol> Signatures(CSharpFault fault, SyntaxNode call)
    {
        var found = NameUse.Methods(fault.Model.GetSymbolInfo(call)).ToList();
        if (call is InvocationExpressionSyntax i)
            found.AddRange(fault.Model.GetMemberGroup(i.Expression).OfType<IMethodSymbol>());
        if (call is BaseObjectCreationExpressionSyntax o && (fault.Model.GetTypeInfo(o).Type ?? fault.Model.GetTypeInfo(o).ConvertedType) is INamedTypeSymbol type)
            found.AddRange(type.InstanceConstructors);
        if (call is ConstructorInitializerSyntax init && fault.Type is { } self && fault.Model.GetDeclaredSymbol(self) is INamedTypeSymbol own)
            found.AddRange((init.ThisOrBaseKeyword.IsKind(SyntaxKind.BaseKeyword) ? own.BaseType : own)?.InstanceConstructors ?? []);
        return found.Distinct(SymbolEqualityComparer.Default).Cast<IMethodSymbol>();
    }

    private static IEnumerable<FixCandidate> Passing(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<ArgumentSyntax>() is not { } argument)
            yield break;
        const string why = "Caller and parameter must agree on how the value is passed.";
        foreach (var word in new[] { "ref", "out", "in" }.Where(w => argument.RefKindKeyword.Text != w))
        {
            var better = fault.Message.Contains($"'{word}'", StringComparison.Ordinal) ? 0.7 : 1.8;
            if (argument.RefKindKeyword.Text.Length == 0)
                yield return fault.Insert(argument.Expression.SpanStart, word + " ", $"pass by {word}", why, better);
            else
                yield return fault.Replace(argument.RefKindKeyword.Span, word, $"{argument.RefKindKeyword} -> {word}", why, better + 0.2);
        }
        if (argument.RefKindKeyword.Text.Length > 0)
            yield return fault.Replace(TextSpan.FromBounds(argument.RefKindKeyword.SpanStart, argument.Expression.SpanStart), "", $"remove {argument.RefKindKeyword}", why, 1);
        if (argument.Parent?.Parent is not ExpressionSyntax call)
            yield break;
        var at = ((BaseArgumentListSyntax)argument.Parent).Arguments.IndexOf(argument);
        foreach (var parameter in NameUse.Methods(fault.Model.GetSymbolInfo(call)).SelectMany(fault.Declarations).OfType<BaseMethodDeclarationSyntax>().SelectMany(m => m.ParameterList.Parameters.Skip(at).Take(1)))
        {
            var word = argument.RefKindKeyword.Text;
            foreach (var old in parameter.Modifiers.Where(m => m.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword))
                yield return fault.Change(parameter.SyntaxTree, $"parameter {old} -> {(word.Length == 0 ? "by value" : word)}", why, 1.8, new TextChange(old.Span, word));
            if (word.Length > 0 && parameter.Modifiers.Count == 0)
                yield return fault.Change(parameter.SyntaxTree, $"parameter by {word}", why, 1.5, new TextChange(new TextSpan(parameter.SpanStart, 0), word + " "));
        }
    }

    private static IEnumerable<FixCandidate> Reordered(CSharpFault fault, ArgumentListSyntax list)
    {
        var arguments = list.Arguments;
        if (arguments.Count is < 2 or > 5)
            yield break;
        for (var i = 0; i < arguments.Count; i++)
        {
            for (var j = i + 1; j < arguments.Count; j++)
            {
                if (arguments[i].ToString() != arguments[j].ToString())
                    yield return fault.Change(fault.Tree, $"swap {arguments[i]} and {arguments[j]}", "The arguments stood in another order than the parameters; swapped, each has the type that is asked for.", 1.6 + 0.2 * (j - i - 1),
                        new TextChange(arguments[i].Span, arguments[j].ToString()), new TextChange(arguments[j].Span, arguments[i].ToString()));
            }
        }
        if (arguments.Count == 3)
            yield return fault.Replace(new TextSpan(arguments.Span.Start, arguments.Span.Length), $"{arguments[1]}, {arguments[2]}, {arguments[0]}", "rotate the arguments", "The arguments stood in another order than the parameters.", 2.6);
        foreach (var label in arguments.Where(a => a.NameColon is not null))
            yield return fault.Replace(TextSpan.FromBounds(label.SpanStart, label.Expression.SpanStart), "", $"remove {label.NameColon}", "There is no parameter of that name; by position it fits.", 2.4);
    }

    private static IEnumerable<FixCandidate> Fewer(CSharpFault fault, ArgumentListSyntax list)
    {
        for (var i = 0; i < list.Arguments.Count; i++)
        {
            var rest = string.Join(", ", list.Arguments.Where((_, at) => at != i));
            yield return fault.Replace(list.Arguments.Count == 0 ? list.Span : new TextSpan(list.Arguments.Span.Start, list.Arguments.Span.Length), rest, $"remove the argument {list.Arguments[i]}", "No signature takes that many arguments; without this one the call fits.", i == list.Arguments.Count - 1 ? 2 : 2.3);
        }
        if (list.Arguments.Count > 1)
            yield return fault.Replace(list, "()", "remove all arguments", "The signature takes no arguments.", 3);
    }

    private static IEnumerable<FixCandidate> More(CSharpFault fault, ArgumentListSyntax list, List<IMethodSymbol> methods)
    {
        var given = list.Arguments;
        foreach (var method in methods.Where(m => m.Parameters.Length > given.Count && m.Parameters.Length - given.Count <= 2).DistinctBy(m => string.Join(',', m.Parameters.Select(p => p.ToDisplayString()))))
        {
            for (var at = 0; at <= given.Count && at < method.Parameters.Length; at++)
            {
                // The gap may be anywhere: the arguments after it belong to the parameters after it.
                var parameter = method.Parameters[at];
                var missing = method.Parameters.Length - given.Count;
                if (missing > 1 && at != given.Count)
                    continue;
                var optional = method.Parameters.Any(p => p.IsOptional || p.IsParams);
                foreach (var (value, cost) in Values.For(fault, parameter.Type, list.SpanStart, parameter.Name).Take(MaxMissing))
                {
                    var texts = given.Select(a => a.ToString()).ToList();
                    texts.Insert(at, (parameter.RefKind == RefKind.None ? "" : parameter.RefKind.ToString().ToLowerInvariant() + " ") + value);
                    foreach (var next in method.Parameters.Skip(given.Count + 1).Where(p => !p.IsOptional))
                        texts.Add(Values.For(fault, next.Type, list.SpanStart, next.Name).First().Text);
                    yield return fault.Replace(list, $"({string.Join(", ", texts)})", $"add the argument {value}", $"'{method.Name}' needs a value for '{parameter.Name}'; {value} is in reach and of its type.",
                        cost + 0.1 * (given.Count - at) + (optional ? 1 : 0) + (missing > 1 ? 1 : 0)) with
                    { Invented = Values.IsNeutral(value) || texts.Skip(given.Count + 1).Any(Values.IsNeutral) };
                }
            }
        }
    }

    // The call is right, the declaration lacks a parameter or has one too many.
    private static IEnumerable<FixCandidate> Declaration(CSharpFault fault, ArgumentListSyntax list, List<IMethodSymbol> methods)
    {
        const string why = "All calls agree with each other; the declaration is what differs.";
        foreach (var declared in methods.SelectMany(fault.Declarations).OfType<BaseMethodDeclarationSyntax>().Distinct())
        {
            var parameters = declared.ParameterList.Parameters;
            if (parameters.Count > list.Arguments.Count && parameters.Skip(list.Arguments.Count).All(p => p is { Default: null, Modifiers.Count: 0 }))
            {
                var own = fault.IsOwn(fault.Tree) ? 2.8 : 1.2;
                yield return fault.Change(declared.SyntaxTree, $"a default for {parameters[^1].Identifier}", "The calls leave it out, so the declaration says what it is then.", own, parameters.Skip(list.Arguments.Count).Select(p => new TextChange(new TextSpan(p.Span.End, 0), $" = {Default(fault, p)}")));
            }
            if (parameters.Count == list.Arguments.Count + 1)
            {
                for (var i = 0; i < parameters.Count; i++)
                    yield return fault.Replace(declared.ParameterList, $"({string.Join(", ", parameters.Where((_, at) => at != i))})", $"remove the parameter {parameters[i]}", why, 3.2);
            }
            if (parameters.Count + 1 == list.Arguments.Count)
            {
                var unknown = fault.Compilation.GetSemanticModel(declared.SyntaxTree).GetDiagnostics(declared.Span).FirstOrDefault(d => d.Id == "CS0103");
                for (var i = 0; i < list.Arguments.Count; i++)
                {
                    var type = fault.Model.GetTypeInfo(list.Arguments[i].Expression).Type;
                    if (type is null or IErrorTypeSymbol)
                        continue;
                    var name = unknown is null ? Name(list.Arguments[i], i) : declared.SyntaxTree.GetText().ToString(unknown.Location.SourceSpan);
                    var texts = parameters.Select(p => p.ToString()).ToList();
                    texts.Insert(Math.Min(i, texts.Count), $"{fault.Write(type)} {name}");
                    yield return fault.Replace(declared.ParameterList, $"({string.Join(", ", texts)})", $"add the parameter {name}", why, unknown is null ? 3.2 : 2);
                }
            }
        }
    }

    private static string Default(CSharpFault fault, ParameterSyntax parameter) => fault.ModelOf(parameter).GetDeclaredSymbol(parameter) is { Type: { } type }
        ? type.SpecialType == SpecialType.System_String ? "\"\"" : type.SpecialType == SpecialType.System_Boolean ? "false" : Conversions.IsNumber(type) ? "0" : "default" : "default";

    private static string Name(ArgumentSyntax argument, int at) => argument.Expression is IdentifierNameSyntax name ? name.Identifier.Text : "value" + (at + 1);
}
